package org.libmpass;

import java.time.Instant;

/**
 * A challenge that is not issued for now.
 *
 * @param why why not
 * @param retryAt when to try again
 */
public record Refusal(Why why, Instant retryAt) {
  /** Why a challenge is not issued. */
  public enum Why {
    /** The resend interval has not passed. */
    RESEND_INTERVAL,
    /** The sends for this number are used up. */
    SENDS,
    /** The guesses for this number are used up. */
    GUESSES,
    /** The number is locked after too many failures. */
    LOCKED,
    /** The sends of the whole tenant are used up. */
    SPEND,
    /** The tenant's prepaid credits are used up; no time brings them back. */
    CREDITS
  }

  static Refusal read(Unpacker output) {
    return new Refusal(Why.values()[output.u8() - 1], output.instant());
  }
}
