package org.libmpass;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;

/** Checks of callers' arguments before they are passed to the native side. */
final class Check {
  private Check() {}

  static <T> T given(T value, String name) {
    if (value == null) {
      throw new NullPointerException(name + " is null");
    }
    return value;
  }

  static int count(int value, String name) {
    return (int) count((long) value, name);
  }

  static long count(long value, String name) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " is negative");
    }
    return value;
  }

  /** The bits of a number from 0 to 2^64 - 1. */
  static long u64(BigInteger value, String name) {
    if (given(value, name).signum() < 0 || value.bitLength() > Long.SIZE) {
      throw new IllegalArgumentException(name + " is not between 0 and 2^64 - 1");
    }
    return value.longValue();
  }

  /** Whole milliseconds. */
  static long millis(Duration value, String name) {
    try {
      return count(given(value, name).toMillis(), name);
    } catch (ArithmeticException tooLarge) {
      throw new IllegalArgumentException(name + " is too long", tooLarge);
    }
  }

  /** Seconds of Unix time. */
  static long seconds(Instant value, String name) {
    return count(given(value, name).getEpochSecond(), name);
  }

  static void same(int length, int other, String names) {
    if (length != other) {
      throw new IllegalArgumentException(names + " are not as many");
    }
  }
}
