package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.libmpass.JavaStore.Fault;

/** The check that a host runs on its own store. */
class ProbeTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

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
