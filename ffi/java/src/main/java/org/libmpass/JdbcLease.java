package org.libmpass;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;

/** A connection in autocommit for one call of a {@link JdbcStore}. */
final class JdbcLease implements AutoCloseable {
  /** What {@link #update} returns for a statement that the database has rolled back. */
  static final int ROLLED_BACK = -1;

  private static final List<String> TRY_AGAIN = List.of("40001", "40P01");
  private static final String UNKNOWN_COMPLETION = "40003";
  private static final String DISK_FULL = "53100";
  private static final String READ_ONLY = "25006";

  /** Reads the current row of a result. */
  interface Row<T> {
    T read(ResultSet result) throws SQLException;
  }

  private final Connection connection;
  /** In milliseconds; negative if the driver has no time-outs. */
  private int previousTimeout = -1;
  private boolean broken;

  private JdbcLease(Connection connection) {
    this.connection = connection;
  }

  /** Takes a connection; {@link StoreException#failed} if there is none outside a transaction. */
  static JdbcLease open(DataSource source, Duration timeout) {
    try {
      JdbcLease lease = new JdbcLease(source.getConnection());
      try {
        lease.prepare(timeout);
        return lease;
      } catch (SQLException | RuntimeException refused) {
        lease.close();
        throw refused;
      }
    } catch (SQLException absent) {
      throw StoreException.failed(absent);
    }
  }

  private void prepare(Duration timeout) throws SQLException {
    if (!connection.getAutoCommit()) {
      throw new SQLException("a store needs connections in autocommit, outside a transaction");
    }
    try {
      int previous = connection.getNetworkTimeout();
      connection.setNetworkTimeout(Runnable::run, (int) timeout.toMillis());
      previousTimeout = previous;
    } catch (SQLFeatureNotSupportedException unsupported) {
      previousTimeout = -1;
    }
  }

  /** Whether the connection has failed and is dropped. */
  boolean isBroken() {
    return broken;
  }

  /**
   * Performs a statement that writes, and returns the number of rows or {@link #ROLLED_BACK}. A null
   * is an absent time.
   *
   * @param uncertain the exception if it is unknown whether the statement was committed
   */
  int update(Function<Throwable, StoreException> uncertain, String sql, Object... parameters) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, parameters);
      int rows = statement.executeUpdate();
      // The only warning of these statements: the wait for a standby was cancelled.
      if (statement.getWarnings() != null) {
        throw uncertain.apply(clean(statement.getWarnings()));
      }
      return rows;
    } catch (SQLException error) {
      if (TRY_AGAIN.contains(error.getSQLState())) {
        return ROLLED_BACK;
      }
      throw failure(uncertain, error);
    }
  }

  /** Performs a statement that reads. */
  <T> List<T> query(Row<T> row, String sql, Object... parameters) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, parameters);
      try (ResultSet result = statement.executeQuery()) {
        List<T> rows = new ArrayList<>();
        while (result.next()) {
          rows.add(row.read(result));
        }
        return rows;
      }
    } catch (SQLException error) {
      throw failure(StoreException::failed, error);
    }
  }

  /** Performs a script of several statements. */
  void script(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void bind(PreparedStatement statement, Object... parameters) throws SQLException {
    for (int index = 0; index < parameters.length; index++) {
      Object parameter = parameters[index];
      if (parameter == null) {
        statement.setNull(index + 1, Types.TIMESTAMP_WITH_TIMEZONE);
      } else if (parameter instanceof byte[] bytes) {
        statement.setBytes(index + 1, bytes);
      } else if (parameter instanceof Instant at) {
        statement.setObject(index + 1, at.atOffset(ZoneOffset.UTC));
      } else {
        statement.setInt(index + 1, (Integer) parameter);
      }
    }
  }

  StoreException failure(Function<Throwable, StoreException> uncertain, SQLException error) {
    String state = error.getSQLState() == null ? "" : error.getSQLState();
    // Without an answer, or the server or an administrator intervened, also during a commit.
    if (state.length() != 5
        || state.startsWith("08")
        || state.startsWith("57")
        || state.equals(UNKNOWN_COMPLETION)) {
      drop();
      return uncertain.apply(clean(error));
    }
    if (state.equals(READ_ONLY)) {
      // It is a standby now.
      drop();
    }
    return state.equals(DISK_FULL) ? StoreException.full() : StoreException.failed(clean(error));
  }

  /** An error without the message of the database, which may contain values. */
  private static SQLException clean(SQLException error) {
    String state = error.getSQLState();
    SQLException cleaned = new SQLException("the database reported " + state, state);
    cleaned.setStackTrace(error.getStackTrace());
    return cleaned;
  }

  private void drop() {
    broken = true;
    try {
      connection.abort(Runnable::run);
    } catch (SQLException unsupported) {
      // A pool discards it because of its error.
    }
  }

  /** Returns the connection; it is of no consequence for the call if that fails. */
  @Override
  public void close() {
    try (connection) {
      if (previousTimeout >= 0 && !broken) {
        connection.setNetworkTimeout(Runnable::run, previousTimeout);
      }
    } catch (SQLException closed) {
      broken = true;
    }
  }
}
