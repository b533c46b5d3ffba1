package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java is run as it is printed, and prints what its comments say. */
@Tag("jar")
class ReadmeTest {
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern PRINTED = Pattern.compile("System\\.out\\.println.*?// (.*)");

  @Test
  void quickStart(@TempDir Path directory) throws IOException, InterruptedException {
    List<String> blocks =
        BLOCK.matcher(Vectors.text("README.md")).results().map(each -> each.group(1)).toList();
    assertEquals(1, blocks.size());
    Path file = Files.writeString(directory.resolve("Quick.java"), blocks.get(0));
    List<String> command = java("--class-path", jar(), file.toString());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    List<String> promised =
        PRINTED.matcher(blocks.get(0)).results().map((MatchResult each) -> each.group(1)).toList();
    assertFalse(promised.isEmpty());
    assertEquals(promised, printed.lines().toList());
  }

  /** The jar that was built. */
  static String jar() {
    return System.getProperty("mpass.jar");
  }

  /** The command of this JDK's java, which may load native libraries. */
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
