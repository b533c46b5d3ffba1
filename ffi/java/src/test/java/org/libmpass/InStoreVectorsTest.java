package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.libmpass.Vectors.get;
import static org.libmpass.Vectors.string;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Challenges on a store that is slow, fails, or loses its answers: the shared vectors. */
class InStoreVectorsTest {
  private static final Instant BEGIN = Instant.ofEpochSecond(1_795_348_800);

  /** A store with planned answers, and the clock that it moves. */
  private static final class Slow implements Store, AutoCloseable {
    private final MemoryStore memory = new MemoryStore(10);
    private final Deque<String> loads = new ArrayDeque<>();
    private final Deque<String> swaps = new ArrayDeque<>();
    private Instant now = BEGIN;
    private long loadMs;
    private long swapMs;

    void plan(JsonObject step) {
      pass(millis(step, "pass_ms"));
      loadMs = millis(step, "load_ms");
      swapMs = millis(step, "swap_ms");
      plan(loads, step, "loads");
      plan(swaps, step, "swaps");
    }

    private static void plan(Deque<String> answers, JsonObject step, String name) {
      answers.clear();
      get(step, name)
          .ifPresent(planned -> planned.getAsJsonArray().forEach(each -> answers.add(each.getAsString())));
    }

    private void pass(long ms) {
      now = now.plusMillis(ms);
    }

    private static String next(Deque<String> answers) {
      return answers.isEmpty() ? "ok" : answers.remove();
    }

    @Override
    public Optional<byte[]> load(Kind kind, StoreKey key) {
      Optional<byte[]> value = memory.load(kind, key);
      pass(loadMs);
      switch (next(loads)) {
        case "failed" -> throw StoreException.failed(null);
        case "flipped" -> value.orElseThrow()[50] ^= 1;
        default -> {}
      }
      return value;
    }

    @Override
    public Swapped swap(Swap swap, Instant at) {
      pass(swapMs);
      String answer = next(swaps);
      switch (answer) {
        case "conflict" -> {
          return Swapped.conflict(memory.load(swap.kind(), swap.key()));
        }
        case "expired" -> {
          return Swapped.expired();
        }
        case "failed" -> throw StoreException.failed(null);
        case "full" -> throw StoreException.full();
        case "lost-unknown" -> throw new IllegalStateException("timed out");
        default -> {}
      }
      Swapped swapped = memory.swap(swap, at);
      return switch (answer) {
        case "stored-unknown" -> throw new IllegalStateException("timed out");
        case "stored-failed" -> throw StoreException.failed(null);
        default -> swapped;
      };
    }

    @Override
    public List<Document> list(Optional<StoreKey> after, int limit) {
      return memory.list(after, limit);
    }

    @Override
    public void close() {
      memory.close();
    }
  }

  private static long millis(JsonObject step, String name) {
    return get(step, name).map(JsonElement::getAsLong).orElse(0L);
  }

  /** The challenge of a vector and its last code. */
  private static final class Desk {
    private final Slow store;
    private final Challenge challenge;
    private String code = "000000";
    private Instant endsAt;

    Desk(Keyring keyring, Slow store) {
      this.store = store;
      Subject subject = Subject.number(PhoneNumber.parse("+966500000000"));
      Challenge.Binding binding =
          new Challenge.Binding("login", new byte[] {1}, subject, "");
      challenge =
          new Challenge(keyring, Policy.standard(), binding).withClock(() -> store.now);
    }

    private String outcome(String act) {
      try {
        return switch (act) {
          case "issue" -> issue();
          case "right" -> challenge.attempt(store, code).label();
          case "malformed" -> challenge.attempt(store, code + "x").label();
          default -> challenge.attempt(store, Vectors.tampered(code)).label();
        };
      } catch (StoreException failed) {
        return failed.error().label();
      }
    }

    private String issue() {
      Issuance issuance = challenge.issue(store);
      if (issuance instanceof Issuance.Refused refused) {
        return refused.refusal().reason().label();
      }
      Issued issued = ((Issuance.Granted) issuance).issued();
      code = issued.code();
      endsAt = issued.endsAt();
      return "Issued";
    }
  }

  private static void check(Keyring keyring, JsonObject vector) {
    try (Slow store = new Slow()) {
      Desk desk = new Desk(keyring, store);
      for (JsonElement each : vector.getAsJsonArray("steps")) {
        JsonObject step = each.getAsJsonObject();
        store.plan(step);
        String name = string(vector, "name");
        assertEquals(string(step, "expect"), desk.outcome(string(step, "do")), name);
        get(step, "life_ms")
            .ifPresent(
                life ->
                    assertEquals(
                        BEGIN.plus(Duration.ofMillis(life.getAsLong())), desk.endsAt, name));
      }
    }
  }

  @Test
  void challengesOnSlowAndFailingStores() {
    try (Keyring keyring = Keyring.generate()) {
      Coverage.vectors("in-store.json", vector -> check(keyring, vector));
    }
  }
}
