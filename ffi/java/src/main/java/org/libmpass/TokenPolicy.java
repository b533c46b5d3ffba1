// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

import java.time.Duration;

/** The rules of an OATH token, checked where a {@code TokenState} is used. Immutable. */
public final class TokenPolicy extends Settings {
  TokenPolicy(Values values) {
    super(values);
  }

  /** {@return every default} */
  public static TokenPolicy standard() {
    return new TokenPolicy(Values.defaults(Group.TOKEN));
  }

  /**
   * {@return the number of consecutive failures that locks a number (across its challenges) or a
   * token}
   */
  public int failuresToLock() {
    return values.integer(Field.FAILURES_TO_LOCK);
  }

  /**
   * Number of consecutive failures that locks a number (across its challenges) or a token.
   *
   * <p>1 to 100. Default: 10.
   *
   * @param failuresToLock the value
   * @return the settings with it
   */
  public TokenPolicy withFailuresToLock(int failuresToLock) {
    return new TokenPolicy(values.with(Field.FAILURES_TO_LOCK, failuresToLock));
  }

  /** {@return how long a locked number or token stays locked} */
  public Duration lock() {
    return values.duration(Field.LOCK_MS);
  }

  /**
   * How long a locked number or token stays locked.
   *
   * <p>At most 31 days for a number; 0 locks a token until it is unlocked. Default: 1 d.
   *
   * @param lock the value
   * @return the settings with it
   */
  public TokenPolicy withLock(Duration lock) {
    return new TokenPolicy(values.with(Field.LOCK_MS, lock));
  }

  /**
   * {@return HOTP: number of counters after the expected one that are also checked (RFC 4226
   * section 7.4)}
   */
  public int lookAhead() {
    return values.integer(Field.LOOK_AHEAD);
  }

  /**
   * HOTP: number of counters after the expected one that are also checked (RFC 4226 section 7.4).
   *
   * <p>0 to 99999. Default: 10.
   *
   * @param lookAhead the value
   * @return the settings with it
   */
  public TokenPolicy withLookAhead(int lookAhead) {
    return new TokenPolicy(values.with(Field.LOOK_AHEAD, lookAhead));
  }

  /** {@return TOTP: number of past time steps whose codes are accepted (RFC 6238 section 5.2)} */
  public int past() {
    return values.integer(Field.PAST);
  }

  /**
   * TOTP: number of past time steps whose codes are accepted (RFC 6238 section 5.2).
   *
   * <p>0 to 99999; past and future together at most 99999. Default: 1.
   *
   * @param past the value
   * @return the settings with it
   */
  public TokenPolicy withPast(int past) {
    return new TokenPolicy(values.with(Field.PAST, past));
  }

  /** {@return TOTP: number of future time steps whose codes are accepted} */
  public int future() {
    return values.integer(Field.FUTURE);
  }

  /**
   * TOTP: number of future time steps whose codes are accepted.
   *
   * <p>0 to 99999; past and future together at most 99999. Default: 1.
   *
   * @param future the value
   * @return the settings with it
   */
  public TokenPolicy withFuture(int future) {
    return new TokenPolicy(values.with(Field.FUTURE, future));
  }

  /**
   * {@return the number of counters or time steps that a resynchronisation searches, in both
   * directions for TOTP}
   */
  public int resyncWindow() {
    return values.integer(Field.RESYNC_WINDOW);
  }

  /**
   * Number of counters or time steps that a resynchronisation searches, in both directions for
   * TOTP.
   *
   * <p>0 to 50000. Default: 1000.
   *
   * @param resyncWindow the value
   * @return the settings with it
   */
  public TokenPolicy withResyncWindow(int resyncWindow) {
    return new TokenPolicy(values.with(Field.RESYNC_WINDOW, resyncWindow));
  }

  /**
   * {@return the delay per consecutive failure: after the nth one the next attempt must wait n
   * times this, at most an hour (RFC 4226 section 7.3)}
   */
  public Duration delay() {
    return values.duration(Field.DELAY_MS);
  }

  /**
   * Delay per consecutive failure: after the nth one the next attempt must wait n times this, at
   * most an hour (RFC 4226 section 7.3).
   *
   * <p>0 means no delay. Default: 5 s.
   *
   * @param delay the value
   * @return the settings with it
   */
  public TokenPolicy withDelay(Duration delay) {
    return new TokenPolicy(values.with(Field.DELAY_MS, delay));
  }
}
