// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/**
 * Misuse or failure. A wrong, expired or used-up code is a verdict, never an error.
 *
 * <p>Numbers are grouped in hundreds by origin, never change and are never used again: 1xx OATH,
 * 2xx phone numbers, 3xx policies and keys, 4xx records and stores, 5xx services. No error text
 * holds a secret, a code or a number.
 */
public enum MpassError {
  /** A secret of no bytes. */
  SECRET_EMPTY(101, "SecretEmpty", "the secret is empty"),
  /**
   * A secret below the 128 bits of RFC 4226 section 4, where short secrets were not allowed
   * explicitly.
   */
  SECRET_TOO_SHORT(102, "SecretTooShort", "the secret has fewer than 128 bits"),
  /** A secret longer than the longest that is taken, 1,024 bytes. */
  SECRET_TOO_LONG(103, "SecretTooLong", "the secret is longer than 1024 bytes"),
  /** Base32 text with a character outside RFC 4648's alphabet, or of an impossible length. */
  INVALID_BASE32(104, "InvalidBase32", "the secret is not valid base32"),
  /** Hexadecimal text with another character, or an odd number of them. */
  INVALID_HEX(105, "InvalidHex", "the text is not valid hexadecimal"),
  /** A code length outside 4 to 10 digits. */
  INVALID_DIGITS(106, "InvalidDigits", "the number of digits must be 4 to 10"),
  /** A time step of 0 seconds. */
  INVALID_STEP(107, "InvalidStep", "the time step must be at least one second"),
  /** An algorithm other than SHA1, SHA256 and SHA512. */
  INVALID_ALGORITHM(108, "InvalidAlgorithm", "the algorithm must be SHA1, SHA256 or SHA512"),
  /** A window of more than 100,000 codes. */
  WINDOW_TOO_LARGE(109, "WindowTooLarge", "the window is larger than 100000 codes"),
  /** A time before T0, or a counter past the largest one. */
  TIME_OUT_OF_RANGE(110, "TimeOutOfRange", "the time is outside the range of time steps"),
  /** Resynchronisation with other than 2 or 3 codes. */
  RESYNC_CODES(111, "ResyncCodes", "resynchronisation requires two or three codes"),
  /** An OCRA suite that is not of RFC 6287 section 6. */
  INVALID_SUITE(120, "InvalidSuite", "the OCRA suite is not valid"),
  /** An OCRA question that the suite does not allow. */
  INVALID_QUESTION(121, "InvalidQuestion", "the question does not fit the OCRA suite"),
  /** An OCRA input that the suite names and the caller did not give. */
  MISSING_INPUT(122, "MissingInput", "an input required by the OCRA suite is missing"),
  /** An OCRA input that the suite does not name. */
  UNEXPECTED_INPUT(123, "UnexpectedInput", "an input was given that the OCRA suite does not use"),
  /** Session information longer than the suite says. */
  SESSION_TOO_LONG(124, "SessionTooLong", "the session information is longer than the OCRA suite allows"),
  /** A key that is prepared for another hash than the OCRA suite names. */
  SUITE_ALGORITHM(125, "SuiteAlgorithm", "the key is prepared for a different hash than the OCRA suite uses"),
  /** A hash of a PIN that is not as long as the OCRA suite's hash. */
  PIN_HASH_LENGTH(126, "PinHashLength", "the PIN hash does not have the length that the OCRA suite requires"),
  /** A key URI that is not {@code otpauth://hotp/…} or {@code otpauth://totp/…}. */
  INVALID_URI(130, "InvalidUri", "the key URI is not valid"),
  /** A key URI without a secret. */
  URI_WITHOUT_SECRET(131, "UriWithoutSecret", "the key URI has no secret"),
  /** A {@code hotp} key URI without a counter. */
  URI_WITHOUT_COUNTER(132, "UriWithoutCounter", "the hotp key URI has no counter"),
  /** A key URI whose label and issuer parameter name different issuers. */
  URI_ISSUER_MISMATCH(133, "UriIssuerMismatch", "the label and the issuer parameter of the key URI differ"),
  /** A label or issuer that a key URI cannot carry. */
  INVALID_LABEL(134, "InvalidLabel", "the issuer or account is empty or contains a character that a label cannot hold"),
  /** A key URI that gives one parameter twice. */
  URI_REPEATED_PARAMETER(135, "UriRepeatedParameter", "the key URI repeats a parameter"),
  /** A number of no digits. */
  NUMBER_EMPTY(201, "NumberEmpty", "the phone number is empty"),
  /** A character other than digits and the separators that are tolerated. */
  NUMBER_CHARACTER(202, "NumberCharacter", "the phone number contains a character that is not a digit"),
  /** Fewer than 5 digits in all. */
  NUMBER_TOO_SHORT(203, "NumberTooShort", "the phone number has fewer than 5 digits"),
  /** More than the 15 digits of E.164. */
  NUMBER_TOO_LONG(204, "NumberTooLong", "the phone number has more than 15 digits"),
  /** A country code that the ITU has not assigned. */
  UNKNOWN_CALLING_CODE(205, "UnknownCallingCode", "the phone number does not begin with an assigned country code"),
  /** A national part that begins with 0 where the plan has no such numbers. */
  NATIONAL_PREFIX(
      206,
      "NationalPrefix",
      "the phone number has a trunk prefix after its country code"),
  /** A national number where no country is known. */
  COUNTRY_MISSING(207, "CountryMissing", "the phone number is in national form and no country was given"),
  /**
   * A lifetime outside 20 seconds to 24 hours, or beyond the 5 minutes of a customer or of a token
   * with a number.
   */
  INVALID_LIFETIME(
      301,
      "InvalidLifetime",
      "the lifetime is outside its range: 20 seconds to 24 hours, at most 5 minutes for a customer or a token with a number"),
  /** A number of tries outside 1 to 100. */
  INVALID_TRIES(302, "InvalidTries", "the number of tries must be 1 to 100"),
  /** A limit of no events, of more than 100,000, or over no time. */
  INVALID_LIMIT(303, "InvalidLimit", "the limit is out of range"),
  /** A policy below six digits or beyond ten minutes that does not say so explicitly. */
  POLICY_TOO_WEAK(304, "PolicyTooWeak", "the policy has fewer than six digits or a lifetime above ten minutes and does not allow it explicitly"),
  /** A calling code that is not assigned, or more of them than a policy holds. */
  INVALID_CALLING_CODE(305, "InvalidCallingCode", "the calling code is not assigned, or there are too many calling codes"),
  /** Keyring text that is not a keyring. */
  INVALID_KEYRING(310, "InvalidKeyring", "the keyring is not valid"),
  /** A keyring with more record keys than it holds. */
  KEYRING_FULL(311, "KeyringFull", "the keyring is full"),
  /** A record key id that the keyring does not hold. */
  UNKNOWN_RECORD_KEY(312, "UnknownRecordKey", "the keyring has no record key with that id"),
  /** A record key id that the keyring holds already. */
  DUPLICATE_RECORD_KEY(313, "DuplicateRecordKey", "the keyring already has a record key with that id"),
  /** A record of the wrong length or of a kind or version that this engine does not know. */
  RECORD_FORMAT(401, "RecordFormat", "the record has an unknown format"),
  /** A record whose authentication fails: flipped, moved to another key, or not ours. */
  RECORD_FORGED(402, "RecordForged", "the record is not authentic"),
  /** A store that failed: nothing was stored. */
  STORE_FAILED(403, "StoreFailed", "the store failed"),
  /** A store that is full. */
  STORE_FULL(404, "StoreFull", "the store is full"),
  /** More than 256 conflicts on one record in one exchange. */
  TOO_MANY_CONFLICTS(405, "TooManyConflicts", "the record changed too often"),
  /** A store that does not know whether it stored: a time-out or a broken connection. */
  STORE_UNKNOWN(406, "StoreUnknown", "it is unknown whether the store wrote the value"),
  /** A channel, customer or client name of no or too many characters, or with others than letters, digits, {@code -}, {@code _} and {@code .}. */
  INVALID_NAME(501, "InvalidName", "the name is not valid"),
  /** An address or network that is not CIDR notation. */
  INVALID_ADDRESS(502, "InvalidAddress", "the address is not an IP address or network"),
  /** An application identifier outside the rules for texts. */
  INVALID_APP(503, "InvalidApp", "the application identifier is not valid"),
  /** A message template outside the rules for texts. */
  INVALID_TEMPLATE(504, "InvalidTemplate", "the message template is not valid"),
  /** A host for the origin-bound line that is not a host name. */
  INVALID_HOST(505, "InvalidHost", "the host name is not valid"),
  /** A tenant that does not fit in 4 KiB. */
  TENANT_TOO_LARGE(506, "TenantTooLarge", "the tenant is larger than 4096 bytes"),
  /** Text that is not a credential, or the credential of another tenant. */
  INVALID_CREDENTIAL(507, "InvalidCredential", "the credential is not valid"),
  /** A name that another tenant of the kind has. */
  NAME_TAKEN(508, "NameTaken", "the name is taken"),
  /** An issuer that is not a base URL: {@code https}, a host, no path. */
  INVALID_ISSUER(509, "InvalidIssuer", "the issuer is not a base URL"),
  /**
   * A redirect URI that is not absolute, has a fragment or is {@code http} for other than a
   * loopback host.
   */
  INVALID_REDIRECT_URI(510, "InvalidRedirectUri", "the redirect URI is not valid"),
  /** A client's public key that has not the form of an uncompressed point. */
  INVALID_PUBLIC_KEY(511, "InvalidPublicKey", "the public key is not valid"),
  /** A scope that no contract has. */
  UNKNOWN_SCOPE(512, "UnknownScope", "the scope is unknown");

  private static final MpassError[] ALL = values();

  private final int number;
  private final String label;
  private final String text;

  MpassError(int number, String label, String text) {
    this.number = number;
    this.label = label;
    this.text = text;
  }

  /** {@return the stable number} */
  public int number() {
    return number;
  }

  /** {@return the stable name, for metrics, logs and files} */
  public String label() {
    return label;
  }

  /** {@return what is wrong, in English} */
  public String text() {
    return text;
  }

  static MpassError of(int number) {
    for (MpassError entry : ALL) {
      if (entry.number == number) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown MpassError " + number);
  }
}
