package org.libmpass;

import java.util.Arrays;
import java.util.function.Function;

/** Calls of natives: inputs packed before, outputs unpacked after, both wiped. */
final class Wire {
  /** Failures of the native side that are no errors of the engine. */
  private static final int SPENT = 1;

  private static final int MALFORMED = 2;

  private Wire() {}

  /** A native method. */
  @FunctionalInterface
  interface Native {
    byte[] call(long handle, byte[] input);
  }

  /** Calls a native that belongs to no handle. */
  static <T> T call(Native method, Packer input, Function<Unpacker, T> read) {
    return call(method, 0, input, read);
  }

  static <T> T call(Native method, long handle, Packer input, Function<Unpacker, T> read) {
    byte[] packed = input.take();
    try {
      return read(method.call(handle, packed), read);
    } finally {
      Arrays.fill(packed, (byte) 0);
    }
  }

  /** Reads what a native returned, or throws the error that it says. */
  static <T> T read(byte[] output, Function<Unpacker, T> read) {
    try {
      Unpacker unpacker = new Unpacker(output);
      int number = unpacker.u16();
      return switch (number) {
        case 0 -> read.apply(unpacker);
        case SPENT -> throw new IllegalStateException("libmpass: used up by an earlier call");
        case MALFORMED -> throw new IllegalStateException("libmpass: internal error");
        default -> throw MpassError.of(number).exception();
      };
    } finally {
      Arrays.fill(output, (byte) 0);
    }
  }
}
