package org.libmpass;

import java.util.Objects;

/** The secret of a token, 1 to 1,024 bytes, in native memory that is wiped by {@link #close}. */
public final class Secret extends NativeHandle {
  Secret(long pointer) {
    super(pointer);
  }

  /** Creates a key from a secret. */
  static Secret given(Secret secret) {
    return Objects.requireNonNull(secret, "the secret is null");
  }

  private static Secret made(int by, Packer input) {
    return Wire.call(by, input, output -> new Secret(output.i64()));
  }

  /**
   * Copies bytes into a secret.
   *
   * @param bytes the secret, which the caller may wipe afterwards
   * @return the secret
   * @throws OathException when it is empty or too long
   */
  public static Secret ofBytes(byte[] bytes) {
    return made(Operation.SECRET_FROM_BYTES, new Packer().bytes(bytes, "the secret"));
  }

  /**
   * Reads base32 (RFC 4648) in either case. White space, line breaks, dashes and format characters
   * are passed over, and padding is optional.
   *
   * @param text the secret as base32
   * @return the secret
   * @throws OathException when it is not base32, empty or too long; the message names the place of
   *     the fault, and a digit that base32 does not have (0, 1, 8, 9)
   */
  public static Secret ofBase32(String text) {
    return made(Operation.SECRET_FROM_BASE32, new Packer().text(text, "the secret"));
  }

  /**
   * Reads hexadecimal in either case. What {@link #ofBase32} passes over is passed over, and colons.
   *
   * @param text the secret as hexadecimal
   * @return the secret
   * @throws OathException when it is not hexadecimal, empty or too long; the message names the
   *     place of the fault
   */
  public static Secret ofHex(String text) {
    return made(Operation.SECRET_FROM_HEX, new Packer().text(text, "the secret"));
  }

  /**
   * Generates a secret of the length that the RFCs recommend for a hash: 20, 32 or 64 bytes.
   *
   * @param algorithm the hash
   * @return the secret
   */
  public static Secret generate(Algorithm algorithm) {
    return made(Operation.SECRET_GENERATE, new Packer().algorithm(algorithm).entropy(64));
  }

  /** {@return the bytes; the caller wipes them} */
  public byte[] expose() {
    return call(Operation.SECRET_EXPOSE, new Packer(), Unpacker::bytes);
  }

  /** {@return the secret as upper-case base32 without padding, as authenticator apps accept it} */
  public String exposeBase32() {
    return call(Operation.SECRET_EXPOSE_BASE32, new Packer(), Unpacker::text);
  }

  /** {@return the secret as lower-case hexadecimal} */
  public String exposeHex() {
    return call(Operation.SECRET_EXPOSE_HEX, new Packer(), Unpacker::text);
  }

  /** {@return the number of bytes} */
  public int length() {
    return call(Operation.SECRET_LENGTH, new Packer(), Unpacker::i32);
  }

  /** {@return only the class, without the secret} */
  @Override
  public String toString() {
    return "Secret";
  }
}
