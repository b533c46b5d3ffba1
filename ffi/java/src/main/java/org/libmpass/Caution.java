// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/**
 * Something in a key URI that an authenticator app in use gets wrong or refuses. The set that all
 * of them read alike is TOTP with SHA-1, six digits, 30 seconds, a secret of 20 bytes and an issuer
 * (surveys of 2019, 2023 and 2025).
 */
public enum Caution {
  /** Not TOTP: several apps do not have HOTP. */
  COUNTER(1, "Counter"),
  /**
   * Not SHA-1: Authy, Duo and Microsoft Authenticator take SHA-256 and compute SHA-1, 1Password
   * refuses it, Google Authenticator's older versions ignore the parameter.
   */
  ALGORITHM(2, "Algorithm"),
  /** Not six digits: older Google Authenticators show six whatever is said. */
  DIGITS(3, "Digits"),
  /** Not 30 seconds: older Google Authenticators take 30 whatever is said. */
  PERIOD(4, "Period"),
  /** Below 5 seconds: FreeOTP refuses the key. */
  PERIOD_BELOW_FIVE(5, "PeriodBelowFive"),
  /**
   * A secret of other than 20 bytes, 32 letters of base32: Google Authenticator on iOS refused
   * longer ones with SHA-1.
   */
  SECRET_LENGTH(6, "SecretLength"),
  /** No issuer: accounts of the same name cannot be told apart. */
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
