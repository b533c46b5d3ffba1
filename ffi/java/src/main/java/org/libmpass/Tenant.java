package org.libmpass;

import java.time.Instant;
import java.util.Objects;
import java.util.function.Function;

/**
 * A caller of a contract, read from its stored value. The keyring with which it was opened must
 * stay open as long as the tenant is used.
 *
 * @param <S> the settings of this kind of tenant
 */
public abstract sealed class Tenant<S> permits Channel, Client, Customer {
  private static final int CREDENTIAL = 1;
  private static final int ADDRESS = 2;
  private static final int USE = 3;

  private final Group group;
  private final Keyring keyring;
  private final StoreKey storeKey;
  private final byte[] value;
  private final S settings;
  private final Opened opened;

  private record Opened(
      Values values, byte[] id, int keyVersion, Instant createdAt, boolean isRevoked) {
    static Opened read(Unpacker output) {
      return new Opened(
          Values.read(output),
          output.raw(StoreKey.LENGTH),
          output.i32(),
          output.instant(),
          output.bool());
    }
  }

  Tenant(
      Group group,
      Keyring keyring,
      StoreKey storeKey,
      byte[] value,
      Function<Values, S> settings) {
    this.group = group;
    this.keyring = given(keyring);
    this.storeKey = Objects.requireNonNull(storeKey, "the store key is null");
    this.value = value.clone();
    opened = call(Operation.TENANT_OPEN, packed(), Opened::read);
    this.settings = settings.apply(opened.values);
  }

  private static Keyring given(Keyring keyring) {
    return Objects.requireNonNull(keyring, "the keyring is null");
  }

  private static Packer packed(Group group) {
    return new Packer().u8(group.number());
  }

  static StoreKey storeKey(Group group, Keyring keyring, String name) {
    Packer input = packed(group).text(name, "the name");
    return given(keyring).call(Operation.TENANT_STORE_KEY, input, StoreKey::read);
  }

  static TenantWrite create(
      Group group, Keyring keyring, byte[] current, Settings settings, Instant now) {
    Packer input = Challenge.writeContext(packed(group), current, now);
    return given(keyring)
        .call(Operation.TENANT_CREATE, settings.values.pack(input), TenantWrite::read);
  }

  /** Performs an operation with the tenant's keyring. */
  final <T> T call(int operation, Packer input, Function<Unpacker, T> read) {
    return keyring.call(operation, input, read);
  }

  /** Packs its store key and its stored value. */
  final Packer pack(Packer input) {
    storeKey.pack(input);
    return input.bytes(value);
  }

  private Packer packed() {
    return pack(packed(group));
  }

  private Packer inWriteContext(Instant now) {
    return packed().millis(now, "the time").entropy(32);
  }

  /**
   * Gives the tenant a new credential; the old one becomes invalid once this is stored,
   * and a tenant that was revoked is in use again.
   *
   * @param now the time
   * @return the write to store
   */
  public final TenantWrite rotate(Instant now) {
    return call(Operation.TENANT_ROTATE, inWriteContext(now), TenantWrite::read);
  }

  /**
   * Revokes the tenant. Its record stays in the store.
   *
   * @param now the time
   * @return the swap
   */
  public final Swap revoke(Instant now) {
    return call(Operation.TENANT_REVOKE, inWriteContext(now), Swap::read);
  }

  private boolean allows(int what, String text) {
    return call(Operation.TENANT_ALLOWS, packed().u8(what).text(text), Unpacker::bool);
  }

  /**
   * Whether this is the tenant's credential, or its predecessor within the overlap of a
   * rotation, compared in constant time.
   *
   * @param key the credential that {@link TenantWrite#stored} returned
   * @param now the time
   * @return whether it is
   * @throws ServiceException when the text is not a credential
   */
  public final boolean hasKey(String key, Instant now) {
    Packer input = packed().u8(CREDENTIAL).text(key).millis(now, "the time");
    return call(Operation.TENANT_ALLOWS, input, Unpacker::bool);
  }

  /**
   * Whether the tenant may call from an address.
   *
   * @param address an IP address
   * @return whether it may
   * @throws ServiceException when the text is not an address
   */
  public final boolean allowsAddress(String address) {
    return allows(ADDRESS, address);
  }

  /** Whether its settings allow an application or a scope. */
  final boolean allowsUse(String text) {
    return allows(USE, text);
  }

  /** {@return its settings} */
  public final S settings() {
    return settings;
  }

  /** {@return the stable id that its numbers' records are bound to} */
  public final byte[] id() {
    return opened.id.clone();
  }

  /** {@return the number of credentials issued so far under its name} */
  public final int keyVersion() {
    return opened.keyVersion;
  }

  /** {@return when it was created} */
  public final Instant createdAt() {
    return opened.createdAt;
  }

  /** {@return whether it was revoked} */
  public final boolean isRevoked() {
    return opened.isRevoked;
  }
}
