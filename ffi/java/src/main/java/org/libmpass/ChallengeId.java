package org.libmpass;

/** Identifies one challenge among all that a record has held. */
public final class ChallengeId extends NativeHandle {
  ChallengeId(long pointer) {
    super(pointer);
  }
}
