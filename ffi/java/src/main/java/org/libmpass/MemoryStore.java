package org.libmpass;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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
        output ->
            output.bool()
                ? Swapped.stored()
                : Swapped.conflict(output.optional(Unpacker::bytes)));
  }

  /** {@return the number of values, including expired ones that are not dropped yet} */
  public int size() {
    return call(Operation.MEMORY_STORE_LENGTH, new Packer(), Unpacker::i32);
  }

  /** {@return every value of {@link Kind#TENANT}} */
  public Map<StoreKey, byte[]> tenants() {
    return call(
            Operation.MEMORY_STORE_TENANTS,
            new Packer(),
            output -> output.list(each -> Map.entry(StoreKey.read(each), each.bytes())))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
