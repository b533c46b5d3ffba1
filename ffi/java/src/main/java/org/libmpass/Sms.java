package org.libmpass;

import java.util.Optional;

/**
 * A message for the gateway.
 *
 * @param to the recipient
 * @param text the text, which contains the code in ASCII digits
 * @param sender the sender that the tenant has registered
 * @param language the language of the text
 * @param alphabet the alphabet in which it is sent
 * @param segments the number of SMS segments
 */
public record Sms(
    PhoneNumber to,
    String text,
    Optional<String> sender,
    Language language,
    Alphabet alphabet,
    int segments) {
  static Sms read(Unpacker output) {
    return new Sms(
        new PhoneNumber(output),
        output.text(),
        output.optional(Unpacker::text),
        Language.of(output.u8()),
        Alphabet.of(output.u8()),
        output.i32());
  }

  /** {@return the masked number, without the text} */
  @Override
  public String toString() {
    return "Sms[to=" + to + "]";
  }
}
