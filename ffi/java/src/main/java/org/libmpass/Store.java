package org.libmpass;

import java.time.Instant;
import java.util.Optional;

/**
 * The host's storage, used by many threads at once.
 *
 * <p>A store is correct when of any number of parallel swaps that expect the same value of one key
 * exactly one is stored, and when what it calls stored is still there after a crash. A store that
 * returns "stored" and forgets gives away free guesses; one that returns "conflict" or fails without
 * need costs a retry or a user's attempt, nothing else. {@link StoreProbe} checks the first.
 */
public interface Store {
  /**
   * The newest stored value at a key. It may be one whose time has passed.
   *
   * @param kind which kind of value
   * @param key its store key
   * @return the value; empty: there is none
   * @throws StoreException {@link StoreException#failed} when the store cannot read it
   */
  Optional<byte[]> load(Kind kind, StoreKey key);

  /**
   * Replaces a value if it is still the expected one, in one step for all other users of the store.
   *
   * @param swap what to replace
   * @param now the time, by which a store may drop what has expired
   * @return whether it is stored, or the value that was there instead
   * @throws StoreException {@link StoreException#failed} when nothing was stored, {@link
   *     StoreException#full} when there is no room, {@link StoreException#unknown} when it
   *     is unknown whether it was; any other exception counts as unknown
   */
  Swapped swap(Swap swap, Instant now);
}
