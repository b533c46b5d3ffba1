// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/**
 * Something about a key URI that a caller may want to show or refuse. One kind is about apps: a
 * property that some authenticator apps mishandle or reject. All apps agree on TOTP with SHA-1, six
 * digits, 30 seconds, a secret of 20 bytes and an issuer (surveys of 2019, 2023 and 2025). The
 * other kind is about reading: the URI is outside the wiki page "Key Uri Format" of
 * google-authenticator, or allows several readings, and one was chosen. Strict parsing refuses a
 * URI with a caution of reading.
 */
public enum Caution {
  /** Not TOTP: several apps do not support HOTP. */
  COUNTER(1, "Counter"),
  /**
   * Not SHA-1: Authy, Duo and Microsoft Authenticator accept SHA-256 but compute SHA-1, 1Password
   * rejects it, and older versions of Google Authenticator ignore the parameter.
   */
  ALGORITHM(2, "Algorithm"),
  /** Not six digits: older versions of Google Authenticator always show six. */
  DIGITS(3, "Digits"),
  /** Not 30 seconds: older versions of Google Authenticator always use 30. */
  PERIOD(4, "Period"),
  /** Below 5 seconds: FreeOTP rejects the key. */
  PERIOD_BELOW_FIVE(5, "PeriodBelowFive"),
  /**
   * A secret that is not 20 bytes (32 base32 letters) long: Google Authenticator on iOS rejected
   * longer ones with SHA-1.
   */
  SECRET_LENGTH(6, "SecretLength"),
  /** No issuer: accounts with the same name cannot be distinguished. */
  NO_ISSUER(7, "NoIssuer"),
  /**
   * Of reading: the label and the parameter name different issuers. The parameter counts; the
   * label's is kept as the label issuer.
   */
  ISSUER_DIFFERS(8, "IssuerDiffers"),
  /**
   * Of reading: an issuer that is present and empty, in the label or the parameter. It is read as
   * absent.
   */
  EMPTY_ISSUER(9, "EmptyIssuer"),
  /** Of reading: the label names no account. */
  EMPTY_ACCOUNT(10, "EmptyAccount"),
  /**
   * Of reading: the label has more than one colon that may separate, and none follows the issuer.
   * The whole label is the account.
   */
  COLON_IN_LABEL(11, "ColonInLabel"),
  /**
   * Of reading: {@code %3A} in the label separates issuer and account, because the label has no
   * literal colon and the issuer parameter does not decide.
   */
  ENCODED_COLON(12, "EncodedColon"),
  /**
   * Of reading: {@code &amp;} separates parameters, from HTML that was not unescaped. It is read as
   * {@code &}.
   */
  ESCAPED_AMPERSAND(13, "EscapedAmpersand"),
  /** Of reading: a parameter is repeated with the same value. */
  REPEATED_PARAMETER(14, "RepeatedParameter"),
  /**
   * Of reading: a parameter that this library does not use, such as {@code image}, or {@code
   * counter} for TOTP. It is kept.
   */
  UNKNOWN_PARAMETER(15, "UnknownParameter"),
  /**
   * Of reading: a plus sign in the issuer parameter is read as a space, and the label does not
   * confirm it.
   */
  PLUS_AS_SPACE(16, "PlusAsSpace"),
  /**
   * Of reading: the name of a parameter or of the hash is spelled differently from the page ({@code
   * SECRET}, {@code sha-256}), or spaces surround a number.
   */
  SPELLING(17, "Spelling"),
  /** Of reading: the secret has lower case letters, spaces, hyphens or padding. */
  SECRET_FORM(18, "SecretForm"),
  /**
   * Of reading: white space or format characters were dropped from an end of the URI, the issuer,
   * the account or a value.
   */
  TRIMMED(19, "Trimmed"),
  /**
   * Of reading: the issuer is Steam, for which some apps compute Steam's own codes. Here the codes
   * are the ordinary ones.
   */
  STEAM_ISSUER(20, "SteamIssuer"),
  /** A colon in the issuer or account: FreeOTP rejects the key. */
  COLON_IN_NAME(21, "ColonInName"),
  /**
   * Of reading: a period above an hour, which is read in seconds. It may have been written in
   * milliseconds. KeePassXC limits it to 24 hours, libcotp to 120 seconds.
   */
  PERIOD_ABOVE_HOUR(22, "PeriodAboveHour"),
  /**
   * Of reading: the issuer or account has a percent sign with two hexadecimal digits after it is
   * decoded. It may have been encoded twice, and is decoded once.
   */
  ENCODED_TWICE(23, "EncodedTwice");

  private static final Caution[] ALL = values();

  private final int number;
  private final String label;

  Caution(int number, String label) {
    this.number = number;
    this.label = label;
  }

  /** {@return the stable number} */
  public int number() {
    return number;
  }

  /** {@return the stable name, for metrics, logs and files} */
  public String label() {
    return label;
  }

  static Caution of(int number) {
    for (Caution entry : ALL) {
      if (entry.number == number) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown Caution " + number);
  }

  static Caution of(String label) {
    for (Caution entry : ALL) {
      if (entry.label.equals(label)) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown Caution " + label);
  }
}
