package org.libmpass;

import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** Performs the steps of an operation on a host's store. Exceptions become answers. */
final class StoreCalls {
  private final Store store;
  private final InstantSource clock;
  private final Consumer<RuntimeException> thrown;

  /** @param thrown receives what the store throws */
  StoreCalls(Store store, InstantSource clock, Consumer<RuntimeException> thrown) {
    this.store = Objects.requireNonNull(store, "the store is null");
    this.clock = clock;
    this.thrown = thrown;
  }

  Answer load(Kind kind, StoreKey key) {
    try {
      return new Answer.Loaded(store.load(kind, key));
    } catch (RuntimeException failed) {
      thrown.accept(failed);
      return Answer.Plain.FAILED;
    }
  }

  /** Lists documents, and packs the answer. */
  Packer list(Optional<StoreKey> after, int limit) {
    try {
      List<Document> documents = List.copyOf(store.list(after, limit));
      return new Packer().u8(AnswerKind.LISTED.number()).list(documents, Document::pack);
    } catch (RuntimeException failed) {
      thrown.accept(failed);
      return Readings.answer(Answer.Plain.FAILED);
    }
  }

  Answer swap(Swap swap) {
    try {
      Swapped swapped = Objects.requireNonNull(store.swap(swap, clock.instant()));
      if (swapped instanceof Swapped.Conflict conflict) {
        return new Answer.Conflict(conflict.current());
      }
      return swapped instanceof Swapped.Expired ? Answer.Plain.EXPIRED : Answer.Plain.STORED;
    } catch (RuntimeException failed) {
      thrown.accept(failed);
      return afterFailure(failed);
    }
  }

  /** Unless the store says that nothing is stored, the engine reads the value back. */
  private static Answer afterFailure(RuntimeException failed) {
    if (failed instanceof StoreException ours) {
      return switch (ours.error()) {
        case STORE_FAILED -> Answer.Plain.FAILED;
        case STORE_FULL -> Answer.Plain.FULL;
        default -> Answer.Plain.UNKNOWN;
      };
    }
    return Answer.Plain.UNKNOWN;
  }
}
