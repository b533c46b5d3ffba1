// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

import java.util.List;
import java.util.Optional;

/**
 * The settings of a client, a caller of the CAMARA contracts, checked where one is created.
 * Immutable.
 */
public final class ClientSettings extends Settings {
  ClientSettings(Values values) {
    super(values);
  }

  /**
   * Every default but the name.
   *
   * @param name the name
   * @return the settings
   */
  public static ClientSettings of(String name) {
    Check.given(name, "the name");
    return new ClientSettings(Values.defaults(Group.CLIENT)).withName(name);
  }

  /** {@return the rules of its challenges} */
  public Policy policy() {
    return new Policy(values.only(Policy.FIELDS));
  }

  /**
   * The same settings with other rules of challenges.
   *
   * @param policy the rules
   * @return the settings
   */
  public ClientSettings withPolicy(Policy policy) {
    return new ClientSettings(values.with(Policy.FIELDS, policy.values));
  }

  /**
   * {@return the name, unique among tenants of the same kind; a customer's customerId, a client's
   * client_id}
   */
  public String name() {
    return values.text(Field.NAME);
  }

  /**
   * Name, unique among tenants of the same kind; a customer's customerId, a client's client_id.
   *
   * <p>1 to 64 ASCII letters, digits, -, _ and .; a customer's is C- and 15 upper-case hexadecimal
   * digits.
   *
   * @param name the value
   * @return the settings with it
   */
  public ClientSettings withName(String name) {
    return new ClientSettings(values.with(Field.NAME, name));
  }

  /** {@return the networks from which the tenant may call} */
  public List<String> addresses() {
    return values.texts(Field.ADDRESSES);
  }

  /**
   * Networks from which the tenant may call.
   *
   * <p>Addresses or networks in CIDR notation; empty allows any. Default: empty.
   *
   * @param addresses the value
   * @return the settings with it
   */
  public ClientSettings withAddresses(List<String> addresses) {
    return new ClientSettings(values.with(Field.ADDRESSES, addresses));
  }

  /**
   * {@return the host of the web page where codes are typed; the last line of a message binds the
   * code to it; empty if not set}
   */
  public Optional<String> host() {
    return values.optional(Field.HOST, Values::text);
  }

  /**
   * Host of the web page where codes are typed; the last line of a message binds the code to it.
   *
   * <p>A DNS name.
   *
   * @param host the value
   * @return the settings with it
   */
  public ClientSettings withHost(String host) {
    return new ClientSettings(values.with(Field.HOST, host));
  }

  /** {@return the settings without it: {@link #host} is empty} */
  public ClientSettings withoutHost() {
    return new ClientSettings(values.without(Field.HOST));
  }

  /** {@return the sender that messages show, for gateways that support it; empty if not set} */
  public Optional<String> sender() {
    return values.optional(Field.SENDER, Values::text);
  }

  /**
   * Sender that messages show, for gateways that support it.
   *
   * <p>1 to 32 bytes without control characters or direction overrides, and without spaces at the
   * ends or @ at the beginning.
   *
   * @param sender the value
   * @return the settings with it
   */
  public ClientSettings withSender(String sender) {
    return new ClientSettings(values.with(Field.SENDER, sender));
  }

  /** {@return the settings without it: {@link #sender} is empty} */
  public ClientSettings withoutSender() {
    return new ClientSettings(values.without(Field.SENDER));
  }

  /** {@return the scopes that the client may request} */
  public List<Scope> scopes() {
    return values.texts(Field.SCOPES).stream().map(Scope::of).toList();
  }

  /**
   * Scopes that the client may request.
   *
   * <p>Default: {@code number-verification:verify}, {@code one-time-password-sms:send-validate}.
   *
   * @param scopes the value
   * @return the settings with it
   */
  public ClientSettings withScopes(List<Scope> scopes) {
    return new ClientSettings(
        values.with(Field.SCOPES, scopes.stream().map(Scope::label).toList()));
  }

  /** {@return the redirect URIs of a login, compared exactly} */
  public List<String> redirectUris() {
    return values.texts(Field.REDIRECT_URIS);
  }

  /**
   * Redirect URIs of a login, compared exactly.
   *
   * <p>At most 8 absolute URIs of at most 255 bytes each. Default: empty.
   *
   * @param redirectUris the value
   * @return the settings with it
   */
  public ClientSettings withRedirectUris(List<String> redirectUris) {
    return new ClientSettings(values.with(Field.REDIRECT_URIS, redirectUris));
  }

  /**
   * {@return the public key that verifies the client's private_key_jwt assertions: with ES256 for a
   * P-256 key, with RS256 for an RSA key; empty if not set}
   */
  public Optional<byte[]> publicKey() {
    return values.optional(Field.PUBLIC_KEY, Values::bytes);
  }

  /**
   * Public key that verifies the client's private_key_jwt assertions: with ES256 for a P-256 key,
   * with RS256 for an RSA key.
   *
   * <p>65 to 8192 bytes; an uncompressed point of P-256 (65 bytes), or a JWK of a P-256 key or of
   * an RSA key with 2048 to 4096 bits and the exponent 65537.
   *
   * @param publicKey the value
   * @return the settings with it
   */
  public ClientSettings withPublicKey(byte[] publicKey) {
    return new ClientSettings(values.with(Field.PUBLIC_KEY, publicKey));
  }

  /** {@return the settings without it: {@link #publicKey} is empty} */
  public ClientSettings withoutPublicKey() {
    return new ClientSettings(values.without(Field.PUBLIC_KEY));
  }

  /** {@return the algorithm that signs the client's ID tokens} */
  public SignatureAlgorithm idTokenAlg() {
    return SignatureAlgorithm.of(values.text(Field.ID_TOKEN_ALG));
  }

  /**
   * Algorithm that signs the client's ID tokens.
   *
   * <p>Default: {@code ES256}.
   *
   * @param idTokenAlg the value
   * @return the settings with it
   */
  public ClientSettings withIdTokenAlg(SignatureAlgorithm idTokenAlg) {
    return new ClientSettings(values.with(Field.ID_TOKEN_ALG, idTokenAlg.label()));
  }

  /**
   * {@return the hash of the Android app that reads the code by SMS Retriever, as a line of its
   * own; it is left out of a message that would be longer than 140 bytes or one segment with it}
   */
  public List<String> androidAppHashes() {
    return values.texts(Field.ANDROID_APP_HASHES);
  }

  /**
   * Hash of the Android app that reads the code by SMS Retriever, as a line of its own; it is left
   * out of a message that would be longer than 140 bytes or one segment with it.
   *
   * <p>At most 32, each 11 base64 characters; a channel's may also be APP=HASH, for messages of
   * that application only. Default: empty.
   *
   * @param androidAppHashes the value
   * @return the settings with it
   */
  public ClientSettings withAndroidAppHashes(List<String> androidAppHashes) {
    return new ClientSettings(values.with(Field.ANDROID_APP_HASHES, androidAppHashes));
  }
}
