package org.libmpass;

/** A client of the CAMARA contracts, read from its stored value. */
public final class Client extends Tenant<ClientSettings> {
  private Client(Keyring keyring, StoreKey storeKey, byte[] value) {
    super(TenantKind.CLIENT, keyring, storeKey, value);
  }

  /**
   * The store key, of {@link Kind#DOCUMENT}, of the client with this {@code client_id}.
   *
   * @param keyring the keys
   * @param name its {@code client_id}
   * @return the key
   */
  public static StoreKey storeKey(Keyring keyring, String name) {
    return storeKey(TenantKind.CLIENT, keyring, name);
  }

  /**
   * Reads the stored value of a client.
   *
   * @param keyring the keyring, which must stay open as long as the client is used
   * @param storeKey the store key
   * @param value the value loaded from it
   * @return the client
   * @throws StoreException when the value is not a client record of the engine
   */
  public static Client open(Keyring keyring, StoreKey storeKey, byte[] value) {
    return new Client(keyring, storeKey, value);
  }

  /**
   * Whether the client may ask for a scope.
   *
   * @param scope the scope
   * @return whether it may
   */
  public boolean allowsScope(Scope scope) {
    return allowsUse(scope.label());
  }
}
