package org.libmpass;

import java.util.function.Function;

/** The outcome of an attempt. */
public sealed interface Attempt {
  /**
   * The verdict, which is released once the attempt is stored.
   *
   * @param verdict the pending verdict
   */
  record Counted(Pending<Verdict> verdict) implements Attempt {}

  /**
   * The code was not compared, so nothing has to be stored.
   *
   * @param verdict the verdict
   */
  record Told(Verdict verdict) implements Attempt {}

  /**
   * Stores a pending verdict with a function and returns the verdict.
   *
   * @param store performs the swap, and calls {@link Pending#stored} once it is durable
   * @return the verdict
   */
  default Verdict settle(Function<Pending<Verdict>, Verdict> store) {
    if (this instanceof Counted counted) {
      return store.apply(counted.verdict());
    }
    return ((Told) this).verdict();
  }
}
