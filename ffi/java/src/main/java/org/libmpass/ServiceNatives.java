package org.libmpass;

/** The natives of tenants and exchanges: ffi/src/jni says what each packs and unpacks. */
final class ServiceNatives {
  static {
    Library.load();
  }

  private ServiceNatives() {}

  static native byte[] tenantDefaults(long handle, byte[] input);

  static native byte[] tenantStoreKey(long handle, byte[] input);

  static native byte[] tenantCreate(long handle, byte[] input);

  static native byte[] tenantOpen(long handle, byte[] input);

  static native byte[] tenantRotate(long handle, byte[] input);

  static native byte[] tenantRevoke(long handle, byte[] input);

  static native byte[] tenantAllows(long handle, byte[] input);

  static native byte[] tenantStored(long handle, byte[] input);

  static native byte[] tenantFree(long handle, byte[] input);

  static native byte[] customerFreshId(long handle, byte[] input);

  static native byte[] creditsKey(long handle, byte[] input);

  static native byte[] creditsBalance(long handle, byte[] input);

  static native byte[] creditsAdd(long handle, byte[] input);

  static native byte[] grantToken(long handle, byte[] input);

  static native byte[] engineNew(long handle, byte[] input);

  static native byte[] engineFree(long handle, byte[] input);

  static native byte[] begin(long handle, byte[] input);

  static native byte[] next(long handle, byte[] input);

  static native byte[] exchangeFree(long handle, byte[] input);

  static native byte[] reasons(long handle, byte[] input);
}
