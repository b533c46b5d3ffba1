package org.libmpass;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Codes as the numbers that cross to the native side. */
final class Codes {
  /** What a packed code has room for: four bits for each digit, and a 1 before them. */
  private static final int MOST = 15;

  private Codes() {}

  /** The text of a code, leading zeros included. */
  static String text(int value, int digits) {
    byte[] ascii = new byte[digits];
    int rest = value;
    for (int index = digits - 1; index >= 0; index--) {
      ascii[index] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    String text = new String(ascii, StandardCharsets.ISO_8859_1);
    Arrays.fill(ascii, (byte) 0);
    return text;
  }

  /**
   * A typed text packed, or 0 for one that is not of ASCII digits alone: those cross as text, as
   * the engine takes digits of other scripts, too. The engine decides which of them are codes.
   */
  static long pack(String code) {
    int length = Check.given(code, "the code").length();
    if (length > MOST) {
      return 0;
    }
    long packed = 1;
    boolean isPlain = true;
    for (int i = 0; i < length; i++) {
      int digit = code.charAt(i) - '0';
      isPlain &= digit >= 0 & digit <= 9;
      packed = packed << 4 | digit & 15;
    }
    return isPlain ? packed : 0;
  }
}
