package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.libmpass.JavaStore.Fault;

/** The check that a host runs on its own store. */
class ProbeTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @Test
  void whatWasDroppedIsNotStoredAnew() {
    try (MemoryStore store = new MemoryStore(1)) {
      byte[] value = new byte[4];
      Optional<Instant> soon = Optional.of(NOON.plusMillis(1));
      Swap first = new Swap(Kind.STATE, key(1), Optional.empty(), value, soon);
      assertEquals(Swapped.stored(), store.swap(first, NOON));
      Swap next = new Swap(Kind.STATE, key(17), Optional.empty(), value, Optional.empty());
      assertThrows(StoreException.class, () -> store.swap(next, NOON));
      assertEquals(Swapped.stored(), store.swap(next, NOON.plusMillis(1)));
      // The clock is set back.
      assertEquals(Swapped.expired(), store.swap(first, NOON));
      // What does not expire is kept.
      Swap other = new Swap(Kind.STATE, key(2), Optional.empty(), value, Optional.empty());
      Instant late = Instant.ofEpochMilli(Long.MAX_VALUE);
      assertThrows(StoreException.class, () -> store.swap(other, late));
      assertTrue(store.load(Kind.STATE, key(17)).isPresent());
    }
  }

  @Test
  void documentsAreListedInTheOrderOfTheirKeys() {
    try (MemoryStore memory = new MemoryStore(10)) {
      for (Store store : List.of(memory, new JavaStore())) {
        for (int number : new int[] {255, 1, 128}) {
          Swap swap =
              new Swap(
                  Kind.DOCUMENT, key(number), Optional.empty(), new byte[1], Optional.empty());
          assertEquals(Swapped.stored(), store.swap(swap, NOON));
        }
        assertEquals(List.of(key(1), key(128)), keys(store.list(Optional.empty(), 2)));
        assertEquals(List.of(key(255)), keys(store.list(Optional.of(key(128)), 2)));
        assertEquals(List.of(), store.list(Optional.of(key(255)), 2));
      }
      assertThrows(IllegalArgumentException.class, () -> memory.list(Optional.empty(), -1));
    }
  }

  private static StoreKey key(int number) {
    byte[] bytes = new byte[16];
    Arrays.fill(bytes, (byte) number);
    return StoreKey.of(bytes);
  }

  private static List<StoreKey> keys(List<Document> documents) {
    return documents.stream().map(Document::key).toList();
  }

  /** Absence reaches a host's store as absence: tenants and tokens do not expire. */
  @Test
  void whatDoesNotExpireHasNoExpiry() {
    try (Keyring keyring = Keyring.generate()) {
      List<Optional<Instant>> expiries = new ArrayList<>();
      Store store =
          new Store() {
            private final JavaStore inner = new JavaStore();

            @Override
            public Optional<byte[]> load(Kind kind, StoreKey key) {
              return inner.load(kind, key);
            }

            @Override
            public Swapped swap(Swap swap, Instant now) {
              expiries.add(swap.expiresAt());
              return inner.swap(swap, now);
            }

            @Override
            public List<Document> list(Optional<StoreKey> after, int limit) {
              return inner.list(after, limit);
            }
          };
      Host.channel(keyring, store);
      TokenState token =
          new TokenState(keyring, TokenPolicy.standard(), new byte[] {1}, new byte[] {1});
      assertEquals(Swapped.stored(), store.swap(token.enroll(1, NOON).swap(), NOON));
      assertEquals(List.of(Optional.empty(), Optional.empty()), expiries);
    }
  }

  @Test
  void storesAreProbed() {
    try (MemoryStore memory = new MemoryStore(10_000)) {
      assertEquals(Optional.empty(), StoreProbe.run(memory, 16, 20, NOON));
      assertTrue(memory.size() > 0);
      assertFalse(memory.list(Optional.empty(), 1).isEmpty());
    }
    assertEquals(Optional.empty(), StoreProbe.run(new JavaStore(), 16, 20, NOON));
    JavaStore failing = new JavaStore();
    failing.plan(Fault.NONE, Fault.CONFLICT, Fault.NONE, Fault.FAIL);
    assertTrue(StoreProbe.run(failing, 2, 1, NOON).isPresent());
    Store careless =
        new Store() {
          private final JavaStore inner = new JavaStore();

          @Override
          public Optional<byte[]> load(Kind kind, StoreKey key) {
            return inner.load(kind, key);
          }

          @Override
          public Swapped swap(Swap swap, Instant now) {
            // Not atomic: reads and writes in two steps.
            Optional<byte[]> standing = inner.load(swap.kind(), swap.key());
            Thread.yield();
            Swap blind =
                new Swap(swap.kind(), swap.key(), standing, swap.value(), swap.expiresAt());
            return inner.swap(blind, now);
          }

          @Override
          public List<Document> list(Optional<StoreKey> after, int limit) {
            return inner.list(after, limit);
          }
        };
    assertTrue(StoreProbe.run(careless, 16, 20, NOON).isPresent());
  }
}
