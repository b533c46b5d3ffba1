package org.libmpass;

import java.util.Objects;

/**
 * Misuse or failure, by the engine's word. A wrong, expired or used-up code is a {@link Verdict},
 * never an exception. The message holds no secret or code; that of a
 * setting that was refused names the setting, its range and the value.
 *
 * <p>What only Java can get wrong has Java's own exceptions: {@link NullPointerException} for null,
 * {@link IllegalArgumentException} for a value that the engine's types cannot hold, {@link
 * IllegalStateException} for the use of something closed.
 */
public abstract sealed class MpassException extends RuntimeException
    permits OathException, PhoneNumberException, PolicyException, StoreException, ServiceException {
  private static final long serialVersionUID = 1L;

  /** Which error it is. */
  private final MpassError error;

  MpassException(MpassError error, String refusal, Throwable cause) {
    super(
        "libmpass error " + error.number() + ": " + (refusal == null ? error.text() : refusal),
        cause);
    this.error = Objects.requireNonNull(error, "the error is null");
  }

  /**
   * The exception of an error: one class for each hundred. A refusal names the setting, its range
   * and the value; it may be null.
   */
  static MpassException of(MpassError error, String refusal) {
    return switch (error.number() / 100) {
      case 1 -> new OathException(error, refusal);
      case 2 -> new PhoneNumberException(error, refusal);
      case 3 -> new PolicyException(error, refusal);
      case 4 -> new StoreException(error, refusal);
      default -> new ServiceException(error, refusal);
    };
  }

  /** {@return which error it is} */
  public MpassError error() {
    return error;
  }

  /** {@return the error's stable number} */
  public int number() {
    return error.number();
  }
}
