package org.libmpass;

/** The natives of the library itself: ffi/src/jni says what each packs and unpacks. */
final class LibraryNatives {
  private LibraryNatives() {}

  static native byte[] version(long handle, byte[] input);

  static native byte[] errors(long handle, byte[] input);
}
