package org.libmpass;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** 64 parallel callers over real HTTP. */
class ParallelTest {
  private static final int ROUNDS = 50;

  private static MemoryStore store;
  private static Host host;
  private static Races races;

  @BeforeAll
  static void begin() throws Exception {
    store = new MemoryStore(10_000);
    host = new Host(store);
    races = new Races(host.caller(), host::code);
  }

  @AfterAll
  static void end() {
    races.close();
    host.close();
    store.close();
  }

  @Test
  void wrongCodesAreComparedNoMoreThanTheTries() throws Exception {
    Coverage.add("parallel", races.wrong(ROUNDS, () -> host.count(Reason.WRONG_CODE)));
  }

  @Test
  void ofRightCodesOneIsAccepted() throws Exception {
    Coverage.add("parallel", races.right(ROUNDS));
  }
}
