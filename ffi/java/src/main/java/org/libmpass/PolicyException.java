package org.libmpass;

/** An error of the engine's group 3xx: a policy, limit or keyring that is not valid. */
public final class PolicyException extends MpassException {
  private static final long serialVersionUID = 1L;

  PolicyException(MpassError error, String refusal) {
    super(error, refusal, null);
  }
}
