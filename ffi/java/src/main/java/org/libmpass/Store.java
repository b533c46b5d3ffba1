package org.libmpass;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The host's storage, used by many threads at once.
 *
 * <p>A store is correct if, of any number of parallel swaps that expect the same value of one key,
 * exactly one is stored, and if a value reported as stored survives a crash. A store that returns
 * "stored" and loses the value allows free guesses; one that returns "conflict" or fails without
 * need costs only a retry or a user's attempt. {@link StoreProbe} checks the first condition.
 */
public interface Store {
  /**
   * Loads the newest stored value at a key. It may have expired.
   *
   * @param kind the kind of value
   * @param key its store key
   * @return the value; empty when there is none
   * @throws StoreException {@link StoreException#failed} when the store cannot read it
   */
  Optional<byte[]> load(Kind kind, StoreKey key);

  /**
   * Replaces a value if it is still the expected one, atomically for all users of the store.
   *
   * @param swap the swap
   * @param now the time, by which a store may drop what has expired
   * @return that it is stored, the current value on a conflict, or {@link Swapped.Expired}
   * @throws StoreException {@link StoreException#failed} when nothing was stored, {@link
   *     StoreException#full} when there is no room, {@link StoreException#unknown} when it
   *     is unknown whether it was. Any other exception counts as unknown, because the value may be
   *     stored: the engine reads it back
   */
  Swapped swap(Swap swap, Instant now);

  /**
   * Lists the values of {@link Kind#DOCUMENT} in ascending order of their keys, compared as unsigned
   * bytes ({@link StoreKey#compareTo}). A value that changes meanwhile is listed in its old or its
   * new form.
   *
   * @param after the key after which the list begins; empty for the first one
   * @param limit the greatest number of documents, from 1
   * @return the documents; fewer than {@code limit} when there are no more
   * @throws StoreException {@link StoreException#failed} when the store cannot be read
   */
  List<Document> list(Optional<StoreKey> after, int limit);
}
