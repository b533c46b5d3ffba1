// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/** The kind of a value. A store keeps the two kinds separate. */
public enum Kind {
  /** Records of at most 96 bytes: challenges, tokens and limits. Most of them expire. */
  STATE(1, "state"),
  /**
   * Sealed documents of at most 16,384 bytes: channels, customers and clients, and the header of
   * the store. Most of them do not expire.
   */
  DOCUMENT(2, "document");

  private static final Kind[] ALL = values();

  private final int number;
  private final String label;

  Kind(int number, String label) {
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

  static Kind of(int number) {
    for (Kind entry : ALL) {
      if (entry.number == number) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown Kind " + number);
  }
}
