// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/** A group of fields: the settings of one type. */
enum Group {
  /** The rules of a challenge. */
  POLICY(1, "policy"),
  /** The rules of an OATH token. */
  TOKEN(2, "token"),
  /** An engine of the wire contracts. */
  ENGINE(3, "engine"),
  /** A channel, the tenant of the mPass contract. */
  CHANNEL(4, "channel"),
  /** A customer, the tenant of the VerifyNow contract. */
  CUSTOMER(5, "customer"),
  /** A client, the tenant of the CAMARA contracts and the login. */
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
