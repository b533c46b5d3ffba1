package org.libmpass;

import java.time.Instant;
import java.util.function.Function;

/**
 * Who calls a contract, as it stands in the store. The keyring that it was opened with has to be
 * open as long as it is used.
 *
 * @param <S> what an administrator says of this kind of tenant
 */
public abstract sealed class Tenant<S> permits Channel, Client, Customer {
  private static final int KEY = 1;
  private static final int ADDRESS = 2;
  private static final int USE = 3;

  private final TenantKind.Standing standing;
  private final S settings;
  private final byte[] id;
  private final int keyVersion;
  private final Instant createdAt;
  private final boolean isRevoked;

  Tenant(TenantKind.Standing standing, Function<Unpacker, S> read, Unpacker output) {
    this.standing = standing;
    settings = read.apply(output);
    id = output.raw(StoreKey.LENGTH);
    keyVersion = output.i32();
    createdAt = output.instant();
    isRevoked = output.bool();
  }

  /** What it was opened from. */
  final TenantKind.Standing standing() {
    return standing;
  }

  private Packer inWriteContext(Instant now) {
    return standing.packed().millis(now, "the time").entropy(32);
  }

  /**
   * The same tenant with a new credential; the old one is dead once this is stored.
   *
   * @param now the time
   * @return the writing
   */
  public final TenantWrite rotate(Instant now) {
    return standing.keyring().call(Operation.TENANT_ROTATE, inWriteContext(now), TenantWrite::read);
  }

  /**
   * The swap that revokes the tenant. Its record stays.
   *
   * @param now the time
   * @return the swap
   */
  public final Swap revoke(Instant now) {
    return standing.keyring().call(Operation.TENANT_REVOKE, inWriteContext(now), Swap::read);
  }

  private boolean allows(int what, String text) {
    Packer input = standing.packed().u8(what).text(text);
    return standing.keyring().call(Operation.TENANT_ALLOWS, input, Unpacker::bool);
  }

  /**
   * Whether this is the tenant's credential, compared in constant time.
   *
   * @param key what {@link TenantWrite#stored} told
   * @return whether it is
   * @throws ServiceException when the text is no such credential
   */
  public final boolean hasKey(String key) {
    return allows(KEY, key);
  }

  /**
   * Whether the tenant may call from an address.
   *
   * @param address an IP address
   * @return whether it may
   * @throws ServiceException when the text is no address
   */
  public final boolean allowsAddress(String address) {
    return allows(ADDRESS, address);
  }

  /** Whether it may do what a text names, of a kind of tenant that says it. */
  final boolean allowsUse(String text) {
    return allows(USE, text);
  }

  /** {@return what the administrator said of it} */
  public final S settings() {
    return settings;
  }

  /** {@return the stable id that its numbers' records are kept under} */
  public final byte[] id() {
    return id.clone();
  }

  /** {@return how many credentials tenants of its name have had} */
  public final int keyVersion() {
    return keyVersion;
  }

  /** {@return when it was created} */
  public final Instant createdAt() {
    return createdAt;
  }

  /** {@return whether it was revoked} */
  public final boolean isRevoked() {
    return isRevoked;
  }
}
