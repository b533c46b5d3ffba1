package org.libmpass;

import java.time.Duration;
import java.util.Objects;

/**
 * The rules of an OATH token; the ranges are checked where a {@link TokenState} is used.
 *
 * @param lookAhead HOTP: counters that are looked at beyond the next one
 * @param past TOTP: steps that a code may be late
 * @param future TOTP: steps that a token's clock may be ahead
 * @param resyncWindow counters or steps that a resynchronisation looks at
 * @param delay after the nth failure in a row the token waits n times this long, at most an hour
 * @param failuresToLock failures in a row that lock the token, 1 to 100
 * @param lock how long it stays locked; zero: until it is unlocked
 */
public record TokenPolicy(
    int lookAhead,
    int past,
    int future,
    int resyncWindow,
    Duration delay,
    int failuresToLock,
    Duration lock) {
  /**
   * Checks that nothing is null.
   *
   * @param lookAhead HOTP: counters that are looked at beyond the next one
   * @param past TOTP: steps that a code may be late
   * @param future TOTP: steps that a token's clock may be ahead
   * @param resyncWindow counters or steps that a resynchronisation looks at
   * @param delay after the nth failure in a row the token waits n times this long, at most an hour
   * @param failuresToLock failures in a row that lock the token, 1 to 100
   * @param lock how long it stays locked; zero: until it is unlocked
   */
  public TokenPolicy {
    Objects.requireNonNull(delay, "the delay is null");
    Objects.requireNonNull(lock, "the lock is null");
  }

  /** {@return the engine's default} */
  public static TokenPolicy standard() {
    return Wire.call(
        Operation.TOKEN_POLICY_DEFAULT,
        new Packer(),
        output ->
            new TokenPolicy(
                output.i32(),
                output.i32(),
                output.i32(),
                output.i32(),
                output.millis(),
                output.i32(),
                output.millis()));
  }

  Packer pack(Packer input) {
    return input
        .count(lookAhead, "the look-ahead")
        .count(past, "the past")
        .count(future, "the future")
        .count(resyncWindow, "the window")
        .millis(delay, "the delay")
        .i32(failuresToLock)
        .millis(lock, "the lock time");
  }
}
