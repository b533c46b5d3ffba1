package org.libmpass;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/** An operation on a store, which the engine decides and this class performs step by step. */
final class Driven extends NativeHandle {
  /** Precedes the outcome in place of a step. */
  private static final int DONE = 0;

  /** The step that lists documents, which an exchange does not have. */
  private static final int LIST = 8;

  private Driven(Unpacker output) {
    super(output.i64());
  }

  /** Documents to list. */
  private record Listing(Optional<StoreKey> after, int limit) {}

  /** A step to perform, documents to list, or the outcome. */
  private record Next<T>(Step step, Listing listing, T outcome) {
    static <T> Next<T> read(Unpacker output, Function<Unpacker, T> outcome) {
      int number = output.u8();
      return switch (number) {
        case DONE -> new Next<>(null, null, outcome.apply(output));
        case LIST ->
            new Next<>(null, new Listing(output.optional(StoreKey::read), output.i32()), null);
        default -> new Next<>(Readings.step(number, output), null, null);
      };
    }

    boolean isOutcome() {
      return step == null && listing == null;
    }
  }

  /**
   * Runs an operation to its outcome. The clock is read after each answer of the store, so that a
   * slow store does not lengthen a life.
   */
  static <T> T run(
      Function<Function<Unpacker, Driven>, Driven> begin,
      Store store,
      InstantSource clock,
      Function<Unpacker, T> outcome) {
    Thrown thrown = new Thrown();
    StoreCalls calls = new StoreCalls(store, clock, thrown::keep);
    try (Driven driven = begin.apply(Driven::new)) {
      Next<T> next = driven.next(Readings.answer(Answer.Plain.BEGIN), clock.instant(), outcome);
      while (!next.isOutcome()) {
        next = driven.next(answer(calls, next), clock.instant(), outcome);
      }
      return next.outcome();
    } catch (MpassException failed) {
      throw thrown.addTo(failed);
    }
  }

  private <T> Next<T> next(Packer answer, Instant now, Function<Unpacker, T> outcome) {
    Packer input = answer.millis(now, "the time");
    return call(Operation.CHANGE_NEXT, input, output -> Next.read(output, outcome));
  }

  private static Packer answer(StoreCalls calls, Next<?> next) {
    if (next.listing() != null) {
      return calls.list(next.listing().after(), next.listing().limit());
    }
    if (next.step() instanceof Step.Load load) {
      return Readings.answer(calls.load(load.kind(), load.key()));
    }
    return Readings.answer(calls.swap(((Step.Replace) next.step()).swap()));
  }

  /** The last exception of the store, to be reported with an error of the engine. */
  private static final class Thrown {
    private RuntimeException last;

    void keep(RuntimeException thrown) {
      last = thrown;
    }

    MpassException addTo(MpassException failed) {
      if (last != null) {
        failed.addSuppressed(last);
      }
      return failed;
    }
  }
}
