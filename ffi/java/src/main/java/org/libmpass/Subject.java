package org.libmpass;

import java.util.Objects;

/**
 * Whom a challenge is for, in canonical form: all spellings of one phone number or e-mail address
 * are one subject, so that they share its tries. {@link #toString} masks it.
 */
public final class Subject {
  private final SubjectKind kind;
  private final String text;
  private final String masked;

  private Subject(SubjectKind kind, String text, String masked) {
    this.kind = kind;
    this.text = text;
    this.masked = masked;
  }

  private static Subject parsed(SubjectKind kind, String text, String name) {
    Packer input = new Packer().u8(kind.number()).text(Check.given(text, name), name);
    return Wire.call(
        Operation.SUBJECT_PARSE,
        input,
        output -> new Subject(kind, output.text(), output.text()));
  }

  /**
   * A phone number.
   *
   * @param number the number
   * @return the subject
   */
  public static Subject number(PhoneNumber number) {
    Objects.requireNonNull(number, "the number is null");
    return new Subject(SubjectKind.NUMBER, number.e164(), number.toString());
  }

  /**
   * An e-mail address, which is converted to lower case: a local part of ASCII letters, digits,
   * dots and {@code !#$%&'*+-/=?^_`{|}~}, one {@code @}, and a host name, at most 254 characters.
   * Internationalised domains must be given in their ASCII form.
   *
   * @param email the address
   * @return the subject
   * @throws SubjectException when it is not such an address
   */
  public static Subject email(String email) {
    return parsed(SubjectKind.EMAIL, email, "the e-mail address");
  }

  /**
   * An account of the caller, such as a user name: 1 to 64 printable ASCII characters without space
   * and {@code @}, at least one of them a letter. Upper and lower case are different.
   *
   * @param account the account
   * @return the subject
   * @throws SubjectException when it is not such an account
   */
  public static Subject account(String account) {
    return parsed(SubjectKind.ACCOUNT, account, "the account");
  }

  /** {@return what identifies the subject} */
  public SubjectKind kind() {
    return kind;
  }

  /** {@return the canonical text; a number is E.164 with its plus sign} */
  public String text() {
    return text;
  }

  Packer pack(Packer input) {
    return input.u8(kind.number()).text(text);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Subject subject && kind == subject.kind && text.equals(subject.text);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, text);
  }

  /** {@return the subject masked: {@code +9665*****00}, {@code a*****@example.com}} */
  @Override
  public String toString() {
    return masked;
  }
}
