package org.libmpass;

import java.net.InetAddress;
import java.util.Optional;

/** What the host does next for an {@link Exchange}. */
public sealed interface Step {
  /**
   * Read a value; answer {@link Answer.Loaded}, or {@link Answer.Plain#FAILED}.
   *
   * @param kind which kind of value
   * @param key its store key
   */
  record Load(Kind kind, StoreKey key) implements Step {}

  /**
   * Replace a value; answer {@link Answer.Plain#STORED} once it is durable, {@link Answer.Conflict},
   * {@link Answer.Plain#UNKNOWN} when it is unknown, or {@link Answer.Plain#FAILED}.
   *
   * @param swap what to replace
   */
  record Replace(Swap swap) implements Step {}

  /**
   * Find what the host knows of a number; answer {@link Answer.Assessed}, or {@link
   * Answer.Plain#UNSUPPORTED} to leave it to the engine's own rules.
   *
   * @param number what the request carries
   * @param country the tenant's country
   */
  record Assess(String number, Optional<Integer> country) implements Step {
    /** {@return the country alone, nothing of the number} */
    @Override
    public String toString() {
      return "Assess[country=" + country + "]";
    }
  }

  /**
   * Hand a message to the gateway; answer {@link Answer.Plain#DELIVERED}, {@link
   * Answer.Plain#REFUSED} or {@link Answer.Plain#UNKNOWN}.
   *
   * @param sms the message
   */
  record Deliver(Sms sms) implements Step {}

  /**
   * Introspect a bearer token that is not the engine's own; answer {@link Answer.Introspected}, or
   * {@link Answer.Plain#UNSUPPORTED} where the host gives out no tokens.
   *
   * @param token what follows {@code Bearer} in the request
   */
  record Introspect(String token) implements Step {
    /** {@return the class alone, nothing of the token} */
    @Override
    public String toString() {
      return "Introspect";
    }
  }

  /**
   * Find which number is behind a network address; answer {@link Answer.Resolved}, or {@link
   * Answer.Plain#UNSUPPORTED} where the host is not a network.
   *
   * @param address the address
   */
  record Resolve(InetAddress address) implements Step {}

  /**
   * Answer the request; the exchange is over.
   *
   * @param reply the answer
   */
  record Done(Reply reply) implements Step {}
}
