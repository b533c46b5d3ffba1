// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/** What identifies the subject of a challenge. */
public enum SubjectKind {
  /** A phone number. */
  NUMBER(1, "number"),
  /** An e-mail address. */
  EMAIL(2, "email"),
  /** An account of the caller, which is compared byte by byte. */
  ACCOUNT(3, "account");

  private static final SubjectKind[] ALL = values();

  private final int number;
  private final String label;

  SubjectKind(int number, String label) {
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

  static SubjectKind of(int number) {
    for (SubjectKind entry : ALL) {
      if (entry.number == number) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown SubjectKind " + number);
  }
}
