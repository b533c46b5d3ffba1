package org.libmpass;

import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The host's answer to a {@link Step}. */
public sealed interface Answer {
  /** Answers without a value. */
  enum Plain implements Answer {
    /** The first answer of every exchange. */
    BEGIN(AnswerKind.BEGIN),
    /** The swap is durably stored. */
    STORED(AnswerKind.STORED),
    /** The gateway has accepted the message. */
    DELIVERED(AnswerKind.DELIVERED),
    /** The gateway has definitely refused the message: nothing was sent. */
    REFUSED(AnswerKind.REFUSED),
    /** A time-out or a broken connection: the outcome of the step is unknown. */
    UNKNOWN(AnswerKind.UNKNOWN),
    /** The store or the gateway failed, and the step definitely had no effect. */
    FAILED(AnswerKind.FAILED),
    /** There is no room for another value; nothing was stored. */
    FULL(AnswerKind.FULL),
    /** The host does not support this kind of step. */
    UNSUPPORTED(AnswerKind.UNSUPPORTED),
    /** The swap is an insert that {@link Swapped.Expired} describes; nothing was stored. */
    EXPIRED(AnswerKind.EXPIRED),
    /** The signature is that of the message under the key. */
    GENUINE(AnswerKind.GENUINE),
    /** The signature is not that of the message under the key. */
    FORGED(AnswerKind.FORGED);

    private final AnswerKind kind;

    Plain(AnswerKind kind) {
      this.kind = kind;
    }

    AnswerKind kind() {
      return kind;
    }
  }

  /**
   * The value loaded from the store key.
   *
   * @param value the value; empty when there is none
   */
  record Loaded(Optional<byte[]> value) implements Answer {
    /**
     * Checks that nothing is null.
     *
     * @param value the value; empty when there is none
     */
    public Loaded {
      Objects.requireNonNull(value, "the value is null");
    }
  }

  /**
   * The swap found a value other than the expected one.
   *
   * @param current the value found; empty when there is none
   */
  record Conflict(Optional<byte[]> current) implements Answer {
    /**
     * Checks that nothing is null.
     *
     * @param current the value found; empty when there is none
     */
    public Conflict {
      Objects.requireNonNull(current, "the current value is null");
    }
  }

  /**
   * The host's assessment of a number.
   *
   * @param assessment the assessment
   */
  record Assessed(Assessment assessment) implements Answer {
    /**
     * Checks that nothing is null.
     *
     * @param assessment the assessment
     */
    public Assessed {
      Objects.requireNonNull(assessment, "the assessment is null");
    }
  }

  /**
   * The host's introspection of a token.
   *
   * @param introspection its description; empty when the token is not valid
   */
  record Introspected(Optional<Introspection> introspection) implements Answer {
    /**
     * Checks that nothing is null.
     *
     * @param introspection its description; empty when the token is not valid
     */
    public Introspected {
      Objects.requireNonNull(introspection, "the introspection is null");
    }
  }

  /**
   * The number that uses an address.
   *
   * @param number the number; empty when the address is unknown or shared by two numbers
   */
  record Resolved(Optional<PhoneNumber> number) implements Answer {
    /**
     * Checks that nothing is null.
     *
     * @param number the number; empty when the address is unknown or shared by two numbers
     */
    public Resolved {
      Objects.requireNonNull(number, "the number is null");
    }
  }

  /**
   * The public keys of the pairs that sign with RS256, the one that signs first.
   *
   * @param keys RSA keys with 2048 to 4096 bits and the exponent 65537
   */
  record SigningKeys(List<RSAPublicKey> keys) implements Answer {
    /**
     * Copies the list.
     *
     * @param keys RSA keys with 2048 to 4096 bits and the exponent 65537
     */
    public SigningKeys {
      keys = List.copyOf(keys);
    }
  }

  /**
   * A signature.
   *
   * @param signature the signature
   */
  record Signed(byte[] signature) implements Answer {
    /**
     * Checks that nothing is null.
     *
     * @param signature the signature
     */
    public Signed {
      Objects.requireNonNull(signature, "the signature is null");
    }
  }
}
