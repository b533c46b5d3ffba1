package org.libmpass;

import java.time.Instant;
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
   * @return that it is stored, or the current value on a conflict
   * @throws StoreException {@link StoreException#failed} when nothing was stored, {@link
   *     StoreException#full} when there is no room, {@link StoreException#unknown} when it
   *     is unknown whether it was; any other exception counts as unknown
   */
  Swapped swap(Swap swap, Instant now);
}
