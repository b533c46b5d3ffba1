package org.libmpass;

import java.time.Duration;
import java.util.Objects;

/**
 * A rate limit. The ranges are checked when a {@link Policy} is built.
 *
 * @param events the most in any window, 1 to 100,000
 * @param window the window, 1 millisecond to 31 days
 * @param burst how many of them may happen at once, 1 to {@code events}
 */
public record Limit(int events, Duration window, int burst) {
  /**
   * Checks that nothing is null.
   *
   * @param events the most in any window, 1 to 100,000
   * @param window the window, 1 millisecond to 31 days
   * @param burst how many of them may happen at once, 1 to {@code events}
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
