package org.libmpass;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Objects;

/**
 * The inputs of an OCRA response (RFC 6287 section 5.1): the question and the other inputs that
 * the suite requires. Immutable; each method returns a new object.
 */
public final class OcraInputs {
  private final String question;
  private final BigInteger counter;
  private final String pin;
  private final byte[] pinHash;
  private final byte[] session;
  private final Instant time;
  private final BigInteger step;

  private OcraInputs(
      String question,
      BigInteger counter,
      String pin,
      byte[] pinHash,
      byte[] session,
      Instant time,
      BigInteger step) {
    this.question = Objects.requireNonNull(question, "the question is null");
    this.counter = counter;
    this.pin = pin;
    this.pinHash = pinHash;
    this.session = session;
    this.time = time;
    this.step = step;
  }

  /**
   * The inputs of a suite with a question only.
   *
   * @param question the question
   * @return the inputs
   */
  public static OcraInputs of(String question) {
    return new OcraInputs(question, null, null, null, null, null, null);
  }

  /**
   * Adds a counter.
   *
   * @param value the counter, not negative
   * @return the inputs
   */
  public OcraInputs counter(long value) {
    return counter(BigInteger.valueOf(value));
  }

  /**
   * Adds a counter.
   *
   * @param value the counter, 0 to 2^64 - 1
   * @return the inputs
   */
  public OcraInputs counter(BigInteger value) {
    return new OcraInputs(question, value, pin, pinHash, session, time, step);
  }

  /**
   * Adds a PIN, which is hashed as the suite specifies.
   *
   * @param value the PIN
   * @return the inputs
   */
  public OcraInputs pin(String value) {
    return new OcraInputs(question, counter, value, null, session, time, step);
  }

  /**
   * Adds the hash of a PIN, for hosts that do not store the PIN itself.
   *
   * @param value the hash, with the length that the suite's hash has
   * @return the inputs
   */
  public OcraInputs pinHash(byte[] value) {
    return new OcraInputs(question, counter, null, value.clone(), session, time, step);
  }

  /**
   * Adds session information.
   *
   * @param value at most as many bytes as the suite specifies
   * @return the inputs
   */
  public OcraInputs session(byte[] value) {
    return new OcraInputs(question, counter, pin, pinHash, value.clone(), time, step);
  }

  /**
   * Adds a time.
   *
   * @param value the time, not before 1970
   * @return the inputs
   */
  public OcraInputs time(Instant value) {
    return new OcraInputs(question, counter, pin, pinHash, session, value, null);
  }

  /**
   * Adds the number of a time step.
   *
   * @param value the step, 0 to 2^64 - 1
   * @return the inputs
   */
  public OcraInputs timeStep(BigInteger value) {
    return new OcraInputs(question, counter, pin, pinHash, session, null, value);
  }

  Packer pack(Packer packer) {
    packer
        .text(question)
        .optional(counter, (input, value) -> input.u64(value, "the counter"))
        .optional(pin, Packer::text)
        .optional(pinHash, Packer::bytes)
        .optional(session, Packer::bytes);
    if (time != null) {
      return packer.u8(1).seconds(time, "the time");
    }
    return step == null ? packer.u8(0) : packer.u8(2).u64(step, "the time step");
  }

  /** {@return only the class, because a PIN is secret} */
  @Override
  public String toString() {
    return "OcraInputs";
  }
}
