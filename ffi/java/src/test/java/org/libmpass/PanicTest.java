package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The deliberate panic of a debug build becomes an exception with a fixed message. */
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
    Path file = Files.writeString(directory.resolve("Panic.java"), PROGRAM);
    List<String> command =
        ReadmeTest.java("--class-path", ReadmeTest.jar(), file.toString());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("MPASS_DELIBERATE_PANIC", "1");
    builder.redirectError(directory.resolve("errors.txt").toFile());
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), Files.readString(directory.resolve("errors.txt")));
    String thrown = "libmpass: internal error null";
    assertEquals(List.of(thrown, thrown, thrown, "755224", "+966500000000"), printed.lines().toList());
  }
}
