package org.libmpass;

/** The outcome of {@link Challenge#issue}. */
public sealed interface Issue {
  /**
   * A new challenge, to be sent once it is stored.
   *
   * @param issued the pending challenge
   */
  record Ready(Pending<Issued> issued) implements Issue {}

  /**
   * Refused for now.
   *
   * @param refusal the reason, and when to try again
   */
  record Refused(Refusal refusal) implements Issue {}

  /**
   * Refused for now, and the record contains times from a clock that was ahead, so it should be
   * replaced by the correction. The refusal stands whether or not that succeeds.
   *
   * @param refusal the reason, and when to try again
   * @param correction the record without those times
   */
  record Corrected(Refusal refusal, Pending<Void> correction) implements Issue {}
}
