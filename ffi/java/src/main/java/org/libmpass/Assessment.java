package org.libmpass;

import java.util.Objects;
import java.util.Optional;

/** What the host knows of a number. */
public sealed interface Assessment {
  /**
   * A number that exists in its plan.
   *
   * @param number its canonical form
   * @param mobile whether it can take a message; empty where the plan does not show it
   */
  record Valid(PhoneNumber number, Optional<Boolean> mobile) implements Assessment {
    /**
     * Checks that nothing is null.
     *
     * @param number its canonical form
     * @param mobile whether it can take a message; empty where the plan does not show it
     */
    public Valid {
      Objects.requireNonNull(number, "the number is null");
      Objects.requireNonNull(mobile, "the mobile is null");
    }
  }

  /** No number of its plan. */
  record Invalid() implements Assessment {}

  /** A number that the host does not send to. */
  record NotAllowed() implements Assessment {}

  /** A number that is barred from receiving messages for now. */
  record Blocked() implements Assessment {}

  /** A number of another operator than the host's. */
  record Foreign() implements Assessment {}
}
