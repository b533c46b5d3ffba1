package org.libmpass;

import java.time.Instant;

/**
 * One request on its way to its reply, for hosts that drive it themselves; {@link
 * MpassService#handle} does it for the others. Call {@link #next} with {@link Answer.Plain#BEGIN},
 * do what the step says, and call it again with the outcome, until the step is {@link
 * Step.Done}.
 */
public final class Exchange extends NativeHandle {
  Exchange(long pointer) {
    super(pointer);
  }

  /**
   * Takes the outcome of the last step and returns the next one. An answer that does not fit the step
   * ends the exchange in the contract's internal error.
   *
   * @param answer what came of it
   * @param now the time
   * @return what is next
   */
  public Step next(Answer answer, Instant now) {
    Packer input = Readings.answer(answer).millis(now, "the time");
    return call(Operation.EXCHANGE_NEXT, input, Readings::step);
  }
}
