package org.libmpass;

import java.util.Optional;

/** Adapts a host's store for the native probe. */
final class StoreUpcall {
  private static final int LOAD = 1;
  private static final int SWAP = 2;

  private final Store store;

  StoreUpcall(Store store) {
    this.store = store;
  }

  /** Performs one store call for the native side; never throws. */
  byte[] call(byte[] request) {
    Unpacker unpacker = new Unpacker(request);
    int method = unpacker.u16();
    Packer answer = new Packer();
    try {
      answer.u16(0);
      switch (method) {
        case LOAD -> {
          Optional<byte[]> value = store.load(Kind.of(unpacker.u8()), StoreKey.read(unpacker));
          answer.optional(value.orElse(null), Packer::bytes);
        }
        case SWAP ->
            Readings.swapped(answer, store.swap(Swap.read(unpacker), unpacker.instant()));
        default ->
            answer.list(
                store.list(unpacker.optional(StoreKey::read), unpacker.i32()), Document::pack);
      }
    } catch (StoreException failed) {
      return new Packer().u16(failed.number()).take();
    } catch (RuntimeException unforeseen) {
      // A swap may be stored nevertheless.
      MpassError error = method == SWAP ? MpassError.STORE_UNKNOWN : MpassError.STORE_FAILED;
      return new Packer().u16(error.number()).take();
    }
    return answer.take();
  }
}
