package org.libmpass;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server of the tests' own, in a temporary directory and on a free port of loopback. */
final class Servers implements AutoCloseable {
  private static final Path POSTGRES = Path.of("/usr/lib/postgresql");
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  final int port;
  private final Path directory;
  private final Process process;
  private final Thread atExit;

  private Servers(int port, Path directory, List<String> command) throws IOException {
    this.port = port;
    this.directory = directory;
    Path log = directory.resolve("server.log");
    process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    atExit = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Starts PostgreSQL, which anybody on loopback may use as the superuser {@code mpass}. */
  static Servers postgres() throws IOException, InterruptedException {
    Path programs = newest();
    Path directory = Files.createTempDirectory("mpass-postgres");
    List<String> user = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      // PostgreSQL refuses root.
      run(List.of("chown", "postgres:", directory.toString()), directory);
      user = List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups");
    }
    Path data = directory.resolve("data");
    List<String> init = new ArrayList<>(user);
    init.addAll(List.of(programs.resolve("initdb").toString(), "--pgdata=" + data));
    init.addAll(List.of("--auth=trust", "--username=mpass", "--encoding=UTF8", "--no-locale"));
    init.add("--no-sync");
    run(init, directory);
    int port = freePort();
    List<String> command = new ArrayList<>(user);
    command.addAll(List.of(programs.resolve("postgres").toString(), "-D", data.toString()));
    command.addAll(List.of("-p", "" + port, "-c", "listen_addresses=127.0.0.1"));
    command.addAll(List.of("-c", "unix_socket_directories="));
    return new Servers(port, directory, command);
  }

  /** Starts Redis, which keeps what it acknowledges. */
  static Servers redis() throws IOException {
    Path directory = Files.createTempDirectory("mpass-redis");
    int port = freePort();
    List<String> command = new ArrayList<>(List.of("redis-server", "--port", "" + port));
    command.addAll(List.of("--bind", "127.0.0.1", "--dir", directory.toString()));
    command.addAll(List.of("--save", "", "--appendonly", "yes", "--appendfsync", "always"));
    return new Servers(port, directory, command);
  }

  private static Path newest() throws IOException {
    try (Stream<Path> versions = Files.list(POSTGRES)) {
      return versions
          .filter(each -> Files.isExecutable(each.resolve("bin/postgres")))
          .max(Comparator.comparing(each -> Integer.valueOf(each.getFileName().toString())))
          .orElseThrow()
          .resolve("bin");
    }
  }

  private static void run(List<String> command, Path directory)
      throws IOException, InterruptedException {
    Path log = directory.resolve("prepare.log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException(command + " failed: " + Files.readString(log));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Waits until an attempt, such as to connect, succeeds. */
  <T> T await(Callable<T> attempt) throws Exception {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (true) {
      try {
        return attempt.call();
      } catch (Exception early) {
        if (System.nanoTime() > end || !process.isAlive()) {
          String log = Files.readString(directory.resolve("server.log"));
          throw new IllegalStateException("the server does not answer: " + log, early);
        }
        Thread.sleep(20);
      }
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    Runtime.getRuntime().removeShutdownHook(atExit);
    // SIGINT: PostgreSQL does not wait for clients.
    new ProcessBuilder("kill", "-INT", "" + process.pid()).inheritIO().start().waitFor();
    if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(Servers::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException undeleted) {
      throw new UncheckedIOException(undeleted);
    }
  }
}
