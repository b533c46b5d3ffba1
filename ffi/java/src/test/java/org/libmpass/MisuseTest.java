package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Mistakes in use, each with the exception that says so. */
class MisuseTest {
  private static final byte[] KEY = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);
  private static final BigInteger TOO_LARGE = BigInteger.ONE.shiftLeft(64);

  private static void refused(MpassError error, Executable mistake) {
    MpassException thrown = assertThrows(MpassException.class, mistake);
    assertEquals(error, thrown.error());
    assertEquals(error.exception().getClass(), thrown.getClass());
  }

  private static void illegal(Executable mistake) {
    assertThrows(IllegalArgumentException.class, mistake);
  }

  @Test
  void nullIsNamedAtOnce() {
    assertThrows(NullPointerException.class, () -> Secret.ofBytes(null));
    assertThrows(NullPointerException.class, () -> Secret.ofBase32(null));
    assertThrows(NullPointerException.class, () -> Hotp.of(null));
    assertThrows(NullPointerException.class, () -> PhoneNumber.parse(null));
    assertThrows(NullPointerException.class, () -> KeyUri.parse(null));
    assertThrows(NullPointerException.class, () -> Keyring.parse(null));
    assertThrows(NullPointerException.class, () -> new Challenge(null, Policy.standard(), null));
    assertThrows(NullPointerException.class, () -> StoreProbe.run(null, 2, 1, Instant.EPOCH));
    try (Secret secret = Secret.ofBytes(KEY);
        Hotp hotp = Hotp.of(secret)) {
      assertThrows(NullPointerException.class, () -> hotp.verify(null, 0, 0));
      assertThrows(NullPointerException.class, () -> hotp.generate(null));
    }
  }

  @Test
  void secretsOutOfRange() {
    refused(MpassError.SECRET_EMPTY, () -> Secret.ofBytes(new byte[0]));
    refused(MpassError.SECRET_TOO_LONG, () -> Secret.ofBytes(new byte[1025]));
    refused(MpassError.INVALID_BASE32, () -> Secret.ofBase32("0189"));
    refused(MpassError.INVALID_HEX, () -> Secret.ofHex("0g"));
    try (Secret secret = Secret.ofBytes(new byte[15])) {
      refused(MpassError.SECRET_TOO_SHORT, () -> Hotp.of(secret));
      Hotp.allowingShort(secret, Algorithm.SHA1, 6).close();
    }
  }

  @Test
  void numbersOutOfRange() {
    try (Secret secret = Secret.ofBytes(KEY);
        Hotp hotp = Hotp.of(secret);
        Totp totp = Totp.of(secret)) {
      for (int digits : new int[] {-1, 0, 3, 11, 262, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        refused(MpassError.INVALID_DIGITS, () -> Hotp.of(secret, Algorithm.SHA1, digits));
      }
      illegal(() -> hotp.generate(-1));
      illegal(() -> hotp.generate(TOO_LARGE));
      illegal(() -> hotp.generate(BigInteger.ONE.negate()));
      illegal(() -> hotp.verify("755224", 0, -1));
      illegal(() -> hotp.verify("755224", TOO_LARGE, 0));
      BigInteger largest = TOO_LARGE.subtract(BigInteger.ONE);
      assertEquals(largest, hotp.verify(hotp.generate(largest), largest, 5).orElseThrow());
      String beyond = hotp.generate(BigInteger.ONE.shiftLeft(63));
      assertThrows(ArithmeticException.class, () -> hotp.verify(beyond, Long.MAX_VALUE, 1));
      illegal(() -> totp.generate(Instant.ofEpochSecond(-1)));
      illegal(() -> Totp.of(secret, Algorithm.SHA1, 6, Duration.ofMillis(1500)));
      illegal(() -> Totp.of(secret, Algorithm.SHA1, 6, Duration.ofSeconds(-1)));
      refused(
          MpassError.INVALID_STEP, () -> Totp.of(secret, Algorithm.SHA1, 6, Duration.ZERO));
      refused(
          MpassError.RESYNC_CODES, () -> hotp.resynchronize(List.of("755224"), 0, 10));
      refused(
          MpassError.WINDOW_TOO_LARGE,
          () -> hotp.resynchronize(List.of("755224", "287082"), 0, 100_001));
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
  void textsThatAreTooLongOrNoUnicode() {
    illegal(() -> Secret.ofBase32("\ud800"));
    illegal(() -> KeyUri.parse("otpauth://totp/\udc00?secret=GEZDGNBVGY3TQOJQ"));
    refused(MpassError.INVALID_KEYRING, () -> Keyring.parse("a".repeat(2 << 20)));
    refused(MpassError.INVALID_KEYRING, () -> Keyring.parse("mpass-keyring 2"));
    refused(MpassError.NUMBER_TOO_LONG, () -> PhoneNumber.parse("+" + "9".repeat(60_000)));
    refused(MpassError.UNKNOWN_CALLING_CODE, () -> PhoneNumber.parse("0500000000", -966));
    illegal(() -> PhoneNumber.parse("+966500000000").keyedHash(new byte[31]));
  }

  @Test
  void policiesOutOfRange() {
    refused(MpassError.INVALID_TRIES, () -> Policy.builder().tries(0).build());
    refused(MpassError.INVALID_TRIES, () -> Policy.builder().tries(-1).build());
    refused(MpassError.POLICY_TOO_WEAK, () -> Policy.builder().digits(4).build());
    refused(
        MpassError.INVALID_LIFETIME,
        () -> Policy.builder().lifetime(Duration.ofSeconds(19)).build());
    illegal(() -> Policy.builder().lifetime(Duration.ofSeconds(-1)).build());
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
          new Challenge.Binding("login", new byte[] {1}, PhoneNumber.parse("+966500000000"), "");
      Challenge ours = new Challenge(keyring, Policy.standard(), binding);
      Challenge theirs = new Challenge(other, Policy.standard(), binding);
      byte[] record = ((Issue.Ready) theirs.issue(null, Instant.EPOCH)).issued().next();
      refused(MpassError.RECORD_FORGED, () -> ours.attempt(record, "000000", Instant.EPOCH));
      refused(MpassError.RECORD_FORMAT, () -> ours.attempt(new byte[3], "0", Instant.EPOCH));
      illegal(() -> ours.issue(null, Instant.MIN));
      refused(
          MpassError.INVALID_NAME,
          () -> Channel.create(keyring, null, ChannelSettings.of("a b"), Instant.EPOCH));
    }
  }

  /** An input that the package never packs: a fixed text, nothing of the input. */
  @Test
  void whatGoesWrongInsideSaysNothing() {
    Library.load();
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () -> Wire.call(NumberNatives::parse, new Packer().i32(99), Unpacker::text));
    assertEquals("libmpass: internal error", thrown.getMessage());
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> NumberNatives.parse(0, null));
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
