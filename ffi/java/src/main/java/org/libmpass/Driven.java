package org.libmpass;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/** An operation on a store, which the engine decides and this class performs step by step. */
final class Driven extends NativeHandle {
  /** Precedes the outcome in place of a step. */
  private static final int DONE = 0;

  private Driven(Unpacker output) {
    super(output.i64());
  }

  /** A step to perform, which returns the packed answer, or the outcome. */
  private record Next<T>(Function<StoreCalls, Packer> step, T outcome) {
    static <T> Next<T> read(Unpacker output, Function<Unpacker, T> outcome) {
      int number = output.u8();
      return number == DONE
          ? new Next<>(null, outcome.apply(output))
          : new Next<>(step(number, output), null);
    }

    private static Function<StoreCalls, Packer> step(int number, Unpacker output) {
      switch (StoreStepKind.of(number)) {
        case LOAD -> {
          Kind kind = Kind.of(output.u8());
          StoreKey key = StoreKey.read(output);
          return calls -> Readings.answer(calls.load(kind, key));
        }
        case SWAP -> {
          Swap swap = Swap.read(output);
          return calls -> Readings.answer(calls.swap(swap));
        }
        default -> {
          Optional<StoreKey> after = output.optional(StoreKey::read);
          int limit = output.i32();
          return calls -> calls.list(after, limit);
        }
      }
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
      Packer begun = Readings.answer(Answer.Plain.BEGIN);
      Next<T> next = driven.next(begun, clock.instant(), outcome);
      while (next.step() != null) {
        next = driven.next(next.step().apply(calls), clock.instant(), outcome);
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
