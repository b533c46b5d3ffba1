package org.libmpass;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One compare-and-swap. Its arrays are the caller's to read, not to change.
 *
 * @param kind which kind of value
 * @param key its store key
 * @param expected the value that must be there now; empty: nothing
 * @param value the new value
 * @param expiresAt from when on the store may drop the value, never before; {@link Instant#MAX} for
 *     values that stay
 */
public record Swap(
    Kind kind, StoreKey key, Optional<byte[]> expected, byte[] value, Instant expiresAt) {
  /**
   * Checks that nothing is null.
   *
   * @param kind which kind of value
   * @param key its store key
   * @param expected the value that must be there now; empty: nothing
   * @param value the new value
   * @param expiresAt from when on the store may drop the value, never before; {@link Instant#MAX} for
   *     values that stay
   */
  public Swap {
    Objects.requireNonNull(kind, "the kind is null");
    Objects.requireNonNull(key, "the key is null");
    Objects.requireNonNull(expected, "the expected is null");
    Objects.requireNonNull(value, "the value is null");
    Objects.requireNonNull(expiresAt, "the expires at is null");
  }

  static Swap read(Unpacker output) {
    return new Swap(
        Kind.of(output.u8()),
        StoreKey.read(output),
        output.optional(Unpacker::bytes),
        output.bytes(),
        output.instant());
  }

  Packer pack(Packer input) {
    key.pack(input.u8(kind.number()));
    return input
        .optional(expected.orElse(null), Packer::bytes)
        .bytes(value)
        .millis(expiresAt, "the expiry");
  }

  /** {@return kind and store key alone} */
  @Override
  public String toString() {
    return "Swap[" + kind + " " + key + "]";
  }
}
