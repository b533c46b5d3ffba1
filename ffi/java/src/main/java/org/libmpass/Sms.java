package org.libmpass;

import java.util.Optional;

/**
 * A message for the gateway.
 *
 * @param to to whom
 * @param text what: the code is in it, in ASCII digits
 * @param sender the sender that the tenant has registered
 * @param language the language of the text
 * @param alphabet the alphabet it is sent in
 * @param segments the parts it is sent in
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

  /** {@return the masked number, nothing of the text} */
  @Override
  public String toString() {
    return "Sms[to=" + to + "]";
  }
}
