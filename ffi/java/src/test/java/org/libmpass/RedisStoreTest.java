package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@link RedisStore} on a Redis of the test's own. */
class RedisStoreTest extends SharedStoreTest {
  private static final long DAY = 86_400_000;

  private RedisCommands<byte[], byte[]> administration;

  RedisStoreTest() throws Exception {
    super(Servers.redis());
  }

  @BeforeAll
  void connect() throws Exception {
    RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", server.port));
    administration = server.await(() -> client.connect(ByteArrayCodec.INSTANCE)).sync();
    atEnd(client::shutdown);
  }

  @Override
  Store connect(int port, Duration timeout) {
    return connect(port, RedisStore.DEFAULT_PREFIX, timeout);
  }

  private RedisStore connect(int port, String prefix, Duration timeout) {
    RedisURI uri = RedisURI.create("127.0.0.1", port);
    return atEnd(new RedisStore(uri, prefix, timeout, ClientOptions.create()));
  }

  @Override
  void endConnections() {
    assertTrue(administration.clientKill(KillArgs.Builder.typeNormal().skipme()) > 0);
  }

  private static byte[] joined(String prefix, StoreKey key) {
    byte[] start = bytes(prefix);
    return ByteBuffer.allocate(start.length + 16).put(start).put(key.bytes()).array();
  }

  private static Swap swap(Kind kind, StoreKey key, Instant end) {
    return new Swap(kind, key, Optional.empty(), bytes("value"), Optional.ofNullable(end));
  }

  @Test
  void aStateIsAtItsPrefixAndIsKeptForADayAfterItsExpiry() throws Exception {
    RedisStore store = connect(server.port, "shop:", Duration.ofSeconds(30));
    Instant now = Instant.now();
    StoreKey key = key();
    long before = System.currentTimeMillis();
    assertEquals(Swapped.stored(), store.swap(swap(Kind.STATE, key, now.plusMillis(5)), now));
    long end = administration.pexpiretime(joined("shop:s:", key)) - DAY - 5;
    assertTrue(end >= before && end <= System.currentTimeMillis(), "" + (end - before));
    assertArrayEquals(bytes("value"), administration.get(joined("shop:s:", key)));
    assertEquals(Optional.empty(), open().load(Kind.STATE, key));
    // A state that does not expire, a time after the year 9999, and one long past.
    StoreKey never = key();
    store.swap(swap(Kind.STATE, never, null), now);
    assertEquals(-1, administration.pexpiretime(joined("shop:s:", never)));
    StoreKey late = key();
    store.swap(swap(Kind.STATE, late, Instant.ofEpochMilli(Long.MAX_VALUE)), now);
    assertEquals(-1, administration.pexpiretime(joined("shop:s:", late)));
    StoreKey past = key();
    assertEquals(Swapped.stored(), store.swap(swap(Kind.STATE, past, Instant.EPOCH), now));
    // The expiry goes with the value.
    Swap again =
        new Swap(
            Kind.STATE, key, Optional.of(bytes("value")), bytes("value"), Optional.empty());
    assertEquals(Swapped.stored(), store.swap(again, now));
    assertEquals(-1, administration.pexpiretime(joined("shop:s:", key)));
  }

  @Test
  void aDocumentIsInOneHashBehindItsExpiry() {
    RedisStore store = connect(server.port, "desk:", Duration.ofSeconds(30));
    StoreKey never = key();
    StoreKey ends = key();
    Instant end = Instant.ofEpochMilli(0x0102030405060L);
    store.swap(swap(Kind.DOCUMENT, never, null), Instant.now());
    store.swap(swap(Kind.DOCUMENT, ends, end), Instant.now());
    byte[] hash = bytes("desk:d");
    byte[] expected = ByteBuffer.allocate(13).putLong(0).put(bytes("value")).array();
    assertArrayEquals(expected, administration.hget(hash, never.bytes()));
    expected = new byte[] {0, 0, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 'v', 'a', 'l', 'u', 'e'};
    assertArrayEquals(expected, administration.hget(hash, ends.bytes()));
    List<Document> listed = store.list(Optional.empty(), 10);
    assertEquals(List.of(never, ends), listed.stream().map(Document::key).toList());
    assertArrayEquals(bytes("value"), listed.get(1).value());
  }

  @Test
  void moreDocumentsThanOneCommandReadsAreListed() {
    RedisStore store = connect(server.port, "many:", Duration.ofSeconds(30));
    for (int number = 0; number < 300; number++) {
      store.swap(swap(Kind.DOCUMENT, key(), null), Instant.now());
    }
    assertEquals(299, store.list(Optional.empty(), 299).size());
    assertEquals(300, store.list(Optional.empty(), 1000).size());
  }

