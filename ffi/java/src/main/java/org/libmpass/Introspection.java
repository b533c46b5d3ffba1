package org.libmpass;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The introspection of a valid bearer token (RFC 7662): the part that the contracts need.
 *
 * @param id its identifier ({@code jti}). A host that accepts more than one text for the same
 *     token must set it, or each text counts as a separate token
 * @param client the client that it was issued to; if the client is in the store, its policy
 *     applies
 * @param scopes its scopes
 * @param number the number of the device that it was issued for
 * @param isByNetwork whether the mobile network or the SIM authenticated that device
 * @param issuedAt when it was issued, if known. After the store was restored from a backup, a
 *     token issued before is refused; without this time, it counts as issued 24 hours before
 *     its expiry
 * @param expiresAt when it expires ({@code exp}); empty when the host does not state it
 */
public record Introspection(
    Optional<String> id,
    String client,
    List<String> scopes,
    Optional<PhoneNumber> number,
    boolean isByNetwork,
    Optional<Instant> issuedAt,
    Optional<Instant> expiresAt) {
  /**
   * Checks that nothing is null and that the expiry is not before 1970.
   *
   * @param id its identifier ({@code jti}). A host that accepts more than one text for the same
   *     token must set it, or each text counts as a separate token
   * @param client the client that it was issued to; if the client is in the store, its policy
   *     applies
   * @param scopes its scopes
   * @param number the number of the device that it was issued for
   * @param isByNetwork whether the mobile network or the SIM authenticated that device
   * @param issuedAt when it was issued, if known. After the store was restored from a backup, a
   *     token issued before is refused; without this time, it counts as issued 24 hours before
   *     its expiry
   * @param expiresAt when it expires ({@code exp}); empty when the host does not state it
   */
  public Introspection {
    Objects.requireNonNull(id, "the id is null");
    Objects.requireNonNull(client, "the client is null");
    scopes = List.copyOf(scopes);
    Objects.requireNonNull(number, "the number is null");
    Objects.requireNonNull(issuedAt, "the time of issue is null");
    if (expiresAt.filter(at -> at.isBefore(Instant.EPOCH)).isPresent()) {
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
        .optional(
            word.issuedAt.orElse(null), (each, time) -> each.millis(time, "the time of issue"))
        .optional(word.expiresAt.orElse(null), (each, at) -> each.millis(at, "the expiry"));
  }
}
