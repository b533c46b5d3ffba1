package org.libmpass;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The contents of an access token, for a host that authenticates devices in its own way.
 *
 * @param scopes its scopes; those that the client does not have are omitted
 * @param number the number of the authenticated device, if any
 * @param isByNetwork whether the mobile network or the SIM authenticated that device
 * @param life its lifetime in whole seconds; at most 300 with a number
 */
public record Grant(
    List<Scope> scopes, Optional<PhoneNumber> number, boolean isByNetwork, Duration life) {
  /**
   * Checks that nothing is null.
   *
   * @param scopes its scopes; those that the client does not have are omitted
   * @param number the number of the authenticated device, if any
   * @param isByNetwork whether the mobile network or the SIM authenticated that device
   * @param life its lifetime in whole seconds; at most 300 with a number
   */
  public Grant {
    scopes = List.copyOf(scopes);
    Objects.requireNonNull(number, "the number is null");
    Objects.requireNonNull(life, "the life is null");
  }

  /**
   * Issues an access token for a client, as the token endpoint does.
   *
   * @param client the client
   * @param now the time
   * @return the token
   * @throws PolicyException when the life is zero, or more than 300 seconds with a number
   */
  public String token(Client client, Instant now) {
    Packer input =
        Objects.requireNonNull(client, "the client is null")
            .pack(new Packer())
            .list(scopes, (list, scope) -> list.text(scope.label()))
            .optional(number.orElse(null), Packer::number)
            .bool(isByNetwork)
            .seconds(life, "the life")
            .millis(now, "the time")
            .entropy(32);
    return client.call(Operation.GRANT_TOKEN, input, Unpacker::text);
  }
}