  @Test
  void aServerWithoutTheScriptIsSentIt() throws Exception {
    Store store = open();
    StoreKey key = key();
    assertEquals(Swapped.stored(), perform(store, swap(Kind.STATE, key, null, "a")));
    administration.scriptFlush();
    assertEquals(Swapped.stored(), perform(store, swap(Kind.STATE, key, "a", "b")));
    assertEquals(Swapped.stored(), perform(store, swap(Kind.STATE, key, "b", "c")));
  }

  @Test
  void anAnswerWithAnErrorIsAFailureWithoutValues() throws Exception {
    Store store = open();
    StoreKey key = key();
    byte[] place = joined("mpass:s:", key);
    administration.lpush(place, bytes("a list"));
    for (int tried = 0; tried < 2; tried++) {
      StoreException failed =
          assertThrows(
              StoreException.class, () -> perform(store, swap(Kind.STATE, key, null, "a")));
      assertEquals(MpassError.STORE_FAILED, failed.error());
      assertFalse(failed.getCause().getMessage().contains(key.toString()));
      assertTrue(failed.getCause().getMessage().startsWith("the server reported "));
    }
    assertThrows(StoreException.class, () -> store.load(Kind.STATE, key));
    administration.del(place);
    assertEquals(Swapped.stored(), perform(store, swap(Kind.STATE, key, null, "a")));
  }

  /** The user of the README. */
  @Test
  void aUserWhoIsLimitedToThePrefixIsEnough() {
    CommandArgs<byte[], byte[]> user = new CommandArgs<>(ByteArrayCodec.INSTANCE);
    user.add("SETUSER").add("mpass").add("on").add(">secret").add("~limited:*");
    List<MatchResult> rules =
        Pattern.compile("[+][a-z]+").matcher(Vectors.text("ffi/java/README.md")).results().toList();
    assertEquals(9, rules.size());
    rules.forEach(rule -> user.add(rule.group()));
    StatusOutput<byte[], byte[]> output = new StatusOutput<>(ByteArrayCodec.INSTANCE);
    assertEquals("OK", administration.dispatch(CommandType.ACL, output, user));
    RedisURI uri = RedisURI.create("127.0.0.1", server.port);
    uri.setCredentialsProvider(new StaticCredentialsProvider("mpass", "secret".toCharArray()));
    Duration timeout = Duration.ofSeconds(30);
    RedisStore store = atEnd(new RedisStore(uri, "limited:", timeout, ClientOptions.create()));
    administration.scriptFlush();
    for (Kind kind : Kind.values()) {
      StoreKey key = key();
      assertEquals(Swapped.stored(), perform(store, swap(kind, key, null, "a")));
      assertEquals(Swapped.stored(), perform(store, swap(kind, key, "a", "b")));
      assertEquals(Optional.of("b"), value(store, kind, key));
    }
    assertEquals(1, store.list(Optional.empty(), 10).size());
    RedisStore outside = atEnd(new RedisStore(uri, "other:", timeout, ClientOptions.create()));
    StoreException refused =
        assertThrows(
            StoreException.class, () -> perform(outside, swap(Kind.STATE, key(), null, "a")));
    assertEquals(MpassError.STORE_FAILED, refused.error());
  }

  @Test
  void aServerWithoutMemoryIsFull() throws Exception {
    Store store = open();
    StoreKey key = key();
    assertEquals(Swapped.stored(), perform(store, swap(Kind.STATE, key, null, "a")));
    administration.configSet("maxmemory", "1");
    try {
      StoreException full =
          assertThrows(
              StoreException.class, () -> perform(store, swap(Kind.STATE, key, "a", "b")));
      assertEquals(MpassError.STORE_FULL, full.error());
    } finally {
      administration.configSet("maxmemory", "0");
    }
    assertEquals(Swapped.stored(), perform(store, swap(Kind.STATE, key, "a", "b")));
  }

  @Test
  void aStoreThatIsClosedConnectsNoMore() {
    RedisStore store = connect(server.port, "closed:", Duration.ofSeconds(30));
    store.close();
    store.close();
    assertThrows(IllegalStateException.class, () -> store.load(Kind.STATE, key()));
  }

  @Test
  void timeoutsOutOfRangeAreRefused() {
    for (Duration wrong : List.of(Duration.ZERO, Duration.ofSeconds(61))) {
      assertThrows(
          IllegalArgumentException.class, () -> connect(server.port, "wrong:", wrong).close());
    }
  }
}
