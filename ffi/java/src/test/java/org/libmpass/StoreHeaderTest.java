package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.libmpass.Vectors.get;
import static org.libmpass.Vectors.string;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The header of a store, and what a restore from a backup makes void. */
class StoreHeaderTest {
  private static final Instant NOON = Instant.ofEpochSecond(1_795_348_800);
  private static final byte[] TENANT = {1};

  private static InstantSource at(long ms) {
    return InstantSource.fixed(NOON.plusMillis(ms));
  }

  private static void fails(MpassError error, Executable call) {
    assertEquals(error, assertThrows(MpassException.class, call).error());
  }

  private static Optional<Instant> time(JsonObject vector, String name) {
    return get(vector, name).map(JsonElement::getAsLong).map(Instant::ofEpochMilli);
  }

  private static void check(JsonObject vector) {
    String name = string(vector, "name");
    try (Keyring keyring = Keyring.parse(string(vector, "keyring"));
        MemoryStore store = new MemoryStore(10)) {
      get(vector, "header_hex")
          .map(JsonElement::getAsString)
          .ifPresent(hex -> put(store, new byte[16], HexFormat.of().parseHex(hex)));
      Optional<String> error = get(vector, "error").map(JsonElement::getAsString);
      if (error.isPresent()) {
        MpassException failed =
            assertThrows(
                MpassException.class, () -> StoreHeader.open(keyring, store), name);
        assertEquals(error.get(), failed.error().label(), name);
        return;
      }
      StoreHeader header = StoreHeader.open(keyring, store);
      assertEquals(vector.get("active_key").getAsInt(), header.activeKey(), name);
      assertEquals(List.of(1, 2), header.keys(), name);
      assertEquals(time(vector, "restored_at_ms"), header.restoredAt(), name);
      assertEquals(time(vector, "confirmed_at_ms"), header.confirmedAt(), name);
    }
  }

  private static void put(Store store, byte[] key, byte[] value) {
    Swap swap =
        new Swap(Kind.DOCUMENT, StoreKey.of(key), Optional.empty(), value, Optional.empty());
    assertEquals(Swapped.stored(), store.swap(swap, NOON));
  }

  @Test
  void theHeaderIsComparedWithTheKeyring() {
    Coverage.vectors("store-header.json", StoreHeaderTest::check);
  }

  @Test
  void anEmptyStoreIsInitializedOnlyWhereThatIsAskedFor() {
    try (Keyring keyring = Keyring.generate();
        Keyring other = Keyring.generate();
        MemoryStore store = new MemoryStore(10)) {
      fails(MpassError.STORE_NOT_INITIALIZED, () -> StoreHeader.open(keyring, store));
      StoreHeader header = StoreHeader.initialize(keyring, store);
      assertEquals(header, StoreHeader.open(keyring, store));
      assertEquals(header, StoreHeader.initialize(keyring, store));
      fails(MpassError.OTHER_KEYRING, () -> StoreHeader.initialize(other, store));
    }
  }

  @Test
  void aStoreWithDocumentsAndNoHeaderIsNotInitialized() {
    try (Keyring keyring = Keyring.generate();
        MemoryStore store = new MemoryStore(10)) {
      byte[] key = new byte[16];
      key[0] = 1;
      put(store, key, new byte[12]);
      fails(MpassError.STORE_NOT_INITIALIZED, () -> StoreHeader.initialize(keyring, store));
    }
  }

  @Test
  void keysAndFormatsChangeInOneCall() {
    try (Keyring keyring = Keyring.generate();
        MemoryStore store = new MemoryStore(10)) {
      StoreHeader.initialize(keyring, store);
      int id = keyring.add();
      assertEquals(id, StoreHeader.activate(keyring, store, id).activeKey());
      assertEquals(List.of(id), StoreHeader.removeKey(keyring, store, 1).keys());
      fails(MpassError.ACTIVE_RECORD_KEY, () -> StoreHeader.removeKey(keyring, store, id));
      assertEquals(id, StoreHeader.upgrade(keyring, store).activeKey());
    }
  }

  @Test
  void aRestoreMakesChallengesVoidAndTokensResynchronise() {
    Challenge.Binding binding =
        new Challenge.Binding("login", TENANT, Subject.number(PhoneNumber.parse("+966500000000")), "");
    try (Keyring keyring = Keyring.generate();
        MemoryStore store = new MemoryStore(10);
        Secret secret = Secret.ofHex("3132333435363738393031323334353637383930");
        Hotp hotp = Hotp.of(secret)) {
      StoreHeader.initialize(keyring, store);
      Challenge challenge = new Challenge(keyring, Policy.standard(), binding);
      TokenState token = new TokenState(keyring, TokenPolicy.standard(), TENANT, TENANT);
      Issuance issued = challenge.withClock(at(0)).issue(store);
      String code = ((Issuance.Granted) issued).issued().code();
      assertEquals(
          Verdict.ACCEPT, token.withClock(at(0)).attempt(store, hotp, hotp.generate(0)));

      StoreHeader closed = StoreHeader.restored(keyring, store, at(1));
      assertEquals(Optional.of(NOON.plusMillis(1)), closed.restoredAt());
      fails(MpassError.STORE_CLOSED, () -> StoreHeader.open(keyring, store));
      assertTrue(StoreHeader.read(keyring, store).isClosed());
      StoreHeader.confirm(keyring, store, at(2));
      Optional<Instant> restoredAt = StoreHeader.open(keyring, store).restoredAt();

      Challenge later = challenge.withClock(at(3)).withRestoredAt(restoredAt);
      assertEquals(Verdict.NO_CHALLENGE, later.attempt(store, code));
      assertEquals(Verdict.ACCEPT, challenge.withClock(at(3)).attempt(store, code));
      TokenState after = token.withClock(at(3)).withRestoredAt(restoredAt);
      assertEquals(Verdict.RESYNCHRONIZE, after.attempt(store, hotp, hotp.generate(1)));
      List<String> codes = List.of(hotp.generate(1), hotp.generate(2));
      assertEquals(Verdict.ACCEPT, after.resynchronize(store, hotp, codes));
      assertEquals(Verdict.ACCEPT, after.attempt(store, hotp, hotp.generate(3)));
      TokenState absent =
          new TokenState(keyring, TokenPolicy.standard(), TENANT, new byte[9]).enrolled();
      fails(MpassError.RECORD_MISSING, () -> absent.attempt(store, hotp, hotp.generate(0)));
    }
  }
}
