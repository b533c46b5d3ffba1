package org.libmpass;

import java.util.function.Function;

/** What an attempt came to. */
public sealed interface Attempt {
  /**
   * The verdict may be told once it is paid for.
   *
   * @param verdict the verdict, pending
   */
  record Counted(Pending<Verdict> verdict) implements Attempt {}

  /**
   * The code was not looked at, so there is nothing to pay for.
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
