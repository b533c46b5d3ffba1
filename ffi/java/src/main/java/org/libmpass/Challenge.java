package org.libmpass;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The challenge of one subject under one policy: the operations on the record at its store
 * key, {@link #key}. Each method takes the record as it was loaded, or null when there is none, and
 * returns the swap that replaces it; no state is kept between calls.
 *
 * <p>The keyring must stay open as long as the challenge is used.
 */
public final class Challenge {
  private final Keyring keyring;
  private final Policy policy;
  private final Binding binding;

  /**
   * What a code is valid for.
   *
   * @param service the contract, for example {@code login}: a code of one is wrong in any other
   * @param tenant the tenant's stable id; do not change its bytes afterwards
   * @param subject whom the code is for
   * @param context other data that must be equal when the code is verified; may be empty
   */
  public record Binding(String service, byte[] tenant, Subject subject, String context) {
    /**
     * Checks that nothing is null.
     *
     * @param service the contract, for example {@code login}: a code of one is wrong in any other
     * @param tenant the tenant's stable id; do not change its bytes afterwards
     * @param subject whom the code is for
     * @param context other data that must be equal when the code is verified; may be empty
     */
    public Binding {
      Objects.requireNonNull(service, "the service is null");
      Objects.requireNonNull(tenant, "the tenant is null");
      Objects.requireNonNull(subject, "the subject is null");
      Objects.requireNonNull(context, "the context is null");
    }
  }

  /**
   * Creates the challenge of a subject.
   *
   * @param keyring the keys
   * @param policy the rules
   * @param binding the subject, and what else its codes are bound to
   */
  public Challenge(Keyring keyring, Policy policy, Binding binding) {
    this.keyring = Objects.requireNonNull(keyring, "the keyring is null");
    this.policy = Objects.requireNonNull(policy, "the policy is null");
    this.binding = Objects.requireNonNull(binding, "the binding is null");
  }

  private Packer packed() {
    Packer input = new Packer().text(binding.service).bytes(binding.tenant);
    return policy.values.pack(binding.subject.pack(input).text(binding.context));
  }

  /** The context of a write: the loaded record, the time, and fresh entropy. */
  static Packer writeContext(Packer input, byte[] current, Instant now) {
    return input.optional(current, Packer::bytes).millis(now, "the time").entropy(32);
  }

  /** {@return the store key of the record, of {@link Kind#STATE}} */
  public StoreKey key() {
    return keyring.call(Operation.CHALLENGE_KEY, packed(), StoreKey::read);
  }

  /**
   * Issues a new challenge in place of the current one, or refuses.
   *
   * @param current the record that was loaded, or null
   * @param now the time
   * @return the outcome
   * @throws StoreException when {@code current} is not the engine's record for this store key
   */
  public Issue issue(byte[] current, Instant now) {
    return keyring.call(
        Operation.CHALLENGE_ISSUE, writeContext(packed(), current, now), Readings::issue);
  }

  /**
   * Compares a typed code, or returns the reason why it is not compared. A text that is not a code
   * of the right length counts as a wrong code and costs a try.
   *
   * @param current the record that was loaded, or null
   * @param typed the typed text
   * @param now the time
   * @return the outcome
   * @throws StoreException when {@code current} is not the engine's record for this store key
   */
  public Attempt attempt(byte[] current, String typed, Instant now) {
    Packer input = writeContext(packed(), current, now).typed(typed, "the typed code");
    return keyring.call(Operation.CHALLENGE_ATTEMPT, input, Readings::attempt);
  }

  /**
   * Returns the send of this challenge to the quota and voids the challenge, once. Call this after
   * a gateway's definite refusal.
   *
   * @param current the record that was loaded, or null
   * @param id the challenge's id
   * @param now the time
   * @return the swap to store; empty when this challenge is no longer the live one
   * @throws StoreException when {@code current} is not the engine's record for this store key
   */
  public Optional<Pending<Void>> refund(byte[] current, ChallengeId id, Instant now) {
    Function<Unpacker, Optional<Pending<Void>>> read = output -> output.optional(Pending::read);
    Packer input = writeContext(packed(), current, now);
    return keyring.callWith(Operation.CHALLENGE_REFUND, input, id, after -> after, read);
  }

  /**
   * Unlocks the subject and clears its failures, on behalf of an administrator.
   *
   * @param current the record that was loaded, or null
   * @param now the time
   * @return the swap to store
   * @throws StoreException when {@code current} is not the engine's record for this store key
   */
  public Pending<Void> unlock(byte[] current, Instant now) {
    return keyring.call(
        Operation.CHALLENGE_UNLOCK, writeContext(packed(), current, now), Pending::read);
  }
}
