package org.libmpass;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Counts passed checks for the table that {@code cargo xtask test} writes. */
final class Coverage {
  private Coverage() {}

  /** Adds to a count for this Java version; does nothing unless MPASS_COVERAGE is set. */
  static void add(String check, int count) {
    String directory = System.getenv("MPASS_COVERAGE");
    if (directory == null) {
      return;
    }
    Path file = Path.of(directory, "java-" + Runtime.version().feature());
    try {
      Files.writeString(
          file,
          check + " " + count + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /** Checks each vector of a file and counts those that pass. */
  static void vectors(String name, Consumer<JsonObject> check) {
    int passed = 0;
    for (JsonElement vector : Vectors.file(name).getAsJsonArray("vectors")) {
      check.accept(vector.getAsJsonObject());
      passed++;
    }
    if (passed == 0) {
      throw new IllegalStateException(name + " has no vectors");
    }
    add("vectors " + name, passed);
  }

  /** Counts the passing tests of a class as scenarios of the contract. */
  static final class Scenarios implements TestWatcher {
    @Override
    public void testSuccessful(ExtensionContext context) {
      add("exchange", 1);
    }
  }
}
