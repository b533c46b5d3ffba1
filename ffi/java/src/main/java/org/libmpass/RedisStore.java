package org.libmpass;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A store in Redis 7.0 or newer, or in Valkey, through Lettuce, which is an optional dependency
 * ({@code io.lettuce:lettuce-core}). Hosts in all languages and {@code mpass serve} use the same keys.
 *
 * <p>A swap is one atomic script. The store has one connection for all threads. It is opened by the
 * first call, and anew after a failure, with Sentinel to the present master; nothing is sent twice. A
 * swap without an answer within the time-out is {@link MpassError#STORE_UNKNOWN}, and the connection
 * is dropped. Redis drops a state 24 hours after its expiry, so that clocks may differ.
 *
 * <p>Redis must not lose or evict values: {@code appendonly yes}, {@code appendfsync always}, {@code
 * maxmemory-policy noeviction}. The store does not check this, and does not wait for replicas: a
 * fail-over may lose the newest swaps. A cluster is not supported.
 */
public final class RedisStore implements Store, AutoCloseable {
  /** The prefix of all keys by default. */
  public static final String DEFAULT_PREFIX = "mpass:";

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final String SCRIPT = StoreLayout.text("swap.lua");
  private static final String SCRIPT_NAME = sha1(SCRIPT);
  private static final byte[] NOTHING = new byte[0];
  /** The documents that one command reads. */
  private static final int SLICE = 256;
  /** The bytes of the expiry before the value of a document. */
  private static final int END = 8;

  private final RedisLink link;
  private final byte[] states;
  private final byte[] documents;

  /**
   * Creates a store with the default prefix and a time-out of 5 s. It does not connect yet.
   *
   * @param uri the server, or the Sentinels, with the user, the password and TLS
   */
  public RedisStore(RedisURI uri) {
    this(uri, DEFAULT_PREFIX, TIMEOUT, ClientOptions.create());
  }

  /**
   * Creates a store. It does not connect yet.
   *
   * @param uri the server, or the Sentinels, with the user, the password and TLS; its time-out is
   *     not used
   * @param prefix the prefix of all keys; stores with different prefixes share no values
   * @param timeout of a connection and of each command, from 1 ms to 60 s
   * @param options options of the client, for example of TLS; the store turns off what repeats
   *     commands
   * @throws IllegalArgumentException if the time-out is out of range
   */
  public RedisStore(RedisURI uri, String prefix, Duration timeout, ClientOptions options) {
    Objects.requireNonNull(uri, "the uri is null");
    if (timeout.toMillis() < 1 || timeout.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException("the time-out is not 1 ms to 60 s");
    }
    states = (prefix + "s:").getBytes(StandardCharsets.UTF_8);
    documents = (prefix + "d").getBytes(StandardCharsets.UTF_8);
    link = new RedisLink(uri, timeout, options);
  }

  private static String sha1(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException(absent);
    }
  }

  @Override
  public Optional<byte[]> load(Kind kind, StoreKey key) {
    if (kind == Kind.STATE) {
      return Optional.ofNullable(link.read(redis -> redis.get(stateKey(key))));
    }
    byte[] field = link.read(redis -> redis.hget(documents, key.bytes()));
    return Optional.ofNullable(field).map(RedisStore::document);
  }

  @Override
  public List<Document> list(Optional<StoreKey> after, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("the limit is less than 1");
    }
    List<StoreKey> keys =
        link.read(redis -> redis.hkeys(documents)).stream()
            .filter(key -> key.length == StoreKey.LENGTH)
            .map(StoreKey::of)
            .filter(key -> after.isEmpty() || key.compareTo(after.get()) > 0)
            .sorted()
            .toList();
    List<Document> listed = new ArrayList<>();
    int next = 0;
    // A document that was removed meanwhile makes room for another.
    while (listed.size() < limit && next < keys.size()) {
      int end = Math.min(keys.size(), next + Math.min(SLICE, limit - listed.size()));
      listed.addAll(documents(keys.subList(next, end)));
      next = end;
    }
    return listed;
  }

  private List<Document> documents(List<StoreKey> keys) {
    byte[][] fields = keys.stream().map(StoreKey::bytes).toArray(byte[][]::new);
    return link.read(redis -> redis.hmget(documents, fields)).stream()
        .filter(KeyValue::hasValue)
        .map(each -> new Document(StoreKey.of(each.getKey()), document(each.getValue())))
        .toList();
  }

  /** The value of a document behind its expiry. */
  private static byte[] document(byte[] field) {
    if (field.length < END) {
      throw StoreException.failed(new IllegalStateException("a document without its expiry"));
    }
    return Arrays.copyOfRange(field, END, field.length);
  }

  private byte[] stateKey(StoreKey key) {
    return ByteBuffer.allocate(states.length + StoreKey.LENGTH)
        .put(states)
        .put(key.bytes())
        .array();
  }

  @Override
  public Swapped swap(Swap swap, Instant now) {
    boolean state = swap.kind() == Kind.STATE;
    byte[][] keys = {state ? stateKey(swap.key()) : documents};
    byte[][] values = {
      state ? NOTHING : swap.key().bytes(),
      swap.expected().isPresent() ? new byte[] {'1'} : new byte[] {'0'},
      swap.expected().orElse(NOTHING),
      swap.value(),
      state ? remaining(swap, now) : end(swap)
    };
    try {
      return swapped(
          link.write(redis -> redis.evalsha(SCRIPT_NAME, ScriptOutputType.MULTI, keys, values)));
    } catch (StoreException failed) {
      if (!(failed.getCause() instanceof RedisNoScriptException)) {
        throw failed;
      }
    }
    return swapped(
        link.write(redis -> redis.eval(SCRIPT, ScriptOutputType.MULTI, keys, values)));
  }

  /** The milliseconds after which Redis drops a state. */
  private static byte[] remaining(Swap swap, Instant now) {
    return StoreLayout.expiry(swap)
        .map(end -> Math.max(1, Duration.between(now, end.plus(StoreLayout.MARGIN)).toMillis()))
        .map(millis -> millis.toString().getBytes(StandardCharsets.US_ASCII))
        .orElse(NOTHING);
  }

  /** The expiry of a document. */
  private static byte[] end(Swap swap) {
    long end = StoreLayout.expiry(swap).map(Instant::toEpochMilli).orElse(0L);
    return ByteBuffer.allocate(END).putLong(end).array();
  }

  private static Swapped swapped(List<Object> answer) {
    if (answer.equals(List.of(1L))) {
      return Swapped.stored();
    }
    if (answer.equals(List.of(0L))) {
      return Swapped.conflict(Optional.empty());
    }
    if (answer.size() == 2 && answer.get(0).equals(0L) && answer.get(1) instanceof byte[] value) {
      return Swapped.conflict(Optional.of(value));
    }
    throw StoreException.unknown(new IllegalStateException("not an answer of the script"));
  }

  /** Closes the connection and the client. */
  @Override
  public void close() {
    link.close();
  }
}
