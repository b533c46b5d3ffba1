// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The settings of a channel, a caller of the mPass contract, checked where one is created.
 * Immutable.
 */
public final class ChannelSettings extends Settings {
  ChannelSettings(Values values) {
    super(values);
  }

  /**
   * Every default but the name.
   *
   * @param name the name
   * @return the settings
   */
  public static ChannelSettings of(String name) {
    Check.given(name, "the name");
    return new ChannelSettings(Values.defaults(Group.CHANNEL)).withName(name);
  }

  /** {@return the rules of its challenges} */
  public Policy policy() {
    return new Policy(values.only(Policy.FIELDS));
  }

  /**
   * The same settings with other rules of challenges.
   *
   * @param policy the rules
   * @return the settings
   */
  public ChannelSettings withPolicy(Policy policy) {
    return new ChannelSettings(values.with(Policy.FIELDS, policy.values));
  }

  /**
   * {@return the name, unique among tenants of the same kind; a customer's customerId, a client's
   * client_id}
   */
  public String name() {
    return values.text(Field.NAME);
  }

  /**
   * Name, unique among tenants of the same kind; a customer's customerId, a client's client_id.
   *
   * <p>1 to 64 ASCII letters, digits, -, _ and .; a customer's is C- and 15 upper-case hexadecimal
   * digits.
   *
   * @param name the value
   * @return the settings with it
   */
  public ChannelSettings withName(String name) {
    return new ChannelSettings(values.with(Field.NAME, name));
  }

  /** {@return the networks from which the tenant may call} */
  public List<String> addresses() {
    return values.texts(Field.ADDRESSES);
  }

  /**
   * Networks from which the tenant may call.
   *
   * <p>Addresses or networks in CIDR notation; empty allows any. Default: empty.
   *
   * @param addresses the value
   * @return the settings with it
   */
  public ChannelSettings withAddresses(List<String> addresses) {
    return new ChannelSettings(values.with(Field.ADDRESSES, addresses));
  }

  /** {@return the applications that the channel may send for} */
  public List<String> apps() {
    return values.texts(Field.APPS);
  }

  /**
   * Applications that the channel may send for.
   *
   * <p>1 to 32 characters each; empty allows any. Default: empty.
   *
   * @param apps the value
   * @return the settings with it
   */
  public ChannelSettings withApps(List<String> apps) {
    return new ChannelSettings(values.with(Field.APPS, apps));
  }

  /** {@return the country code that numbers in national form belong to; empty if not set} */
  public Optional<Integer> country() {
    return values.optional(Field.COUNTRY, Values::integer);
  }

  /**
   * Country code that numbers in national form belong to.
   *
   * <p>1 to 999; a country code assigned by the ITU.
   *
   * @param country the value
   * @return the settings with it
   */
  public ChannelSettings withCountry(int country) {
    return new ChannelSettings(values.with(Field.COUNTRY, country));
  }

  /** {@return the settings without it: {@link #country} is empty} */
  public ChannelSettings withoutCountry() {
    return new ChannelSettings(values.without(Field.COUNTRY));
  }

  /**
   * {@return the host of the web page where codes are typed; the last line of a message binds the
   * code to it; empty if not set}
   */
  public Optional<String> host() {
    return values.optional(Field.HOST, Values::text);
  }

  /**
   * Host of the web page where codes are typed; the last line of a message binds the code to it.
   *
   * <p>A DNS name.
   *
   * @param host the value
   * @return the settings with it
   */
  public ChannelSettings withHost(String host) {
    return new ChannelSettings(values.with(Field.HOST, host));
  }

  /** {@return the settings without it: {@link #host} is empty} */
  public ChannelSettings withoutHost() {
    return new ChannelSettings(values.without(Field.HOST));
  }

  /**
   * {@return the templates of the messages by language; a request has the text of its language tag,
   * otherwise of the tag's first subtag, otherwise the built-in one}
   */
  public SortedMap<String, String> texts() {
    return values.map(Field.TEXTS);
  }

  /**
   * Templates of the messages by language; a request has the text of its language tag, otherwise of
   * the tag's first subtag, otherwise the built-in one.
   *
   * <p>At most 32 languages, by tag (BCP 47), with at most 320 characters each; a text must contain
   * {{code}} and may contain {{app}} and {{minutes}}. Default: empty.
   *
   * @param texts the value
   * @return the settings with it
   */
  public ChannelSettings withTexts(Map<String, String> texts) {
    return new ChannelSettings(values.with(Field.TEXTS, texts));
  }

  /** {@return the sender that messages show, for gateways that support it; empty if not set} */
  public Optional<String> sender() {
    return values.optional(Field.SENDER, Values::text);
  }

  /**
   * Sender that messages show, for gateways that support it.
   *
   * <p>1 to 32 bytes without control characters or direction overrides, and without spaces at the
   * ends or @ at the beginning.
   *
   * @param sender the value
   * @return the settings with it
   */
  public ChannelSettings withSender(String sender) {
    return new ChannelSettings(values.with(Field.SENDER, sender));
  }

  /** {@return the settings without it: {@link #sender} is empty} */
  public ChannelSettings withoutSender() {
    return new ChannelSettings(values.without(Field.SENDER));
  }

  /**
   * {@return the hash of the Android app that reads the code by SMS Retriever, as a line of its
   * own; it is left out of a message that would be longer than 140 bytes or one segment with it}
   */
  public List<String> androidAppHashes() {
    return values.texts(Field.ANDROID_APP_HASHES);
  }

  /**
   * Hash of the Android app that reads the code by SMS Retriever, as a line of its own; it is left
   * out of a message that would be longer than 140 bytes or one segment with it.
   *
   * <p>At most 32, each 11 base64 characters; a channel's may also be APP=HASH, for messages of
   * that application only. Default: empty.
   *
   * @param androidAppHashes the value
   * @return the settings with it
   */
  public ChannelSettings withAndroidAppHashes(List<String> androidAppHashes) {
    return new ChannelSettings(values.with(Field.ANDROID_APP_HASHES, androidAppHashes));
  }
}
