// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/** What an attempt came to. Numbers are stable. */
public enum Verdict {
  /** The code is right, and was not used before. */
  ACCEPT(0, "Accept"),
  /** The code is wrong; tries are left. */
  WRONG(1, "Wrong"),
  /** No tries are left: this wrong code was the last, or came after it. */
  EXHAUSTED(2, "Exhausted"),
  /** The challenge is past its lifetime; the code was not looked at. */
  EXPIRED(3, "Expired"),
  /** The challenge was accepted before; the code was not looked at. */
  USED(4, "Used"),
  /** There is no challenge; the code was not looked at. */
  NO_CHALLENGE(5, "NoChallenge"),
  /** Too many failures: locked; the code was not looked at. */
  LOCKED(6, "Locked"),
  /**
   * The guesses for now are used up, or a token waits after a failure; the code was not looked at.
   */
  LIMITED(7, "Limited"),
  /** The code is right for a counter, a step or a question that was accepted before: a replay. */
  REPLAYED(8, "Replayed");

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
