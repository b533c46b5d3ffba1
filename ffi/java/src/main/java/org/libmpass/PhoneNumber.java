package org.libmpass;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;

/**
 * A phone number in its canonical form, E.164. {@link #toString} masks it; numbers are compared in
 * constant time.
 */
public final class PhoneNumber {
  private final String e164;
  private final int callingCode;
  private final String masked;

  PhoneNumber(Unpacker output) {
    e164 = output.text();
    callingCode = output.u16();
    masked = output.text();
  }

  /**
   * Reads a number with its country code, as people write it: separators, {@code 00} for the plus
   * sign and digits of every script are understood.
   *
   * @param text the number
   * @return the number
   * @throws SubjectException when it is not a phone number
   */
  public static PhoneNumber parse(String text) {
    return parsed(text, null);
  }

  /**
   * Reads a number as people in a country write it, with or without the country code.
   *
   * @param text the number
   * @param country the country code of numbers in national form, such as 966
   * @return the number
   * @throws SubjectException when it is not a phone number
   */
  public static PhoneNumber parse(String text, int country) {
    return parsed(text, country);
  }

  private static PhoneNumber parsed(String text, Integer country) {
    Packer input = new Packer().typed(text, "the phone number").optional(country, Packer::i32);
    return Wire.call(Operation.NUMBER_PARSE, input, PhoneNumber::new);
  }

  /**
   * The number of a country code and a separate national number.
   *
   * @param country the country code, such as 966
   * @param national the national number, with or without its trunk prefix
   * @return the number
   * @throws SubjectException when it is not a phone number
   */
  public static PhoneNumber ofNational(int country, String national) {
    Packer input = new Packer().i32(country).typed(national, "the national number");
    return Wire.call(Operation.NUMBER_FROM_NATIONAL, input, PhoneNumber::new);
  }

  /**
   * {@return the version of the table of numbering plans that canonical numbers are a function of;
   * programs that share a store should have the same}
   */
  public static int tableVersion() {
    return Wire.call(Operation.NUMBER_TABLE_VERSION, new Packer(), Unpacker::u16);
  }

  /** {@return the number with its plus sign: {@code +966500000000}} */
  public String e164() {
    return e164;
  }

  /** {@return the digits without a plus sign: {@code 966500000000}} */
  public String digits() {
    return e164.substring(1);
  }

  /** {@return the country code: 966} */
  public int callingCode() {
    return callingCode;
  }

  private Packer packed() {
    return new Packer().text(e164);
  }

  /** {@return the digits after the country code: {@code 500000000}} */
  public String national() {
    return Wire.call(Operation.NUMBER_HASHES, packed(), Unpacker::text);
  }

  /**
   * {@return SHA-256 over the number with its plus sign, in hexadecimal: the public hash of CAMARA
   * Number Verification and GSMA IDY.54, which anyone can compute for every number of a country}
   */
  public String sha256Hex() {
    return hash(1);
  }

  /**
   * {@link #sha256Hex} of many numbers, computed in parallel lanes.
   *
   * @param numbers the numbers
   * @return the hash of each
   */
  public static List<String> sha256HexBatch(List<PhoneNumber> numbers) {
    List<PhoneNumber> kept = List.copyOf(Check.given(numbers, "the numbers"));
    Packer input = new Packer().list(kept, Packer::number);
    return Wire.call(
        Operation.NUMBER_HASH_BATCH,
        input,
        output -> kept.stream().map(number -> output.text()).toList());
  }

  /** {@return SHA-256 over the digits without the plus sign, in hexadecimal} */
  public String sha256HexWithoutPlus() {
    return hash(2);
  }

  private String hash(int index) {
    return Wire.call(
        Operation.NUMBER_HASHES,
        packed(),
        output -> {
          String[] texts = {output.text(), output.text(), output.text()};
          return texts[index];
        });
  }

  /**
   * Whether a received hash is that of the number with its plus sign.
   *
   * @param digest 64 hexadecimal digits in either case
   * @return whether it is {@link #sha256Hex}, compared in constant time
   * @throws OathException when it is not 64 hexadecimal digits
   */
  public boolean hasSha256Hex(String digest) {
    Packer input = packed().typed(digest, "the digest");
    return Wire.call(Operation.NUMBER_HAS_DIGEST, input, Unpacker::bool);
  }

  /**
   * HMAC-SHA-256 of the number under the host's key: a hash to store and to use as a lookup key.
   *
   * @param key 32 bytes
   * @return 32 bytes
   */
  public byte[] keyedHash(byte[] key) {
    if (Objects.requireNonNull(key, "the key is null").length != 32) {
      throw new IllegalArgumentException("the key has 32 bytes");
    }
    return Wire.call(Operation.NUMBER_KEYED_HASH, packed().raw(key), Unpacker::bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PhoneNumber number
        && MessageDigest.isEqual(
            e164.getBytes(StandardCharsets.US_ASCII),
            number.e164.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public int hashCode() {
    return Objects.hash(e164);
  }

  /** {@return the number masked: {@code +9665*****00}} */
  @Override
  public String toString() {
    return masked;
  }
}
