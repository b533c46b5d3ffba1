package org.libmpass;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A proxy on loopback. After a request that contains given bytes, it loses the answers on that
 * connection.
 */
final class Cutter implements AutoCloseable {
  /** What becomes of a connection with an answer to lose. */
  enum Mode {
    /** It is closed in place of the answer. */
    CUT,
    /** It stays open. */
    SILENT
  }

  /** The number of requests with the text, and of answers lost. */
  final AtomicInteger requests = new AtomicInteger();

  final AtomicInteger lost = new AtomicInteger();

  private final ServerSocket listener;
  private final int target;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile Optional<String> marker = Optional.empty();
  private volatile Mode mode = Mode.CUT;

  Cutter(int target) throws IOException {
    this.target = target;
    listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Loses the answers to a request with this ASCII text, and to later ones on its connection. */
  void loseAnswers(String text, Mode how) {
    mode = how;
    marker = Optional.of(text);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket server = new Socket();
        server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 10_000);
        AtomicBoolean losing = new AtomicBoolean();
        threads.execute(() -> copy(client, server, chunk -> look(chunk, losing)));
        threads.execute(() -> copy(server, client, chunk -> !losing.get()));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private boolean look(String request, AtomicBoolean losing) {
    if (marker.filter(request::contains).isPresent()) {
      losing.set(true);
      requests.incrementAndGet();
    }
    return true;
  }

  private void copy(Socket from, Socket to, Predicate<String> passes) {
    try (Closeable source = from;
        Closeable target = to) {
      InputStream input = from.getInputStream();
      OutputStream output = to.getOutputStream();
      byte[] buffer = new byte[65_536];
      for (int length = input.read(buffer); length > 0; length = input.read(buffer)) {
        if (passes.test(new String(buffer, 0, length, StandardCharsets.ISO_8859_1))) {
          output.write(buffer, 0, length);
          continue;
        }
        lost.incrementAndGet();
        if (mode == Mode.CUT) {
          return;
        }
      }
    } catch (IOException closed) {
      // The other side has ended.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
  }
}
