package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Challenges and tokens in one call, on stores that are slow, fail, or lose their answers. */
class InStoreTest {
  private static final byte[] TENANT = {1};
  private static final int PARALLEL = 16;
  private static final int ROUNDS = 50;

  private final JavaStore store = new JavaStore();
  private Instant now = Instant.ofEpochSecond(1_000_000_000);
  private Keyring keyring;
  private Challenge challenge;

  /** A store that takes its time. */
  private record Slow(InStoreTest test, Duration load, Duration swap) implements Store {
    @Override
    public Optional<byte[]> load(Kind kind, StoreKey key) {
      Optional<byte[]> value = test.store.load(kind, key);
      test.now = test.now.plus(load);
      return value;
    }

    @Override
    public Swapped swap(Swap change, Instant at) {
      test.now = test.now.plus(swap);
      return test.store.swap(change, at);
    }

    @Override
    public List<Document> list(Optional<StoreKey> after, int limit) {
      return test.store.list(after, limit);
    }
  }

  @BeforeEach
  void begin() {
    keyring = Keyring.generate();
    challenge = of(Policy.standard());
  }

  @AfterEach
  void end() {
    keyring.close();
  }

  private Challenge of(Policy policy) {
    Challenge.Binding binding =
        new Challenge.Binding(
            "login", TENANT, Subject.number(PhoneNumber.parse("+966500000000")), "");
    return new Challenge(keyring, policy, binding).withClock(() -> now);
  }

  private Issued issue(Store on) {
    return assertInstanceOf(Issuance.Granted.class, challenge.issue(on)).issued();
  }

  @Test
  void aChallengeIsIssuedAttemptedAndRefundedInOneCallEach() {
    assertFalse(challenge.unlock(store));
    assertEquals(Verdict.NO_CHALLENGE, challenge.attempt(store, "000000"));
    Issued issued = issue(store);
    assertEquals(now.plus(Duration.ofMinutes(5)), issued.endsAt());
    Issuance.Refused again =
        assertInstanceOf(Issuance.Refused.class, challenge.issue(store));
    assertEquals(
        new Refusal(RefusalReason.RESEND_INTERVAL, Optional.of(now.plusSeconds(30))),
        again.refusal());
    String wrong = Vectors.tampered(issued.code());
    assertEquals(Verdict.WRONG, challenge.attempt(store, wrong));
    assertTrue(challenge.unlock(store));
    assertEquals(Verdict.ACCEPT, challenge.attempt(store, issued.code()));
    assertEquals(Verdict.USED, challenge.attempt(store, issued.code()));
    assertFalse(challenge.refund(store, issued.id()));
    now = now.plusSeconds(30);
    Issued refunded = issue(store);
    assertTrue(challenge.refund(store, refunded.id()));
    assertEquals(Verdict.NO_CHALLENGE, challenge.attempt(store, refunded.code()));
  }

  @Test
  void aSlowStoreAcceptsNoCodeThatHasEndedAndLengthensNoLife() {
    Instant began = now;
    Store slow = new Slow(this, Duration.ofSeconds(4), Duration.ofSeconds(60));
    Issued issued = issue(slow);
    assertEquals(began.plusSeconds(4).plus(Duration.ofMinutes(5)), issued.endsAt());
    now = issued.endsAt().minusMillis(1);
    Store slower = new Slow(this, Duration.ofMillis(1), Duration.ZERO);
    assertEquals(Verdict.EXPIRED, challenge.attempt(slower, issued.code()));
    Store slowest = new Slow(this, Duration.ofMillis(10_001), Duration.ZERO);
    StoreException late =
        assertThrows(StoreException.class, () -> challenge.attempt(slowest, issued.code()));
    assertEquals(MpassError.OPERATION_TOO_OLD, late.error());
  }

  @Test
  void whatIsStoredIsFoundAfterALostAnswer() {
    for (JavaStore.Fault fault :
        List.of(
            JavaStore.Fault.STORED_UNKNOWN,
            JavaStore.Fault.STORED_THROWS,
            JavaStore.Fault.LOST_UNKNOWN,
            JavaStore.Fault.CONFLICT)) {
      now = now.plusSeconds(60);
      store.plan(JavaStore.Fault.NONE, fault);
      Issued issued = issue(store);
      store.plan(JavaStore.Fault.NONE, fault);
      assertEquals(Verdict.ACCEPT, challenge.attempt(store, issued.code()), fault.name());
      assertEquals(Verdict.USED, challenge.attempt(store, issued.code()), fault.name());
    }
  }

  @Test
  void whatIsNotStoredIsNotReleased() {
    Issued issued = issue(store);
    store.plan(JavaStore.Fault.NONE, JavaStore.Fault.FAIL);
    StoreException failed =
        assertThrows(StoreException.class, () -> challenge.attempt(store, issued.code()));
    assertEquals(MpassError.STORE_FAILED, failed.error());
    store.plan(JavaStore.Fault.NONE, JavaStore.Fault.STORED_THROWS, JavaStore.Fault.FAIL);
    StoreException unknown =
        assertThrows(StoreException.class, () -> challenge.attempt(store, issued.code()));
    assertEquals(MpassError.STORE_UNKNOWN, unknown.error());
    assertEquals(1, unknown.getSuppressed().length);
    assertEquals(Verdict.USED, challenge.attempt(store, issued.code()));
  }

