package org.libmpass;

/** The natives of phone numbers: ffi/src/jni says what each packs and unpacks. */
final class NumberNatives {
  static {
    Library.load();
  }

  private NumberNatives() {}

  static native byte[] parse(long handle, byte[] input);

  static native byte[] fromNational(long handle, byte[] input);

  static native byte[] hashes(long handle, byte[] input);

  static native byte[] hashBatch(long handle, byte[] input);

  static native byte[] keyedHash(long handle, byte[] input);

  static native byte[] digest(long handle, byte[] input);
}
