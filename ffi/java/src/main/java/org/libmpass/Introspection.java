package org.libmpass;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The introspection of a valid bearer token (RFC 7662): what the contracts need to know of it.
 *
 * @param id its identifier ({@code jti}). A host that takes more than one text for the same token
 *     must give it, or each text is a token with a use of its own
 * @param client the client that it was issued to; the policy of one in the store applies
 *     with it
 * @param scopes its scopes
 * @param number the number of the device that it was given for
 * @param isByNetwork whether the mobile network or the SIM authenticated that device
 * @param expiresAt when it expires
 */
public record Introspection(
    Optional<String> id,
    String client,
    List<String> scopes,
    Optional<PhoneNumber> number,
    boolean isByNetwork,
    Instant expiresAt) {
  /**
   * Checks that nothing is null, nor the expiry before 1970.
   *
   * @param id its identifier ({@code jti}). A host that takes more than one text for the same token
   *     must give it, or each text is a token with a use of its own
   * @param client the client that it was issued to; the policy of one in the store applies
   *     with it
   * @param scopes its scopes
   * @param number the number of the device that it was given for
   * @param isByNetwork whether the mobile network or the SIM authenticated that device
   * @param expiresAt when it expires
   */
  public Introspection {
    Objects.requireNonNull(id, "the id is null");
    Objects.requireNonNull(client, "the client is null");
    scopes = List.copyOf(scopes);
    Objects.requireNonNull(number, "the number is null");
    if (expiresAt.isBefore(Instant.EPOCH)) {
      throw new IllegalArgumentException("the expiry is before 1970");
    }
  }

  static void pack(Packer input, Introspection word) {
    input
        .optional(word.id.orElse(null), (each, id) -> each.typed(id, "the id"))
        .typed(word.client, "the client")
        .list(word.scopes, (each, scope) -> each.typed(scope, "a scope"))
        .optional(word.number.orElse(null), Packer::number)
        .bool(word.isByNetwork)
        .millis(word.expiresAt, "the expiry");
  }
}
