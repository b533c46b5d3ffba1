package org.libmpass;

/** The natives of stores: ffi/src/jni says what each packs and unpacks. */
final class StoreNatives {
  static {
    Library.load();
  }

  private StoreNatives() {}

  static native byte[] memoryNew(long handle, byte[] input);

  static native byte[] memoryLoad(long handle, byte[] input);

  static native byte[] memorySwap(long handle, byte[] input);

  static native byte[] memoryLength(long handle, byte[] input);

  static native byte[] memoryTenants(long handle, byte[] input);

  static native byte[] memoryFree(long handle, byte[] input);

  static native byte[] probe(StoreUpcall store, byte[] input);
}
