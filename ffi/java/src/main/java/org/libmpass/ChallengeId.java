package org.libmpass;

/** Names one challenge among all that a record ever held. */
public final class ChallengeId extends NativeHandle {
  ChallengeId(long pointer) {
    super(pointer);
  }
}
