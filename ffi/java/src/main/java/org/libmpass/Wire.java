package org.libmpass;

import java.util.Arrays;
import java.util.function.Function;

/** Calls operations with packed input, unpacks their output, and wipes both. */
final class Wire {
  /** Failures of the native side that are not errors of the engine. */
  private static final int SPENT = 1;

  private static final int MALFORMED = 2;
  private static final int TOO_LARGE = 3;
  private static final int UNKNOWN_OPERATION = 4;
  private static final int WRONG_HANDLE = 5;

  /** The result of a numeric native method that found no match. */
  private static final long NOTHING = Long.MIN_VALUE;

  private Wire() {}

  /** Performs an operation without a handle. */
  static <T> T call(int operation, Packer input, Function<Unpacker, T> read) {
    return call(operation, 0, input, read);
  }

  static <T> T call(int operation, long handle, Packer input, Function<Unpacker, T> read) {
    byte[] packed = input.take();
    try {
      return read(Natives.call(operation, handle, packed), read);
    } finally {
      Arrays.fill(packed, (byte) 0);
    }
  }

  /** Reads the output of an operation, or throws its error. */
  static <T> T read(byte[] output, Function<Unpacker, T> read) {
    try {
      Unpacker unpacker = new Unpacker(output);
      int number = unpacker.u16();
      if (number != 0) {
        throw failure(number, unpacker.rest());
      }
      return read.apply(unpacker);
    } finally {
      Arrays.fill(output, (byte) 0);
    }
  }

  /** Returns the result of a numeric native method, or throws its error. */
  static long number(long result) {
    if (result < 0) {
      throw failure(Math.toIntExact(-result), null);
    }
    return result;
  }

  /** Returns the result of a search, or -1 when nothing matched. */
  static long found(long result) {
    return result == NOTHING ? -1 : number(result);
  }

  private static RuntimeException failure(int number, String refusal) {
    return switch (number) {
      case SPENT -> new IllegalStateException("libmpass: used up by an earlier call");
      case MALFORMED, UNKNOWN_OPERATION, WRONG_HANDLE ->
          new IllegalStateException("libmpass: internal error");
      case TOO_LARGE -> new ArithmeticException("beyond 2^63 - 1");
      default -> MpassException.of(MpassError.of(number), refusal);
    };
  }
}
