package org.libmpass;

/** The natives of key URIs: ffi/src/jni says what each packs and unpacks. */
final class UriNatives {
  static {
    Library.load();
  }

  private UriNatives() {}

  static native byte[] parse(long handle, byte[] input);

  static native byte[] create(long handle, byte[] input);

  static native byte[] expose(long handle, byte[] input);

  static native byte[] secret(long handle, byte[] input);

  static native byte[] free(long handle, byte[] input);
}
