// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/** A scope that a client may request and that an access token may have. */
public enum Scope {
  /** Compare a number with that of the device. */
  VERIFY(1, "number-verification:verify"),
  /** Read the device's number. */
  READ_NUMBER(2, "number-verification:device-phone-number:read"),
  /** Send codes and validate them. */
  SEND_VALIDATE(3, "one-time-password-sms:send-validate");

  private static final Scope[] ALL = values();

  private final int number;
  private final String label;

  Scope(int number, String label) {
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

  static Scope of(int number) {
    for (Scope entry : ALL) {
      if (entry.number == number) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown Scope " + number);
  }

  static Scope of(String label) {
    for (Scope entry : ALL) {
      if (entry.label.equals(label)) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown Scope " + label);
  }
}
