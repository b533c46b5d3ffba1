package org.libmpass;

/** The natives of secrets, HOTP and TOTP: ffi/src/jni says what each packs and unpacks. */
final class OathNatives {
  static {
    Library.load();
  }

  private OathNatives() {}

  static native byte[] secretFromBytes(long handle, byte[] input);

  static native byte[] secretFromBase32(long handle, byte[] input);

  static native byte[] secretFromHex(long handle, byte[] input);

  static native byte[] secretGenerate(long handle, byte[] input);

  static native byte[] secretExpose(long handle, byte[] input);

  static native byte[] secretExposeBase32(long handle, byte[] input);

  static native byte[] secretExposeHex(long handle, byte[] input);

  static native byte[] secretLength(long handle, byte[] input);

  static native byte[] secretFree(long handle, byte[] input);

  static native byte[] hotpNew(long handle, byte[] input);

  static native long hotpValue(long handle, long counter);

  static native long hotpFind(long handle, long code, long counter, int ahead);

  static native long hotpRange(long handle, long first, int[] values);

  static native long hotpValues(long[] handles, long[] counters, int[] values);

  static native long hotpFinds(long[] handles, long[] codes, long[] counters, int ahead);

  static native byte[] hotpVerify(long handle, byte[] input);

  static native byte[] hotpResynchronize(long handle, byte[] input);

  static native byte[] hotpFree(long handle, byte[] input);

  static native byte[] totpNew(long handle, byte[] input);

  static native byte[] totpTimeStep(long handle, byte[] input);

  static native byte[] totpRemaining(long handle, byte[] input);

  static native long totpValue(long handle, long unixSeconds);

  static native long totpFind(long handle, long code, long unixSeconds, int past, int future);

  static native byte[] totpVerify(long handle, byte[] input);

  static native byte[] totpResynchronize(long handle, byte[] input);

  static native byte[] totpFree(long handle, byte[] input);
}
