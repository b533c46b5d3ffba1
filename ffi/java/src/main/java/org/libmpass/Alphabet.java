// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/** The alphabet in which a text is sent. */
public enum Alphabet {
  /** GSM 7-bit: 160 septets in a single segment, 153 in each of several. */
  GSM7(1, "gsm7"),
  /**
   * UCS-2, for texts with any character outside GSM 7-bit: 70 UTF-16 units in a single segment, 67
   * in each of several.
   */
  UCS2(2, "ucs2");

  private static final Alphabet[] ALL = values();

  private final int number;
  private final String label;

  Alphabet(int number, String label) {
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

  static Alphabet of(int number) {
    for (Alphabet entry : ALL) {
      if (entry.number == number) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown Alphabet " + number);
  }
}
