package org.libmpass;

import java.util.Arrays;
import java.util.HexFormat;

/** The key of a value in the store: 16 bytes that reveal nothing about its subject. */
public final class StoreKey implements Comparable<StoreKey> {
  static final int LENGTH = 16;

  private final byte[] bytes;

  private StoreKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Creates a key from its bytes.
   *
   * @param bytes 16 bytes
   * @return the key
   */
  public static StoreKey of(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("a store key has 16 bytes");
    }
    return new StoreKey(bytes.clone());
  }

  static StoreKey read(Unpacker output) {
    return new StoreKey(output.raw(LENGTH));
  }

  void pack(Packer input) {
    input.raw(bytes);
  }

  /** {@return a copy of the 16 bytes} */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Compares the bytes as unsigned numbers, which is the order of {@link Store#list}. */
  @Override
  public int compareTo(StoreKey other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StoreKey key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** {@return the bytes in lower-case hexadecimal} */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
