package org.libmpass;

/** A channel of the mPass contract, read from its stored value. */
public final class Channel extends Tenant<ChannelSettings> {
  private Channel(Keyring keyring, StoreKey storeKey, byte[] value) {
    super(TenantKind.CHANNEL, keyring, storeKey, value);
  }

  /**
   * The store key, of {@link Kind#DOCUMENT}, of the channel with this name.
   *
   * @param keyring the keys
   * @param name the channel's name
   * @return the key
   */
  public static StoreKey storeKey(Keyring keyring, String name) {
    return storeKey(TenantKind.CHANNEL, keyring, name);
  }

  /**
   * Reads the stored value of a channel.
   *
   * @param keyring the keyring, which must stay open as long as the channel is used
   * @param storeKey the store key
   * @param value the value loaded from it
   * @return the channel
   * @throws StoreException when the value is not a channel record of the engine
   */
  public static Channel open(Keyring keyring, StoreKey storeKey, byte[] value) {
    return new Channel(keyring, storeKey, value);
  }

  /**
   * Whether the channel may send for an application.
   *
   * @param app the application
   * @return whether it may
   * @throws ServiceException when the text is not an application name
   */
  public boolean allowsApp(String app) {
    return allowsUse(app);
  }
}
