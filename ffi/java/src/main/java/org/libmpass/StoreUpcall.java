package org.libmpass;

import java.util.Optional;

/** Adapts a host's store for the native probe. */
final class StoreUpcall {
  private static final int LOAD = 1;

  private final Store store;

  StoreUpcall(Store store) {
    this.store = store;
  }

  /** Performs one store call for the native side; never throws. */
  byte[] call(byte[] request) {
    Packer answer = new Packer();
    try {
      Unpacker unpacker = new Unpacker(request);
      if (unpacker.u16() == LOAD) {
        Optional<byte[]> value =
            store.load(Kind.of(unpacker.u8()), StoreKey.read(unpacker));
        answer.u16(0).optional(value.orElse(null), Packer::bytes);
      } else {
        Swapped swapped = store.swap(Swap.read(unpacker), unpacker.instant());
        answer.u16(0).bool(swapped instanceof Swapped.Stored);
        if (swapped instanceof Swapped.Conflict conflict) {
          answer.optional(conflict.current().orElse(null), Packer::bytes);
        }
      }
    } catch (StoreException failed) {
      return new Packer().u16(failed.number()).take();
    } catch (RuntimeException unforeseen) {
      return new Packer().u16(MpassError.STORE_FAILED.number()).take();
    }
    return answer.take();
  }
}
