package org.libmpass;

import java.time.Instant;

/**
 * A challenge that is not issued for now.
 *
 * @param reason why not
 * @param retryAt when to try again
 */
public record Refusal(RefusalReason reason, Instant retryAt) {
  static Refusal read(Unpacker output) {
    return new Refusal(RefusalReason.of(output.u8()), output.instant());
  }
}
