package org.libmpass;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** The connection of a {@link RedisStore}. */
final class RedisLink implements AutoCloseable {
  /** Answers of a server that is no longer, or not yet, the right one. */
  private static final List<String> WRONG_SERVER =
      List.of("READONLY", "LOADING", "MASTERDOWN", "NOAUTH", "MOVED", "CLUSTERDOWN");

  private static final String FULL = "OOM";

  /** Sends a command. */
  interface Command<T> extends Function<RedisAsyncCommands<byte[], byte[]>, Future<T>> {}

  /** The connection failed, or did not answer in time. */
  private static final class Broken extends Exception {
    private static final long serialVersionUID = 1L;

    Broken(Throwable cause) {
      super(cause);
    }
  }

  private final RedisClient client;
  private final RedisURI uri;
  private final Duration timeout;
  private CompletableFuture<StatefulRedisConnection<byte[], byte[]>> current;
  private boolean closed;

  RedisLink(RedisURI uri, Duration timeout, ClientOptions options) {
    this.uri = RedisURI.builder(uri).withTimeout(timeout).build();
    this.timeout = timeout;
    client = RedisClient.create();
    client.setOptions(
        options
            .mutate()
            // A client that connects again by itself sends unanswered commands again.
            .autoReconnect(false)
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .socketOptions(options.getSocketOptions().mutate().connectTimeout(timeout).build())
            .build());
  }

  /** Reads, and once more with another connection if the first one fails. */
  <T> T read(Command<T> command) {
    try {
      return perform(command);
    } catch (Broken first) {
      try {
        return perform(command);
      } catch (Broken second) {
        throw StoreException.failed(second.getCause());
      }
    }
  }

  /** Writes; {@link StoreException#unknown} without an answer. */
  <T> T write(Command<T> command) {
    try {
      return perform(command);
    } catch (Broken broken) {
      throw StoreException.unknown(broken.getCause());
    }
  }

  private <T> T perform(Command<T> command) throws Broken {
    CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connecting = connecting();
    StatefulRedisConnection<byte[], byte[]> connection;
    try {
      connection = within(connecting);
    } catch (Broken absent) {
      dropAfter(absent, connecting);
      throw StoreException.failed(absent.getCause());
    }
    try {
      return within(command.apply(connection.async()));
    } catch (Broken broken) {
      if (!(broken.getCause() instanceof RedisCommandExecutionException answered)) {
        dropAfter(broken, connecting);
        throw broken;
      }
      throw refused(connecting, answered);
    } catch (RedisException | CancellationException unsent) {
      drop(connecting);
      throw new Broken(unsent);
    }
  }

  /** The server has answered with an error: nothing was written. */
  private StoreException refused(
      CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connecting,
      RedisCommandExecutionException answered) {
    if (answered instanceof RedisNoScriptException) {
      return StoreException.failed(answered);
    }
    String code = String.valueOf(answered.getMessage()).split(" ", 2)[0];
    if (WRONG_SERVER.contains(code)) {
      drop(connecting);
    }
    // The rest of the message may contain values.
    return code.equals(FULL)
        ? StoreException.full()
        : StoreException.failed(new RedisException("the server reported " + code));
  }

  /** The connection, or the attempt to connect, which all threads wait for. */
  private synchronized CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connecting() {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
    if (current != null && current.isDone() && !isOpen(current)) {
      drop(current);
    }
    if (current == null) {
      current = client.connectAsync(ByteArrayCodec.INSTANCE, uri).toCompletableFuture();
    }
    return current;
  }

  private static boolean isOpen(
      CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connecting) {
    return !connecting.isCompletedExceptionally() && connecting.join().isOpen();
  }

  /** Other threads keep the connection if this one was interrupted. */
  private void dropAfter(
      Broken broken, CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connecting) {
    if (!(broken.getCause() instanceof InterruptedException)) {
      drop(connecting);
    }
  }

  private synchronized void drop(
      CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connecting) {
    if (current == connecting) {
      current = null;
      connecting.thenAccept(StatefulRedisConnection::closeAsync);
    }
  }

  private <T> T within(Future<T> future) throws Broken {
    try {
      return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      throw new Broken(failed.getCause());
    } catch (TimeoutException | CancellationException late) {
      throw new Broken(late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Broken(interrupted);
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      client.shutdown(Duration.ZERO, timeout);
    }
  }
}
