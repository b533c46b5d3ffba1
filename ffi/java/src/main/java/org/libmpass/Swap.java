package org.libmpass;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One compare-and-swap. Do not modify its arrays.
 *
 * @param kind the kind of value
 * @param key its store key
 * @param expected the value that must be there now; empty when there must be none
 * @param value the new value
 * @param expiresAt when the store may first drop the value; empty when it does not expire
 */
public record Swap(
    Kind kind,
    StoreKey key,
    Optional<byte[]> expected,
    byte[] value,
    Optional<Instant> expiresAt) {
  /**
   * Checks that nothing is null.
   *
   * @param kind the kind of value
   * @param key its store key
   * @param expected the value that must be there now; empty when there must be none
   * @param value the new value
   * @param expiresAt when the store may first drop the value; empty when it does not expire
   */
  public Swap {
    Objects.requireNonNull(kind, "the kind is null");
    Objects.requireNonNull(key, "the key is null");
    Objects.requireNonNull(expected, "the expected is null");
    Objects.requireNonNull(value, "the value is null");
    Objects.requireNonNull(expiresAt, "the expiry is null");
  }

  static Swap read(Unpacker output) {
    return new Swap(
        Kind.of(output.u8()),
        StoreKey.read(output),
        output.optional(Unpacker::bytes),
        output.bytes(),
        output.optional(Unpacker::instant));
  }

  Packer pack(Packer input) {
    key.pack(input.u8(kind.number()));
    return input
        .optional(expected.orElse(null), Packer::bytes)
        .bytes(value)
        .optional(expiresAt.orElse(null), (each, at) -> each.millis(at, "the expiry"));
  }

  /** {@return only kind and store key} */
  @Override
  public String toString() {
    return "Swap[" + kind + " " + key + "]";
  }
}
