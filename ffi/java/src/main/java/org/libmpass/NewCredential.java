package org.libmpass;

import java.time.Instant;
import java.util.Optional;

/**
 * A tenant's new credential, which is stored. It is shown once: the store has only a keyed hash of
 * it.
 *
 * @param name the tenant's name; a customer's {@code customerId}, a client's {@code client_id}
 * @param credential a channel's {@code apikey} of 64 letters, digits, {@code -} and {@code _}; a
 *     customer's password or a client's {@code client_secret} of 43
 * @param stamp the stamp of the tenant's state
 * @param predecessorUntil when the credential that it replaced stops working; empty without an
 *     overlap
 */
public record NewCredential(
    String name, String credential, String stamp, Optional<Instant> predecessorUntil) {
  static NewCredential read(Unpacker output) {
    return new NewCredential(
        output.text(), output.text(), output.text(), output.optional(Unpacker::instant));
  }

  /** {@return the name, without the credential} */
  @Override
  public String toString() {
    return "NewCredential[" + name + "]";
  }
}
