package org.libmpass;

/** The outcome of {@link Challenge#issue(Store)}. */
public sealed interface Issuance {
  /**
   * A new challenge, which is stored and can be sent.
   *
   * @param issued the challenge
   */
  record Granted(Issued issued) implements Issuance {}

  /**
   * Refused for now.
   *
   * @param refusal the reason, and when to try again
   */
  record Refused(Refusal refusal) implements Issuance {}
}
