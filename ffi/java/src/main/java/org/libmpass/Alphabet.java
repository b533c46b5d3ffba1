// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/** The alphabet that a text is sent in. */
public enum Alphabet {
  /** GSM 7-bit: 160 septets in one part, 153 in each of several. */
  GSM7(1, "gsm7"),
  /**
   * UCS-2: 70 units in one part, 67 in each of several. One character outside GSM 7-bit, any Arabic
   * letter for one, makes the whole text so.
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
