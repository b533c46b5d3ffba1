package org.libmpass;

/** The native methods, implemented in ffi/src/jni. */
final class Natives {
  static {
    Library.load();
    String found = Wire.call(Operation.VERSION, new Packer(), Unpacker::text);
    if (!found.equals(Library.VERSION)) {
      throw new UnsatisfiedLinkError(
          "libmpass " + found + " is loaded where " + Library.VERSION + " is needed");
    }
  }

  private Natives() {}

  /** Performs an {@link Operation} on a handle, or on none if it is 0. */
  static native byte[] call(int operation, long handle, byte[] input);

  static native byte[] probe(StoreUpcall store, byte[] input);

  static native long hotpValue(long handle, long counter);

  static native long hotpFind(long handle, long code, long counter, int ahead);

  static native long hotpRange(long handle, long first, int[] values);

  static native long hotpValues(long[] handles, long[] counters, int[] values);

  static native long hotpFinds(long[] handles, long[] codes, long[] counters, int ahead);

  static native long totpValue(long handle, long unixSeconds);

  static native long totpFind(long handle, long code, long unixSeconds, int past, int future);
}
