// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/** The language of a message. */
public enum Language {
  /** English. */
  ENGLISH(1, "en_US"),
  /** Arabic. */
  ARABIC(2, "ar_SA");

  private static final Language[] ALL = values();

  private final int number;
  private final String label;

  Language(int number, String label) {
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

  static Language of(int number) {
    for (Language entry : ALL) {
      if (entry.number == number) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown Language " + number);
  }
}
