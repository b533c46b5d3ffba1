package org.libmpass;

import java.time.Instant;

/**
 * The refusal to issue a challenge for now.
 *
 * @param reason the reason
 * @param retryAt when to try again
 */
public record Refusal(RefusalReason reason, Instant retryAt) {
  static Refusal read(Unpacker output) {
    return new Refusal(RefusalReason.of(output.u8()), output.instant());
  }
}
