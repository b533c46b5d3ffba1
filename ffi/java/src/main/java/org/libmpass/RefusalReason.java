// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/** Why a challenge was not issued. Numbers are stable. */
public enum RefusalReason {
  /** The resend interval has not passed. */
  RESEND_INTERVAL(1, "ResendInterval"),
  /** The send limit of the number is exhausted for now. */
  SENDS(2, "Sends"),
  /** The guess limit of the number is exhausted for now. */
  GUESSES(3, "Guesses"),
  /** The number is locked after too many failures. */
  LOCKED(4, "Locked"),
  /** The spend limit of the tenant is exhausted for now. */
  SPEND(5, "Spend"),
  /** The prepaid credits of the tenant are exhausted. Waiting does not restore them. */
  CREDITS(6, "Credits");

  private static final RefusalReason[] ALL = values();

  private final int number;
  private final String label;

  RefusalReason(int number, String label) {
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

  static RefusalReason of(int number) {
    for (RefusalReason entry : ALL) {
      if (entry.number == number) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown RefusalReason " + number);
  }
}
