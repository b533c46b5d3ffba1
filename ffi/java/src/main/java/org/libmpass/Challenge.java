package org.libmpass;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The challenge of one subject under one policy: the operations on the record at its store
 * key, {@link #key}. Each method takes the record as it was loaded, or null where there is none, and
 * returns what replaces it; nothing is kept between calls.
 *
 * <p>The keyring has to be open as long as this is used.
 */
public final class Challenge {
  private final Keyring keyring;
  private final Policy policy;
  private final Binding binding;

  /**
   * What a code is good for.
   *
   * @param service the contract, for example {@code login}: codes of one are wrong in another
   * @param tenant the tenant's stable id; its bytes are not to be changed afterwards
   * @param number the number
   * @param context what else must be the same when the code comes back; may be empty
   */
  public record Binding(String service, byte[] tenant, PhoneNumber number, String context) {
    /**
     * Checks that nothing is null.
     *
     * @param service the contract, for example {@code login}: codes of one are wrong in another
     * @param tenant the tenant's stable id; its bytes are not to be changed afterwards
     * @param number the number
     * @param context what else must be the same when the code comes back; may be empty
     */
    public Binding {
      Objects.requireNonNull(service, "the service is null");
      Objects.requireNonNull(tenant, "the tenant is null");
      Objects.requireNonNull(number, "the number is null");
      Objects.requireNonNull(context, "the context is null");
    }
  }

  /**
   * The challenge of a subject.
   *
   * @param keyring the keys
   * @param policy the rules
   * @param binding the subject
   */
  public Challenge(Keyring keyring, Policy policy, Binding binding) {
    this.keyring = Objects.requireNonNull(keyring, "the keyring is null");
    this.policy = Objects.requireNonNull(policy, "the policy is null");
    this.binding = Objects.requireNonNull(binding, "the binding is null");
  }

  private Packer packed() {
    Packer input =
        new Packer()
            .text(binding.service)
            .bytes(binding.tenant)
            .text(binding.number.e164())
            .text(binding.context);
    return policy.values.pack(input);
  }

  /** A touch of a record: what was loaded, when, and fresh entropy. */
  static Packer writeContext(Packer input, byte[] current, Instant now) {
    return input.optional(current, Packer::bytes).millis(now, "the time").entropy(32);
  }

  /** {@return the store key of the record, of {@link Kind#STATE}} */
  public StoreKey key() {
    return keyring.call(Operation.CHALLENGE_KEY, packed(), StoreKey::read);
  }

  /**
   * A new challenge instead of the current one, or a refusal.
   *
   * @param current the record that was loaded, or null
   * @param now the time
   * @return the outcome
   * @throws StoreException when {@code current} is not a record of the engine's for this store key
   */
  public Issue issue(byte[] current, Instant now) {
    return keyring.call(
        Operation.CHALLENGE_ISSUE, writeContext(packed(), current, now), Readings::issue);
  }

  /**
   * Compares a code that somebody typed, or returns why it is not compared. A text that is not a
   * code of the length is a wrong code and costs a try like any other.
   *
   * @param current the record that was loaded, or null
   * @param typed what somebody typed
   * @param now the time
   * @return the outcome
   * @throws StoreException when {@code current} is not a record of the engine's for this store key
   */
  public Attempt attempt(byte[] current, String typed, Instant now) {
    Packer input = writeContext(packed(), current, now).typed(typed, "the typed code");
    return keyring.call(Operation.CHALLENGE_ATTEMPT, input, Readings::attempt);
  }

  /**
   * After a gateway's definite refusal: gives the send of this challenge back and voids it, once.
   *
   * @param current the record that was loaded, or null
   * @param id which challenge
   * @param now the time
   * @return what to write; empty when the record no longer holds this challenge live
   * @throws StoreException when {@code current} is not a record of the engine's for this store key
   */
  public Optional<Pending<Void>> refund(byte[] current, ChallengeId id, Instant now) {
    Function<Unpacker, Optional<Pending<Void>>> read = output -> output.optional(Pending::read);
    Packer input = writeContext(packed(), current, now);
    return keyring.callWith(Operation.CHALLENGE_REFUND, input, id, after -> after, read);
  }

  /**
   * Unlocks the number and forgets its failures: an administrator's act.
   *
   * @param current the record that was loaded, or null
   * @param now the time
   * @return what to write
   * @throws StoreException when {@code current} is not a record of the engine's for this store key
   */
  public Pending<Void> unlock(byte[] current, Instant now) {
    return keyring.call(
        Operation.CHALLENGE_UNLOCK, writeContext(packed(), current, now), Pending::read);
  }
}
