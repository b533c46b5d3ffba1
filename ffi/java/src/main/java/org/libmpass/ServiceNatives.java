package org.libmpass;

/** The natives of channels and exchanges: ffi/src/jni says what each packs and unpacks. */
final class ServiceNatives {
  static {
    Library.load();
  }

  private ServiceNatives() {}

  static native byte[] channelPlace(long handle, byte[] input);

  static native byte[] channelCreate(long handle, byte[] input);

  static native byte[] channelOpen(long handle, byte[] input);

  static native byte[] channelRotate(long handle, byte[] input);

  static native byte[] channelRevoke(long handle, byte[] input);

  static native byte[] channelAllows(long handle, byte[] input);

  static native byte[] channelStored(long handle, byte[] input);

  static native byte[] channelFree(long handle, byte[] input);

  static native byte[] engineNew(long handle, byte[] input);

  static native byte[] engineFree(long handle, byte[] input);

  static native byte[] begin(long handle, byte[] input);

  static native byte[] next(long handle, byte[] input);

  static native byte[] exchangeFree(long handle, byte[] input);

  static native byte[] reasons(long handle, byte[] input);
}
