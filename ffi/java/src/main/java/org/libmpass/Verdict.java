// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/** The verdict on an attempt. Numbers are stable. */
public enum Verdict {
  /** The code is right and was not used before. */
  ACCEPT(0, "Accept"),
  /** The code is wrong, and tries are left. */
  WRONG(1, "Wrong"),
  /**
   * No tries are left: this wrong code was the last one, or the challenge was exhausted before.
   */
  EXHAUSTED(2, "Exhausted"),
  /** The challenge has expired. The code was not compared. */
  EXPIRED(3, "Expired"),
  /** The challenge was already accepted. The code was not compared. */
  USED(4, "Used"),
  /** There is no challenge. The code was not compared. */
  NO_CHALLENGE(5, "NoChallenge"),
  /** The number or token is locked after too many failures. The code was not compared. */
  LOCKED(6, "Locked"),
  /**
   * The guess limit is exhausted for now, or the token must wait after a failure. The code was not
   * compared.
   */
  LIMITED(7, "Limited"),
  /** The code is right, but for a counter or time step that was already accepted or skipped. */
  REPLAYED(8, "Replayed"),
  /**
   * The store was restored, so codes that the token was accepted with may be unknown: the token
   * must be resynchronised. The code was not compared.
   */
  RESYNCHRONIZE(9, "Resynchronize"),
  /**
   * The text cannot be a code: not 4 to 10 digits, or with characters other than digits of any
   * script, white space, dashes, and direction and other format characters. It costs no try; the
   * record was neither looked at nor changed.
   */
  MALFORMED(10, "Malformed");

  private static final Verdict[] ALL = values();

  private final int number;
  private final String label;

  Verdict(int number, String label) {
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

  /** {@return whether it is {@link #ACCEPT}} */
  public boolean isAccept() {
    return this == ACCEPT;
  }

  static Verdict of(int number) {
    for (Verdict entry : ALL) {
      if (entry.number == number) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown Verdict " + number);
  }
}
