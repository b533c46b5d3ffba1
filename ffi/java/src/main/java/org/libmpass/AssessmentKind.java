// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/** The kind of an assessment. C, Java and JavaScript use the same numbers and names. */
enum AssessmentKind {
  /** The host knows nothing of numbers. */
  UNSUPPORTED(0, "unsupported"),
  /** A number that its numbering plan contains. */
  VALID(1, "valid"),
  /** Not a number of its numbering plan. */
  INVALID(2, "invalid"),
  /** A number that the host does not send to. */
  NOT_ALLOWED(3, "notAllowed"),
  /** A number that is currently barred from receiving messages. */
  BLOCKED(4, "blocked"),
  /** A number of another operator. */
  FOREIGN(5, "foreign");

  private static final AssessmentKind[] ALL = values();

  private final int number;
  private final String label;

  AssessmentKind(int number, String label) {
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

  static AssessmentKind of(int number) {
    for (AssessmentKind entry : ALL) {
      if (entry.number == number) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown AssessmentKind " + number);
  }
}
