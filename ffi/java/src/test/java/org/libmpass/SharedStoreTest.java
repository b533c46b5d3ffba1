package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What holds for every store on a server that several hosts share. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SharedStoreTest {
  private static final int THREADS = 32;
  private static final int ROUNDS = 20;
  private static final Duration SHORT = Duration.ofSeconds(3);

  final Servers server;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private int keys;

  SharedStoreTest(Servers server) {
    this.server = server;
  }

  /** A store with connections of its own to a port. */
  abstract Store connect(int port, Duration timeout) throws Exception;

  /** Ends all connections of stores at the server. */
  abstract void endConnections() throws Exception;

  Store open() throws Exception {
    return connect(server.port, Duration.ofSeconds(30));
  }

  <T extends AutoCloseable> T atEnd(T resource) {
    opened.add(resource);
    return resource;
  }

  @AfterAll
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
    server.close();
  }

  /** A key that no other test uses. */
  StoreKey key() {
    return StoreKey.of(ByteBuffer.allocate(16).putInt(0xfffefdfc).putInt(++keys).array());
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static Swap swap(Kind kind, StoreKey key, String expected, String value) {
    Optional<byte[]> before = Optional.ofNullable(expected).map(SharedStoreTest::bytes);
    Optional<Instant> end = Optional.of(Instant.now().plusSeconds(60));
    return new Swap(kind, key, before, bytes(value), end);
  }

  static Swapped perform(Store store, Swap swap) {
    return store.swap(swap, Instant.now());
  }

  static void assertConflict(String current, Swapped swapped) {
    Swapped.Conflict conflict = assertInstanceOf(Swapped.Conflict.class, swapped);
    String shown = conflict.current().map(SharedStoreTest::text).orElse(null);
    assertEquals(current, shown);
  }

  static String text(byte[] value) {
    return new String(value, StandardCharsets.US_ASCII);
  }

  static Optional<String> value(Store store, Kind kind, StoreKey key) {
    return store.load(kind, key).map(SharedStoreTest::text);
  }

  @Test
  void theProbeFindsNoFault() throws Exception {
    assertEquals(Optional.empty(), StoreProbe.run(open(), THREADS, ROUNDS, Instant.now()));
  }

  @Test
  void aSwapIsStoredOrShowsTheCurrentValue() throws Exception {
    Store store = open();
    for (Kind kind : Kind.values()) {
      StoreKey key = key();
      assertEquals(Optional.empty(), store.load(kind, key));
      assertConflict(null, perform(store, swap(kind, key, "a", "b")));
      assertEquals(Swapped.stored(), perform(store, swap(kind, key, null, "a")));
      assertConflict("a", perform(store, swap(kind, key, null, "b")));
      assertConflict("a", perform(store, swap(kind, key, "b", "c")));
      assertEquals(Swapped.stored(), perform(store, swap(kind, key, "a", "a")));
      assertEquals(Swapped.stored(), perform(store, swap(kind, key, "a", "b")));
      assertEquals(Optional.of("b"), value(store, kind, key));
      Kind other = kind == Kind.STATE ? Kind.DOCUMENT : Kind.STATE;
      assertEquals(Optional.empty(), store.load(other, key));
    }
  }

  @Test
  void ofParallelSwapsThroughTwoStoresOneIsStored() throws Exception {
    List<Store> stores = List.of(open(), open());
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      for (Kind kind : Kind.values()) {
        StoreKey key = key();
        String before = null;
        for (int round = 0; round < ROUNDS; round++) {
          before = race(threads, stores, kind, key, before, round);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Returns the value of the only swap that was stored. */
  private static String race(
      ExecutorService threads,
      List<Store> stores,
      Kind kind,
      StoreKey key,
      String before,
      int round)
      throws Exception {
    List<Callable<Swapped>> swaps = new ArrayList<>();
    for (int number = 0; number < THREADS; number++) {
      Store store = stores.get(number % stores.size());
      Swap swap = swap(kind, key, before, round + "-" + number);
      swaps.add(() -> perform(store, swap));
    }
    List<Future<Swapped>> results = threads.invokeAll(swaps);
    String stored = value(stores.get(0), kind, key).orElseThrow();
    for (int number = 0; number < THREADS; number++) {
      Swapped result = results.get(number).get();
      if (stored.equals(round + "-" + number)) {
        assertEquals(Swapped.stored(), result);
      } else {
        assertConflict(stored, result);
      }
    }
    return stored;
  }

  @Test
  void documentsAreListedByPages() throws Exception {
    Store store = open();
    List<StoreKey> written = new ArrayList<>();
    for (int number = 0; number < 25; number++) {
      StoreKey key = key();
      written.add(key);
      perform(store, swap(Kind.DOCUMENT, key, null, "value " + number));
    }
    // Keys are compared as unsigned bytes.
    StoreKey low = StoreKey.of(ByteBuffer.allocate(16).putInt(0x7f000000).putInt(++keys).array());
    perform(store, swap(Kind.DOCUMENT, low, null, "low"));
    List<Document> all = store.list(Optional.empty(), 10_000);
    assertEquals(all, all.stream().sorted((a, b) -> a.key().compareTo(b.key())).toList());
    assertTrue(all.indexOf(find(all, low)) < all.indexOf(find(all, written.get(0))));
    assertArrayEquals(bytes("value 24"), find(all, written.get(24)).value());
    List<StoreKey> paged = new ArrayList<>();
    Optional<StoreKey> after = Optional.of(low);
    List<Document> page = store.list(after, 10);
    while (!page.isEmpty()) {
      assertTrue(page.size() <= 10);
      page.forEach(each -> paged.add(each.key()));
      after = Optional.of(paged.get(paged.size() - 1));
      page = store.list(after, 10);
    }
    List<StoreKey> later =
        all.stream().map(Document::key).filter(key -> key.compareTo(low) > 0).toList();
    assertEquals(later, paged);
    assertTrue(paged.containsAll(written));
    assertThrows(IllegalArgumentException.class, () -> store.list(Optional.empty(), 0));
  }

  private static Document find(List<Document> all, StoreKey key) {
    return all.stream().filter(each -> each.key().equals(key)).findFirst().orElseThrow();
  }

  @Test
  void aChallengeOfOneStoreIsVerifiedThroughAnother() throws Exception {
    try (Keyring keyring = Keyring.generate()) {
      Challenge.Binding binding =
          new Challenge.Binding(
              "login", new byte[] {1}, Subject.number(PhoneNumber.parse(Scene.NUMBER)), "");
      Challenge challenge = new Challenge(keyring, Policy.standard(), binding);
      Issuance issuance = challenge.issue(open());
      Issued issued = assertInstanceOf(Issuance.Granted.class, issuance).issued();
      Store second = open();
      assertEquals(Verdict.WRONG, challenge.attempt(second, Vectors.tampered(issued.code())));
      assertEquals(Verdict.ACCEPT, challenge.attempt(second, issued.code()));
      assertEquals(Verdict.USED, challenge.attempt(open(), issued.code()));
    }
  }

  @Test
  void aTenantOfOneStoreIsKnownThroughAnother() throws Exception {
    try (Keyring keyring = Keyring.generate()) {
      Tenants first = new Tenants(keyring, open());
      ChannelSettings settings = ChannelSettings.of("shop").withHost("shop.example");
      String credential = first.create(TenantKind.CHANNEL, settings).credential();
      Store second = open();
      StoreKey key = Channel.storeKey(keyring, "shop");
      byte[] document = second.load(Kind.DOCUMENT, key).orElseThrow();
      Channel channel = Channel.open(keyring, key, document);
      assertTrue(channel.hasKey(credential, Instant.now()));
      assertEquals(settings, channel.settings());
      TenantPage<ChannelSettings> page =
          new Tenants(keyring, second).list(TenantKind.CHANNEL, Optional.empty(), 1024);
      assertEquals(1, page.tenants().size());
    }
  }

  @Test
  void afterItsConnectionIsEndedAStoreConnectsAgain() throws Exception {
    Store store = open();
    StoreKey key = key();
    assertEquals(Swapped.stored(), perform(store, swap(Kind.STATE, key, null, "a")));
    endConnections();
    assertEquals(Optional.of("a"), value(store, Kind.STATE, key));
    endConnections();
    boolean stored = false;
    try {
      stored = perform(store, swap(Kind.STATE, key, "a", "b")).equals(Swapped.stored());
    } catch (StoreException failed) {
      assertEquals(MpassError.STORE_UNKNOWN, failed.error());
    }
    assertEquals(Optional.of(stored ? "b" : "a"), value(store, Kind.STATE, key));
    Swap next = swap(Kind.STATE, key, stored ? "b" : "a", "c");
    assertEquals(Swapped.stored(), perform(store, next));
  }

  @Test
  void aLostAnswerIsUnknown() throws Exception {
    Store direct = open();
    for (Cutter.Mode mode : Cutter.Mode.values()) {
      for (Kind kind : Kind.values()) {
        try (Cutter cutter = new Cutter(server.port)) {
          Store store = connect(cutter.port(), SHORT);
          StoreKey key = key();
          assertEquals(Swapped.stored(), perform(store, swap(kind, key, null, "before")));
          cutter.loseAnswers("the new one", mode);
          Swap swap = swap(kind, key, "before", "the new one");
          StoreException lost = assertThrows(StoreException.class, () -> perform(store, swap));
          assertEquals(MpassError.STORE_UNKNOWN, lost.error());
          assertTrue(cutter.lost.get() > 0);
          // It was stored all the same, it is not sent again, and the store connects again.
          assertEquals(Optional.of("the new one"), value(direct, kind, key));
          assertEquals(Optional.of("the new one"), value(store, kind, key));
          assertEquals(1, cutter.requests.get());
        }
      }
    }
  }

  @Test
  void withoutAServerNothingIsStored() throws Exception {
    int port;
    try (Cutter closed = new Cutter(server.port)) {
      port = closed.port();
    }
    Store store = connect(port, SHORT);
    StoreException failed =
        assertThrows(
            StoreException.class, () -> perform(store, swap(Kind.STATE, key(), null, "a")));
    assertEquals(MpassError.STORE_FAILED, failed.error());
    failed = assertThrows(StoreException.class, () -> store.load(Kind.STATE, key()));
    assertEquals(MpassError.STORE_FAILED, failed.error());
  }
}
