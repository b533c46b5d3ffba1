package org.libmpass;

import java.net.InetAddress;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;

/** The next step that the host performs for an {@link Exchange}. */
public sealed interface Step {
  /**
   * Read a value; answer {@link Answer.Loaded}, or {@link Answer.Plain#FAILED}.
   *
   * @param kind the kind of value
   * @param key its store key
   */
  record Load(Kind kind, StoreKey key) implements Step {}

  /**
   * Replace a value; answer {@link Answer.Plain#STORED} once it is durable, {@link
   * Answer.Conflict}, {@link Answer.Plain#UNKNOWN} when the outcome is unknown, or {@link
   * Answer.Plain#FAILED}.
   *
   * @param swap the swap
   */
  record Replace(Swap swap) implements Step {}

  /**
   * Assess a number that is valid by the engine's own rules; answer {@link Answer.Assessed}, or
   * {@link Answer.Plain#UNSUPPORTED} when the host knows nothing of numbers.
   *
   * @param number the number in canonical form, to which a message is sent whatever the answer says
   * @param country the country of the tenant, which numbers in national form belong to
   */
  record Assess(PhoneNumber number, Optional<Integer> country) implements Step {}

  /**
   * Hand a message to the gateway; answer {@link Answer.Plain#DELIVERED}, {@link
   * Answer.Plain#REFUSED} or {@link Answer.Plain#UNKNOWN}.
   *
   * @param sms the message
   */
  record Deliver(Sms sms) implements Step {}

  /**
   * Introspect a bearer token that is not the engine's own; answer {@link Answer.Introspected}, or
   * {@link Answer.Plain#UNSUPPORTED} when the host issues no tokens.
   *
   * @param token what follows {@code Bearer} in the request
   */
  record Introspect(String token) implements Step {
    /** {@return only the class, without the token} */
    @Override
    public String toString() {
      return "Introspect";
    }
  }

  /**
   * Resolve a network address to the number that uses it; answer {@link Answer.Resolved}, or {@link
   * Answer.Plain#UNSUPPORTED} when the host is not a network.
   *
   * @param address the address
   */
  record Resolve(InetAddress address) implements Step {}

  /**
   * List the public keys of the pairs that sign with RS256, the one that signs first; answer {@link
   * Answer.SigningKeys}, or {@link Answer.Plain#UNSUPPORTED} when there is none.
   */
  record ListSigningKeys() implements Step {}

  /**
   * Sign with RS256, {@code SHA256withRSA}; answer {@link Answer.Signed}, or {@link
   * Answer.Plain#UNSUPPORTED} when there is no private key for the public one.
   *
   * @param key the public key of the pair
   * @param message the message
   */
  record Sign(RSAPublicKey key, byte[] message) implements Step {}

  /**
   * Check a signature with RS256, {@code SHA256withRSA}; answer {@link Answer.Plain#GENUINE}, {@link
   * Answer.Plain#FORGED}, or {@link Answer.Plain#UNSUPPORTED} when the host cannot check one.
   *
   * @param key the public key
   * @param message the message
   * @param signature the signature, of any length
   */
  record CheckSignature(RSAPublicKey key, byte[] message, byte[] signature) implements Step {}

  /**
   * Send the reply; the exchange is finished.
   *
   * @param reply the reply
   */
  record Done(Reply reply) implements Step {}
}
