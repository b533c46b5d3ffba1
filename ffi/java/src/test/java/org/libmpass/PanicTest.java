package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A deliberate panic, in a library that was built to have one, is an exception of fixed text. */
@Tag("jar")
class PanicTest {
  private static final String PROGRAM =
      """
      import java.math.BigInteger;
      import org.libmpass.Hotp;
      import org.libmpass.PhoneNumber;
      import org.libmpass.Secret;

      class Panic {
        public static void main(String[] arguments) {
          for (int i = 0; i < 2; i++) {
            try {
              PhoneNumber.parse("panic");
            } catch (IllegalStateException thrown) {
              System.out.println(thrown.getMessage() + " " + thrown.getCause());
            }
          }
          Hotp hotp = Hotp.of(Secret.ofHex("3132333435363738393031323334353637383930"));
          try {
            System.out.println(hotp.generate(BigInteger.TWO.pow(64).subtract(BigInteger.ONE)));
          } catch (IllegalStateException thrown) {
            System.out.println(thrown.getMessage() + " " + thrown.getCause());
          }
          System.out.println(hotp.generate(0));
          System.out.println(PhoneNumber.parse("+966500000000").e164());
        }
      }
      """;

  @Test
  void aPanicShowsNothingOfItself(@TempDir Path directory) throws Exception {
    String library = System.getProperty("mpass.panicking");
    Assumptions.assumeFalse(library == null || library.isEmpty(), "no library that panics is named");
    Path file = Files.writeString(directory.resolve("Panic.java"), PROGRAM);
    List<String> command =
        ReadmeTest.java(
            "-Dmpass.library=" + Path.of(library, "libmpass.so"),
            "--class-path",
            ReadmeTest.jar(),
            file.toString());
    Process process =
        new ProcessBuilder(command).redirectError(directory.resolve("errors.txt").toFile()).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), Files.readString(directory.resolve("errors.txt")));
    String thrown = "libmpass: internal error null";
    assertEquals(List.of(thrown, thrown, thrown, "755224", "+966500000000"), printed.lines().toList());
  }
}
