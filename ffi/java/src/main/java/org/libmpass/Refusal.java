package org.libmpass;

import java.time.Instant;
import java.util.Optional;

/**
 * The refusal to issue a challenge for now.
 *
 * @param reason the reason
 * @param retryAt when to try again; empty when waiting does not help
 */
public record Refusal(RefusalReason reason, Optional<Instant> retryAt) {
  static Refusal read(Unpacker output) {
    return new Refusal(RefusalReason.of(output.u8()), output.optional(Unpacker::instant));
  }
}