  @Test
  void wrongAnswersOfAStoreAreErrors() {
    IllegalStateException broken = new IllegalStateException("broken");
    Store throwing = new Answering(() -> { throw broken; });
    StoreException failed =
        assertThrows(StoreException.class, () -> challenge.attempt(throwing, "000000"));
    assertEquals(MpassError.STORE_FAILED, failed.error());
    assertSame(broken, failed.getSuppressed()[0]);
    Store nothing = new Answering(() -> null);
    failed = assertThrows(StoreException.class, () -> challenge.issue(nothing));
    assertEquals(MpassError.STORE_FAILED, failed.error());
    Store forged = new Answering(() -> Optional.of(new byte[96]));
    failed = assertThrows(StoreException.class, () -> challenge.issue(forged));
    assertEquals(MpassError.RECORD_FORMAT, failed.error());
    // Its swaps answer null, which counts as unknown.
    Store endless = new Answering(Optional::empty);
    failed = assertThrows(StoreException.class, () -> challenge.issue(endless));
    assertEquals(MpassError.STORE_UNKNOWN, failed.error());
    assertThrows(NullPointerException.class, () -> challenge.issue(null));
    assertThrows(NullPointerException.class, () -> challenge.attempt(store, null));
  }

  /** A store with one answer to every load, and none to a swap. */
  private record Answering(Supplier<Optional<byte[]>> answer) implements Store {
    @Override
    public Optional<byte[]> load(Kind kind, StoreKey key) {
      return answer.get();
    }

    @Override
    public Swapped swap(Swap swap, Instant at) {
      return null;
    }

    @Override
    public List<Document> list(Optional<StoreKey> after, int limit) {
      return List.of();
    }
  }

  @Test
  void threadsShareTheTriesAndOneIsAccepted() throws Exception {
    challenge = of(Policy.builder().resendInterval(Duration.ZERO).build());
    try (MemoryStore memory = new MemoryStore(100)) {
      ExecutorService threads = Executors.newFixedThreadPool(PARALLEL);
      for (int round = 0; round < ROUNDS; round++) {
        now = now.plus(Duration.ofDays(1));
        Issued issued = issue(memory);
        Callable<Verdict> attempt = () -> challenge.attempt(memory, issued.code());
        List<Future<Verdict>> verdicts =
            threads.invokeAll(Collections.nCopies(PARALLEL, attempt));
        int accepted = 0;
        for (Future<Verdict> verdict : verdicts) {
          accepted += verdict.get().isAccept() ? 1 : 0;
        }
        assertEquals(1, accepted);
      }
      threads.shutdown();
    }
  }

  @Test
  void aTokenAcceptsACodeOnce() {
    TokenState token =
        new TokenState(
                keyring, TokenPolicy.standard().withDelay(Duration.ZERO), TENANT, new byte[] {7})
            .withClock(() -> now);
    byte[] key = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);
    try (Secret secret = Secret.ofBytes(key);
        Hotp hotp = Hotp.of(secret);
        Totp totp = Totp.of(secret);
        Ocra ocra = Ocra.of(secret, "OCRA-1:HOTP-SHA1-6:QN08")) {
      assertFalse(token.unlock(store));
      assertTrue(token.enroll(store, 1));
      assertFalse(token.enroll(store, 0));
      assertEquals(Verdict.WRONG, token.attempt(store, hotp, "755224"));
      store.plan(JavaStore.Fault.NONE, JavaStore.Fault.STORED_THROWS);
      assertEquals(Verdict.ACCEPT, token.attempt(store, hotp, "287082"));
      assertEquals(Verdict.WRONG, token.attempt(store, hotp, "287082"));
      List<String> codes = List.of("399871", "520489");
      assertEquals(Verdict.ACCEPT, token.resynchronize(store, hotp, codes));
      assertEquals(Verdict.WRONG, token.resynchronize(store, totp, codes));
      assertThrows(OathException.class, () -> token.resynchronize(store, hotp, List.of()));
      token.ask(store, "00000000", Duration.ofMinutes(1));
      OcraInputs inputs = OcraInputs.of("00000000");
      assertEquals(Verdict.ACCEPT, token.attempt(store, ocra, inputs, "237653"));
      assertEquals(Verdict.USED, token.attempt(store, ocra, inputs, "237653"));
      String right = totp.generate(now);
      assertEquals(Verdict.ACCEPT, token.attempt(store, totp, right));
      assertEquals(Verdict.REPLAYED, token.attempt(store, totp, right));
      assertTrue(token.unlock(store));
    }
  }
}
