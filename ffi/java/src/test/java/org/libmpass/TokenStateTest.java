package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Challenges and tokens with a record held by the test. */
class TokenStateTest {
  private static final byte[] KEY = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);
  private static final TokenPolicy EAGER =
      TokenPolicy.standard()
          .withLookAhead(10)
          .withPast(1)
          .withFuture(1)
          .withResyncWindow(1000)
          .withDelay(Duration.ZERO)
          .withFailuresToLock(10)
          .withLock(Duration.ofHours(24));
  private static final byte[] TENANT = {1};

  private Instant now = Instant.ofEpochSecond(1_000_000_000);
  private Keyring keyring;
  private Secret secret;
  private byte[] record;

  @BeforeEach
  void begin() {
    keyring = Keyring.generate();
    secret = Secret.ofBytes(KEY);
  }

  @AfterEach
  void end() {
    secret.close();
    keyring.close();
  }

  /** Stores a pending outcome and returns it. */
  private <T> T stored(Pending<T> pending) {
    assertEquals(Optional.ofNullable(record).isPresent(), pending.expected().isPresent());
    record = pending.next();
    return pending.stored();
  }

  private Verdict settled(Attempt attempt) {
    return attempt.settle(this::stored);
  }

  @Test
  void aChallengeIsAcceptedOnce() {
    Challenge.Binding binding =
        new Challenge.Binding("login", TENANT, Subject.email("ann@example.com"), "");
    Challenge challenge = new Challenge(keyring, Policy.standard(), binding);
    assertEquals(Verdict.NO_CHALLENGE, settled(challenge.attempt(null, "000000", now)));
    Issued issued = stored(assertInstanceOf(Issue.Ready.class, challenge.issue(null, now)).issued());
    assertEquals(now.plus(Duration.ofMinutes(5)), issued.endsAt());
    Issue again = challenge.issue(record, now);
    Refusal refusal = assertInstanceOf(Issue.Refused.class, again).refusal();
    assertEquals(
        new Refusal(RefusalReason.RESEND_INTERVAL, Optional.of(now.plusSeconds(30))), refusal);
    String wrong = Vectors.tampered(issued.code());
    assertEquals(Verdict.WRONG, settled(challenge.attempt(record, wrong, now)));
    assertEquals(Verdict.ACCEPT, settled(challenge.attempt(record, issued.code(), now)));
    assertEquals(Verdict.USED, settled(challenge.attempt(record, issued.code(), now)));
    assertEquals(Optional.empty(), challenge.refund(record, issued.id(), now));
  }

  @Test
  void aRefundedChallengeIsVoid() {
    Challenge.Binding binding =
        new Challenge.Binding("login", TENANT, Subject.email("ann@example.com"), "");
    Challenge challenge = new Challenge(keyring, Policy.standard(), binding);
    Issued issued = stored(assertInstanceOf(Issue.Ready.class, challenge.issue(null, now)).issued());
    stored(challenge.refund(record, issued.id(), now).orElseThrow());
    assertEquals(Verdict.NO_CHALLENGE, settled(challenge.attempt(record, issued.code(), now)));
    stored(challenge.unlock(record, now));
  }

  @Test
  void hotpIsAcceptedOnceAndFoundAgain() {
    TokenState token = new TokenState(keyring, EAGER, TENANT, new byte[] {1});
    try (Hotp hotp = Hotp.of(secret)) {
      stored(token.enroll(3, now));
      assertEquals(Verdict.REPLAYED.number(), 8);
      assertEquals(Verdict.WRONG, settled(token.attempt(record, hotp, hotp.generate(2), now)));
      assertEquals(Verdict.ACCEPT, settled(token.attempt(record, hotp, hotp.generate(5), now)));
      assertNotEquals(Verdict.ACCEPT, settled(token.attempt(record, hotp, hotp.generate(5), now)));
      assertEquals(Optional.of(BigInteger.valueOf(5)), token.status(record, now).last());
      List<String> codes = List.of(hotp.generate(500), hotp.generate(501));
      assertEquals(Verdict.ACCEPT, settled(token.resynchronize(record, hotp, codes, now)));
      assertEquals(Optional.of(BigInteger.valueOf(501)), token.status(record, now).last());
    }
  }

  @Test
  void totpIsAcceptedOnceAndDriftIsFound() {
    TokenState token = new TokenState(keyring, TokenPolicy.standard(), TENANT, new byte[] {2});
    try (Totp totp = Totp.of(secret)) {
      String code = totp.generate(now);
      assertEquals(Verdict.ACCEPT, settled(token.attempt(record, totp, code, now)));
      assertEquals(Verdict.REPLAYED, settled(token.attempt(record, totp, code, now)));
      TokenState.Status status = token.status(record, now);
      assertEquals(1, status.failures());
      assertEquals(Optional.of(now.plusSeconds(5)), status.retryAt());
      assertFalse(status.isLocked());
      assertEquals(Verdict.LIMITED, settled(token.attempt(record, totp, code, now)));
      stored(token.unlock(record, now));
      assertEquals(Optional.empty(), token.status(record, now).retryAt());
      Instant ahead = now.plus(Duration.ofHours(1));
      List<String> codes = List.of(totp.generate(ahead), totp.generate(ahead.plusSeconds(30)));
      assertEquals(Verdict.ACCEPT, settled(token.resynchronize(record, totp, codes, now)));
      assertTrue(token.status(record, now).drift() > 100);
    }
  }

  @Test
  void aQuestionIsAnsweredOnce() {
    TokenState token = new TokenState(keyring, EAGER, TENANT, new byte[] {3});
    try (Ocra ocra = Ocra.of(secret, "OCRA-1:HOTP-SHA1-6:QN08")) {
      assertEquals(8, ocra.suite().questionLength());
      String question = ocra.generateQuestion();
      OcraInputs inputs = OcraInputs.of(question);
      stored(token.ask(record, question, Duration.ofMinutes(2), now));
      String response = ocra.respond(inputs);
      assertEquals(
          Verdict.WRONG,
          settled(token.attempt(record, ocra, inputs, Vectors.tampered(response), now)));
      assertEquals(Verdict.ACCEPT, settled(token.attempt(record, ocra, inputs, response, now)));
      assertEquals(Verdict.USED, settled(token.attempt(record, ocra, inputs, response, now)));
    }
  }

  @Test
  void keysAreRotated() {
    int id = keyring.add();
    assertEquals(List.of(1, id), keyring.ids());
    assertEquals(1, keyring.newest());
    keyring.activate(id);
    try (Keyring read = Keyring.parse(keyring.expose())) {
      assertEquals(id, read.newest());
      read.remove(1);
      assertEquals(List.of(id), read.ids());
    }
  }

  @Test
  void keyUrisAreWritten() {
    try (KeyUri uri = KeyUri.totp("alice", secret).issuer("ACME Co").build()) {
      assertEquals(
          "otpauth://totp/ACME%20Co:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=ACME%20Co",
          uri.expose());
      assertEquals(List.of(), uri.cautions());
    }
    try (KeyUri uri = KeyUri.hotp("alice", secret, 7).algorithm(Algorithm.SHA256).digits(8).build()) {
      assertEquals(Optional.of(BigInteger.valueOf(7)), uri.counter());
      assertEquals(Optional.empty(), uri.period());
    }
    BigInteger largest = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    try (KeyUri uri = KeyUri.hotp("a:b", secret, largest).issuer("C: D").build()) {
      assertEquals(Optional.of(largest), uri.counter());
      assertEquals(
          "otpauth://hotp/C%3A%20D:a%3Ab?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
              + "&issuer=C%3A%20D&counter=18446744073709551615",
          uri.expose());
    }
    Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
    try (KeyUri uri = KeyUri.totp("alice", secret).period(longest).build()) {
      assertEquals(Optional.of(longest), uri.period());
    }
  }

  @Test
  void policiesAreWhatTheyWereSetTo() {
    Policy policy = Policy.builder().digits(8).callingCodes(966, 44).build();
    assertEquals(8, policy.toBuilder().build().digits());
    assertEquals(List.of(44, 966), List.copyOf(policy.callingCodes()));
    assertTrue(policy.guessProbabilityPerDay() > policy.guessProbabilityPerChallenge());
    assertEquals(5, Policy.standard().tries());
  }
}
