package org.libmpass;

/** The outcome of {@link Challenge#issue}. */
public sealed interface Issue {
  /**
   * A new challenge, to be sent once it is stored.
   *
   * @param issued the challenge, pending
   */
  record Ready(Pending<Issued> issued) implements Issue {}

  /**
   * None for now.
   *
   * @param refusal why, and until when
   */
  record Refused(Refusal refusal) implements Issue {}

  /**
   * None for now, and the record has times of a clock that was ahead: it is to be replaced by one
   * that has not. Whether that succeeds does not matter to the refusal.
   *
   * @param refusal why, and until when
   * @param correction the record without those times
   */
  record Corrected(Refusal refusal, Pending<Void> correction) implements Issue {}
}
