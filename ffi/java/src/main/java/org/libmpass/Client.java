package org.libmpass;

import java.time.Instant;

/** A client of the CAMARA contracts, as it was stored. */
public final class Client extends Tenant<ClientSettings> {
  private Client(Keyring keyring, StoreKey storeKey, byte[] value) {
    super(Group.CLIENT, keyring, storeKey, value, ClientSettings::new);
  }

  /**
   * The store key of the client of a {@code client_id}, of {@link Kind#TENANT}.
   *
   * @param keyring the keys
   * @param name its {@code client_id}
   * @return the key
   */
  public static StoreKey storeKey(Keyring keyring, String name) {
    return storeKey(Group.CLIENT, keyring, name);
  }

  /**
   * A new client.
   *
   * @param keyring the keys
   * @param current the value that was loaded from there, or null
   * @param settings its settings
   * @param now the time
   * @return what to write
   * @throws ServiceException when the name is taken or a setting is not valid
   */
  public static TenantWrite create(
      Keyring keyring, byte[] current, ClientSettings settings, Instant now) {
    return create(Group.CLIENT, keyring, current, settings, now);
  }

  /**
   * Reads the stored value of a client.
   *
   * @param keyring the keys, which have to be open as long as the client is used
   * @param storeKey the key
   * @param value what was loaded from there
   * @return the client
   * @throws StoreException when it is not a client of the engine's
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
