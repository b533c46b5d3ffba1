package org.libmpass;

import java.time.Instant;

/** A channel of the mPass contract, as it stands in the store. */
public final class Channel extends Tenant<ChannelSettings> {
  private Channel(TenantKind.Standing standing, Unpacker output) {
    super(standing, ChannelSettings::read, output);
  }

  /**
   * Where the channel of a name stands, of {@link Kind#TENANT}.
   *
   * @param keyring the keys
   * @param name the channel's name
   * @return the key
   */
  public static StoreKey storeKey(Keyring keyring, String name) {
    return TenantKind.CHANNEL.storeKey(keyring, name);
  }

  /**
   * A new channel.
   *
   * @param keyring the keys
   * @param current what stands at its place, or null
   * @param settings what is said of it
   * @param now the time
   * @return the writing
   * @throws ServiceException when the name is taken or a setting is not valid
   */
  public static TenantWrite create(
      Keyring keyring, byte[] current, ChannelSettings settings, Instant now) {
    return TenantKind.CHANNEL.create(keyring, current, settings::pack, now);
  }

  /**
   * Reads the channel that stands at a place.
   *
   * @param keyring the keys, which have to be open as long as the channel is used
   * @param storeKey the key
   * @param value what stands there
   * @return the channel
   * @throws StoreException when it is not a channel of the engine's
   */
  public static Channel open(Keyring keyring, StoreKey storeKey, byte[] value) {
    return TenantKind.CHANNEL.open(keyring, storeKey, value, Channel::new);
  }

  /**
   * Whether the channel may send for an application.
   *
   * @param app the application
   * @return whether it may
   * @throws ServiceException when the text is no application's name
   */
  public boolean allowsApp(String app) {
    return allowsUse(app);
  }
}
