package org.libmpass;

/** The natives of the server's side of tokens: ffi/src/jni says what each packs and unpacks. */
final class TokenNatives {
  static {
    Library.load();
  }

  private TokenNatives() {}

  static native byte[] policyDefault(long handle, byte[] input);

  static native byte[] key(long handle, byte[] input);

  static native byte[] enroll(long handle, byte[] input);

  static native byte[] attemptHotp(long handle, byte[] input);

  static native byte[] attemptTotp(long handle, byte[] input);

  static native byte[] resynchronizeHotp(long handle, byte[] input);

  static native byte[] resynchronizeTotp(long handle, byte[] input);

  static native byte[] ask(long handle, byte[] input);

  static native byte[] attemptOcra(long handle, byte[] input);

  static native byte[] unlock(long handle, byte[] input);

  static native byte[] status(long handle, byte[] input);
}
