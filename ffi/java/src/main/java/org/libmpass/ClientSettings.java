package org.libmpass;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What an administrator says of a client, a caller of the CAMARA contracts. {@link #of} has every
 * default, the {@code with} methods change one each; the engine checks all of it where a client is
 * created.
 *
 * @param name its {@code client_id}: 1 to 64 ASCII letters, digits, {@code -}, {@code _} and {@code
 *     .}
 * @param addresses where it may call from, addresses or networks in CIDR notation; empty: anywhere.
 *     A device that logs in for it comes from elsewhere
 * @param scopes what it may ask for
 * @param policy the rules of its challenges
 * @param redirectUris where a login may send a user agent back to, compared exactly
 * @param publicKey the public key that its {@code private_key_jwt} assertions are signed with
 *     (ES256): a point of P-256, uncompressed, 65 bytes as in SEC 1, not to be changed afterwards
 * @param host the host that codes are bound to in the last line of a message
 * @param sender the sender that its messages show
 */
public record ClientSettings(
    String name,
    List<String> addresses,
    List<Scope> scopes,
    Policy policy,
    List<String> redirectUris,
    Optional<byte[]> publicKey,
    Optional<String> host,
    Optional<String> sender) {
  /**
   * Checks that nothing is null.
   *
   * @param name its {@code client_id}: 1 to 64 ASCII letters, digits, {@code -}, {@code _} and
   *     {@code .}
   * @param addresses where it may call from, addresses or networks in CIDR notation; empty:
   *     anywhere. A device that logs in for it comes from elsewhere
   * @param scopes what it may ask for
   * @param policy the rules of its challenges
   * @param redirectUris where a login may send a user agent back to, compared exactly
   * @param publicKey the public key that its {@code private_key_jwt} assertions are signed with
   *     (ES256): a point of P-256, uncompressed, 65 bytes as in SEC 1, not to be changed afterwards
   * @param host the host that codes are bound to in the last line of a message
   * @param sender the sender that its messages show
   */
  public ClientSettings {
    Objects.requireNonNull(name, "the name is null");
    addresses = List.copyOf(addresses);
    scopes = List.copyOf(scopes);
    Objects.requireNonNull(policy, "the policy is null");
    redirectUris = List.copyOf(redirectUris);
    Objects.requireNonNull(publicKey, "the public key is null");
    Objects.requireNonNull(host, "the host is null");
    Objects.requireNonNull(sender, "the sender is null");
  }

  /**
   * A client with every scope but the one that tells numbers, and every other default.
   *
   * @param name its {@code client_id}
   * @return the settings
   */
  public static ClientSettings of(String name) {
    return TenantKind.CLIENT.defaults(name, ClientSettings::read);
  }

  /**
   * The same under other rules.
   *
   * @param rules the rules
   * @return the settings
   */
  public ClientSettings withPolicy(Policy rules) {
    return new ClientSettings(
        name, addresses, scopes, rules, redirectUris, publicKey, host, sender);
  }

  /**
   * The same for callers from these addresses alone.
   *
   * @param networks addresses, or networks in CIDR notation
   * @return the settings
   */
  public ClientSettings withAddresses(List<String> networks) {
    return new ClientSettings(
        name, networks, scopes, policy, redirectUris, publicKey, host, sender);
  }

  /**
   * The same for these scopes.
   *
   * @param allowed the scopes
   * @return the settings
   */
  public ClientSettings withScopes(List<Scope> allowed) {
    return new ClientSettings(
        name, addresses, allowed, policy, redirectUris, publicKey, host, sender);
  }

  /**
   * The same with these places for a login to send a user agent back to.
   *
   * @param uris absolute URIs without fragment; {@code http} only for a loopback host
   * @return the settings
   */
  public ClientSettings withRedirectUris(List<String> uris) {
    return new ClientSettings(
        name, addresses, scopes, policy, uris, publicKey, host, sender);
  }

  /**
   * The same with a key that its assertions are signed with.
   *
   * @param point a point of P-256, uncompressed, 65 bytes as in SEC 1
   * @return the settings
   */
  public ClientSettings withPublicKey(byte[] point) {
    return new ClientSettings(
        name, addresses, scopes, policy, redirectUris, Optional.of(point), host, sender);
  }

  static ClientSettings read(Unpacker output) {
    return new ClientSettings(
        output.text(),
        output.list(Unpacker::text),
        output.list(each -> Scope.of(each.text())),
        Policy.read(output),
        output.list(Unpacker::text),
        output.optional(Unpacker::bytes),
        output.optional(Unpacker::text),
        output.optional(Unpacker::text));
  }

  Packer pack(Packer input) {
    input.text(name).list(addresses, Packer::text).list(scopes, (list, scope) -> list.text(scope.label()));
    return policy
        .pack(input)
        .list(redirectUris, Packer::text)
        .optional(publicKey.orElse(null), Packer::bytes)
        .optional(host.orElse(null), Packer::text)
        .optional(sender.orElse(null), Packer::text);
  }
}
