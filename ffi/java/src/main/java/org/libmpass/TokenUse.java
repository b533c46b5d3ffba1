// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/** How often an access token of Number Verification serves. */
public enum TokenUse {
  /** Once: a token that could be used again would be an oracle over numbers. */
  ONCE(1, "once"),
  /** As often as it is sent within its life. */
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
}
