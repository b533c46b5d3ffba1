package org.libmpass;

import java.time.Instant;
import java.util.Objects;
import java.util.function.Function;

/**
 * A caller of a contract, read from its stored value. {@link Tenants} changes it. The keyring with which it was opened must
 * stay open as long as the tenant is used.
 *
 * @param <S> the settings of this kind of tenant
 */
public abstract sealed class Tenant<S extends Settings> permits Channel, Client, Customer {
  private static final int CREDENTIAL = 1;
  private static final int ADDRESS = 2;
  private static final int USE = 3;

  private final TenantKind<S> kind;
  private final Keyring keyring;
  private final StoreKey storeKey;
  private final byte[] value;
  private final TenantEntry<S> entry;

  Tenant(TenantKind<S> kind, Keyring keyring, StoreKey storeKey, byte[] value) {
    this.kind = kind;
    this.keyring = given(keyring);
    this.storeKey = Objects.requireNonNull(storeKey, "the store key is null");
    this.value = value.clone();
    entry = call(Operation.TENANT_OPEN, packed(), output -> TenantEntry.read(kind, output));
  }

  private static Keyring given(Keyring keyring) {
    return Objects.requireNonNull(keyring, "the keyring is null");
  }

  static StoreKey storeKey(TenantKind<?> kind, Keyring keyring, String name) {
    Packer input = kind.packed().text(name, "the name");
    return given(keyring).call(Operation.TENANT_STORE_KEY, input, StoreKey::read);
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
    return pack(kind.packed());
  }

  private boolean allows(int what, String text) {
    return call(Operation.TENANT_ALLOWS, packed().u8(what).text(text), Unpacker::bool);
  }

  /**
   * Whether this is the tenant's credential, or its predecessor within the overlap of a
   * rotation, compared in constant time.
   *
   * @param key the credential that {@link Tenants} returned
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

  /** {@return its settings, id and state} */
  public final TenantEntry<S> entry() {
    return entry;
  }

  /** {@return its settings} */
  public final S settings() {
    return entry.settings();
  }

  /** {@return whether it was revoked} */
  public final boolean isRevoked() {
    return entry.isRevoked();
  }
}
