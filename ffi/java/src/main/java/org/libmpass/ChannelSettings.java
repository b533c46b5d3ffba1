package org.libmpass;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What an administrator says of a channel, a caller of the mPass contract. {@link #of} has every
 * default, the {@code with} methods change one each; the engine checks all of it where a channel is
 * created.
 *
 * @param name the channel's name: 1 to 64 ASCII letters, digits, {@code -}, {@code _} and {@code .}
 * @param addresses where it may call from, addresses or networks in CIDR notation; empty: anywhere
 * @param apps applications that it may send for; empty: any
 * @param policy its rules
 * @param country the country code of numbers in national form
 * @param host the host that codes are bound to in the last line of a message
 * @param english its own English text, with <code>{{code}}</code>
 * @param arabic its own Arabic text, with <code>{{code}}</code>
 * @param sender the sender that its messages show
 */
public record ChannelSettings(
    String name,
    List<String> addresses,
    List<String> apps,
    Policy policy,
    Optional<Integer> country,
    Optional<String> host,
    Optional<String> english,
    Optional<String> arabic,
    Optional<String> sender) {
  /**
   * Checks that nothing is null.
   *
   * @param name the channel's name: 1 to 64 ASCII letters, digits, {@code -}, {@code _} and {@code .}
   * @param addresses where it may call from, addresses or networks in CIDR notation; empty: anywhere
   * @param apps applications that it may send for; empty: any
   * @param policy its rules
   * @param country the country code of numbers in national form
   * @param host the host that codes are bound to in the last line of a message
   * @param english its own English text, with <code>{{code}}</code>
   * @param arabic its own Arabic text, with <code>{{code}}</code>
   * @param sender the sender that its messages show
   */
  public ChannelSettings {
    Objects.requireNonNull(name, "the name is null");
    addresses = List.copyOf(addresses);
    apps = List.copyOf(apps);
    Objects.requireNonNull(policy, "the policy is null");
    Objects.requireNonNull(country, "the country is null");
    Objects.requireNonNull(host, "the host is null");
    Objects.requireNonNull(english, "the english is null");
    Objects.requireNonNull(arabic, "the arabic is null");
    Objects.requireNonNull(sender, "the sender is null");
  }

  /**
   * A channel with every default.
   *
   * @param name its name
   * @return the settings
   */
  public static ChannelSettings of(String name) {
    return TenantKind.CHANNEL.defaults(name, ChannelSettings::read);
  }

  /**
   * The same under other rules.
   *
   * @param rules the rules
   * @return the settings
   */
  public ChannelSettings withPolicy(Policy rules) {
    return new ChannelSettings(
        name, addresses, apps, rules, country, host, english, arabic, sender);
  }

  /**
   * The same for callers from these addresses alone.
   *
   * @param networks addresses, or networks in CIDR notation
   * @return the settings
   */
  public ChannelSettings withAddresses(List<String> networks) {
    return new ChannelSettings(
        name, networks, apps, policy, country, host, english, arabic, sender);
  }

  /**
   * The same for these applications alone.
   *
   * @param names applications
   * @return the settings
   */
  public ChannelSettings withApps(List<String> names) {
    return new ChannelSettings(
        name, addresses, names, policy, country, host, english, arabic, sender);
  }

  /**
   * The same with numbers in national form.
   *
   * @param code their country code, such as 966
   * @return the settings
   */
  public ChannelSettings withCountry(int code) {
    return new ChannelSettings(
        name, addresses, apps, policy, Optional.of(code), host, english, arabic, sender);
  }

  static ChannelSettings read(Unpacker output) {
    return new ChannelSettings(
        output.text(),
        output.list(Unpacker::text),
        output.list(Unpacker::text),
        Policy.read(output),
        output.optional(Unpacker::i32),
        output.optional(Unpacker::text),
        output.optional(Unpacker::text),
        output.optional(Unpacker::text),
        output.optional(Unpacker::text));
  }

  Packer pack(Packer input) {
    input.text(name).list(addresses, Packer::text).list(apps, Packer::text);
    return policy
        .pack(input)
        .optional(country.orElse(null), Packer::i32)
        .optional(host.orElse(null), Packer::text)
        .optional(english.orElse(null), Packer::text)
        .optional(arabic.orElse(null), Packer::text)
        .optional(sender.orElse(null), Packer::text);
  }
}
