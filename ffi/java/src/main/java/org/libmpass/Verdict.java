package org.libmpass;

/** What an attempt came to. */
public enum Verdict {
  /** The code is right, and was not used before. */
  ACCEPT,
  /** The code is wrong; tries are left. */
  WRONG,
  /** No tries are left. */
  EXHAUSTED,
  /** The challenge is past its lifetime; the code was not looked at. */
  EXPIRED,
  /** The challenge was accepted before; the code was not looked at. */
  USED,
  /** There is no challenge; the code was not looked at. */
  NO_CHALLENGE,
  /** Too many failures; the code was not looked at. */
  LOCKED,
  /** The guesses for now are used up; the code was not looked at. */
  LIMITED,
  /** The code is right for a counter, a step or a question that was accepted before. */
  REPLAYED;

  /** {@return whether it is {@link #ACCEPT}} */
  public boolean isAccept() {
    return this == ACCEPT;
  }

  /** {@return the stable number} */
  public int number() {
    return ordinal();
  }

  static Verdict of(int number) {
    if (number >= values().length) {
      throw new IllegalStateException("libmpass: unknown verdict " + number);
    }
    return values()[number];
  }
}
