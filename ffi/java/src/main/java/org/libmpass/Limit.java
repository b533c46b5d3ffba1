package org.libmpass;

import java.time.Duration;
import java.util.Objects;

/**
 * How often something may happen. The ranges are checked where a {@link Policy} is built.
 *
 * @param events the most in any window, 1 to 100,000
 * @param window the window, 1 millisecond to 31 days
 * @param burst how many of them at once, 1 to {@code events}
 */
public record Limit(int events, Duration window, int burst) {
  /**
   * Checks that nothing is null.
   *
   * @param events the most in any window, 1 to 100,000
   * @param window the window, 1 millisecond to 31 days
   * @param burst how many of them at once, 1 to {@code events}
   */
  public Limit {
    Objects.requireNonNull(window, "the window is null");
  }

  static Limit read(Unpacker output) {
    return new Limit(output.i32(), output.millis(), output.i32());
  }

  void pack(Packer input) {
    input.i32(events).millis(window, "the window").i32(burst);
  }
}
