package org.libmpass;

import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * HMAC-based one-time passwords (RFC 4226) of one key.
 *
 * <p>This class is stateless; {@link TokenState} accepts each code only once.
 */
public final class Hotp extends NativeHandle {
  private final int digits;

  private Hotp(long pointer, int digits) {
    super(pointer);
    this.digits = digits;
  }

  /**
   * Codes of six digits under SHA-1.
   *
   * @param secret the key, at least 16 bytes; it may be closed afterwards
   * @return the generator and verifier
   * @throws OathException when the secret is too short
   */
  public static Hotp of(Secret secret) {
    return of(secret, Algorithm.SHA1, 6);
  }

  /**
   * Codes under any hash and of any length.
   *
   * @param secret the key, at least 16 bytes; it may be closed afterwards
   * @param algorithm the hash
   * @param digits the length of a code, 4 to 10
   * @return the generator and verifier
   * @throws OathException when the secret is too short or the digits are out of range
   */
  public static Hotp of(Secret secret, Algorithm algorithm, int digits) {
    return made(secret, algorithm, digits, false);
  }

  /**
   * As {@link #of(Secret, Algorithm, int)}, for existing tokens with fewer than 128 bits.
   *
   * @param secret the key, at least 1 byte; it may be closed afterwards
   * @param algorithm the hash
   * @param digits the length of a code, 4 to 10
   * @return the generator and verifier
   * @throws OathException when the digits are out of range
   */
  public static Hotp allowingShort(Secret secret, Algorithm algorithm, int digits) {
    return made(secret, algorithm, digits, true);
  }

  private static Hotp made(Secret secret, Algorithm algorithm, int digits, boolean allowShort) {
    Packer input = new Packer().algorithm(algorithm).i32(digits).bool(allowShort);
    return Secret.given(secret)
        .call(Operation.HOTP_NEW, input, output -> new Hotp(output.i64(), digits));
  }

  /**
   * The code of a counter (RFC 4226 section 5.3).
   *
   * @param counter the counter, not negative
   * @return the code, leading zeros included
   */
  public String generate(long counter) {
    return Codes.text(generateValue(counter), digits);
  }

  /**
   * The code of a counter.
   *
   * @param counter the counter, 0 to 2^64 - 1
   * @return the code, leading zeros included
   */
  public String generate(BigInteger counter) {
    return Codes.text(value(Check.u64(counter, "the counter")), digits);
  }

  /**
   * The code of a counter as a number, for hosts where creating a text costs more than computing
   * the code.
   *
   * @param counter the counter, not negative
   * @return the code without its leading zeros
   */
  public int generateValue(long counter) {
    return value(Check.count(counter, "the counter"));
  }

  private int value(long counter) {
    long pointer = enter();
    try {
      return (int) Wire.number(Natives.hotpValue(pointer, counter));
    } finally {
      leave();
    }
  }

  /**
   * The codes of consecutive counters as numbers, computed in parallel lanes: from about a dozen
   * on, a code costs a fraction of {@link #generateValue}.
   *
   * @param first the first counter, not negative
   * @param values receives the codes, without their leading zeros
   * @return the number of codes: fewer than {@code values} can hold only when the counters end
   */
  public int generateRange(long first, int[] values) {
    Check.count(first, "the first counter");
    Check.given(values, "the values");
    long pointer = enter();
    try {
      return (int) Wire.number(Natives.hotpRange(pointer, first, values));
    } finally {
      leave();
    }
  }

  /**
   * The codes of many keys as numbers, computed in parallel lanes.
   *
   * @param keys the keys
   * @param counters the counter of each key, as an unsigned 64-bit number
   * @return the code of each key, without its leading zeros
   */
  public static int[] generateBatch(List<Hotp> keys, long[] counters) {
    List<Hotp> kept = List.copyOf(Check.given(keys, "the keys"));
    Check.same(kept.size(), Check.given(counters, "the counters").length, "keys and counters");
    int[] values = new int[counters.length];
    useAll(kept, handles -> Wire.number(Natives.hotpValues(handles, counters, values)));
    return values;
  }

