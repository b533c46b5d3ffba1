package org.libmpass;

/**
 * An error of the engine's group 2xx: a phone number, e-mail address or account that is not valid.
 */
public final class SubjectException extends MpassException {
  private static final long serialVersionUID = 1L;

  SubjectException(MpassError error, String refusal) {
    super(error, refusal, null);
  }
}
