package org.libmpass;

import java.util.Objects;

/**
 * Misuse or failure, by the engine's word. A wrong, expired or used-up code is a {@link Verdict},
 * never an exception. The message holds no secret, code or number.
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

  MpassException(MpassError error, Throwable cause) {
    super("libmpass error " + error.number() + ": " + error.text(), cause);
    this.error = Objects.requireNonNull(error, "the error is null");
  }

  /** The exception of an error: one class for each hundred. */
  static MpassException of(MpassError error) {
    return switch (error.number() / 100) {
      case 1 -> new OathException(error);
      case 2 -> new PhoneNumberException(error);
      case 3 -> new PolicyException(error);
      case 4 -> new StoreException(error);
      default -> new ServiceException(error);
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
