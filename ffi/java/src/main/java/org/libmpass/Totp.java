package org.libmpass;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * Time-based one-time passwords (RFC 6238) of one key.
 *
 * <p>This class is stateless; {@link TokenState} accepts each code only once.
 */
public final class Totp extends NativeHandle {
  private final int digits;

  private Totp(long pointer, int digits) {
    super(pointer);
    this.digits = digits;
  }

  /**
   * Codes of six digits under SHA-1, a new one every 30 seconds.
   *
   * @param secret the key, at least 16 bytes; it may be closed afterwards
   * @return the generator and verifier
   * @throws OathException when the secret is too short
   */
  public static Totp of(Secret secret) {
    return of(secret, Algorithm.SHA1, 6, Duration.ofSeconds(30));
  }

  /**
   * Codes under any hash, of any length and step, counted from the Unix epoch.
   *
   * @param secret the key, at least 16 bytes; it may be closed afterwards
   * @param algorithm the hash
   * @param digits the length of a code, 4 to 10
   * @param step how long a code is shown, in whole seconds
   * @return the generator and verifier
   * @throws OathException when the secret is too short, or digits or step are out of range
   */
  public static Totp of(Secret secret, Algorithm algorithm, int digits, Duration step) {
    return made(secret, algorithm, digits, step, Instant.EPOCH, false);
  }

  /**
   * As {@link #of(Secret, Algorithm, int, Duration)}, counted from another time.
   *
   * @param secret the key, at least 16 bytes; it may be closed afterwards
   * @param algorithm the hash
   * @param digits the length of a code, 4 to 10
   * @param step how long a code is shown, in whole seconds
   * @param t0 the time of step 0 (RFC 6238 section 4.1), not before 1970
   * @return the generator and verifier
   * @throws OathException when the secret is too short, or digits or step are out of range
   */
  public static Totp of(
      Secret secret, Algorithm algorithm, int digits, Duration step, Instant t0) {
    return made(secret, algorithm, digits, step, t0, false);
  }

  /**
   * As {@link #of(Secret, Algorithm, int, Duration)}, for existing tokens with fewer than 128 bits.
   *
   * @param secret the key, at least 1 byte; it may be closed afterwards
   * @param algorithm the hash
   * @param digits the length of a code, 4 to 10
   * @param step how long a code is shown, in whole seconds
   * @return the generator and verifier
   * @throws OathException when digits or step are out of range
   */
  public static Totp allowingShort(
      Secret secret, Algorithm algorithm, int digits, Duration step) {
    return made(secret, algorithm, digits, step, Instant.EPOCH, true);
  }

  private static Totp made(
      Secret secret, Algorithm algorithm, int digits, Duration step, Instant t0, boolean short_) {
    Packer input =
        new Packer()
            .algorithm(algorithm)
            .i32(digits)
            .bool(short_)
            .seconds(step, "the step")
            .seconds(t0, "T0");
    return Secret.given(secret)
        .call(Operation.TOTP_NEW, input, output -> new Totp(output.i64(), digits));
  }

  private static Packer at(Instant time) {
    return new Packer().seconds(time, "the time");
  }

  /**
   * The number of the time step.
   *
   * @param time the time, not before 1970
   * @return the step
   * @throws OathException for a time before T0 or after the year 9999
   */
  public long timeStep(Instant time) {
    return call(Operation.TOTP_TIME_STEP, at(time), Unpacker::i64);
  }

  /**
   * How long the code of a time is still displayed.
   *
   * @param time the time, not before 1970
   * @return what remains of the step, in whole seconds
   * @throws OathException for a time before T0 or after the year 9999
   */
  public Duration remaining(Instant time) {
    return Duration.ofSeconds(call(Operation.TOTP_REMAINING, at(time), Unpacker::i64));
  }

  /**
   * The code of a time.
   *
   * @param time the time, not before 1970
   * @return the code, leading zeros included
   * @throws OathException for a time before T0 or after the year 9999
   */
  public String generate(Instant time) {
    return Codes.text(generateValue(time), digits);
  }

  /**
   * The code of a time as a number, for hosts where creating a text costs more than computing
   * the code.
   *
   * @param time the time, not before 1970
   * @return the code without its leading zeros
   * @throws OathException for a time before T0 or after the year 9999
   */
  public int generateValue(Instant time) {
    long seconds = Check.seconds(time, "the time");
    long pointer = enter();
    try {
      return (int) Wire.number(Natives.totpValue(pointer, seconds));
    } finally {
      leave();
    }
  }

  /**
   * Searches the time steps around a time for one whose code this is. The whole window is always
   * computed; if several steps match, the latest is returned.
   *
   * @param code the typed text; one that is not a code of the right length counts as wrong
   * @param time the time, not before 1970
   * @param past how many steps a code may be late
   * @param future how many steps a token's clock may be ahead
   * @return the step that matched
   * @throws OathException for a time after the year 9999: it is in milliseconds
   */
  public OptionalLong verify(String code, Instant time, int past, int future) {
    long packed = Codes.pack(code);
    if (packed == 0) {
      Packer input = new Packer().typed(code, "the code").seconds(time, "the time");
      return Hotp.found(
          call(Operation.TOTP_VERIFY, around(input, past, future), Hotp::position));
    }
    long seconds = Check.seconds(time, "the time");
    Check.count(past, "the past");
    Check.count(future, "the future");
    long pointer = enter();
    try {
      long step = Wire.found(Natives.totpFind(pointer, packed, seconds, past, future));
      return step < 0 ? OptionalLong.empty() : OptionalLong.of(step);
    } finally {
      leave();
    }
  }

  /**
   * The step of the last of two or three codes in a row; the step of the first code is within a
   * window around a time.
   *
   * @param codes two or three codes, as typed
   * @param time the time, not before 1970
   * @param past how many steps back the first code may be
   * @param future how many steps ahead it may be
   * @return the step of the last code
   * @throws OathException when there are not two or three codes, or the window is too large
   */
  public OptionalLong resynchronize(List<String> codes, Instant time, int past, int future) {
    Packer input = new Packer().codes(codes).seconds(time, "the time");
    return Hotp.found(
        call(Operation.TOTP_RESYNCHRONIZE, around(input, past, future), Hotp::position));
  }

  private static Packer around(Packer input, int past, int future) {
    return input.count(past, "the past").count(future, "the future");
  }
}
