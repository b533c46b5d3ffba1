// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/**
 * A property of a key URI that some authenticator apps mishandle or reject. All apps agree on TOTP
 * with SHA-1, six digits, 30 seconds, a secret of 20 bytes and an issuer (surveys of 2019, 2023 and
 * 2025).
 */
public enum Caution {
  /** Not TOTP: several apps do not support HOTP. */
  COUNTER(1, "Counter"),
  /**
   * Not SHA-1: Authy, Duo and Microsoft Authenticator accept SHA-256 but compute SHA-1, 1Password
   * rejects it, and older versions of Google Authenticator ignore the parameter.
   */
  ALGORITHM(2, "Algorithm"),
  /** Not six digits: older versions of Google Authenticator always show six. */
  DIGITS(3, "Digits"),
  /** Not 30 seconds: older versions of Google Authenticator always use 30. */
  PERIOD(4, "Period"),
  /** Below 5 seconds: FreeOTP rejects the key. */
  PERIOD_BELOW_FIVE(5, "PeriodBelowFive"),
  /**
   * A secret that is not 20 bytes (32 base32 letters) long: Google Authenticator on iOS rejected
   * longer ones with SHA-1.
   */
  SECRET_LENGTH(6, "SecretLength"),
  /** No issuer: accounts with the same name cannot be distinguished. */
  NO_ISSUER(7, "NoIssuer");

  private static final Caution[] ALL = values();

  private final int number;
  private final String label;

  Caution(int number, String label) {
    this.number = number;
    this.label = label;
  }

  /** {@return the stable number} */
  public int number() {
    return number;
  }

  /** {@return the stable name, for metrics, logs and files} */
  public String label() {
    return label;
  }

  static Caution of(int number) {
    for (Caution entry : ALL) {
      if (entry.number == number) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown Caution " + number);
  }

  static Caution of(String label) {
    for (Caution entry : ALL) {
      if (entry.label.equals(label)) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown Caution " + label);
  }
}
