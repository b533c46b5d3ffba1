package org.libmpass;

import java.time.Instant;

/** An issued challenge. */
public final class Issued {
  private final String code;
  private final Instant endsAt;
  private final ChallengeId id;

  Issued(Unpacker output) {
    code = output.text();
    endsAt = output.instant();
    id = new ChallengeId(output.i64());
  }

  /** {@return the code to deliver} */
  public String code() {
    return code;
  }

  /** {@return when the challenge ends} */
  public Instant endsAt() {
    return endsAt;
  }

  /** {@return the challenge's id, for {@link Challenge#refund}} */
  public ChallengeId id() {
    return id;
  }

  /** {@return when it ends, without the code} */
  @Override
  public String toString() {
    return "Issued[endsAt=" + endsAt + "]";
  }
}
