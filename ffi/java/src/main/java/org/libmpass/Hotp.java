package org.libmpass;

import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * HMAC-based one-time passwords (RFC 4226) of one key.
 *
 * <p>Nothing is remembered: {@link TokenState} is what accepts each code once.
 */
public final class Hotp extends NativeHandle {
  private Hotp(long pointer) {
    super(pointer, OathNatives::hotpFree);
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
   * As {@link #of(Secret, Algorithm, int)}, for tokens that exist already with fewer than 128 bits.
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
    return Secret.given(secret).call(OathNatives::hotpNew, input, output -> new Hotp(output.i64()));
  }

  /**
   * The code of a counter (RFC 4226 section 5.3).
   *
   * @param counter the counter, not negative
   * @return the code, leading zeros included
   */
  public String generate(long counter) {
    return call(
        OathNatives::hotpGenerate, new Packer().count(counter, "the counter"), Unpacker::text);
  }

  /**
   * The code of a counter.
   *
   * @param counter the counter, 0 to 2^64 - 1
   * @return the code, leading zeros included
   */
  public String generate(BigInteger counter) {
    return call(
        OathNatives::hotpGenerate, new Packer().u64(counter, "the counter"), Unpacker::text);
  }

  /**
   * The counter whose code this is, looked for at {@code counter} and the counters after it (RFC
   * 4226 section 7.2). The whole window is computed whatever matches.
   *
   * @param code what somebody typed; a text that is no code of the length is a wrong one
   * @param counter the counter after the last accepted one, not negative
   * @param lookAhead how many counters after it are looked at, cut to 99,999
   * @return the counter that matched
   * @throws ArithmeticException when that is beyond 2^63 - 1
   */
  public OptionalLong verify(String code, long counter, int lookAhead) {
    Packer input = new Packer().typed(code, "the code").count(counter, "the counter");
    return found(call(OathNatives::hotpVerify, ahead(input, lookAhead), Hotp::position));
  }

  /**
   * As {@link #verify(String, long, int)} over all counters.
   *
   * @param code what somebody typed
   * @param counter the counter after the last accepted one, 0 to 2^64 - 1
   * @param lookAhead how many counters after it are looked at, cut to 99,999
   * @return the counter that matched
   */
  public Optional<BigInteger> verify(String code, BigInteger counter, int lookAhead) {
    Packer input = new Packer().typed(code, "the code").u64(counter, "the counter");
    return call(OathNatives::hotpVerify, ahead(input, lookAhead), Hotp::position);
  }

  private static Packer ahead(Packer input, int lookAhead) {
    return input.count(lookAhead, "the look-ahead");
  }

  /**
   * The counter of the last of two or three codes in a row (RFC 4226 section 7.4).
   *
   * @param codes two or three codes, as somebody typed them
   * @param counter the first counter that the first code may be of, not negative
   * @param window how many counters it may be of, at most 100,000
   * @return the counter of the last code
   * @throws OathException for other than two or three codes, or a window too large
   * @throws ArithmeticException when the counter is beyond 2^63 - 1
   */
  public OptionalLong resynchronize(List<String> codes, long counter, int window) {
    Packer input =
        new Packer()
            .codes(codes)
            .count(counter, "the counter")
            .count(window, "the window");
    return found(call(OathNatives::hotpResynchronize, input, Hotp::position));
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
