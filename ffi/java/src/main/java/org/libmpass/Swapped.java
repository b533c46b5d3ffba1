package org.libmpass;

import java.util.Objects;
import java.util.Optional;

/** The outcome of a {@link Swap}. */
public sealed interface Swapped {
  /** The new value is stored and will survive a crash. */
  record Stored() implements Swapped {}

  /**
   * Another value than the expected one was there.
   *
   * @param current the value there; empty: nothing
   */
  record Conflict(Optional<byte[]> current) implements Swapped {
    /**
     * Checks that nothing is null.
     *
     * @param current the value there; empty: nothing
     */
    public Conflict {
      Objects.requireNonNull(current, "the current value is null");
    }
  }

  /** {@return that the new value is stored} */
  static Swapped stored() {
    return new Stored();
  }

  /**
   * That another value was there.
   *
   * @param current the value there; empty: nothing
   * @return the conflict
   */
  static Swapped conflict(Optional<byte[]> current) {
    return new Conflict(current);
  }
}
