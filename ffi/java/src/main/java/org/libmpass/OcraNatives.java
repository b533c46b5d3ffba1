package org.libmpass;

/** The natives of OCRA: ffi/src/jni says what each packs and unpacks. */
final class OcraNatives {
  static {
    Library.load();
  }

  private OcraNatives() {}

  static native byte[] create(long handle, byte[] input);

  static native byte[] respond(long handle, byte[] input);

  static native byte[] verify(long handle, byte[] input);

  static native byte[] question(long handle, byte[] input);

  static native byte[] signatureQuestion(long handle, byte[] input);

  static native byte[] mutual(long handle, byte[] input);

  static native byte[] free(long handle, byte[] input);
}
