package org.libmpass;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The challenge of one subject under one policy.
 *
 * <p>{@link #issue(Store)}, {@link #attempt(Store, String)} and the other methods that take a {@link
 * Store} perform an operation in one call: they load the record, decide, swap, decide again after a
 * conflict, and read the record back when it is unknown whether the swap was stored. The clock is
 * read after each answer of the store, so that a slow store does not lengthen the life of a code; an
 * operation that takes more than 10 seconds ends with {@link MpassError#OPERATION_TOO_OLD}. They
 * block as the store does, and hold no lock meanwhile.
 *
 * <p>The other methods take the record at the store key, {@link #key}, as it was loaded, or null
 * when there is none, and return the swap that replaces it; no state is kept between calls.
 *
 * <p>The keyring must stay open as long as the challenge is used.
 */
public final class Challenge {
  private final Keyring keyring;
  private final Policy policy;
  private final Binding binding;
  private final InstantSource clock;
  private final Optional<Instant> restoredAt;

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
    this(keyring, policy, binding, InstantSource.system(), Optional.empty());
  }

  private Challenge(
      Keyring keyring,
      Policy policy,
      Binding binding,
      InstantSource clock,
      Optional<Instant> restoredAt) {
    this.keyring = Objects.requireNonNull(keyring, "the keyring is null");
    this.policy = Objects.requireNonNull(policy, "the policy is null");
    this.binding = Objects.requireNonNull(binding, "the binding is null");
    this.clock = Objects.requireNonNull(clock, "the clock is null");
    this.restoredAt = Objects.requireNonNull(restoredAt, "the time is null");
  }

  /**
   * Returns the same challenge with another clock for operations on a {@link Store}; the default is
   * the system's.
   *
   * @param clock the clock
   * @return the challenge
   */
  public Challenge withClock(InstantSource clock) {
    return new Challenge(keyring, policy, binding, clock, restoredAt);
  }

  /**
   * Returns the same challenge in a store that was restored from a backup. A challenge that was last
   * written before is void, because attempts may have been lost: the verdict is {@link
   * Verdict#NO_CHALLENGE}. Counts and limits stay.
   *
   * @param restoredAt the time of {@link StoreHeader#restoredAt}; empty for never
   * @return the challenge
   */
  public Challenge withRestoredAt(Optional<Instant> restoredAt) {
    return new Challenge(keyring, policy, binding, clock, restoredAt);
  }

  /** Runs an operation on a store. {@code input} is what follows the entropy. */
  private <T> T run(
      int operation, Store store, UnaryOperator<Packer> input, Function<Unpacker, T> outcome) {
    return Driven.run(
        read -> keyring.call(operation, input.apply(packed().entropy(32)), read),
        store,
        clock,
        outcome);
  }

  /**
   * Issues a new challenge in place of the current one, or refuses.
   *
   * @param store the store
   * @return the challenge, to be sent, or the refusal
   * @throws StoreException when the store fails, or when it is unknown whether it has stored the
   *     challenge
   */
  public Issuance issue(Store store) {
    return run(
        Operation.CHALLENGE_CHANGE_ISSUE, store, UnaryOperator.identity(), Readings::issuance);
  }

  /**
   * Compares a typed code, unless the state of the challenge already decides the verdict. Digits
   * of every script are read; white space, dashes and direction marks are passed over. 4 to 10
   * digits of another length than the challenge's are a wrong code and cost a try. Any other text
   * is {@link Verdict#MALFORMED}, which costs none: nothing is loaded.
   *
   * @param store the store
   * @param typed the typed text
   * @return the verdict; the attempt that it is for is counted in the store
   * @throws StoreException when the store fails, or when it is unknown whether it has counted the
   *     attempt
   */
  public Verdict attempt(Store store, String typed) {
    return run(
        Operation.CHALLENGE_CHANGE_ATTEMPT,
        store,
        input -> input.typed(typed, "the typed code"),
        Readings::verdict);
  }

  /**
   * Returns the send of this challenge to the quota and voids the challenge, once. Call this after
   * a gateway's definite refusal.
   *
   * @param store the store
   * @param id the challenge's id
   * @return whether it was refunded; false when this challenge is no longer the live one
   * @throws StoreException when the store fails
   */
  public boolean refund(Store store, ChallengeId id) {
    return Driven.run(
        read ->
            keyring.callWith(
                Operation.CHALLENGE_CHANGE_REFUND,
                packed().entropy(32),
                id,
                UnaryOperator.identity(),
                read),
        store,
        clock,
        Unpacker::bool);
  }

  /**
   * Unlocks the number and clears its failures, on behalf of an administrator: at most three times
   * within 24 hours.
   *
   * @param store the store
   * @return whether there was a record; false when nothing was locked
   * @throws StoreException when the store fails
   */
  public boolean unlock(Store store) {
    return run(
        Operation.CHALLENGE_CHANGE_UNLOCK, store, UnaryOperator.identity(), Unpacker::bool);
  }

  private Packer packed() {
    Packer input = new Packer().text(binding.service).bytes(binding.tenant);
    policy.values.pack(binding.subject.pack(input).text(binding.context));
    return input.optional(restoredAt.orElse(null), Packer::instant);
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
   * Compares a typed code, or returns the reason why it is not compared. 4 to 10 digits of another
   * length than the challenge's are a wrong code and cost a try; a text that cannot be a code is
   * {@link Verdict#MALFORMED} and costs none.
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
   * Unlocks the subject and clears its failures, on behalf of an administrator: at most three times
   * within 24 hours.
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
