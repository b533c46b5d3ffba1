package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds and runs examples/java-server with only the jar on its class path. */
@Tag("jar")
class ExampleTest {
  private static final int ROUNDS = 20;

  /** The example's process and its output. */
  private static final class Server implements AutoCloseable {
    private final Process process;
    private final Path directory;
    private final Caller caller;
    private final String key;
    private final AtomicInteger seen = new AtomicInteger();
    private final AtomicInteger wrong = new AtomicInteger();

    /** Starts the example; {@code known} is the channel key if the channel exists already. */
    Server(List<String> command, Path directory, String known) throws IOException {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      this.directory = directory;
      BufferedReader lines = process.inputReader();
      String line = lines.readLine();
      key = known == null ? line.substring("channel key ".length()) : known;
      String base = (known == null ? lines.readLine() : line).substring("listening on ".length());
      caller = new Caller(base, key);
      Thread reader = new Thread(() -> lines.lines().forEach(this::read));
      reader.setDaemon(true);
      reader.start();
    }

    private void read(String line) {
      if (line.equals("request " + Reason.WRONG_CODE.label())) {
        wrong.incrementAndGet();
      }
      if (line.startsWith("request ")) {
        seen.incrementAndGet();
      }
    }

    /** The number of codes reported as wrong; waits for the log lines of all answered requests. */
    int toldWrong() {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (seen.get() < caller.made()) {
        if (System.nanoTime() > end) {
          throw new IllegalStateException("the server printed too few lines");
        }
        Thread.onSpinWait();
      }
      return wrong.get();
    }

    String code(String number) {
      try {
        return Files.readAllLines(directory.resolve("outbox.txt")).stream()
            .filter(line -> line.startsWith(number + "\t"))
            .map(line -> Caller.longestDigits(line.substring(number.length())))
            .reduce("", (before, newest) -> newest);
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }

    @Override
    public void close() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void itServesTheContractAndForgetsNothing(@TempDir Path directory) throws Exception {
    Path classes = directory.resolve("classes");
    Path sources = Vectors.workspace("examples/java-server");
    String jar = ReadmeTest.jar();
    Path javac = Path.of(System.getProperty("java.home"), "bin", "javac");
    List<String> compile =
        List.of(
            javac.toString(),
            "-Xlint:all",
            "-Werror",
            "--class-path",
            jar,
            "-d",
            classes.toString(),
            sources.resolve("Server.java").toString(),
            sources.resolve("FileStore.java").toString());
    assertEquals(0, new ProcessBuilder(compile).inheritIO().start().waitFor());
    Path data = directory.resolve("data");
    List<String> run =
        ReadmeTest.java("--class-path", jar + ":" + classes, "Server", data.toString());

    String number = "+966500000000";
    String key;
    try (Server server = new Server(run, data, null);
        Races races = new Races(server.caller, server::code)) {
      key = server.key;
      Coverage.add("server", races.wrong(ROUNDS, server::toldWrong));
      Coverage.add("server", races.right(ROUNDS));
      assertEquals("0", server.caller.send(number));
    }
    // After a kill and a restart the code still works, once.
    try (Server server = new Server(run, data, key)) {
      String code = server.code(number);
      assertEquals("3", server.caller.verify(number, Vectors.tampered(code)));
      assertEquals("0", server.caller.verify(number, code));
      assertEquals("3", server.caller.verify(number, code));
    }
    try (Server server = new Server(run, data, key)) {
      assertEquals("3", server.caller.verify(number, server.code(number)));
    }
  }
}
