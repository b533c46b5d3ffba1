package org.libmpass;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;

/** Packs the input of a native method; buffers that it outgrows are wiped. */
final class Packer {
  private byte[] bytes = new byte[128];
  private int length;

  private void room(int more) {
    if (more > bytes.length - length) {
      byte[] larger = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
      Arrays.fill(bytes, (byte) 0);
      bytes = larger;
    }
  }

  /** Returns the packed input; this packer is empty afterwards. */
  byte[] take() {
    byte[] taken = Arrays.copyOf(bytes, length);
    wipe();
    return taken;
  }

  /** Wipes the packed input, for a call that was not made. */
  void wipe() {
    Arrays.fill(bytes, (byte) 0);
    length = 0;
  }

  Packer raw(byte[] value) {
    room(value.length);
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
    return this;
  }

  Packer u8(int value) {
    room(1);
    bytes[length++] = (byte) value;
    return this;
  }

  Packer bool(boolean value) {
    return u8(value ? 1 : 0);
  }

  Packer u16(int value) {
    return u8(value >> 8).u8(value);
  }

  Packer u16(int value, String name) {
    if (value < 0 || value > 0xffff) {
      throw new IllegalArgumentException(name + " is out of range");
    }
    return u16(value);
  }

  /** An int whose range the engine checks; a negative one is read as unsigned and too large. */
  Packer i32(int value) {
    room(Integer.BYTES);
    ByteBuffer.wrap(bytes, length, Integer.BYTES).putInt(value);
    length += Integer.BYTES;
    return this;
  }

  /** An int that is not negative. */
  Packer count(int value, String name) {
    return i32(Check.count(value, name));
  }

  /** 64 bits, unchecked. */
  Packer i64(long value) {
    room(Long.BYTES);
    ByteBuffer.wrap(bytes, length, Long.BYTES).putLong(value);
    length += Long.BYTES;
    return this;
  }

  /** A long that is not negative. */
  Packer count(long value, String name) {
    return i64(Check.count(value, name));
  }

  /** A number from 0 to 2^64 - 1. */
  Packer u64(BigInteger value, String name) {
    return i64(Check.u64(value, name));
  }

  Packer millis(Duration value, String name) {
    return i64(Check.millis(value, name));
  }

  Packer seconds(Duration value, String name) {
    if (Check.given(value, name).getNano() != 0) {
      throw new IllegalArgumentException(name + " is not in whole seconds");
    }
    return count(value.getSeconds(), name);
  }

  /** Milliseconds of Unix time. */
  Packer millis(Instant value, String name) {
    try {
      return count(Check.given(value, name).toEpochMilli(), name);
    } catch (ArithmeticException tooLarge) {
      throw new IllegalArgumentException(name + " is out of range", tooLarge);
    }
  }

  /** A time of the library, in milliseconds of Unix time. */
  Packer instant(Instant value) {
    return millis(value, "the time");
  }

  /** Seconds of Unix time. */
  Packer seconds(Instant value, String name) {
    return i64(Check.seconds(value, name));
  }

  Packer algorithm(Algorithm value) {
    return u8(Check.given(value, "the algorithm").number());
  }

  /** Bytes from a caller. */
  Packer bytes(byte[] value, String name) {
    return bytes(Check.given(value, name));
  }

  Packer bytes(byte[] value) {
    return i32(value.length).raw(value);
  }

  /** Text from a caller; it must be well-formed Unicode. */
  Packer text(String value, String name) {
    Check.given(value, name);
    try {
      return encoded(
          StandardCharsets.UTF_8
              .newEncoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .encode(CharBuffer.wrap(value)));
    } catch (CharacterCodingException unpaired) {
      throw new IllegalArgumentException(name + " has an unpaired surrogate");
    }
  }

  Packer text(String value) {
    return text(value, "the text");
  }

  /** Typed text: an unpaired surrogate becomes a question mark, which is not a digit. */
  Packer typed(String value, String name) {
    Check.given(value, name);
    return encoded(StandardCharsets.UTF_8.encode(value));
  }

  /** A phone number, as its E.164 text. */
  Packer number(PhoneNumber value) {
    return text(value.e164());
  }

  /** Typed codes. */
  Packer codes(List<String> codes) {
    return list(Check.given(codes, "codes"), (each, code) -> each.typed(code, "a code"));
  }

  private Packer encoded(ByteBuffer encoded) {
    i32(encoded.remaining());
    room(encoded.remaining());
    int count = encoded.remaining();
    encoded.get(bytes, length, count);
    length += count;
    Arrays.fill(encoded.array(), (byte) 0);
    return this;
  }

  /** A value that may be null. */
  <T> Packer optional(T value, BiConsumer<Packer, T> pack) {
    bool(value != null);
    if (value != null) {
      pack.accept(this, value);
    }
    return this;
  }

  <T> Packer list(Collection<? extends T> values, BiConsumer<Packer, T> pack) {
    i32(values.size());
    values.forEach(value -> pack.accept(this, value));
    return this;
  }

  /** Fresh bytes of the system's cryptographic random source. */
  Packer entropy(int count) {
    byte[] fresh = new byte[count];
    Library.RANDOM.nextBytes(fresh);
    raw(fresh);
    Arrays.fill(fresh, (byte) 0);
    return this;
  }
}
