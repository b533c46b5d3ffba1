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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** 64 callers at once over real HTTP. */
class ParallelTest {
  private static final int PARALLEL = 64;
  private static final int ROUNDS = 50;
  private static final int TRIES = 5;

  private static MemoryStore store;
  private static Host host;
  private static ExecutorService callers;

  @BeforeAll
  static void begin() throws Exception {
    store = new MemoryStore(10_000);
    host = new Host(store);
    callers = Executors.newFixedThreadPool(PARALLEL);
  }

  @AfterAll
  static void end() {
    callers.shutdownNow();
    host.close();
    store.close();
  }

  private static List<String> race(String number, String code) throws Exception {
    CyclicBarrier start = new CyclicBarrier(PARALLEL);
    Callable<String> attempt =
        () -> {
          start.await();
          return host.verify(number, code);
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

  @Test
  void wrongCodesAreComparedNoMoreThanTheTries() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String number = number(1, round);
      assertEquals("0", host.send(number));
      String code = host.code(number);
      int before = host.count(Reason.WRONG_CODE);
      List<String> answers = race(number, Vectors.tampered(code));
      assertTrue(answers.stream().allMatch("3"::equals), answers.toString());
      // The last of the tries is told as "none left", so one fewer is told as "wrong".
      int told = host.count(Reason.WRONG_CODE) - before;
      assertTrue(told > 0 && told <= TRIES - 1, "told " + told);
      assertEquals("3", host.verify(number, code));
    }
  }

  @Test
  void ofRightCodesOneIsAccepted() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String number = number(2, round);
      assertEquals("0", host.send(number));
      List<String> answers = race(number, host.code(number));
      assertEquals(1, answers.stream().filter("0"::equals).count(), answers.toString());
      assertEquals(PARALLEL - 1, answers.stream().filter("3"::equals).count());
    }
  }
}
