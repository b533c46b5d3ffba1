package org.libmpass;

import java.util.function.Function;

/** The outcome of an attempt. */
public sealed interface Attempt {
  /**
   * The verdict is released once what it costs is stored.
   *
   * @param verdict the verdict, pending
   */
  record Counted(Pending<Verdict> verdict) implements Attempt {}

  /**
   * The code was not compared, so nothing has to be stored.
   *
   * @param verdict the verdict
   */
  record Told(Verdict verdict) implements Attempt {}

  /**
   * The verdict, by a function that swaps what is pending.
   *
   * @param store swaps, and calls {@link Pending#stored} once that is durable
   * @return the verdict
   */
  default Verdict settle(Function<Pending<Verdict>, Verdict> store) {
    if (this instanceof Counted counted) {
      return store.apply(counted.verdict());
    }
    return ((Told) this).verdict();
  }
}
