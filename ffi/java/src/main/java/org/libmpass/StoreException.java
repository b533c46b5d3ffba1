package org.libmpass;

/**
 * An error of the engine's group 4xx: an invalid record, or a store that failed.
 *
 * <p>A {@link Store} throws it with {@link #failed}, {@link #full} or {@link #unknown}.
 */
public final class StoreException extends MpassException {
  private static final long serialVersionUID = 1L;

  StoreException(MpassError error, String refusal) {
    super(error, refusal, null);
  }

  private StoreException(MpassError error, Throwable cause) {
    super(error, null, cause);
  }

  /**
   * Reports that the store failed and nothing was stored.
   *
   * @param cause the cause, or null
   * @return the exception to throw
   */
  public static StoreException failed(Throwable cause) {
    return new StoreException(MpassError.STORE_FAILED, cause);
  }

  /**
   * Reports that there is no room for a new value.
   *
   * @return the exception to throw
   */
  public static StoreException full() {
    return new StoreException(MpassError.STORE_FULL, (Throwable) null);
  }

  /**
   * Reports that it is unknown whether the swap was stored, for example after a time-out or a
   * broken connection. The engine reads the value back.
   *
   * @param cause the cause, or null
   * @return the exception to throw
   */
  public static StoreException unknown(Throwable cause) {
    return new StoreException(MpassError.STORE_UNKNOWN, cause);
  }
}
