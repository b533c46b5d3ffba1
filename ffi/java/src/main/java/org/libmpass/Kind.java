// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/** The kind of a value. A store keeps the two kinds separate. */
public enum Kind {
  /** Records of at most 96 bytes: challenges, tokens and limits. Most of them expire. */
  STATE(1, "state"),
  /** Channels, customers and clients, at most 4,096 bytes. They never expire. */
  TENANT(2, "tenant");

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
