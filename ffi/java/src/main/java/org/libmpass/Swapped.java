package org.libmpass;

import java.util.Objects;
import java.util.Optional;

/** The outcome of a {@link Swap}. */
public sealed interface Swapped {
  /** The new value is stored and will survive a crash. */
  record Stored() implements Swapped {}

  /**
   * The current value was not the expected one.
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

  /**
   * Nothing was stored: there is no value, none is expected, and the new one expires no later than
   * a value that the store has already dropped. An earlier value of this key may be among those, so
   * that an insert would undo it: a token could be used a second time after a clock that was ahead
   * is set back.
   */
  record Expired() implements Swapped {}

  /** {@return the outcome of a stored swap} */
  static Swapped stored() {
    return new Stored();
  }

  /**
   * The outcome of a conflict.
   *
   * @param current the value there; empty: nothing
   * @return the conflict
   */
  static Swapped conflict(Optional<byte[]> current) {
    return new Conflict(current);
  }

  /** {@return the outcome of an insert that expires too early} */
  static Swapped expired() {
    return new Expired();
  }
}
