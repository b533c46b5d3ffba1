package org.libmpass;

/** An error of the engine's group 5xx: a channel, name, address or template that is not valid. */
public final class ServiceException extends MpassException {
  private static final long serialVersionUID = 1L;

  ServiceException(MpassError error, String refusal) {
    super(error, refusal, null);
  }
}
