package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the Java example of the README and compares its output with the comments. */
@Tag("jar")
class ReadmeTest {
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern PRINTED = Pattern.compile("System\\.out\\.println.*?// (.*)");

  private static String block() {
    List<String> blocks =
        BLOCK.matcher(Vectors.text("README.md")).results().map(each -> each.group(1)).toList();
    assertEquals(1, blocks.size());
    return blocks.get(0);
  }

  /** Runs the quick start and returns the lines printed; empty if the run fails. */
  private static List<String> run(Path directory, String... options)
      throws IOException, InterruptedException {
    Path file = Files.writeString(directory.resolve("Quick.java"), block());
    List<String> command = new ArrayList<>(java(options));
    command.addAll(List.of("--class-path", jar(), file.toString()));
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(directory.resolve("errors.txt").toFile())
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? printed.lines().toList() : List.of();
  }

  private static List<String> promised() {
    List<String> promised =
        PRINTED.matcher(block()).results().map((MatchResult each) -> each.group(1)).toList();
    assertFalse(promised.isEmpty());
    return promised;
  }

  /** Also checks that nothing else is printed and that the unpacked library is deleted. */
  @Test
  void quickStart(@TempDir Path directory) throws IOException, InterruptedException {
    Path temporary = Files.createDirectory(directory.resolve("temporary"));
    assertEquals(promised(), run(directory, "-Djava.io.tmpdir=" + temporary));
    // The second run finds the keyring of the first.
    assertEquals(promised(), run(directory, "-Djava.io.tmpdir=" + temporary));
    assertEquals("", Files.readString(directory.resolve("errors.txt")));
    try (Stream<Path> left = Files.list(temporary)) {
      List<Path> ours = left.filter(each -> each.getFileName().toString().contains("mpass")).toList();
      assertEquals(List.of(), ours);
    }
  }

  @Test
  void aLibraryThatIsNamedIsTheOneThatIsLoaded(@TempDir Path directory)
      throws IOException, InterruptedException {
    Path library = Path.of(System.getProperty("mpass.native"), "libmpass.so");
    assertEquals(promised(), run(directory, "-Dmpass.library=" + library));
    assertEquals(List.of(), run(directory, "-Dmpass.library=" + directory.resolve("none.so")));
    String errors = Files.readString(directory.resolve("errors.txt"));
    assertTrue(errors.contains("UnsatisfiedLinkError"), errors);
  }

  /** The path of the jar under test. */
  static String jar() {
    return System.getProperty("mpass.jar");
  }

  /** The command line of this JDK's java with native access enabled. */
  static List<String> java(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of(arguments));
    return command;
  }
}
