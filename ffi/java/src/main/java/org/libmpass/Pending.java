package org.libmpass;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * An outcome that is withheld until its record is stored.
 *
 * <p>The caller replaces {@link #expected} by {@link #next} at {@link #key} in its store, in one
 * compare-and-swap, and calls {@link #stored} once that is durable. On a conflict it closes this
 * and decides again from the current value; when the outcome of the swap is unknown it reads the
 * store and calls {@link #isWrittenIn}. The outcome stays in native memory until {@code stored}.
 *
 * @param <T> the outcome; {@link Void} when there is none
 */
public final class Pending<T> extends NativeHandle {
  private final Swap swap;
  private final Function<Unpacker, T> outcome;

  private Pending(Swap swap, long pointer, Function<Unpacker, T> outcome) {
    super(pointer);
    this.swap = swap;
    this.outcome = outcome;
  }

  static <T> Pending<T> read(Unpacker output, Function<Unpacker, T> outcome) {
    Swap swap =
        new Swap(
            Kind.STATE,
            StoreKey.read(output),
            output.optional(Unpacker::bytes),
            output.bytes(),
            output.optional(Unpacker::instant));
    return new Pending<>(swap, output.i64(), outcome);
  }

  /** A pending write without an outcome. */
  static Pending<Void> read(Unpacker output) {
    return read(output, nothing -> null);
  }

  /** {@return the store key of the record, of {@link Kind#STATE}} */
  public StoreKey key() {
    return swap.key();
  }

  /** {@return the value that the swap expects; empty when it expects none} */
  public Optional<byte[]> expected() {
    return swap.expected().map(byte[]::clone);
  }

  /** {@return the new value} */
  public byte[] next() {
    return swap.value().clone();
  }

  /** {@return when a store may first drop the record; empty when it does not expire} */
  public Optional<Instant> expiresAt() {
    return swap.expiresAt();
  }

  /** {@return the swap, for a {@link Store}} */
  public Swap swap() {
    return new Swap(Kind.STATE, key(), expected(), next(), expiresAt());
  }

  /**
   * Whether the value that is now in the store is {@link #next}.
   *
   * @param current what was read
   * @return whether the swap was stored
   */
  public boolean isWrittenIn(byte[] current) {
    return call(
        Operation.PENDING_IS_WRITTEN_IN, new Packer().bytes(current), Unpacker::bool);
  }

  /**
   * Returns the outcome. Call this once, only after the swap is durably stored; it closes this.
   *
   * @return the outcome
   * @throws IllegalStateException when it was returned before
   */
  public T stored() {
    try {
      return call(Operation.PENDING_STORED, new Packer(), outcome);
    } finally {
      close();
    }
  }

  /** {@return only the store key, without the outcome} */
  @Override
  public String toString() {
    return "Pending[" + key() + "]";
  }
}
