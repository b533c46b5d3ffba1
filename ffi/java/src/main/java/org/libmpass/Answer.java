package org.libmpass;

import java.util.Objects;
import java.util.Optional;

/** The host's answer to a {@link Step}. */
public sealed interface Answer {
  /** Answers that carry nothing. */
  enum Plain implements Answer {
    /** The first answer of every exchange: go. */
    BEGIN(AnswerKind.BEGIN),
    /** The swap is durably stored. */
    STORED(AnswerKind.STORED),
    /** The gateway has taken the message. */
    DELIVERED(AnswerKind.DELIVERED),
    /** The gateway has definitely refused the message: nothing was sent. */
    REFUSED(AnswerKind.REFUSED),
    /** A time-out or a broken connection: it may or may not have happened. */
    UNKNOWN(AnswerKind.UNKNOWN),
    /** It definitely did not happen: the store or the gateway failed. */
    FAILED(AnswerKind.FAILED),
    /** The host does not do this kind of step. */
    UNSUPPORTED(AnswerKind.UNSUPPORTED);

    private final AnswerKind kind;

    Plain(AnswerKind kind) {
      this.kind = kind;
    }

    AnswerKind kind() {
      return kind;
    }
  }

  /**
   * The value at the store key that was to be loaded.
   *
   * @param value the value; empty: nothing
   */
  record Loaded(Optional<byte[]> value) implements Answer {
    /**
     * Checks that nothing is null.
     *
     * @param value the value; empty: nothing
     */
    public Loaded {
      Objects.requireNonNull(value, "the value is null");
    }
  }

  /**
   * The swap found something else than expected.
   *
   * @param current the value that it found; empty: nothing
   */
  record Conflict(Optional<byte[]> current) implements Answer {
    /**
     * Checks that nothing is null.
     *
     * @param current the value that it found; empty: nothing
     */
    public Conflict {
      Objects.requireNonNull(current, "the current value is null");
    }
  }

  /**
   * What the host knows of a number.
   *
   * @param assessment what the host knows
   */
  record Assessed(Assessment assessment) implements Answer {
    /**
     * Checks that nothing is null.
     *
     * @param assessment what the host knows
     */
    public Assessed {
      Objects.requireNonNull(assessment, "the assessment is null");
    }
  }

  /**
   * What the host knows of a token.
   *
   * @param introspection its description; empty: the token is not valid
   */
  record Introspected(Optional<Introspection> introspection) implements Answer {
    /**
     * Checks that nothing is null.
     *
     * @param introspection its description; empty: the token is not valid
     */
    public Introspected {
      Objects.requireNonNull(introspection, "the introspection is null");
    }
  }

  /**
   * The number behind an address.
   *
   * @param number the number; empty: the network does not know the address, or two numbers share it
   */
  record Resolved(Optional<PhoneNumber> number) implements Answer {
    /**
     * Checks that nothing is null.
     *
     * @param number the number; empty: the network does not know the address, or two numbers share
     *     it
     */
    public Resolved {
      Objects.requireNonNull(number, "the number is null");
    }
  }
}
