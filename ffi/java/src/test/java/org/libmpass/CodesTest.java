package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Codes as numbers, batches of codes, and texts that are not passed to the engine as numbers. */
class CodesTest {
  private static final byte[] KEY = "12345678901234567890".getBytes();
  private static final BigInteger LARGEST = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

  private static Hotp hotp(int digits) {
    try (Secret secret = Secret.ofBytes(KEY)) {
      return Hotp.of(secret, Algorithm.SHA1, digits);
    }
  }

  @Test
  void aValueIsTheCodeWithoutItsZeros() {
    for (int digits = 4; digits <= 10; digits++) {
      try (Hotp hotp = hotp(digits)) {
        for (long counter = 0; counter < 300; counter++) {
          String code = hotp.generate(counter);
          assertEquals(digits, code.length());
          assertEquals(Long.parseLong(code), hotp.generateValue(counter));
          assertEquals(OptionalLong.of(counter), hotp.verify(code, counter, 0));
        }
      }
    }
    // RFC 4226 appendix D lists the values before truncation to digits.
    try (Hotp hotp = hotp(10)) {
      assertEquals(1284755224, hotp.generateValue(0));
      assertEquals("0868254676", hotp.generate(5));
    }
  }

  @Test
  void onlyDigitsOfTheLengthAreACode() {
    try (Hotp hotp = hotp(6)) {
      assertEquals(OptionalLong.of(1), hotp.verify("287082", 0, 2));
      assertEquals(OptionalLong.of(1), hotp.verify("٢٨٧٠٨٢", 0, 2));
      assertEquals(OptionalLong.of(1), hotp.verify("28۷082", 0, 2));
      List<String> others =
          List.of("", "28708", "0287082", "1287082", "28708/", "28708:", "28708B", "287082287082287082");
      for (String wrong : others) {
        assertEquals(OptionalLong.empty(), hotp.verify(wrong, 0, 2), wrong);
      }
    }
  }

  @Test
  void theEndsOfTheCounters() {
    try (Hotp hotp = hotp(6)) {
      String last = hotp.generate(LARGEST);
      assertEquals(Optional.of(LARGEST), hotp.verify(last, LARGEST, 9));
      assertEquals(Optional.of(LARGEST), hotp.verify(arabic(last), LARGEST, 9));
      String beyond = hotp.generate(BigInteger.TWO.pow(63));
      assertThrows(ArithmeticException.class, () -> hotp.verify(beyond, Long.MAX_VALUE, 1));
      assertThrows(
          ArithmeticException.class,
          () -> Hotp.verifyBatch(List.of(hotp), List.of(beyond), new long[] {Long.MAX_VALUE}, 1));
      int[] values = new int[2];
      assertEquals(2, hotp.generateRange(Long.MAX_VALUE, values));
      assertEquals(Integer.parseInt(beyond), values[1]);
    }
  }

  @Test
  void aRangeIsOneAfterTheOther() {
    try (Hotp hotp = hotp(8)) {
      for (int count : new int[] {0, 1, 255, 256, 257, 1000}) {
        int[] values = new int[count];
        assertEquals(count, hotp.generateRange(7, values));
        assertArrayEquals(
            IntStream.range(0, count).map(i -> hotp.generateValue(7 + i)).toArray(), values);
      }
      assertThrows(IllegalArgumentException.class, () -> hotp.generateRange(-1, new int[1]));
      assertThrows(NullPointerException.class, () -> hotp.generateRange(0, null));
    }
  }

  @Test
  void aBatchIsOneAfterTheOther() {
    List<Hotp> keys = new ArrayList<>();
    List<String> codes = new ArrayList<>();
    long[] counters = LongStream.range(0, 600).toArray();
    long[] expected = new long[counters.length];
    for (int i = 0; i < counters.length; i++) {
      Hotp hotp = hotp(4 + i % 7);
      keys.add(hotp);
      String code = hotp.generate(counters[i] + 2);
      String typed = i % 5 == 1 ? "no code" : i % 5 == 2 ? arabic(code) : code;
      codes.add(typed);
      expected[i] = hotp.verify(typed, counters[i], i % 5 == 1 ? 0 : 3).orElse(-1);
    }
    int[] values = Hotp.generateBatch(keys, counters);
    for (int i = 0; i < values.length; i++) {
      assertEquals(keys.get(i).generateValue(counters[i]), values[i]);
    }
    assertArrayEquals(expected, Hotp.verifyBatch(keys, codes, counters, 3));
    assertEquals(120, Arrays.stream(expected).filter(found -> found < 0).count());
    List<Hotp> fewer = keys.subList(1, 600);
    assertThrows(IllegalArgumentException.class, () -> Hotp.generateBatch(fewer, counters));
    assertThrows(
        IllegalArgumentException.class, () -> Hotp.verifyBatch(fewer, codes, counters, 3));
    keys.get(300).close();
    assertThrows(IllegalStateException.class, () -> Hotp.generateBatch(keys, counters));
    assertEquals(4, keys.get(0).generate(0).length(), "one that is closed keeps no other in use");
    keys.forEach(Hotp::close);
    assertThrows(IllegalStateException.class, () -> keys.get(0).generate(0));
  }

  private static String arabic(String code) {
    StringBuilder folded = new StringBuilder();
    code.chars().forEach(digit -> folded.append((char) (digit - '0' + '٠')));
    return folded.toString();
  }

  @Test
  void totpTakesTheSameWay() {
    try (Secret secret = Secret.ofBytes(KEY);
        Totp totp =
            Totp.of(
                secret,
                Algorithm.SHA1,
                8,
                java.time.Duration.ofSeconds(30),
                Instant.ofEpochSecond(30))) {
      Instant time = Instant.ofEpochSecond(89);
      assertEquals(94287082, totp.generateValue(time));
      assertEquals(OptionalLong.of(1), totp.verify("94287082", time, 1, 1));
      assertEquals(OptionalLong.of(1), totp.verify(arabic("94287082"), time, 1, 1));
      assertEquals(OptionalLong.empty(), totp.verify("94287083", time, 1, 1));
      Instant before = Instant.ofEpochSecond(29);
      OathException thrown = assertThrows(OathException.class, () -> totp.generateValue(before));
      assertEquals(MpassError.TIME_OUT_OF_RANGE, thrown.error());
      assertEquals(OptionalLong.empty(), totp.verify("94287082", before, 9, 9));
    }
  }

  @Test
  void numberHashesTogether() {
    List<PhoneNumber> numbers =
        IntStream.range(0, 50)
            .mapToObj(last -> PhoneNumber.parse("+9665000000%02d".formatted(last)))
            .toList();
    assertEquals(
        numbers.stream().map(PhoneNumber::sha256Hex).toList(),
        PhoneNumber.sha256HexBatch(numbers));
    assertEquals(List.of(), PhoneNumber.sha256HexBatch(List.of()));
  }
}
