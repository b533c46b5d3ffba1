package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;

/**
 * Races of 64 parallel callers, which every host of the engine has to pass. Each race returns the
 * number of attempts made.
 */
final class Races implements AutoCloseable {
  private static final int PARALLEL = 64;
  private static final int TRIES = 5;

  private final ExecutorService callers = Executors.newFixedThreadPool(PARALLEL);
  private final Caller caller;
  private final UnaryOperator<String> code;

  /** Races against a caller's service; {@code code} returns the newest code of a number. */
  Races(Caller caller, UnaryOperator<String> code) {
    this.caller = caller;
    this.code = code;
  }

  private List<String> race(String number, String typed) throws Exception {
    CyclicBarrier start = new CyclicBarrier(PARALLEL);
    Callable<String> attempt =
        () -> {
          start.await();
          return caller.verify(number, typed);
        };
    List<Future<String>> running = new ArrayList<>();
    for (int i = 0; i < PARALLEL; i++) {
      running.add(callers.submit(attempt));
    }
    List<String> answers = new ArrayList<>();
    for (Future<String> each : running) {
      answers.add(each.get());
    }
    return answers;
  }

  private static String number(int series, int round) {
    return "+9665%08d".formatted(series * 100_000 + round);
  }

  /** Wrong codes: all are rejected, at most TRIES are compared, and then the right code fails. */
  int wrong(int rounds, IntSupplier toldWrong) throws Exception {
    int attempts = 0;
    for (int round = 0; round < rounds; round++) {
      String number = number(1, round);
      assertEquals("0", caller.send(number));
      String right = code.apply(number);
      int before = toldWrong.getAsInt();
      List<String> answers = race(number, Vectors.tampered(right));
      assertTrue(answers.stream().allMatch("3"::equals), answers.toString());
      // The last try is reported as "exhausted", so at most TRIES - 1 are reported as "wrong".
      int told = toldWrong.getAsInt() - before;
      assertTrue(told > 0 && told <= TRIES - 1, "told " + told);
      assertEquals("3", caller.verify(number, right));
      attempts += answers.size();
    }
    return attempts;
  }

  /** Right codes: exactly one is accepted. */
  int right(int rounds) throws Exception {
    int attempts = 0;
    for (int round = 0; round < rounds; round++) {
      String number = number(2, round);
      assertEquals("0", caller.send(number));
      List<String> answers = race(number, code.apply(number));
      assertEquals(1, answers.stream().filter("0"::equals).count(), answers.toString());
      assertEquals(PARALLEL - 1, answers.stream().filter("3"::equals).count());
      attempts += answers.size();
    }
    return attempts;
  }

  @Override
  public void close() {
    callers.shutdownNow();
  }
}
