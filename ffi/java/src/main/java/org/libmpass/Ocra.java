package org.libmpass;

import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * OCRA challenge and response (RFC 6287) of one key and suite.
 *
 * <p>Nothing is remembered: {@link TokenState} is what accepts each response once.
 */
public final class Ocra extends NativeHandle {
  private final Suite suite;

  /**
   * The parts of a suite (RFC 6287 section 6).
   *
   * @param text the suite in its canonical form
   * @param algorithm the hash
   * @param digits how many digits a response has; empty where it is the whole HMAC, in hexadecimal
   * @param hasCounter whether a counter is an input
   * @param questionLength the greatest length of a question
   * @param hasPin whether a PIN is an input
   * @param sessionLength the bytes of session information; 0 where it is no input
   * @param timeStepSeconds the seconds of a time step; 0 where the time is no input
   */
  public record Suite(
      String text,
      Algorithm algorithm,
      OptionalInt digits,
      boolean hasCounter,
      int questionLength,
      boolean hasPin,
      int sessionLength,
      long timeStepSeconds) {}

  /**
   * How far a verification looks.
   *
   * @param lookAhead counters after the given one
   * @param past time steps that a response may be late
   * @param future time steps that a clock may be ahead
   */
  public record Tolerance(int lookAhead, int past, int future) {
    /** The given counter and time step alone. */
    public static final Tolerance NONE = new Tolerance(0, 0, 0);
  }

  /**
   * Where a response matched.
   *
   * @param counter the counter, where the suite has one
   * @param timeStep the time step, where the suite has the time
   */
  public record Matched(Optional<BigInteger> counter, Optional<BigInteger> timeStep) {}

  /**
   * The two questions of mutual mode (RFC 6287 section 7.2).
   *
   * @param forServerResponse what the server's response is computed over
   * @param forClientResponse what the client's response is computed over
   */
  public record Mutual(String forServerResponse, String forClientResponse) {
    /**
     * The questions of a client's and a server's challenge.
     *
     * @param client the client's challenge
     * @param server the server's challenge
     * @return both questions
     * @throws OathException when one is empty or both are too long
     */
    public static Mutual of(String client, String server) {
      Packer input =
          new Packer()
              .text(client, "the client's question")
              .text(server, "the server's question");
      return Wire.call(
          Operation.OCRA_MUTUAL, input, output -> new Mutual(output.text(), output.text()));
    }
  }

  private Ocra(long pointer, Suite suite) {
    super(pointer);
    this.suite = suite;
  }

  /**
   * A key under a suite.
   *
   * @param secret the key, at least 16 bytes; it may be closed afterwards
   * @param suite the suite, such as {@code OCRA-1:HOTP-SHA1-6:QN08}
   * @return the generator and verifier
   * @throws OathException when the suite is not valid or the secret too short
   */
  public static Ocra of(Secret secret, String suite) {
    return made(secret, suite, false);
  }

  /**
   * As {@link #of}, for tokens that exist already with fewer than 128 bits.
   *
   * @param secret the key, at least 1 byte; it may be closed afterwards
   * @param suite the suite
   * @return the generator and verifier
   * @throws OathException when the suite is not valid
   */
  public static Ocra allowingShort(Secret secret, String suite) {
    return made(secret, suite, true);
  }

  private static Ocra made(Secret secret, String suite, boolean allowShort) {
    Packer input = new Packer().text(suite, "the suite").bool(allowShort);
    return Secret.given(secret).call(
        Operation.OCRA_NEW, input, output -> new Ocra(output.i64(), suite(output)));
  }

  private static Suite suite(Unpacker output) {
    String text = output.text();
    Algorithm algorithm = Algorithm.of(output.u8());
    OptionalInt digits = output.bool() ? OptionalInt.of(output.u8()) : OptionalInt.empty();
    return new Suite(
        text,
        algorithm,
        digits,
        output.bool(),
        output.i32(),
        output.bool(),
        output.i32(),
        output.i64());
  }

  /** {@return the parts of the suite} */
  public Suite suite() {
    return suite;
  }

  /**
   * The response to inputs.
   *
   * @param inputs what the suite names
   * @return digits, or hexadecimal where the suite has 0 digits
   * @throws OathException when the inputs are not those of the suite
   */
  public String respond(OcraInputs inputs) {
    return call(Operation.OCRA_RESPOND, inputs.pack(new Packer()), Unpacker::text);
  }

  /**
   * Where a response matches, looked for within a tolerance.
   *
   * @param response what somebody typed
   * @param inputs what the suite names
   * @param tolerance how far to look
   * @return where it matched
   * @throws OathException when the inputs are not those of the suite, or the tolerance is too large
   */
  public Optional<Matched> verify(String response, OcraInputs inputs, Tolerance tolerance) {
    Packer input =
        inputs
            .pack(new Packer().typed(response, "the response"))
            .count(tolerance.lookAhead(), "the look-ahead")
            .count(tolerance.past(), "the past")
            .count(tolerance.future(), "the future");
    return call(
        Operation.OCRA_VERIFY,
        input,
        output ->
            output.optional(
                matched -> new Matched(Hotp.position(matched), Hotp.position(matched))));
  }

  /** {@return a new question of the suite's kind and length} */
  public String generateQuestion() {
    return call(Operation.OCRA_QUESTION, new Packer().entropy(32), Unpacker::text);
  }

  /**
   * The question for data to sign (RFC 6287 section 7.3): its hash in hexadecimal.
   *
   * @param algorithm the hash
   * @param data what is signed
   * @return the question
   * @throws OathException when the suite's questions are not hexadecimal or are too short
   */
  public String signatureQuestion(Algorithm algorithm, byte[] data) {
    Packer input = new Packer().algorithm(algorithm).bytes(data, "the data");
    return call(Operation.OCRA_SIGNATURE_QUESTION, input, Unpacker::text);
  }
}
