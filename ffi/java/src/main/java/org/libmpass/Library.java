package org.libmpass;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Locale;

/** Loads the native library, once. */
final class Library {
  /** The version of the classes; the library must have the same. */
  static final String VERSION = "0.1.0";

  static final SecureRandom RANDOM = new SecureRandom();

  static {
    loadOnce();
  }

  private Library() {}

  /** Forces this class, and with it the library, to be loaded. */
  static void load() {}

  @SuppressWarnings("restricted") // The only code that loads native code.
  private static void loadOnce() {
    String given = System.getProperty("mpass.library");
    if (given != null) {
      System.load(Path.of(given).toAbsolutePath().toString());
      return;
    }
    String platform = platform();
    String name = "/native/" + platform + "/libmpass.so";
    try (InputStream packed = Library.class.getResourceAsStream(name)) {
      if (packed == null) {
        throw new UnsatisfiedLinkError(
            "the jar has no library for " + platform + "; -Dmpass.library=PATH names one");
      }
      // The directory and its contents are accessible to the owner only.
      Path directory = Files.createTempDirectory("libmpass");
      Path file = directory.resolve("libmpass.so");
      try {
        Files.copy(packed, file, StandardCopyOption.REPLACE_EXISTING);
        System.load(file.toString());
      } finally {
        // The mapping stays valid after the file is deleted.
        Files.deleteIfExists(file);
        Files.deleteIfExists(directory);
      }
    } catch (IOException unwritable) {
      throw new UncheckedIOException("the native library cannot be unpacked", unwritable);
    }
  }

  private static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return system + "-" + (machine.equals("amd64") ? "x86_64" : machine);
  }
}
