package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Misuse that is specific to Java; {@link SharedMisuseTest} covers the rest. */
class MisuseTest {
  private static final byte[] KEY = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);
  private static final BigInteger TOO_LARGE = BigInteger.ONE.shiftLeft(64);

  private static void refused(MpassError error, Executable mistake) {
    MpassException thrown = assertThrows(MpassException.class, mistake);
    assertEquals(error, thrown.error());
    assertEquals(MpassException.of(error, null).getClass(), thrown.getClass());
  }

  private static void illegal(Executable mistake) {
    assertThrows(IllegalArgumentException.class, mistake);
  }

  @Test
  void nullIsNamedAtOnce() {
    assertThrows(NullPointerException.class, () -> new Challenge(null, Policy.standard(), null));
    assertThrows(NullPointerException.class, () -> StoreProbe.run(null, 2, 1, Instant.EPOCH));
  }

  @Test
  void aShortSecretHasToBeAllowed() {
    try (Secret secret = Secret.ofBytes(new byte[15])) {
      refused(MpassError.SECRET_TOO_SHORT, () -> Hotp.of(secret));
      OathException thrown = assertThrows(OathException.class, () -> Hotp.of(secret));
      assertTrue(thrown.getMessage().contains("`allowingShort`"), thrown.getMessage());
      Hotp.allowingShort(secret, Algorithm.SHA1, 6).close();
    }
  }

  /** The message has the place of a fault, and no other part of the secret. */
  @Test
  void theFaultOfASecretHasItsPlace() {
    OathException digit =
        assertThrows(OathException.class, () -> Secret.ofBase32("JBSWY3DP\nEHPK3PX1"));
    assertEquals(MpassError.BASE32_DIGIT, digit.error());
    String message = digit.getMessage();
    assertTrue(message.contains("line 2, character 8 of the secret is 1,"), message);
    assertFalse(message.contains("EHPK"), message);
    OathException hex = assertThrows(OathException.class, () -> Secret.ofHex("00f_"));
    assertTrue(hex.getMessage().endsWith("character 4"), hex.getMessage());
    String uri = "otpauth://totp/a?secret=JBSWY3D1";
    OathException inUri = assertThrows(OathException.class, () -> KeyUri.parse(uri));
    assertTrue(inUri.getMessage().contains("character 8 of the secret is 1,"), inUri.getMessage());
  }

  /** Strict reading of a key URI names the cautions. */
  @Test
  void strictReadingNamesTheCautions() {
    String uri = "otpauth://totp/A%3Ax?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=B";
    OathException thrown = assertThrows(OathException.class, () -> KeyUri.parseStrict(uri));
    assertEquals(MpassError.URI_NOT_STRICT, thrown.error());
    assertTrue(
        thrown.getMessage().endsWith(": IssuerDiffers, EncodedColon"), thrown.getMessage());
  }

  /** Instant.ofEpochSecond takes what System.currentTimeMillis returns. */
  @Test
  void aTimeInMillisecondsIsNamed() {
    Instant time = Instant.ofEpochSecond(1_790_000_000_000L);
    try (Secret secret = Secret.ofBytes(KEY);
        Totp totp = Totp.of(secret);
        Ocra ocra = Ocra.of(secret, "OCRA-1:HOTP-SHA1-6:QN08-T1M")) {
      refused(MpassError.TIME_IN_MILLISECONDS, () -> totp.generate(time));
      refused(MpassError.TIME_IN_MILLISECONDS, () -> totp.generateValue(time));
      refused(MpassError.TIME_IN_MILLISECONDS, () -> totp.timeStep(time));
      refused(MpassError.TIME_IN_MILLISECONDS, () -> totp.remaining(time));
      refused(MpassError.TIME_IN_MILLISECONDS, () -> totp.verify("755224", time, 1, 1));
      refused(MpassError.TIME_IN_MILLISECONDS, () -> totp.verify("٧٥٥٢٢٤", time, 1, 1));
      refused(
          MpassError.TIME_IN_MILLISECONDS,
          () -> ocra.respond(OcraInputs.of("12345678").time(time)));
    }
  }

  @Test
  void numbersOutOfRange() {
    try (Secret secret = Secret.ofBytes(KEY);
        Hotp hotp = Hotp.of(secret)) {
      for (int digits : new int[] {-1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        refused(MpassError.INVALID_DIGITS, () -> Hotp.of(secret, Algorithm.SHA1, digits));
      }
      illegal(() -> hotp.generate(BigInteger.ONE.negate()));
      BigInteger largest = TOO_LARGE.subtract(BigInteger.ONE);
      assertEquals(largest, hotp.verify(hotp.generate(largest), largest, 5).orElseThrow());
      String beyond = hotp.generate(BigInteger.ONE.shiftLeft(63));
      assertThrows(ArithmeticException.class, () -> hotp.verify(beyond, Long.MAX_VALUE, 1));
    }
  }

  @Test
  void typedTextsAreNoMistake() {
    try (Secret secret = Secret.ofBytes(KEY);
        Hotp hotp = Hotp.of(secret)) {
      List<String> typed =
          List.of("", " ", "75522", "7552244", "+55224", "75522\0", "\ud800", "7".repeat(5_000_000));
      for (String text : typed) {
        assertEquals(OptionalLong.empty(), hotp.verify(text, 0, 5));
      }
      assertEquals(OptionalLong.of(0), hotp.verify("٧٥٥٢٢٤", 0, 0));
    }
  }

  @Test
  void textsThatAreNoUnicode() {
    illegal(() -> KeyUri.parse("otpauth://totp/\udc00?secret=GEZDGNBVGY3TQOJQ"));
    illegal(() -> KeyUri.parseStrict("otpauth://totp/\udc00?secret=GEZDGNBVGY3TQOJQ"));
    try (Secret secret = Secret.ofBytes(KEY)) {
      illegal(() -> KeyUri.totp("\ud800", secret).build());
      illegal(() -> KeyUri.totp("alice", secret).issuer("\udfff").build());
      illegal(() -> KeyUri.hotp("alice", secret, -1).build());
      illegal(() -> KeyUri.hotp("alice", secret, BigInteger.ONE.shiftLeft(64)).build());
    }
  }

  @Test
  void policiesOutOfRange() {
    illegal(() -> Policy.builder().lifetime(Duration.ofSeconds(Long.MAX_VALUE)).build());
    refused(
        MpassError.INVALID_LIMIT,
        () -> Policy.builder().sends(new Limit(-1, Duration.ofHours(1), 1)).build());
  }

  @Test
  void recordsOfSomebodyElse() {
    try (Keyring keyring = Keyring.generate();
        Keyring other = Keyring.generate()) {
      Challenge.Binding binding =
          new Challenge.Binding("login", new byte[] {1}, Subject.email("ann@example.com"), "");
      Challenge ours = new Challenge(keyring, Policy.standard(), binding);
      Challenge theirs = new Challenge(other, Policy.standard(), binding);
      byte[] record = ((Issue.Ready) theirs.issue(null, Instant.EPOCH)).issued().next();
      refused(MpassError.RECORD_FORGED, () -> ours.attempt(record, "000000", Instant.EPOCH));
      illegal(() -> ours.issue(null, Instant.MIN));
    }
  }

  /** For input that the package never packs, the message is fixed and reveals no input. */
  @Test
  void whatGoesWrongInsideSaysNothing() {
    Library.load();
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () -> Wire.call(Operation.NUMBER_PARSE, new Packer().i32(99), Unpacker::text));
    assertEquals("libmpass: internal error", thrown.getMessage());
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> Natives.call(Operation.NUMBER_PARSE, 0, null));
    assertEquals("libmpass: the JVM refused a call", refused.getMessage());
  }

  @Test
  void secretsAreNotPrinted() {
    try (Keyring keyring = Keyring.generate();
        Secret secret = Secret.ofBytes(KEY)) {
      assertEquals("Secret", secret.toString());
      assertEquals("Keyring", keyring.toString());
      assertEquals("+9665*****00", PhoneNumber.parse("+966500000000").toString());
      String shown = OcraInputs.of("1").pin("1234").toString();
      assertFalse(shown.contains("1234"));
    }
  }
}
