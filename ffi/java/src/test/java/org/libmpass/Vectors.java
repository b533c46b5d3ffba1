package org.libmpass;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The vector files of the workspace. */
final class Vectors {
  static {
    System.out.println("java " + Runtime.version());
  }

  private Vectors() {}

  /** The text of a file of the workspace. */
  static Path workspace(String path) {
    return Path.of(System.getProperty("mpass.workspace")).resolve(path);
  }

  static String text(String path) {
    try {
      return Files.readString(workspace(path));
    } catch (IOException absent) {
      throw new UncheckedIOException(absent);
    }
  }

  static JsonObject file(String name) {
    return JsonParser.parseString(text("tests/vectors/" + name)).getAsJsonObject();
  }

  static Optional<JsonElement> get(JsonObject vector, String name) {
    return Optional.ofNullable(vector.get(name));
  }

  static String string(JsonObject vector, String name) {
    return vector.get(name).getAsString();
  }

  /** A different code of the same length. */
  static String tampered(String code) {
    char last = code.charAt(code.length() - 1);
    return code.substring(0, code.length() - 1) + (last == '0' ? '1' : '0');
  }
}
