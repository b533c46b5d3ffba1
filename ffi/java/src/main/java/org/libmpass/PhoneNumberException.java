package org.libmpass;

/** An error of the engine's group 2xx: a phone number that is not valid. */
public final class PhoneNumberException extends MpassException {
  private static final long serialVersionUID = 1L;

  PhoneNumberException(MpassError error, String refusal) {
    super(error, refusal, null);
  }
}
