package org.libmpass;

/** The natives of policies, keyrings and challenges: ffi/src/jni says what each packs and unpacks. */
final class ChallengeNatives {
  static {
    Library.load();
  }

  private ChallengeNatives() {}

  static native byte[] policyDefault(long handle, byte[] input);

  static native byte[] policyCheck(long handle, byte[] input);

  static native byte[] keyringGenerate(long handle, byte[] input);

  static native byte[] keyringParse(long handle, byte[] input);

  static native byte[] keyringExpose(long handle, byte[] input);

  static native byte[] keyringAdd(long handle, byte[] input);

  static native byte[] keyringActivate(long handle, byte[] input);

  static native byte[] keyringRemove(long handle, byte[] input);

  static native byte[] keyringIds(long handle, byte[] input);

  static native byte[] keyringFree(long handle, byte[] input);

  static native byte[] key(long handle, byte[] input);

  static native byte[] issue(long handle, byte[] input);

  static native byte[] attempt(long handle, byte[] input);

  static native byte[] refund(long handle, byte[] input);

  static native byte[] unlock(long handle, byte[] input);

  static native byte[] idFree(long handle, byte[] input);

  static native byte[] pendingIsWrittenIn(long handle, byte[] input);

  static native byte[] pendingStored(long handle, byte[] input);

  static native byte[] pendingFree(long handle, byte[] input);
}
