package org.libmpass;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * A store in PostgreSQL 15 or newer, through any JDBC driver and pool. Hosts in all languages and
 * {@code mpass serve} use the same tables.
 *
 * <p>Each call takes a connection from the {@link DataSource}, performs one to three statements in
 * autocommit and returns it. A connection inside a transaction is refused with {@link
 * MpassError#STORE_FAILED}: a swap that is rolled back later would allow free guesses. A statement is
 * never cancelled. After the time-out the connection is dropped, and the outcome of a swap is {@link
 * MpassError#STORE_UNKNOWN}. Taking a connection has the time-out of the pool or driver.
 *
 * <p>The database must not lose commits: {@code synchronous_commit} and {@code fsync} must be on.
 * The store does not check this.
 */
public final class JdbcStore implements Store {
  private static final int VERSION = 1;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  /** How often a statement is tried that the database rolls back. */
  private static final int TRIES = 5;

  private final DataSource source;
  private final Duration timeout;
  private final boolean acknowledged;

  /**
   * Creates a store with a time-out of 5 s for each statement.
   *
   * @param source where connections come from; a pool, because each call takes one
   */
  public JdbcStore(DataSource source) {
    this(Objects.requireNonNull(source, "the source is null"), TIMEOUT, false);
  }

  private JdbcStore(DataSource source, Duration timeout, boolean acknowledged) {
    this.source = source;
    this.timeout = timeout;
    this.acknowledged = acknowledged;
  }

  /**
   * Returns the store with another time-out for the answer to each statement. It has no effect with a
   * driver that does not support {@link java.sql.Connection#setNetworkTimeout}.
   *
   * @param timeout from 1 ms to 60 s
   * @return the store
   * @throws IllegalArgumentException if the time-out is out of range
   */
  public JdbcStore withTimeout(Duration timeout) {
    if (timeout.toMillis() < 1 || timeout.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException("the time-out is not 1 ms to 60 s");
    }
    return new JdbcStore(source, timeout, acknowledged);
  }

  /**
   * Returns the store for a database with a synchronous standby ({@code synchronous_standby_names}).
   * A swap without an acknowledged commit is then {@link MpassError#STORE_FAILED}: the engine must
   * not read it back, because the primary shows a value that the standby may lack. The attempt is
   * spent and no verdict is given.
   *
   * @return the store
   */
  public JdbcStore withAcknowledgement() {
    return new JdbcStore(source, timeout, true);
  }

  /**
   * Creates the tables if they do not exist, and checks their version. The user of the connection
   * needs the right to create tables.
   *
   * @throws StoreException {@link MpassError#STORE_FAILED} if that fails or the tables have another
   *     version
   */
  public void migrate() {
    try (JdbcLease lease = JdbcLease.open(source, timeout)) {
      try {
        lease.script(StoreLayout.text("postgres.sql"));
      } catch (SQLException error) {
        throw lease.failure(StoreException::failed, error);
      }
      List<Integer> versions = lease.query(row -> row.getInt(1), "SELECT version FROM mpass_layout");
      if (!versions.equals(List.of(VERSION))) {
        throw StoreException.failed(new SQLException("the tables have another version"));
      }
    }
  }

  @Override
  public Optional<byte[]> load(Kind kind, StoreKey key) {
    return read(lease -> load(lease, kind, key));
  }

  private static Optional<byte[]> load(JdbcLease lease, Kind kind, StoreKey key) {
    String sql = "SELECT value FROM " + table(kind) + " WHERE key = ?";
    return lease.query(row -> row.getBytes(1), sql, (Object) key.bytes()).stream().findFirst();
  }

  @Override
  public List<Document> list(Optional<StoreKey> after, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("the limit is less than 1");
    }
    // The empty key sorts before all others.
    byte[] start = after.map(StoreKey::bytes).orElse(new byte[0]);
    String sql = "SELECT key, value FROM mpass_document WHERE key > ? ORDER BY key LIMIT ?";
    return read(
        lease ->
            lease.query(
                row -> new Document(StoreKey.of(row.getBytes(1)), row.getBytes(2)),
                sql,
                start,
                limit));
  }

  /** Reads, and once more with another connection if the first one fails. */
  private <T> T read(Function<JdbcLease, T> work) {
    try (JdbcLease lease = JdbcLease.open(source, timeout)) {
      try {
        return work.apply(lease);
      } catch (StoreException failed) {
        if (!lease.isBroken()) {
          throw failed;
        }
      }
    }
    try (JdbcLease lease = JdbcLease.open(source, timeout)) {
      return work.apply(lease);
    }
  }

  @Override
  public Swapped swap(Swap swap, Instant now) {
    try (JdbcLease lease = JdbcLease.open(source, timeout)) {
      for (int tried = 0; tried < TRIES; tried++) {
        Optional<Swapped> swapped = attempt(lease, swap);
        if (swapped.isPresent()) {
          return swapped.get();
        }
      }
    }
    throw StoreException.failed(new SQLException("a swap was rolled back several times"));
  }

  /** Tries a swap; empty to try again. */
  private Optional<Swapped> attempt(JdbcLease lease, Swap swap) {
    Instant end = StoreLayout.expiry(swap).orElse(null);
    int rows = write(lease, swap, end);
    if (rows != 0) {
      return rows == JdbcLease.ROLLED_BACK ? Optional.empty() : Optional.of(Swapped.stored());
    }
    // A snapshot of the first statement would lack the newest value.
    Optional<byte[]> current = load(lease, swap.kind(), swap.key());
    if (acknowledged && current.filter(value -> Arrays.equals(value, swap.value())).isPresent()) {
      throw StoreException.failed(new SQLException("a value stands without acknowledgement"));
    }
    if (current.isPresent() || swap.expected().isPresent()) {
      return Optional.of(Swapped.conflict(current));
    }
    String sql =
        "SELECT 1 FROM mpass_dropped WHERE kind = ? AND until >= CAST(? AS timestamptz)";
    boolean dropped =
        !lease.query(row -> row.getInt(1), sql, swap.kind().number(), end).isEmpty();
    return dropped ? Optional.of(Swapped.expired()) : Optional.empty();
  }

  private int write(JdbcLease lease, Swap swap, Instant end) {
    String table = table(swap.kind());
    byte[] key = swap.key().bytes();
    if (swap.expected().isPresent()) {
      String sql =
          "UPDATE %s SET value = ?, expires_at = CAST(? AS timestamptz) WHERE key = ? AND value = ?";
      byte[] expected = swap.expected().get();
      return lease.update(this::uncertain, sql.formatted(table), swap.value(), end, key, expected);
    }
    String sql =
        "INSERT INTO %s (key, value, expires_at) SELECT ?, ?, CAST(? AS timestamptz)"
            + " WHERE NOT EXISTS (SELECT 1 FROM mpass_dropped"
            + " WHERE kind = ? AND until >= CAST(? AS timestamptz))"
            + " ON CONFLICT (key) DO NOTHING";
    int kind = swap.kind().number();
    return lease.update(this::uncertain, sql.formatted(table), key, swap.value(), end, kind, end);
  }

  /**
   * Removes values of each kind that expired more than 24 hours ago, by the clocks of both the host
   * and the database. Call it regularly, for example each minute.
   *
   * <p>A call removes what an earlier one has announced in {@code mpass_dropped}, then announces
   * more: an insert that would bring a removed value back is {@link Swapped.Expired}. So the first
   * call removes nothing.
   *
   * @param limit the most values of each kind that a call removes, from 1; a slice of 1,000 holds
   *     its locks for a short time
   * @param now the time
   * @return how many were removed
   * @throws StoreException {@link MpassError#STORE_FAILED} or {@link MpassError#STORE_UNKNOWN}; call
   *     it again
   */
  public int removeExpired(int limit, Instant now) {
    if (limit < 1) {
      throw new IllegalArgumentException("the limit is less than 1");
    }
    int removed = 0;
    try (JdbcLease lease = JdbcLease.open(source, timeout)) {
      for (Kind kind : Kind.values()) {
        removed += removeExpired(lease, kind, limit, now.minus(StoreLayout.MARGIN));
      }
    }
    return removed;
  }

  private int removeExpired(JdbcLease lease, Kind kind, int limit, Instant before) {
    String table = table(kind);
    String old = "expires_at <= least(now() - interval '24 hours', CAST(? AS timestamptz))";
    String remove =
        "DELETE FROM %1$s WHERE key IN (SELECT key FROM %1$s WHERE %2$s"
            + " AND expires_at <= (SELECT until FROM mpass_dropped WHERE kind = ?)"
            + " LIMIT ? FOR UPDATE SKIP LOCKED)";
    String raise =
        "INSERT INTO mpass_dropped (kind, until) SELECT ?, max(expires_at) FROM"
            + " (SELECT expires_at FROM %1$s WHERE %2$s LIMIT ?) AS slice"
            + " HAVING max(expires_at) IS NOT NULL"
            + " ON CONFLICT (kind) DO UPDATE SET until = excluded.until"
            + " WHERE mpass_dropped.until < excluded.until";
    int number = kind.number();
    int removed = lease.update(this::uncertain, remove.formatted(table, old), before, number, limit);
    lease.update(this::uncertain, raise.formatted(table, old), number, before, limit);
    return Math.max(removed, 0);
  }

  /** The exception if it is unknown whether a statement was committed. */
  private StoreException uncertain(Throwable cause) {
    return acknowledged ? StoreException.failed(cause) : StoreException.unknown(cause);
  }

  private static String table(Kind kind) {
    return kind == Kind.STATE ? "mpass_state" : "mpass_document";
  }
}
