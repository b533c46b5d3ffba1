package org.libmpass;

import java.time.Instant;

/** A client of the CAMARA contracts, as it stands in the store. */
public final class Client extends Tenant<ClientSettings> {
  private Client(TenantKind.Standing standing, Unpacker output) {
    super(standing, ClientSettings::read, output);
  }

  /**
   * Where the client of a {@code client_id} stands, of {@link Kind#TENANT}.
   *
   * @param keyring the keys
   * @param name its {@code client_id}
   * @return the key
   */
  public static StoreKey storeKey(Keyring keyring, String name) {
    return TenantKind.CLIENT.storeKey(keyring, name);
  }

  /**
   * A new client.
   *
   * @param keyring the keys
   * @param current what stands at its place, or null
   * @param settings what is said of it
   * @param now the time
   * @return the writing
   * @throws ServiceException when the name is taken or a setting is not valid
   */
  public static TenantWrite create(
      Keyring keyring, byte[] current, ClientSettings settings, Instant now) {
    return TenantKind.CLIENT.create(keyring, current, settings::pack, now);
  }

  /**
   * Reads the client that stands at a place.
   *
   * @param keyring the keys, which have to be open as long as the client is used
   * @param storeKey the key
   * @param value what stands there
   * @return the client
   * @throws StoreException when it is not a client of the engine's
   */
  public static Client open(Keyring keyring, StoreKey storeKey, byte[] value) {
    return TenantKind.CLIENT.open(keyring, storeKey, value, Client::new);
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
