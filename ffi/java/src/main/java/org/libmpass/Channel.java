package org.libmpass;

import java.time.Instant;

/** A channel of the mPass contract, as it was stored. */
public final class Channel extends Tenant<ChannelSettings> {
  private Channel(Keyring keyring, StoreKey storeKey, byte[] value) {
    super(Group.CHANNEL, keyring, storeKey, value, ChannelSettings::new);
  }

  /**
   * The store key of the channel of a name, of {@link Kind#TENANT}.
   *
   * @param keyring the keys
   * @param name the channel's name
   * @return the key
   */
  public static StoreKey storeKey(Keyring keyring, String name) {
    return storeKey(Group.CHANNEL, keyring, name);
  }

  /**
   * A new channel.
   *
   * @param keyring the keys
   * @param current the value that was loaded from there, or null
   * @param settings its settings
   * @param now the time
   * @return what to write
   * @throws ServiceException when the name is taken or a setting is not valid
   */
  public static TenantWrite create(
      Keyring keyring, byte[] current, ChannelSettings settings, Instant now) {
    return create(Group.CHANNEL, keyring, current, settings, now);
  }

  /**
   * Reads the stored value of a channel.
   *
   * @param keyring the keys, which have to be open as long as the channel is used
   * @param storeKey the key
   * @param value what was loaded from there
   * @return the channel
   * @throws StoreException when it is not a channel of the engine's
   */
  public static Channel open(Keyring keyring, StoreKey storeKey, byte[] value) {
    return new Channel(keyring, storeKey, value);
  }

  /**
   * Whether the channel may send for an application.
   *
   * @param app the application
   * @return whether it may
   * @throws ServiceException when the text is not an application
   */
  public boolean allowsApp(String app) {
    return allowsUse(app);
  }
}
