// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/** What a set of fields belongs to. */
enum Group {
  /** The rules of a challenge. */
  POLICY(1, "policy"),
  /** The rules of an OATH token. */
  TOKEN(2, "token"),
  /** An engine of the wire contracts. */
  ENGINE(3, "engine"),
  /** A channel, a caller of the mPass contract. */
  CHANNEL(4, "channel"),
  /** A customer, a caller of the VerifyNow contract. */
  CUSTOMER(5, "customer"),
  /** A client, a caller of the CAMARA contracts. */
  CLIENT(6, "client");

  private static final Group[] ALL = values();

  private final int number;
  private final String label;

  Group(int number, String label) {
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

  static Group of(int number) {
    for (Group entry : ALL) {
      if (entry.number == number) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown Group " + number);
  }
}
