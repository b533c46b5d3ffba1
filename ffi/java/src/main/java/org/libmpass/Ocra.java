package org.libmpass;

import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * OCRA challenge and response (RFC 6287) of one key and suite.
 *
 * <p>This class is stateless; {@link TokenState} accepts each response only once.
 */
public final class Ocra extends NativeHandle {
  private final Suite suite;

  /**
   * The parts of a suite (RFC 6287 section 6).
   *
   * @param text the suite as it was given, which is the first input of the HMAC
   * @param algorithm the hash
   * @param digits the digits of a response; empty when it is the whole HMAC in hexadecimal
   * @param hasCounter whether a counter is an input
   * @param questionLength the maximum length of a question
   * @param hasPin whether a PIN is an input
   * @param sessionLength the bytes of session information; 0 when it is not an input
   * @param timeStepSeconds the seconds of a time step; 0 when the time is not an input
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
   * The tolerance of a verification.
   *
   * @param lookAhead how many counters after that of the inputs
   * @param past how many time steps a response may be late
   * @param future how many time steps a clock may be ahead
   */
  public record Tolerance(int lookAhead, int past, int future) {
    /** Only the counter and time step of the inputs. */
    public static final Tolerance NONE = new Tolerance(0, 0, 0);
  }

  /**
   * The counter and time step at which a response matched.
   *
   * @param counter the counter, if the suite has one
   * @param timeStep the time step, if the suite has the time
   */
  public record Matched(Optional<BigInteger> counter, Optional<BigInteger> timeStep) {}

  /**
   * The two questions of mutual mode (RFC 6287 section 7.2).
   *
   * @param forServerResponse the question of the server's response
   * @param forClientResponse the question of the client's response
   */
  public record Mutual(String forServerResponse, String forClientResponse) {
    /**
     * Combines a client's and a server's challenge, both as long as the suite states, into the
     * questions.
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
   * Creates a generator and verifier for a key and a suite.
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
   * As {@link #of}, for existing tokens with fewer than 128 bits.
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
   * @param inputs the inputs that the suite requires
   * @return digits, or hexadecimal when the suite has 0 digits
   * @throws OathException when the inputs are not those of the suite
   */
  public String respond(OcraInputs inputs) {
    return call(Operation.OCRA_RESPOND, inputs.pack(new Packer()), Unpacker::text);
  }

  /**
   * Searches for the counter and time step of a response within a tolerance.
   *
   * @param response the typed text
   * @param inputs the inputs that the suite requires
   * @param tolerance the tolerance
   * @return the match, if any
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
   * @param data the data to sign
   * @return the question
   * @throws OathException when the suite's questions are not hexadecimal or are too short
   */
  public String signatureQuestion(Algorithm algorithm, byte[] data) {
    Packer input = new Packer().algorithm(algorithm).bytes(data, "the data");
    return call(Operation.OCRA_SIGNATURE_QUESTION, input, Unpacker::text);
  }
}