  /**
   * Verifies the codes of many keys, each as {@link #verify(String, long, int)} does, in parallel
   * lanes.
   *
   * @param keys the keys
   * @param codes the typed text for each key
   * @param counters for each key the counter after the last accepted one, not negative
   * @param lookAhead how many counters after it are also compared, capped at 99,999
   * @return for each key the counter that matched, or -1
   * @throws ArithmeticException when a counter that matched exceeds 2^63 - 1
   */
  public static long[] verifyBatch(
      List<Hotp> keys, List<String> codes, long[] counters, int lookAhead) {
    List<Hotp> kept = List.copyOf(Check.given(keys, "the keys"));
    long[] packed = Check.given(codes, "the codes").stream().mapToLong(Codes::pack).toArray();
    Check.same(kept.size(), packed.length, "keys and codes");
    Check.same(kept.size(), Check.given(counters, "the counters").length, "keys and counters");
    Check.count(lookAhead, "the look-ahead");
    long[] found = counters.clone();
    for (long counter : found) {
      Check.count(counter, "a counter");
    }
    useAll(
        kept, handles -> Wire.number(Natives.hotpFinds(handles, packed, found, lookAhead)));
    for (int i = 0; i < found.length; i++) {
      if (packed[i] == 0) {
        found[i] = kept.get(i).verify(codes.get(i), counters[i], lookAhead).orElse(-1);
      } else {
        long offset = Wire.found(found[i]);
        found[i] = offset < 0 ? -1 : Math.addExact(counters[i], offset);
      }
    }
    return found;
  }

  /**
   * Searches {@code counter} and the counters after it for one whose code this is (RFC 4226 section
   * 7.2). The whole window is always computed, even after a match.
   *
   * @param code the typed text; one that is not a code of the right length counts as wrong
   * @param counter the counter after the last accepted one, not negative
   * @param lookAhead how many counters after it are also compared, capped at 99,999
   * @return the counter that matched
   * @throws ArithmeticException when that counter exceeds 2^63 - 1
   */
  public OptionalLong verify(String code, long counter, int lookAhead) {
    long offset = find(code, Check.count(counter, "the counter"), lookAhead);
    return offset < 0 ? OptionalLong.empty() : OptionalLong.of(Math.addExact(counter, offset));
  }

  /**
   * As {@link #verify(String, long, int)}, for any counter.
   *
   * @param code the typed text
   * @param counter the counter after the last accepted one, 0 to 2^64 - 1
   * @param lookAhead how many counters after it are also compared, capped at 99,999
   * @return the counter that matched
   */
  public Optional<BigInteger> verify(String code, BigInteger counter, int lookAhead) {
    long offset = find(code, Check.u64(counter, "the counter"), lookAhead);
    return offset < 0
        ? Optional.empty()
        : Optional.of(counter.add(BigInteger.valueOf(offset)));
  }

  /** The distance from the counter to the one that matched, or -1. */
  private long find(String code, long counter, int lookAhead) {
    long packed = Codes.pack(code);
    Check.count(lookAhead, "the look-ahead");
    if (packed == 0) {
      Packer input = new Packer().typed(code, "the code").i64(counter).i32(lookAhead);
      Optional<BigInteger> found = call(Operation.HOTP_VERIFY, input, Hotp::position);
      return found.isPresent() ? found.get().longValue() - counter : -1;
    }
    long pointer = enter();
    try {
      return Wire.found(Natives.hotpFind(pointer, packed, counter, lookAhead));
    } finally {
      leave();
    }
  }

  /**
   * The counter of the last of two or three codes in a row (RFC 4226 section 7.4).
   *
   * @param codes two or three codes, as typed
   * @param counter the lowest counter of the first code, not negative
   * @param window how many counters the first code may have, at most 100,000
   * @return the counter of the last code
   * @throws OathException when there are not two or three codes, or the window is too large
   * @throws ArithmeticException when the counter exceeds 2^63 - 1
   */
  public OptionalLong resynchronize(List<String> codes, long counter, int window) {
    Packer input =
        new Packer()
            .codes(codes)
            .count(counter, "the counter")
            .count(window, "the window");
    return found(call(Operation.HOTP_RESYNCHRONIZE, input, Hotp::position));
  }

  static Optional<BigInteger> position(Unpacker output) {
    return output.optional(Unpacker::u64);
  }

  static OptionalLong found(Optional<BigInteger> position) {
    Objects.requireNonNull(position);
    return position.isPresent()
        ? OptionalLong.of(position.get().longValueExact())
        : OptionalLong.empty();
  }
}
