package org.libmpass;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads the packed output of a native method in order. */
final class Unpacker {
  private final ByteBuffer bytes;

  Unpacker(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
  }

  int u8() {
    return Byte.toUnsignedInt(bytes.get());
  }

  boolean bool() {
    return bytes.get() != 0;
  }

  int u16() {
    return Short.toUnsignedInt(bytes.getShort());
  }

  int i32() {
    return bytes.getInt();
  }

  long i64() {
    return bytes.getLong();
  }

  BigInteger u64() {
    return new BigInteger(1, raw(Long.BYTES));
  }

  /** An unsigned number, capped at the largest long. */
  long count() {
    long value = bytes.getLong();
    return value < 0 ? Long.MAX_VALUE : value;
  }

  double f64() {
    return bytes.getDouble();
  }

  byte[] raw(int count) {
    byte[] value = new byte[count];
    bytes.get(value);
    return value;
  }

  byte[] bytes() {
    return raw(bytes.getInt());
  }

  String text() {
    int count = bytes.getInt();
    String text = new String(bytes.array(), bytes.position(), count, StandardCharsets.UTF_8);
    bytes.position(bytes.position() + count);
    return text;
  }

  /** The text after the number of a failure, or null. */
  String rest() {
    return bytes.hasRemaining() ? text() : null;
  }

  Duration millis() {
    return Duration.ofMillis(i64());
  }

  /** A time, at most the largest long of milliseconds. */
  Instant instant() {
    return Instant.ofEpochMilli(count());
  }

  InetAddress address() {
    try {
      return InetAddress.getByAddress(bytes());
    } catch (UnknownHostException otherLength) {
      throw new IllegalStateException("libmpass: internal error", otherLength);
    }
  }

  <T> Optional<T> optional(Function<Unpacker, T> read) {
    return bool() ? Optional.of(read.apply(this)) : Optional.empty();
  }

  <T> List<T> list(Function<Unpacker, T> read) {
    int count = i32();
    List<T> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(read.apply(this));
    }
    return List.copyOf(values);
  }
}
