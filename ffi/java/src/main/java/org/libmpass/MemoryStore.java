package org.libmpass;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A store in memory, for tests, demos and hosts that may forget: nothing survives the process. It
 * drops what has expired, and refuses when it is full.
 */
public final class MemoryStore extends NativeHandle implements Store {
  /**
   * An empty store.
   *
   * @param capacity the most values of both kinds together; memory is taken as they come
   */
  public MemoryStore(long capacity) {
    super(
        Wire.call(
            StoreNatives::memoryNew,
            new Packer().count(capacity, "the capacity"),
            Unpacker::i64),
        StoreNatives::memoryFree);
  }

  @Override
  public Optional<byte[]> load(Kind kind, StoreKey key) {
    Packer input = new Packer().u8(kind.number());
    key.pack(input);
    return call(StoreNatives::memoryLoad, input, output -> output.optional(Unpacker::bytes));
  }

  @Override
  public Swapped swap(Swap swap, Instant now) {
    Packer input = swap.pack(new Packer()).millis(now, "the time");
    return call(
        StoreNatives::memorySwap,
        input,
        output ->
            output.bool()
                ? Swapped.stored()
                : Swapped.conflict(output.optional(Unpacker::bytes)));
  }

  /** {@return the number of values, those included that have expired and are not dropped yet} */
  public int size() {
    return call(StoreNatives::memoryLength, new Packer(), Unpacker::i32);
  }

  /** {@return every value of {@link Kind#TENANT}} */
  public Map<StoreKey, byte[]> tenants() {
    return call(
            StoreNatives::memoryTenants,
            new Packer(),
            output -> output.list(each -> Map.entry(StoreKey.read(each), each.bytes())))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
