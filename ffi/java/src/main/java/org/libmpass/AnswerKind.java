// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/** The kinds of answers, as C, Java and JavaScript number and name them. */
enum AnswerKind {
  /** The first answer of every exchange. */
  BEGIN(0, "begin"),
  /** The value that was loaded, if there is one. */
  LOADED(1, "loaded"),
  /** The swap is durably stored. */
  STORED(2, "stored"),
  /** The swap found another value instead of the expected one. */
  CONFLICT(3, "conflict"),
  /** The gateway has taken the message. */
  DELIVERED(4, "delivered"),
  /** The gateway has definitely refused the message: nothing was sent. */
  REFUSED(5, "refused"),
  /** A time-out or a broken connection: it may or may not have happened. */
  UNKNOWN(6, "unknown"),
  /** It definitely did not happen. */
  FAILED(7, "failed"),
  /** The host does not do this kind of step. */
  UNSUPPORTED(8, "unsupported"),
  /** A store has no room for a new value; nothing was stored. */
  FULL(9, "full"),
  /** What the host knows of a token of its own. */
  INTROSPECTED(10, "introspected"),
  /** The number behind a network address. */
  RESOLVED(11, "resolved"),
  /** What the host knows of a number. */
  ASSESSED(12, "assessed");

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
