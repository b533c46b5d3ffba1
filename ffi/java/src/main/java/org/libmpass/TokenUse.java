// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/** How often an access token of Number Verification can be used. */
public enum TokenUse {
  /** Once: a reusable token could be used to guess the device's number. */
  ONCE(1, "once"),
  /** Any number of times until it expires. */
  WITHIN_LIFE(2, "within_life");

  private static final TokenUse[] ALL = values();

  private final int number;
  private final String label;

  TokenUse(int number, String label) {
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

  static TokenUse of(int number) {
    for (TokenUse entry : ALL) {
      if (entry.number == number) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown TokenUse " + number);
  }

  static TokenUse of(String label) {
    for (TokenUse entry : ALL) {
      if (entry.label.equals(label)) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown TokenUse " + label);
  }
}
