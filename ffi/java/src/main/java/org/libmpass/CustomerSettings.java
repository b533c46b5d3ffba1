package org.libmpass;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What an administrator says of a customer, a caller of the VerifyNow contract. {@link #of} has every
 * default, the {@code with} methods change one each; the engine checks all of it where a customer is
 * created.
 *
 * @param name its {@code customerId}: {@code C-} and 15 upper-case hexadecimal characters
 * @param addresses where it may call from, addresses or networks in CIDR notation; empty: anywhere
 * @param policy the rules of its challenges: {@code digits} is the length of a code where a request
 *     names none, and the fewest that one may name; the lifetime, 20 to 300 seconds, is the
 *     contract's timeout
 * @param testCredits the credits that it begins with, 0 or more
 * @param english its own English text, with <code>{{code}}</code>
 * @param host the host that codes are bound to in the last line of a message
 * @param sender the sender that its messages show, and what stands for <code>{{app}}</code> in its
 *     own text
 */
public record CustomerSettings(
    String name,
    List<String> addresses,
    Policy policy,
    long testCredits,
    Optional<String> english,
    Optional<String> host,
    Optional<String> sender) {
  /**
   * Checks that nothing is null.
   *
   * @param name its {@code customerId}: {@code C-} and 15 upper-case hexadecimal characters
   * @param addresses where it may call from, addresses or networks in CIDR notation; empty:
   *     anywhere
   * @param policy the rules of its challenges: {@code digits} is the length of a code where a
   *     request names none, and the fewest that one may name; the lifetime, 20 to 300 seconds, is
   *     the contract's timeout
   * @param testCredits the credits that it begins with, 0 or more
   * @param english its own English text, with <code>{{code}}</code>
   * @param host the host that codes are bound to in the last line of a message
   * @param sender the sender that its messages show, and what stands for <code>{{app}}</code> in
   *     its own text
   */
  public CustomerSettings {
    Objects.requireNonNull(name, "the name is null");
    addresses = List.copyOf(addresses);
    Objects.requireNonNull(policy, "the policy is null");
    Objects.requireNonNull(english, "the english is null");
    Objects.requireNonNull(host, "the host is null");
    Objects.requireNonNull(sender, "the sender is null");
  }

  /**
   * A customer with every default: codes of 4 digits for 60 seconds, and 100 test credits.
   *
   * @param name its {@code customerId}, such as {@link Customer#freshId} gives
   * @return the settings
   */
  public static CustomerSettings of(String name) {
    return TenantKind.CUSTOMER.defaults(name, CustomerSettings::read);
  }

  /**
   * The same under other rules.
   *
   * @param rules the rules
   * @return the settings
   */
  public CustomerSettings withPolicy(Policy rules) {
    return new CustomerSettings(
        name, addresses, rules, testCredits, english, host, sender);
  }

  /**
   * The same for callers from these addresses alone.
   *
   * @param networks addresses, or networks in CIDR notation
   * @return the settings
   */
  public CustomerSettings withAddresses(List<String> networks) {
    return new CustomerSettings(
        name, networks, policy, testCredits, english, host, sender);
  }

  /**
   * The same with other credits to begin with.
   *
   * @param count 0 or more
   * @return the settings
   */
  public CustomerSettings withTestCredits(long count) {
    return new CustomerSettings(
        name, addresses, policy, count, english, host, sender);
  }

  /**
   * The same with a text of its own.
   *
   * @param template a text with <code>{{code}}</code>
   * @return the settings
   */
  public CustomerSettings withEnglish(String template) {
    return new CustomerSettings(
        name, addresses, policy, testCredits, Optional.of(template), host, sender);
  }

  static CustomerSettings read(Unpacker output) {
    return new CustomerSettings(
        output.text(),
        output.list(Unpacker::text),
        Policy.read(output),
        output.count(),
        output.optional(Unpacker::text),
        output.optional(Unpacker::text),
        output.optional(Unpacker::text));
  }

  Packer pack(Packer input) {
    input.text(name).list(addresses, Packer::text);
    return policy
        .pack(input)
        .count(testCredits, "the number of test credits")
        .optional(english.orElse(null), Packer::text)
        .optional(host.orElse(null), Packer::text)
        .optional(sender.orElse(null), Packer::text);
  }
}
