package org.libmpass;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The server's state of one OATH token: the counter or step accepted last, the token's drift, its
 * failures and its open question, in a record at its store key, {@link #key}.
 *
 * <p>The methods that take a {@link Store} perform an operation in one call, as those of {@link
 * Challenge}. The others take the record as it was loaded, or null when there is none, and return
 * the swap that replaces it; no state is kept between calls.
 *
 * <p>A code is accepted once. The keyring must stay open as long as this object is used.
 */
public final class TokenState {
  private final Keyring keyring;
  private final TokenPolicy policy;
  private final byte[] tenant;
  private final byte[] id;
  private final InstantSource clock;
  private final Optional<Instant> restoredAt;
  private final boolean isEnrolled;

  /**
   * The contents of a token's record, for an administrator.
   *
   * @param last the counter or step that was accepted last
   * @param drift TOTP: steps that the token's clock is ahead
   * @param failures failures in a row
   * @param retryAt when the next attempt is accepted; empty for immediately, and when locked until
   *     unlocked
   * @param isLocked whether it is locked until unlocked
   */
  public record Status(
      Optional<BigInteger> last,
      long drift,
      int failures,
      Optional<Instant> retryAt,
      boolean isLocked) {}

  /**
   * Creates the state of a tenant's token.
   *
   * @param keyring the keys
   * @param policy the rules
   * @param tenant the tenant's stable id
   * @param id the token's id within the tenant
   */
  public TokenState(Keyring keyring, TokenPolicy policy, byte[] tenant, byte[] id) {
    this(
        keyring,
        policy,
        tenant.clone(),
        id.clone(),
        InstantSource.system(),
        Optional.empty(),
        false);
  }

  private TokenState(
      Keyring keyring,
      TokenPolicy policy,
      byte[] tenant,
      byte[] id,
      InstantSource clock,
      Optional<Instant> restoredAt,
      boolean isEnrolled) {
    this.keyring = Objects.requireNonNull(keyring, "the keyring is null");
    this.policy = Objects.requireNonNull(policy, "the policy is null");
    this.tenant = tenant;
    this.id = id;
    this.clock = Objects.requireNonNull(clock, "the clock is null");
    this.restoredAt = Objects.requireNonNull(restoredAt, "the time is null");
    this.isEnrolled = isEnrolled;
  }

  /**
   * Returns the same token with another clock for operations on a {@link Store}; the default is the
   * system's.
   *
   * @param clock the clock
   * @return the token
   */
  public TokenState withClock(InstantSource clock) {
    return new TokenState(keyring, policy, tenant, id, clock, restoredAt, isEnrolled);
  }

  /**
   * Returns the same token in a store that was restored from a backup. Codes that were accepted
   * before may be missing in the record: an HOTP token whose record is older must be resynchronised,
   * with the verdict {@link Verdict#RESYNCHRONIZE} until then; a TOTP token accepts only later steps;
   * an OCRA question that was asked before is void. Failures and locks stay.
   *
   * @param restoredAt the time of {@link StoreHeader#restoredAt}; empty for never
   * @return the token
   */
  public TokenState withRestoredAt(Optional<Instant> restoredAt) {
    return new TokenState(keyring, policy, tenant, id, clock, restoredAt, isEnrolled);
  }

  /**
   * Returns the same token as one that was enrolled, as the host knows: a missing record is {@link
   * MpassError#RECORD_MISSING}, not a token that starts at 0.
   *
   * @return the token
   */
  public TokenState enrolled() {
    return new TokenState(keyring, policy, tenant, id, clock, restoredAt, true);
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

  /** Runs an attempt on a store. {@code input} is what follows the token. */
  private Verdict attempt(
      int operation, Store store, NativeHandle token, UnaryOperator<Packer> input) {
    return Driven.run(
        read -> keyring.callWith(operation, packed().entropy(32), token, input, read),
        store,
        clock,
        Readings::verdict);
  }

  /**
   * Creates a record that begins at a counter, for HOTP tokens that were used elsewhere before.
   *
   * @param store the store
   * @param counter the first counter, not negative
   * @return whether it was created; false when the token already has a record, which is kept
   * @throws StoreException when the store fails
   */
  public boolean enroll(Store store, long counter) {
    return run(
        Operation.TOKEN_CHANGE_ENROLL,
        store,
        input -> input.count(counter, "the counter"),
        Unpacker::bool);
  }

  /**
   * Compares a typed HOTP code with the counters after the last accepted one.
   *
   * @param store the store
   * @param hotp the token's key
   * @param typed the typed text
   * @return the verdict; the attempt that it is for is counted in the store
   * @throws StoreException when the store fails, or when it is unknown whether it has counted the
   *     attempt
   */
  public Verdict attempt(Store store, Hotp hotp, String typed) {
    return attempt(
        Operation.TOKEN_CHANGE_ATTEMPT_HOTP, store, hotp, input -> typed(input, typed));
  }

  /**
   * Compares a typed TOTP code with the steps around now, shifted by the token's drift.
   *
   * @param store the store
   * @param totp the token's key
   * @param typed the typed text
   * @return the verdict; the attempt that it is for is counted in the store
   * @throws StoreException when the store fails, or when it is unknown whether it has counted the
   *     attempt
   * @throws OathException for a time before T0
   */
  public Verdict attempt(Store store, Totp totp, String typed) {
    return attempt(
        Operation.TOKEN_CHANGE_ATTEMPT_TOTP, store, totp, input -> typed(input, typed));
  }

  /**
   * Compares a response to the recorded question; a question is answered at most once.
   *
   * @param store the store
   * @param ocra the token's key and suite
   * @param inputs the question and the other inputs of the suite, except counter and time
   * @param response the typed text
   * @return the verdict; the attempt that it is for is counted in the store
   * @throws StoreException when the store fails, or when it is unknown whether it has counted the
   *     attempt
   * @throws OathException when the inputs are not those of the suite
   */
  public Verdict attempt(Store store, Ocra ocra, OcraInputs inputs, String response) {
    return attempt(
        Operation.TOKEN_CHANGE_ATTEMPT_OCRA,
        store,
        ocra,
        input -> inputs.pack(input.typed(response, "the response")));
  }

  /**
   * Resynchronizes an HOTP token whose counter has run ahead.
   *
   * @param store the store
   * @param hotp the token's key
   * @param codes two or three codes in a row
   * @return the verdict; it counts as an attempt
   * @throws StoreException when the store fails
   * @throws OathException when there are not two or three codes
   */
  public Verdict resynchronize(Store store, Hotp hotp, List<String> codes) {
    return attempt(
        Operation.TOKEN_CHANGE_RESYNCHRONIZE_HOTP, store, hotp, input -> input.codes(codes));
  }

  /**
   * Resynchronizes a TOTP token by determining its drift.
   *
   * @param store the store
   * @param totp the token's key
   * @param codes two or three codes in a row
   * @return the verdict; it counts as an attempt
   * @throws StoreException when the store fails
   * @throws OathException when there are not two or three codes, or the time is before T0
   */
  public Verdict resynchronize(Store store, Totp totp, List<String> codes) {
    return attempt(
        Operation.TOKEN_CHANGE_RESYNCHRONIZE_TOTP, store, totp, input -> input.codes(codes));
  }

  /**
   * Records the question that the token is asked (RFC 6287). Send it afterwards.
   *
   * @param store the store
   * @param question the question; in mutual mode {@link Ocra.Mutual#forClientResponse}
   * @param lifetime how long an answer is accepted, from when the store returned the record
   * @throws StoreException when the store fails
   */
  public void ask(Store store, String question, Duration lifetime) {
    run(
        Operation.TOKEN_CHANGE_ASK,
        store,
        input -> input.text(question, "the question").millis(lifetime, "the lifetime"),
        nothing -> null);
  }

  /**
   * Unlocks the token and clears its failures, on behalf of an administrator.
   *
   * @param store the store
   * @return whether there was a record; false when nothing was locked
   * @throws StoreException when the store fails
   */
  public boolean unlock(Store store) {
    return run(Operation.TOKEN_CHANGE_UNLOCK, store, UnaryOperator.identity(), Unpacker::bool);
  }

  private Packer packed() {
    return policy
        .values
        .pack(new Packer().bytes(tenant).bytes(id))
        .optional(restoredAt.orElse(null), Packer::instant)
        .bool(isEnrolled);
  }

  private static Packer typed(Packer input, String typed) {
    return input.typed(typed, "the typed code");
  }

  private Packer inWriteContext(byte[] current, Instant now) {
    return Challenge.writeContext(packed(), current, now);
  }

  /**
   * The store key of the record, of {@link Kind#STATE}.
   *
   * @return the key
   * @throws MpassException when the policy is out of range
   */
  public StoreKey key() {
    return keyring.call(Operation.TOKEN_KEY, packed(), StoreKey::read);
  }

  /**
   * Creates a record that begins at a counter, for HOTP tokens that were used elsewhere before.
   *
   * @param counter the first counter, not negative
   * @param now the time
   * @return the swap to store
   */
  public Pending<Void> enroll(long counter, Instant now) {
    Packer input = inWriteContext(null, now).count(counter, "the counter");
    return keyring.call(Operation.TOKEN_ENROLL, input, Pending::read);
  }

  private Attempt attempt(
      int by, byte[] current, Instant now, NativeHandle token, UnaryOperator<Packer> after) {
    return keyring.callWith(
        by, inWriteContext(current, now), token, after, Readings::attempt);
  }

  /**
   * Compares a typed HOTP code with the counters after the last accepted one.
   *
   * @param current the record that was loaded, or null
   * @param hotp the token's key
   * @param typed the typed text
   * @param now the time
   * @return the outcome
   * @throws StoreException when {@code current} is not a record of this token
   */
  public Attempt attempt(byte[] current, Hotp hotp, String typed, Instant now) {
    return attempt(
        Operation.TOKEN_ATTEMPT_HOTP, current, now, hotp, input -> typed(input, typed));
  }

  /**
   * Compares a typed TOTP code with the steps around now, shifted by the token's drift.
   *
   * @param current the record that was loaded, or null
   * @param totp the token's key
   * @param typed the typed text
   * @param now the time
   * @return the outcome
   * @throws StoreException when {@code current} is not a record of this token
   * @throws OathException for a time before T0
   */
  public Attempt attempt(byte[] current, Totp totp, String typed, Instant now) {
    return attempt(
        Operation.TOKEN_ATTEMPT_TOTP, current, now, totp, input -> typed(input, typed));
  }

  /**
   * Resynchronizes an HOTP token whose counter has run ahead.
   *
   * @param current the record that was loaded, or null
   * @param hotp the token's key
   * @param codes two or three codes in a row
   * @param now the time
   * @return the outcome
   * @throws StoreException when {@code current} is not a record of this token
   * @throws OathException when there are not two or three codes
   */
  public Attempt resynchronize(byte[] current, Hotp hotp, List<String> codes, Instant now) {
    return attempt(
        Operation.TOKEN_RESYNCHRONIZE_HOTP, current, now, hotp, input -> input.codes(codes));
  }

  /**
   * Resynchronizes a TOTP token by determining its drift.
   *
   * @param current the record that was loaded, or null
   * @param totp the token's key
   * @param codes two or three codes in a row
   * @param now the time
   * @return the outcome
   * @throws StoreException when {@code current} is not a record of this token
   * @throws OathException when there are not two or three codes, or the time is before T0
   */
  public Attempt resynchronize(byte[] current, Totp totp, List<String> codes, Instant now) {
    return attempt(
        Operation.TOKEN_RESYNCHRONIZE_TOTP, current, now, totp, input -> input.codes(codes));
  }

  /**
   * Records the question that the token is asked (RFC 6287). Send it only once this is stored.
   *
   * @param current the record that was loaded, or null
   * @param question the question; in mutual mode {@link Ocra.Mutual#forClientResponse}
   * @param lifetime how long an answer is accepted
   * @param now the time
   * @return the swap to store
   * @throws StoreException when {@code current} is not a record of this token
   */
  public Pending<Void> ask(byte[] current, String question, Duration lifetime, Instant now) {
    Packer input =
        inWriteContext(current, now)
            .text(question, "the question")
            .millis(lifetime, "the lifetime");
    return keyring.call(Operation.TOKEN_ASK, input, Pending::read);
  }

  /**
   * Compares a response to the recorded question; a question is answered at most once.
   *
   * @param current the record that was loaded, or null
   * @param ocra the token's key and suite
   * @param inputs the question and the other inputs of the suite, except counter and time
   * @param response the typed text
   * @param now the time
   * @return the outcome
   * @throws StoreException when {@code current} is not a record of this token
   * @throws OathException when the inputs are not those of the suite
   */
  public Attempt attempt(
      byte[] current, Ocra ocra, OcraInputs inputs, String response, Instant now) {
    return attempt(
        Operation.TOKEN_ATTEMPT_OCRA,
        current,
        now,
        ocra,
        input -> inputs.pack(input.typed(response, "the response")));
  }

  /**
   * Unlocks the token and clears its failures, on behalf of an administrator.
   *
   * @param current the record that was loaded, or null
   * @param now the time
   * @return the swap to store
   * @throws StoreException when {@code current} is not a record of this token
   */
  public Pending<Void> unlock(byte[] current, Instant now) {
    return keyring.call(Operation.TOKEN_UNLOCK, inWriteContext(current, now), Pending::read);
  }

  /**
   * Reads the contents of the record.
   *
   * @param current the record that was loaded, or null
   * @param now the time
   * @return the contents
   * @throws StoreException when {@code current} is not a record of this token
   */
  public Status status(byte[] current, Instant now) {
    return keyring.call(
        Operation.TOKEN_STATUS,
        inWriteContext(current, now),
        output ->
            new Status(
                output.optional(Unpacker::u64),
                output.i64(),
                output.u16(),
                output.optional(Unpacker::instant),
                output.bool()));
  }
}
