package org.libmpass;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A store in memory, for tests, demos and hosts that may forget: nothing survives the process. It
 * drops expired values, and rejects new ones when it is full.
 */
public final class MemoryStore extends NativeHandle implements Store {
  /**
   * Creates an empty store.
   *
   * @param capacity the most values of both kinds together; memory is allocated on demand
   */
  public MemoryStore(long capacity) {
    super(
        Wire.call(
            Operation.MEMORY_STORE_NEW,
            new Packer().count(capacity, "the capacity"),
            Unpacker::i64));
  }

  @Override
  public Optional<byte[]> load(Kind kind, StoreKey key) {
    Packer input = new Packer().u8(kind.number());
    key.pack(input);
    return call(Operation.MEMORY_STORE_LOAD, input, output -> output.optional(Unpacker::bytes));
  }

  @Override
  public Swapped swap(Swap swap, Instant now) {
    Packer input = swap.pack(new Packer()).millis(now, "the time");
    return call(
        Operation.MEMORY_STORE_SWAP,
        input,
        Readings::swapped);
  }

  /** {@return the number of values, including expired ones that are not dropped yet} */
  public int size() {
    return call(Operation.MEMORY_STORE_LENGTH, new Packer(), Unpacker::i32);
  }

  @Override
  public List<Document> list(Optional<StoreKey> after, int limit) {
    Packer input =
        new Packer()
            .optional(after.orElse(null), (each, key) -> key.pack(each))
            .count(limit, "the limit");
    return call(Operation.MEMORY_STORE_LIST, input, output -> output.list(Document::read));
  }
}
