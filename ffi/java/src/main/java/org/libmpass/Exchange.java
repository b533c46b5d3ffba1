package org.libmpass;

import java.time.Instant;

/**
 * The processing of one request, for hosts that drive it themselves; other hosts use {@link
 * MpassService#handle}. Call {@link #next} with {@link Answer.Plain#BEGIN}, perform the returned
 * step, and call {@code next} again with its outcome, until the step is {@link Step.Done}.
 */
public final class Exchange extends NativeHandle {
  Exchange(long pointer) {
    super(pointer);
  }

  /**
   * Takes the outcome of the last step and returns the next one. An answer that does not fit the
   * step ends the exchange with the contract's internal error.
   *
   * @param answer the outcome of the last step
   * @param now the time
   * @return the next step
   */
  public Step next(Answer answer, Instant now) {
    Packer input = Readings.answer(answer).millis(now, "the time");
    return call(Operation.EXCHANGE_NEXT, input, Readings::step);
  }
}
