package org.libmpass;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A store written in Java with planned faults. */
final class JavaStore implements Store {
  /** The fault of one operation. */
  enum Fault {
    NONE,
    FAIL,
    CONFLICT,
    STORED_UNKNOWN,
    LOST_UNKNOWN,
    STORED_THROWS
  }

  private final Map<List<Object>, byte[]> values = new HashMap<>();
  private final Deque<Fault> faults = new ArrayDeque<>();

  synchronized void plan(Fault... planned) {
    faults.clear();
    faults.addAll(List.of(planned));
  }

  private Fault fault() {
    return Optional.ofNullable(faults.poll()).orElse(Fault.NONE);
  }

  @Override
  public synchronized Optional<byte[]> load(Kind kind, StoreKey key) {
    if (fault() == Fault.FAIL) {
      throw StoreException.failed(null);
    }
    return Optional.ofNullable(values.get(List.of(kind, key)));
  }

  @Override
  public synchronized Swapped swap(Swap swap, Instant now) {
    Fault fault = fault();
    Optional<byte[]> standing = Optional.ofNullable(values.get(List.of(swap.kind(), swap.key())));
    switch (fault) {
      case FAIL -> throw StoreException.failed(null);
      case LOST_UNKNOWN -> throw StoreException.unknown(null);
      case CONFLICT -> {
        return Swapped.conflict(standing);
      }
      default -> {}
    }
    if (!Arrays.equals(standing.orElse(null), swap.expected().orElse(null))) {
      return Swapped.conflict(standing);
    }
    values.put(List.of(swap.kind(), swap.key()), swap.value());
    return switch (fault) {
      case STORED_UNKNOWN -> throw StoreException.unknown(null);
      case STORED_THROWS -> throw new IllegalStateException("a bug of the store");
      default -> Swapped.stored();
    };
  }
}
