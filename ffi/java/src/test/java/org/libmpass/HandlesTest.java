package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Closing of handles, use by several threads, and release of memory. */
class HandlesTest {
  private static final byte[] KEY = new byte[20];

  @Test
  void useAfterCloseIsRefused() {
    Secret secret = Secret.ofBytes(KEY);
    Hotp hotp = Hotp.of(secret);
    secret.close();
    assertEquals(6, hotp.generate(0).length(), "a key outlives its secret");
    hotp.close();
    assertThrows(IllegalStateException.class, secret::expose);
    assertThrows(IllegalStateException.class, () -> Hotp.of(secret));
    assertThrows(IllegalStateException.class, () -> hotp.generate(0));
    Keyring keyring = Keyring.generate();
    Challenge.Binding binding =
        new Challenge.Binding("login", KEY, Subject.email("ann@example.com"), "");
    Challenge challenge = new Challenge(keyring, Policy.standard(), binding);
    keyring.close();
    assertThrows(IllegalStateException.class, challenge::key);
    MemoryStore store = new MemoryStore(1);
    store.close();
    assertThrows(IllegalStateException.class, store::size);
  }

  @Test
  void closingAgainDoesNothing() {
    Secret secret = Secret.ofBytes(KEY);
    secret.close();
    secret.close();
    try (Keyring keyring = Keyring.generate()) {
      keyring.close();
    }
  }

  @Test
  void anOutcomeIsToldOnce() {
    try (Keyring keyring = Keyring.generate()) {
      Challenge.Binding binding =
          new Challenge.Binding("login", KEY, Subject.email("ann@example.com"), "");
      Challenge challenge = new Challenge(keyring, Policy.standard(), binding);
      Pending<Issued> pending = ((Issue.Ready) challenge.issue(null, Instant.EPOCH)).issued();
      assertTrue(pending.isWrittenIn(pending.next()));
      assertEquals(6, pending.stored().code().length());
      assertThrows(IllegalStateException.class, pending::stored);
      assertThrows(IllegalStateException.class, () -> pending.isWrittenIn(pending.next()));
      Pending<Issued> dropped = ((Issue.Ready) challenge.issue(null, Instant.EPOCH)).issued();
      dropped.close();
      assertThrows(IllegalStateException.class, dropped::stored);
    }
  }

  /** Every thread gets either the right code or the exception for a closed object. */
  @Test
  void closingUnderManyThreads() throws Exception {
    int threads = 32;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (int round = 0; round < 50; round++) {
        Secret secret = Secret.ofBytes(KEY);
        Hotp hotp = Hotp.of(secret);
        String right = hotp.generate(7);
        CountDownLatch start = new CountDownLatch(threads);
        Callable<Boolean> use =
            () -> {
              start.countDown();
              start.await();
              try {
                for (int i = 0; i < 100; i++) {
                  assertEquals(right, hotp.generate(7));
                }
                return true;
              } catch (IllegalStateException closed) {
                return false;
              }
            };
        List<Future<Boolean>> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          running.add(pool.submit(use));
        }
        start.await();
        hotp.close();
        secret.close();
        for (Future<Boolean> each : running) {
          each.get();
        }
        assertThrows(IllegalStateException.class, () -> hotp.generate(7));
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /**
   * A million secrets of 1 KiB, half of them closed and half dropped. If either half leaked, memory
   * would grow by half a gigabyte.
   */
  @Test
  void aMillionHandlesLeaveNothingBehind() throws IOException, InterruptedException {
    for (int i = 0; i < 20_000; i++) {
      Secret.ofBytes(KEY).close();
    }
    long before = residentKib();
    for (int i = 0; i < 500_000; i++) {
      Secret.ofBytes(KEY).close();
      makeAndDrop();
      if (i % 20_000 == 0) {
        // Dropped handles are freed at a collection, which small objects alone do not trigger.
        System.gc();
        Thread.sleep(20);
      }
    }
    System.gc();
    Thread.sleep(200);
    long grown = residentKib() - before;
    assertTrue(grown < 200_000, "grown by " + grown + " KiB");
  }

  @SuppressWarnings("resource") // Dropped on purpose.
  private static void makeAndDrop() {
    Secret.ofBytes(KEY);
  }

  private static long residentKib() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> line.replaceAll("[^0-9]", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow();
  }
}
