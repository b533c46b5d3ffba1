package org.libmpass;

import java.util.Objects;
import java.util.Optional;

/** What became of a {@link Swap}. */
public sealed interface Swapped {
  /** The new value stands and will survive a crash. */
  record Stored() implements Swapped {}

  /**
   * Something else than expected stood there.
   *
   * @param standing what stands there; empty: nothing
   */
  record Conflict(Optional<byte[]> standing) implements Swapped {
    /**
     * Checks that nothing is null.
     *
     * @param standing what stands there; empty: nothing
     */
    public Conflict {
      Objects.requireNonNull(standing, "the standing is null");
    }
  }

  /** {@return that the new value stands} */
  static Swapped stored() {
    return new Stored();
  }

  /**
   * That something else stood there.
   *
   * @param standing what stands there; empty: nothing
   * @return the conflict
   */
  static Swapped conflict(Optional<byte[]> standing) {
    return new Conflict(standing);
  }
}
