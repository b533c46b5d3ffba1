package org.libmpass;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Conversion of codes to and from the numbers that the native side uses. */
final class Codes {
  /** The most digits of a packed code: a leading 1 bit, then four bits per digit. */
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
   * Packs a typed text, or returns 0 for one that is too long or has other characters than ASCII
   * digits. Those are passed as text, because the engine also accepts digits of other scripts.
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
