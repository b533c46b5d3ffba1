package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@link JdbcStore} on a PostgreSQL of the test's own, behind a pool. */
class JdbcStoreTest extends SharedStoreTest {
  private HikariDataSource administration;

  JdbcStoreTest() throws Exception {
    super(Servers.postgres());
  }

  @BeforeAll
  void migrate() throws Exception {
    HikariConfig config = config(server.port, "administration");
    administration = atEnd(server.await(() -> new HikariDataSource(config)));
    JdbcStore store = new JdbcStore(administration);
    store.migrate();
    store.migrate();
  }

  private static HikariConfig config(int port, String name) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres?sslmode=disable&ApplicationName=" + name);
    config.setUsername("mpass");
    config.setMaximumPoolSize(4);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(30_000);
    config.setInitializationFailTimeout(-1);
    return config;
  }

  @Override
  Store connect(int port, Duration timeout) {
    HikariConfig config = config(port, "store");
    config.setMaximumPoolSize(timeout.toSeconds() < 10 ? 1 : 4);
    config.setConnectionTimeout(timeout.toMillis());
    return new JdbcStore(atEnd(new HikariDataSource(config))).withTimeout(timeout);
  }

  @Override
  void endConnections() throws SQLException {
    String others = " FROM pg_stat_activity WHERE application_name = 'store'";
    int before = number("SELECT count(pg_terminate_backend(pid))" + others);
    assertTrue(before > 0);
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (number("SELECT count(*)" + others) > 0) {
      assertTrue(System.nanoTime() < end);
    }
  }

  private int number(String sql) throws SQLException {
    try (Connection connection = administration.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      assertTrue(result.next());
      return result.getInt(1);
    }
  }

  private void run(String sql) throws SQLException {
    try (Connection connection = administration.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void aConnectionInsideATransactionIsRefused() {
    HikariConfig config = config(server.port, "transaction");
    config.setAutoCommit(false);
    Store store = new JdbcStore(atEnd(new HikariDataSource(config)));
    StoreKey key = key();
    StoreException refused =
        assertThrows(
            StoreException.class, () -> perform(store, swap(Kind.STATE, key, null, "a")));
    assertEquals(MpassError.STORE_FAILED, refused.error());
    assertTrue(refused.getCause().getMessage().contains("autocommit"));
    assertThrows(StoreException.class, () -> store.load(Kind.STATE, key));
    assertThrows(StoreException.class, () -> store.list(Optional.empty(), 1));
  }

  @Test
  void whatTheDatabaseRollsBackIsTriedAgain() {
    HikariConfig config = config(server.port, "strict");
    config.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
    config.setMaximumPoolSize(8);
    Store store = new JdbcStore(atEnd(new HikariDataSource(config)));
    assertEquals(Optional.empty(), StoreProbe.run(store, 16, 20, Instant.now()));
  }

  @Test
  void expiryIsATimeOrNull() throws Exception {
    Store store = open();
    Instant end = Instant.ofEpochMilli(1_900_000_000_123L);
    for (Kind kind : Kind.values()) {
      String table = kind == Kind.STATE ? "mpass_state" : "mpass_document";
      StoreKey ends = key();
      perform(store, new Swap(kind, ends, Optional.empty(), bytes("a"), Optional.of(end)));
      String where = " FROM " + table + " WHERE key = '\\x" + ends + "'";
      String exact = " AND expires_at = to_timestamp(1900000000.123)";
      assertEquals(1, number("SELECT count(*)" + where + exact));
      perform(
          store, new Swap(kind, ends, Optional.of(bytes("a")), bytes("b"), Optional.empty()));
      assertEquals(1, number("SELECT count(*)" + where + " AND expires_at IS NULL"));
      StoreKey never = key();
      Instant late = Instant.ofEpochMilli(Long.MAX_VALUE);
      perform(store, new Swap(kind, never, Optional.empty(), bytes("a"), Optional.of(late)));
      where = " FROM " + table + " WHERE key = '\\x" + never + "'";
      assertEquals(1, number("SELECT count(*)" + where + " AND expires_at IS NULL"));
    }
  }

  @Test
  void whatIsRemovedStaysRefused() throws Exception {
    JdbcStore store = (JdbcStore) open();
    Instant now = Instant.now();
    StoreKey kept = key();
    perform(store, expiring(Kind.STATE, kept, now.minus(Duration.ofHours(23))));
    Instant old = now.minus(Duration.ofHours(25));
    for (Kind kind : Kind.values()) {
      StoreKey[] keys = {key(), key(), key()};
      for (StoreKey key : keys) {
        assertEquals(Swapped.stored(), perform(store, expiring(kind, key, old)));
      }
      assertEquals(0, store.removeExpired(2, now), "it is announced first");
      assertEquals(2, store.removeExpired(2, now));
      assertEquals(1, store.removeExpired(2, now));
      assertEquals(0, store.removeExpired(2, now));
      for (StoreKey key : keys) {
        assertEquals(Optional.empty(), store.load(kind, key));
        assertEquals(Swapped.expired(), perform(store, expiring(kind, key, old)));
        Swap later = expiring(kind, key, old.plusMillis(1));
        assertEquals(Swapped.stored(), perform(store, later));
        Swap never =
            new Swap(kind, key, Optional.of(bytes("a")), bytes("a"), Optional.empty());
        assertEquals(Swapped.stored(), perform(store, never));
      }
    }
    assertEquals(Optional.of("a"), value(store, Kind.STATE, kept));
    assertThrows(IllegalArgumentException.class, () -> store.removeExpired(0, now));
  }

  private static Swap expiring(Kind kind, StoreKey key, Instant end) {
    return new Swap(kind, key, Optional.empty(), bytes("a"), Optional.of(end));
  }

  @Test
  void withAcknowledgementALostAnswerIsAFailure() throws Exception {
    try (Cutter cutter = new Cutter(server.port)) {
      JdbcStore store = ((JdbcStore) connect(cutter.port(), Duration.ofSeconds(3)));
      JdbcStore acknowledged = store.withAcknowledgement();
      StoreKey key = key();
      perform(acknowledged, swap(Kind.STATE, key, null, "a"));
      cutter.loseAnswers("the new one", Cutter.Mode.CUT);
      Swap swap = swap(Kind.STATE, key, "a", "the new one");
      for (int tried = 0; tried < 2; tried++) {
        // The second time a conflict shows the value that may lack its acknowledgement.
        StoreException failed =
            assertThrows(StoreException.class, () -> perform(acknowledged, swap));
        assertEquals(MpassError.STORE_FAILED, failed.error());
        cutter.loseAnswers("nothing any more", Cutter.Mode.CUT);
      }
      assertConflict("the new one", perform(store, swap));
    }
  }

  @Test
  void anErrorHasNoValues() throws Exception {
    Store store = open();
    StoreKey key = key();
    Swap long97 =
        new Swap(Kind.STATE, key, Optional.empty(), new byte[97], Optional.empty());
    StoreException refused = assertThrows(StoreException.class, () -> perform(store, long97));
    assertEquals(MpassError.STORE_FAILED, refused.error());
    assertEquals("the database reported 23514", refused.getCause().getMessage());
    assertFalse(refused.toString().contains(key.toString()));
  }

  @Test
  void tablesOfAnotherVersionAreRefused() throws Exception {
    run("CREATE SCHEMA other");
    HikariConfig config = config(server.port, "other");
    config.setSchema("other");
    JdbcStore store = new JdbcStore(atEnd(new HikariDataSource(config)));
    store.migrate();
    run("UPDATE other.mpass_layout SET version = 2");
    StoreException refused = assertThrows(StoreException.class, store::migrate);
    assertEquals(MpassError.STORE_FAILED, refused.error());
  }
}
