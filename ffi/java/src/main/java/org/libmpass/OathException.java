package org.libmpass;

/** An error of the engine's group 1xx: a secret, code, suite or key URI that is not valid. */
public final class OathException extends MpassException {
  private static final long serialVersionUID = 1L;

  OathException(MpassError error, String refusal) {
    super(error, refusal, null);
  }
}
