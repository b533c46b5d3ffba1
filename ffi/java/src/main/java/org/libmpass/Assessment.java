package org.libmpass;

import java.util.Objects;
import java.util.Optional;

/** The host's assessment of a number, which can refuse it but not change it. */
public sealed interface Assessment {
  /**
   * A number that exists in its numbering plan.
   *
   * @param mobile whether it can receive messages; empty when the plan does not specify it
   */
  record Valid(Optional<Boolean> mobile) implements Assessment {
    /**
     * Checks that nothing is null.
     *
     * @param mobile whether it can receive messages; empty when the plan does not specify it
     */
    public Valid {
      Objects.requireNonNull(mobile, "the mobile is null");
    }
  }

  /** Not a valid number of its numbering plan. */
  record Invalid() implements Assessment {}

  /** A number that the host does not send to. */
  record NotAllowed() implements Assessment {}

  /** A number that is currently barred from receiving messages. */
  record Blocked() implements Assessment {}

  /** A number of an operator other than the host's. */
  record Foreign() implements Assessment {}
}
