package org.libmpass;

import java.time.Instant;
import java.util.Objects;

/** A channel of the mPass contract, as it stands in the store. */
public final class Channel {
  private static final int KEY = 1;
  private static final int ADDRESS = 2;
  private static final int APP = 3;

  private final Keyring keyring;
  private final StoreKey place;
  private final byte[] value;
  private final ChannelSettings settings;
  private final byte[] id;
  private final int keyVersion;
  private final Instant createdAt;
  private final boolean isRevoked;

  private Channel(Keyring keyring, StoreKey place, byte[] value, Unpacker output) {
    this.keyring = keyring;
    this.place = place;
    this.value = value;
    settings = ChannelSettings.read(output);
    id = output.raw(StoreKey.LENGTH);
    keyVersion = output.i32();
    createdAt = output.instant();
    isRevoked = output.bool();
  }

  /**
   * Where the channel of a name stands, of {@link Kind#TENANT}.
   *
   * @param keyring the keys
   * @param name the channel's name
   * @return the key
   */
  public static StoreKey place(Keyring keyring, String name) {
    return Objects.requireNonNull(keyring, "the keyring is null")
        .call(ServiceNatives::channelPlace, new Packer().text(name, "the name"), StoreKey::read);
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
  public static ChannelWrite create(
      Keyring keyring, byte[] current, ChannelSettings settings, Instant now) {
    Packer input = settings.pack(Challenge.touch(new Packer(), current, now));
    return Objects.requireNonNull(keyring, "the keyring is null")
        .call(ServiceNatives::channelCreate, input, ChannelWrite::read);
  }

  /**
   * Reads the channel that stands at a place.
   *
   * @param keyring the keys, which have to be open as long as the channel is used
   * @param place the place
   * @param value what stands there
   * @return the channel
   * @throws StoreException when it is not a channel of the engine's
   */
  public static Channel open(Keyring keyring, StoreKey place, byte[] value) {
    byte[] kept = value.clone();
    Packer input = new Packer();
    Objects.requireNonNull(place, "the place is null").pack(input);
    return keyring.call(
        ServiceNatives::channelOpen,
        input.bytes(kept),
        output -> new Channel(keyring, place, kept, output));
  }

  private Packer touched(Instant now) {
    Packer input = new Packer();
    place.pack(input);
    return Challenge.touch(input, value, now);
  }

  /**
   * The same channel with a new key; the old one is dead once this is stored.
   *
   * @param now the time
   * @return the writing
   */
  public ChannelWrite rotate(Instant now) {
    return keyring.call(ServiceNatives::channelRotate, touched(now), ChannelWrite::read);
  }

  /**
   * The swap that revokes the channel. Its record stays.
   *
   * @param now the time
   * @return the swap
   */
  public Swap revoke(Instant now) {
    return keyring.call(ServiceNatives::channelRevoke, touched(now), Swap::read);
  }

  private boolean allows(int what, String text) {
    Packer input = new Packer();
    place.pack(input);
    input.bytes(value).u8(what).text(text);
    return keyring.call(ServiceNatives::channelAllows, input, Unpacker::bool);
  }

  /**
   * Whether this is the channel's key, compared in constant time.
   *
   * @param key the key as text
   * @return whether it is
   * @throws ServiceException when the text is no channel key
   */
  public boolean hasKey(String key) {
    return allows(KEY, key);
  }

  /**
   * Whether the channel may call from an address.
   *
   * @param address an IP address
   * @return whether it may
   * @throws ServiceException when the text is no address
   */
  public boolean allowsAddress(String address) {
    return allows(ADDRESS, address);
  }

  /**
   * Whether the channel may send for an application.
   *
   * @param app the application
   * @return whether it may
   * @throws ServiceException when the text is no application's name
   */
  public boolean allowsApp(String app) {
    return allows(APP, app);
  }

  /** {@return what the administrator said of it} */
  public ChannelSettings settings() {
    return settings;
  }

  /** {@return the stable id that its numbers' records are kept under} */
  public byte[] id() {
    return id.clone();
  }

  /** {@return how many keys it has had} */
  public int keyVersion() {
    return keyVersion;
  }

  /** {@return when it was created} */
  public Instant createdAt() {
    return createdAt;
  }

  /** {@return whether it was revoked} */
  public boolean isRevoked() {
    return isRevoked;
  }
}
