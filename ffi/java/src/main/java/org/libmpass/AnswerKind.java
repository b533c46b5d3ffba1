// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/** The kind of an answer. C, Java and JavaScript use the same numbers and names. */
enum AnswerKind {
  /** The first answer of every exchange, before any step. */
  BEGIN(0, "begin"),
  /** The value under the store key, if there is one. */
  LOADED(1, "loaded"),
  /** The swap is durably stored. */
  STORED(2, "stored"),
  /** The swap found another value instead of the expected one. */
  CONFLICT(3, "conflict"),
  /** The gateway accepted the message. */
  DELIVERED(4, "delivered"),
  /** The gateway definitely refused the message: nothing was sent. */
  REFUSED(5, "refused"),
  /** The outcome is unknown: the step may or may not have taken effect. */
  UNKNOWN(6, "unknown"),
  /** The step definitely had no effect. */
  FAILED(7, "failed"),
  /** The host does not support this kind of step. */
  UNSUPPORTED(8, "unsupported"),
  /** The store is full; nothing was stored. */
  FULL(9, "full"),
  /** The host's description of a token that it issued itself. */
  INTROSPECTED(10, "introspected"),
  /** The number of the device with a network address. */
  RESOLVED(11, "resolved"),
  /** The host's assessment of a number. */
  ASSESSED(12, "assessed"),
  /**
   * The swap inserts a value that expires before values that the store has already dropped; nothing
   * was stored.
   */
  EXPIRED(13, "expired"),
  /** The documents that the store listed. Not an answer of an exchange. */
  LISTED(14, "listed"),
  /** The public keys of the pairs that sign with RS256. */
  SIGNING_KEYS(15, "signingKeys"),
  /** The signature. */
  SIGNED(16, "signed"),
  /** The signature is that of the message under the key. */
  GENUINE(17, "genuine"),
  /** The signature is not that of the message under the key. */
  FORGED(18, "forged");

  private static final AnswerKind[] ALL = values();

  private final int number;
  private final String label;

  AnswerKind(int number, String label) {
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

  static AnswerKind of(int number) {
    for (AnswerKind entry : ALL) {
      if (entry.number == number) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown AnswerKind " + number);
  }
}
