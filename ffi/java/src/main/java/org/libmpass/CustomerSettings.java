// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The settings of a customer, a caller of the VerifyNow contract, checked where one is created.
 * Immutable.
 */
public final class CustomerSettings extends Settings {
  CustomerSettings(Values values) {
    super(values);
  }

  /**
   * {@return every default, without a name: {@link Tenants#create} generates one}
   */
  public static CustomerSettings unnamed() {
    return new CustomerSettings(Values.defaults(Group.CUSTOMER));
  }

  /**
   * Every default but the name.
   *
   * @param id the name
   * @return the settings
   */
  public static CustomerSettings of(String id) {
    Check.given(id, "the id");
    return new CustomerSettings(Values.defaults(Group.CUSTOMER)).withName(id);
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
  public CustomerSettings withPolicy(Policy policy) {
    return new CustomerSettings(values.with(Policy.FIELDS, policy.values));
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
  public CustomerSettings withName(String name) {
    return new CustomerSettings(values.with(Field.NAME, name));
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
  public CustomerSettings withAddresses(List<String> addresses) {
    return new CustomerSettings(values.with(Field.ADDRESSES, addresses));
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
  public CustomerSettings withHost(String host) {
    return new CustomerSettings(values.with(Field.HOST, host));
  }

  /** {@return the settings without it: {@link #host} is empty} */
  public CustomerSettings withoutHost() {
    return new CustomerSettings(values.without(Field.HOST));
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
  public CustomerSettings withTexts(Map<String, String> texts) {
    return new CustomerSettings(values.with(Field.TEXTS, texts));
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
  public CustomerSettings withSender(String sender) {
    return new CustomerSettings(values.with(Field.SENDER, sender));
  }

  /** {@return the settings without it: {@link #sender} is empty} */
  public CustomerSettings withoutSender() {
    return new CustomerSettings(values.without(Field.SENDER));
  }

  /** {@return the initial balance of the customer's credits} */
  public long testCredits() {
    return values.number(Field.TEST_CREDITS);
  }

  /**
   * Initial balance of the customer's credits.
   *
   * <p>At least 0. Default: 100.
   *
   * @param testCredits the value
   * @return the settings with it
   */
  public CustomerSettings withTestCredits(long testCredits) {
    return new CustomerSettings(values.with(Field.TEST_CREDITS, testCredits));
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
  public CustomerSettings withAndroidAppHashes(List<String> androidAppHashes) {
    return new CustomerSettings(values.with(Field.ANDROID_APP_HASHES, androidAppHashes));
  }
}
