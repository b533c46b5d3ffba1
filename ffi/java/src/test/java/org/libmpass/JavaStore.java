package org.libmpass;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

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

  private final Map<Kind, NavigableMap<StoreKey, byte[]>> values =
      Map.of(Kind.STATE, new TreeMap<>(), Kind.DOCUMENT, new TreeMap<>());
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
    return Optional.ofNullable(values.get(kind).get(key));
  }

  @Override
  public synchronized Swapped swap(Swap swap, Instant now) {
    Fault fault = fault();
    Optional<byte[]> standing = Optional.ofNullable(values.get(swap.kind()).get(swap.key()));
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
    values.get(swap.kind()).put(swap.key(), swap.value());
    return switch (fault) {
      case STORED_UNKNOWN -> throw StoreException.unknown(null);
      case STORED_THROWS -> throw new IllegalStateException("a bug of the store");
      default -> Swapped.stored();
    };
  }

  @Override
  public synchronized List<Document> list(Optional<StoreKey> after, int limit) {
    if (fault() == Fault.FAIL) {
      throw StoreException.failed(null);
    }
    NavigableMap<StoreKey, byte[]> documents = values.get(Kind.DOCUMENT);
    return after.map(key -> documents.tailMap(key, false)).orElse(documents).entrySet().stream()
        .limit(limit)
        .map(each -> new Document(each.getKey(), each.getValue()))
        .toList();
  }
}
