package org.libmpass;

import java.util.Objects;

/**
 * Misuse or failure reported by the engine. A wrong, expired or used-up code is a {@link Verdict},
 * never an exception. The message contains no secret or code; for a refused setting it names the
 * setting, its range and the value, and for the text of a secret the place of the fault.
 *
 * <p>Misuse that is specific to Java has Java's own exceptions: {@link NullPointerException} for
 * null, {@link IllegalArgumentException} for a value that the engine's types cannot hold, and
 * {@link IllegalStateException} for the use of a closed object.
 */
public abstract sealed class MpassException extends RuntimeException
    permits OathException, SubjectException, PolicyException, StoreException, ServiceException {
  private static final long serialVersionUID = 1L;

  /** The error. */
  private final MpassError error;

  MpassException(MpassError error, String refusal, Throwable cause) {
    super(
        "libmpass error " + error.number() + ": " + (refusal == null ? error.text() : refusal),
        cause);
    this.error = Objects.requireNonNull(error, "the error is null");
  }

  /**
   * Creates the exception of an error, with one class per group of a hundred numbers. {@code
   * refusal} describes a refused setting or the fault of a text; it may be null.
   */
  static MpassException of(MpassError error, String refusal) {
    return switch (error.number() / 100) {
      case 1 -> new OathException(error, refusal);
      case 2 -> new SubjectException(error, refusal);
      case 3 -> new PolicyException(error, refusal);
      case 4 -> new StoreException(error, refusal);
      default -> new ServiceException(error, refusal);
    };
  }

  /** {@return the error} */
  public MpassError error() {
    return error;
  }

  /** {@return the error's stable number} */
  public int number() {
    return error.number();
  }
}
