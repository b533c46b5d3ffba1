package org.libmpass;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;

/** An operation on a store, which the engine decides and this class performs step by step. */
final class Driven extends NativeHandle {
  /** Precedes the outcome in place of a step. */
  private static final int DONE = 0;

  private Driven(Unpacker output) {
    super(output.i64());
  }

  /** A step to perform, or the outcome. */
  private record Next<T>(Step step, T outcome) {
    static <T> Next<T> read(Unpacker output, Function<Unpacker, T> outcome) {
      int number = output.u8();
      return number == DONE
          ? new Next<>(null, outcome.apply(output))
          : new Next<>(Readings.step(number, output), null);
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
      Next<T> next = driven.next(Answer.Plain.BEGIN, clock.instant(), outcome);
      while (next.step() != null) {
        next = driven.next(answer(calls, next.step()), clock.instant(), outcome);
      }
      return next.outcome();
    } catch (MpassException failed) {
      throw thrown.addTo(failed);
    }
  }

  private <T> Next<T> next(Answer answer, Instant now, Function<Unpacker, T> outcome) {
    Packer input = Readings.answer(answer).millis(now, "the time");
    return call(Operation.CHANGE_NEXT, input, output -> Next.read(output, outcome));
  }

  private static Answer answer(StoreCalls calls, Step step) {
    if (step instanceof Step.Load load) {
      return calls.load(load.kind(), load.key());
    }
    return calls.swap(((Step.Replace) step).swap());
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
