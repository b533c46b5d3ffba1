// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/**
 * Misuse of the API, or a failure. A wrong, expired or used code is a verdict, not an error.
 *
 * <p>Numbers are stable and never reused. They are grouped by origin: 1xx OATH, 2xx phone numbers
 * and other subjects, 3xx policies and keyrings, 4xx records and stores, 5xx services. Error texts
 * never contain a secret, a code or a subject.
 */
public enum MpassError {
  /** An empty secret. */
  SECRET_EMPTY(101, "SecretEmpty", "the secret is empty"),
  /**
   * A secret shorter than the 128 bits that RFC 4226 section 4 requires, where short secrets were
   * not allowed explicitly.
   */
  SECRET_TOO_SHORT(
      102,
      "SecretTooShort",
      "the secret has fewer than 128 bits; `allowingShort` accepts it"),
  /** A secret longer than 1,024 bytes. */
  SECRET_TOO_LONG(103, "SecretTooLong", "the secret is longer than 1024 bytes"),
  /**
   * Base32 text with a character outside the alphabet of RFC 4648 section 6, or of an impossible
   * length.
   */
  INVALID_BASE32(104, "InvalidBase32", "the secret is not valid base32"),
  /** Text with a character that is not a hexadecimal digit, or of the wrong length. */
  INVALID_HEX(105, "InvalidHex", "the text is not valid hexadecimal"),
  /** A code length outside 4 to 10 digits. */
  INVALID_DIGITS(106, "InvalidDigits", "the number of digits must be 4 to 10"),
  /** A time step of 0 seconds. */
  INVALID_STEP(107, "InvalidStep", "the time step must be at least one second"),
  /** An algorithm other than SHA1, SHA256 and SHA512. */
  INVALID_ALGORITHM(108, "InvalidAlgorithm", "the algorithm must be SHA1, SHA256 or SHA512"),
  /** A window of more than 100,000 codes. */
  WINDOW_TOO_LARGE(109, "WindowTooLarge", "the window is larger than 100000 codes"),
  /** A time before T0, or a counter beyond the largest one. */
  TIME_OUT_OF_RANGE(110, "TimeOutOfRange", "the time is outside the range of time steps"),
  /** A resynchronisation with fewer than two or more than three codes. */
  RESYNC_CODES(111, "ResyncCodes", "resynchronisation requires two or three codes"),
  /**
   * Base32 text with a digit that base32 does not have: 0, 1, 8 or 9. O is often typed as 0, I or L
   * as 1, and B as 8.
   */
  BASE32_DIGIT(
      112,
      "Base32Digit",
      "the secret has a digit that base32 does not have: O is often typed as 0, I or L as 1, B as 8"),
  /** The text of a secret that is both hexadecimal and base32, or that holds two secrets. */
  AMBIGUOUS_SECRET(113, "AmbiguousSecret", "the text of the secret can be read in two ways"),
  /** The text of a secret that has none of the known forms. */
  UNKNOWN_SECRET_FORM(
      114,
      "UnknownSecretForm",
      "the text of the secret has none of the known forms"),
  /** A time after the year 9999 where seconds are expected: most likely a time in milliseconds. */
  TIME_IN_MILLISECONDS(
      115,
      "TimeInMilliseconds",
      "the time is after the year 9999: it seems to be in milliseconds, and must be in seconds"),
  /**
   * A time step of whole thousands of seconds from 10,000 on that is not whole hours: most likely a
   * length in milliseconds.
   */
  STEP_IN_MILLISECONDS(
      116,
      "StepInMilliseconds",
      "the time step seems to be in milliseconds, and must be in seconds"),
  /**
   * An OCRA suite that does not have the parts of RFC 6287 section 6: {@code OCRA-1}, the function
   * and the inputs, in upper case.
   */
  INVALID_SUITE(
      120,
      "InvalidSuite",
      "an OCRA suite has the form OCRA-1:function:inputs, in upper case"),
  /** An OCRA question that the suite does not allow. */
  INVALID_QUESTION(
      121,
      "InvalidQuestion",
      "the question does not fit the OCRA suite: a character is not of its format, or there are more than the suite states and not twice as many, as in mutual mode"),
  /** An OCRA input that the suite requires and the caller did not supply. */
  MISSING_INPUT(122, "MissingInput", "an input required by the OCRA suite is missing"),
  /** An OCRA input that the suite does not use. */
  UNEXPECTED_INPUT(123, "UnexpectedInput", "an input was given that the OCRA suite does not use"),
  /** Session information longer than the suite allows. */
  SESSION_TOO_LONG(
      124,
      "SessionTooLong",
      "the session information is longer than the OCRA suite allows"),
  /** A key prepared for a different hash than the one the OCRA suite uses. */
  SUITE_ALGORITHM(
      125,
      "SuiteAlgorithm",
      "the key is prepared for a different hash than the OCRA suite uses"),
  /** A PIN hash whose length is not that of the suite's PIN hash algorithm. */
  PIN_HASH_LENGTH(
      126,
      "PinHashLength",
      "the PIN hash does not have the length that the OCRA suite requires"),
  /** An OCRA suite whose function is not valid: RFC 6287 section 6.2. */
  SUITE_FUNCTION(
      127,
      "SuiteFunction",
      "the function of the OCRA suite must be HOTP-SHA1, HOTP-SHA256 or HOTP-SHA512 with -0 or -4 to -10"),
  /** An OCRA suite whose question is missing or not valid: RFC 6287 section 6.3. */
  SUITE_QUESTION(
      128,
      "SuiteQuestion",
      "the inputs of the OCRA suite must begin with Q, or C-Q, alone or as QA, QN or QH with 04 to 64"),
  /**
   * An OCRA suite with another input that is not valid, repeated or in the wrong order: RFC 6287
   * section 6.3.
   */
  SUITE_INPUT(
      129,
      "SuiteInput",
      "after the question, the OCRA suite can have P, PSHA1, PSHA256 or PSHA512, then S or S001 to S999, then T or T with 1S to 59S, 1M to 59M or 1H to 48H"),
  /** A key URI with text that does not decode, a control character, or more than 32 parameters. */
  INVALID_URI(
      130,
      "InvalidUri",
      "the key URI has a percent sign without two hexadecimal digits, bytes that are not UTF-8, a control character or more than 32 parameters"),
  /** A key URI without a secret. */
  URI_WITHOUT_SECRET(131, "UriWithoutSecret", "the key URI has no secret"),
  /** A {@code hotp} key URI without a counter. */
  URI_WITHOUT_COUNTER(132, "UriWithoutCounter", "the hotp key URI has no counter"),
  /**
   * An issuer or account that is empty, contains a control character or a parameter of a URI, or
   * begins or ends with white space or a format character.
   */
  INVALID_LABEL(
      134,
      "InvalidLabel",
      "the issuer or account is empty, contains a control character or a parameter (&digits=), or begins or ends with white space or a format character"),
  /** A key URI that gives a parameter two values. */
  URI_REPEATED_PARAMETER(135, "UriRepeatedParameter", "the key URI gives a parameter two values"),
  /** A period of a key that is not 1 to 2^63 - 1, or not a whole number. */
  INVALID_PERIOD(
      136,
      "InvalidPeriod",
      "the period must be a whole number of seconds from 1 to 2^63 - 1"),
  /** A counter in a key URI that is not 0 to 2^64 - 1, or not a whole number. */
  INVALID_COUNTER(
      137,
      "InvalidCounter",
      "the counter of the key URI must be a whole number from 0 to 2^64 - 1"),
  /** A key URI with the parameter {@code encoder}, as for Steam's codes. */
  URI_ENCODER(
      138,
      "UriEncoder",
      "the key URI has the parameter encoder, whose codes are not supported"),
  /** A key URI with a PIN, as for Yandex and mOTP. */
  URI_PIN(139, "UriPin", "the key URI has a parameter for a PIN, which is not supported"),
  /** A key URI with the parameter {@code t0}, {@code epoch} or {@code offset}. */
  URI_TIME_ORIGIN(
      140,
      "UriTimeOrigin",
      "the key URI moves the start of time steps (t0, epoch, offset), which is not supported"),
  /**
   * A key URI with another parameter that changes the codes: {@code algo}, {@code digest}, {@code
   * encoding}, {@code hash}, {@code interval}, {@code step}, {@code ocrasuite}, {@code 2step_salt}
   * and others.
   */
  URI_PARAMETER_CHANGES_CODE(
      141,
      "UriParameterChangesCode",
      "the key URI has a parameter that changes the codes and is not supported"),
  /** A key URI that needs a choice or a repair, read strictly; see the cautions. */
  URI_NOT_STRICT(
      142,
      "UriNotStrict",
      "the key URI allows several readings or departs from the format"),
  /** A key URI with the name of a parameter within the value of another or the label. */
  URI_SEPARATOR(143, "UriSeparator", "the parameters of the key URI are not separated by &"),
  /** A key URI of a type other than {@code totp} and {@code hotp}, or with a user or a port. */
  URI_TYPE(144, "UriType", "the type of the key URI must be totp or hotp"),
  /** An export of Google Authenticator ({@code otpauth-migration://}) instead of a key URI. */
  URI_MIGRATION(
      145,
      "UriMigration",
      "the text is an export of Google Authenticator (otpauth-migration://), not a key URI: use the QR code of the service, or convert the export offline to otpauth://"),
  /** A text of another scheme, or without one, instead of a key URI. */
  URI_SCHEME(
      146,
      "UriScheme",
      "a key URI begins with otpauth://; other forms, such as steam:// and motp://, are not supported"),
  /** A key URI with {@code #}. */
  URI_FRAGMENT(
      147,
      "UriFragment",
      "the key URI has a #, which would begin a fragment: as part of a name it must be written %23"),
  /** A text with more than one key URI. */
  URI_SEVERAL(148, "UriSeveral", "the text has more than one key URI"),
  /** A key URI within another text or the parameter of a link. */
  URI_WITHIN_TEXT(
      149,
      "UriWithinText",
      "the key URI is part of another text or link: give only the part from otpauth:// on, decoded"),
  /** A phone number without digits. */
  NUMBER_EMPTY(201, "NumberEmpty", "the phone number is empty"),
  /** A character other than digits and the accepted separators. */
  NUMBER_CHARACTER(
      202,
      "NumberCharacter",
      "the phone number contains a character that is not a digit"),
  /** Fewer than 5 digits, country code included. */
  NUMBER_TOO_SHORT(203, "NumberTooShort", "the phone number has fewer than 5 digits"),
  /** More than the 15 digits of E.164. */
  NUMBER_TOO_LONG(204, "NumberTooLong", "the phone number has more than 15 digits"),
  /** A phone number that does not begin with a country code assigned by the ITU. */
  UNKNOWN_CALLING_CODE(
      205,
      "UnknownCallingCode",
      "the phone number does not begin with an assigned country code"),
  /** A national part that begins with 0 in a numbering plan without such numbers. */
  NATIONAL_PREFIX(
      206,
      "NationalPrefix",
      "the phone number has a trunk prefix after its country code"),
  /** A number in national form without a country to complete it. */
  COUNTRY_MISSING(
      207,
      "CountryMissing",
      "the phone number is in national form and no country was given"),
  /**
   * Text that is not an e-mail address or account in the form that a challenge's subject requires,
   * or a subject too long for an alias record.
   */
  INVALID_SUBJECT(
      208,
      "InvalidSubject",
      "the subject is not valid: an e-mail address has at most 254 bytes, one @ and a host name, in ASCII and without quotes, and an account has 1 to 64 printable ASCII characters without space and @, one of them a letter"),
  /**
   * A number that may begin with a prefix for calls abroad of the given country other than {@code
   * 00}.
   */
  PREFIX_ABROAD(
      209,
      "PrefixAbroad",
      "the phone number may begin with a prefix for calls abroad; write a plus sign in its place"),
  /**
   * A lifetime outside 20 seconds to 24 hours, or beyond the 5 minutes of a customer or of a token
   * with a number.
   */
  INVALID_LIFETIME(
      301,
      "InvalidLifetime",
      "the lifetime is out of range: 20 seconds to 24 hours, at most 5 minutes for a customer or a token with a number"),
  /** A number of tries, or of failures that lock, outside 1 to 100. */
  INVALID_TRIES(302, "InvalidTries", "the number of tries must be 1 to 100"),
  /** A limit of 0 or more than 100,000 events, or with a window or burst out of range. */
  INVALID_LIMIT(303, "InvalidLimit", "the limit is out of range"),
  /**
   * A policy with fewer than six digits or a lifetime above ten minutes that does not allow it
   * explicitly.
   */
  POLICY_TOO_WEAK(
      304,
      "PolicyTooWeak",
      "the policy has fewer than six digits or a lifetime above ten minutes and does not allow it explicitly"),
  /** A calling code that is not assigned, or more calling codes than a policy holds. */
  INVALID_CALLING_CODE(
      305,
      "InvalidCallingCode",
      "the calling code is not assigned, or there are too many calling codes"),
  /** A setting that its group of settings does not have. */
  UNKNOWN_SETTING(306, "UnknownSetting", "the settings have no such field"),
  /** A setting's value that is not of its field's type. */
  INVALID_SETTING(307, "InvalidSetting", "the value is not of the field's type"),
  /** Malformed keyring text. */
  INVALID_KEYRING(310, "InvalidKeyring", "the keyring is not valid"),
  /** A keyring that already holds the most record keys it can. */
  KEYRING_FULL(311, "KeyringFull", "the keyring is full"),
  /**
   * A record key id that is not in the keyring, or the newest one where that cannot be removed.
   */
  UNKNOWN_RECORD_KEY(312, "UnknownRecordKey", "the keyring has no record key with that id"),
  /** A record key id that is already in the keyring. */
  DUPLICATE_RECORD_KEY(
      313,
      "DuplicateRecordKey",
      "the keyring already has a record key with that id"),
  /** Keyring text whose checksum does not fit: a character was changed. */
  KEYRING_CHECKSUM(
      314,
      "KeyringChecksum",
      "the checksum of the keyring does not fit: the text was changed"),
  /** The removal of the record key with which records are written. */
  ACTIVE_RECORD_KEY(
      315,
      "ActiveRecordKey",
      "the record key is the one that records are written with: activate another one first"),
  /** A record of the wrong length or of a kind or version that this engine does not know. */
  RECORD_FORMAT(401, "RecordFormat", "the record has an unknown format"),
  /**
   * A record that fails authentication: altered, moved to another store key, or sealed by another
   * keyring.
   */
  RECORD_FORGED(402, "RecordForged", "the record is not authentic"),
  /** The store failed, and nothing was written. */
  STORE_FAILED(403, "StoreFailed", "the store failed"),
  /** The store is full. */
  STORE_FULL(404, "StoreFull", "the store is full"),
  /** More than 256 conflicts on one record in one exchange. */
  TOO_MANY_CONFLICTS(405, "TooManyConflicts", "the record changed too often"),
  /** It is unknown whether the store wrote the value: a timeout or a broken connection. */
  STORE_UNKNOWN(406, "StoreUnknown", "it is unknown whether the store wrote the value"),
  /**
   * A value that expires before values that the store has already dropped: the clock is behind the
   * one that they were dropped by.
   */
  STORE_EXPIRED(
      407,
      "StoreExpired",
      "the value expires before values that the store has already dropped"),
  /** An operation on a store that took longer than 10 seconds. */
  OPERATION_TOO_OLD(408, "OperationTooOld", "the operation took longer than 10 seconds"),
  /** The random source failed. */
  ENTROPY_FAILED(409, "EntropyFailed", "the random source failed"),
  /** A value that changed since the expected one was read. */
  CHANGED(410, "Changed", "the value has changed since it was read"),
  /** A store that belongs to another keyring: its locator key differs. */
  OTHER_KEYRING(420, "OtherKeyring", "the store belongs to another keyring"),
  /** A record key that differs from the one with the same id that the store was written with. */
  OTHER_RECORD_KEY(
      421,
      "OtherRecordKey",
      "a record key differs from the store's record key with the same id"),
  /**
   * A store without a header where one was expected: it is empty, or not the store that was meant.
   */
  STORE_NOT_INITIALIZED(
      422,
      "StoreNotInitialized",
      "the store has no header: it is not initialized"),
  /** A store whose contents were moved to another one. */
  STORE_MOVED(423, "StoreMoved", "the contents of the store were moved to another store"),
  /** A store with a layout or format that this version does not know. */
  STORE_TOO_NEW(424, "StoreTooNew", "the store was written by a newer version"),
  /** A store that was restored from a backup and not confirmed by an administrator yet. */
  STORE_CLOSED(
      425,
      "StoreClosed",
      "the store was restored and is closed until an administrator confirms its tenants"),
  /** A record that is missing although its owner was told that it exists. */
  RECORD_MISSING(426, "RecordMissing", "a record that must exist is missing"),
  /**
   * A store that was restored at a time that is still to come: the clock is behind, or the one of
   * the restore was ahead. What is issued before that time would never be accepted.
   */
  RESTORED_LATER(
      427,
      "RestoredLater",
      "the store was restored at a time that is still to come: the clock is behind, or was ahead then"),
  /** More contents than a value of a store may have. */
  DOCUMENT_TOO_LARGE(428, "DocumentTooLarge", "the document is larger than 16384 bytes"),
  /** A subject that was unlocked three times within 24 hours. */
  TOO_MANY_UNLOCKS(429, "TooManyUnlocks", "the subject was unlocked three times within 24 hours"),
  /**
   * A channel, customer or client name that is empty, too long, or contains characters other than
   * letters, digits, {@code -}, {@code _} and {@code .}.
   */
  INVALID_NAME(501, "InvalidName", "the name is not valid"),
  /** An address or network that is not CIDR notation. */
  INVALID_ADDRESS(502, "InvalidAddress", "the address is not an IP address or network"),
  /** An application identifier that message texts may not contain. */
  INVALID_APP(503, "InvalidApp", "the application identifier is not valid"),
  /** A message template that breaks the rules for message texts. */
  INVALID_TEMPLATE(504, "InvalidTemplate", "the message template is not valid"),
  /** A host of the origin-bound line ({@code @host #code}) that is not a host name. */
  INVALID_HOST(505, "InvalidHost", "the host name is not valid"),
  /**
   * A tenant whose stored value could become larger than 16,384 bytes, with the room that the
   * predecessors of its credential and public key need.
   */
  TENANT_TOO_LARGE(506, "TenantTooLarge", "the tenant is larger than 16384 bytes"),
  /** Text that is not a credential, or the credential of another tenant. */
  INVALID_CREDENTIAL(507, "InvalidCredential", "the credential is not valid"),
  /** A name that another tenant of the same kind already has. */
  NAME_TAKEN(508, "NameTaken", "the name is taken"),
  /** An issuer that is not a base URL: {@code https}, a host, no path, no user information. */
  INVALID_ISSUER(509, "InvalidIssuer", "the issuer is not a base URL"),
  /**
   * A redirect URI that is not one of RFC 3986, has no host that can be connected to, or is too
   * long, and a list of too many; 540 to 545 have the other reasons.
   */
  INVALID_REDIRECT_URI(510, "InvalidRedirectUri", "the redirect URI is not valid"),
  /**
   * A client's public key that is neither an uncompressed P-256 point nor a JWK of a P-256 or RSA
   * key; 530 to 535 have the other reasons.
   */
  INVALID_PUBLIC_KEY(511, "InvalidPublicKey", "the public key is not valid"),
  /** A scope that no contract defines. */
  UNKNOWN_SCOPE(512, "UnknownScope", "the scope is unknown"),
  /** A name that no channel, customer or client of the store has. */
  TENANT_MISSING(513, "TenantMissing", "there is no channel, customer or client with this name"),
  /** An operation on a channel, customer or client that is revoked. */
  TENANT_REVOKED(514, "TenantRevoked", "the channel, customer or client is revoked"),
  /** A number without a record at the channel, customer or client. */
  NUMBER_MISSING(515, "NumberMissing", "there is no record of this number"),
  /** A change of the name of a channel, customer or client. */
  NAME_FIXED(516, "NameFixed", "the name cannot be changed"),
  /** An overlap of two credentials of more than 31 days. */
  INVALID_OVERLAP(517, "InvalidOverlap", "the overlap must not be longer than 31 days"),
  /** A language tag that is not of the form of BCP 47, or that occurs twice. */
  INVALID_LANGUAGE_TAG(518, "InvalidLanguageTag", "the language tag is not valid"),
  /**
   * An Android app that is not an app hash of 11 base64 characters, that has a second hash, or
   * whose package name or certificate is not one.
   */
  INVALID_APP_HASH(519, "InvalidAppHash", "the Android app hash is not valid"),
  /**
   * A message template that has no room for an Android app hash within the 140 bytes that SMS
   * Retriever reads.
   */
  MESSAGE_TOO_LONG(
      520,
      "MessageTooLong",
      "the message with the Android app hash would be longer than 140 bytes"),
  /**
   * A message template with a placeholder that does not exist, or with two braces that belong to
   * none.
   */
  UNKNOWN_PLACEHOLDER(
      521,
      "UnknownPlaceholder",
      "the message template has a placeholder other than {{code}}, {{app}} and {{minutes}}"),
  /** An Android app hash for an application that the channel may not send for. */
  UNKNOWN_ANDROID_APP(
      522,
      "UnknownAndroidApp",
      "the Android app hash is for an application that the channel may not send for"),
  /** A private key where the public one is registered: a JWK with the member {@code d}, or PEM. */
  PRIVATE_KEY_GIVEN(
      530,
      "PrivateKeyGiven",
      "a private key was given: only the public key must be registered"),
  /** A public key in PEM. */
  PUBLIC_KEY_IN_PEM(
      531,
      "PublicKeyInPem",
      "the public key is in PEM: it must be a JWK, or an uncompressed point of P-256"),
  /** A JWK whose {@code use} or {@code key_ops} does not allow it to verify signatures. */
  KEY_NOT_FOR_SIGNATURES(
      532,
      "KeyNotForSignatures",
      "the JWK is not for signatures: its use must be sig, and its key_ops must contain verify"),
  /** A JWK whose {@code alg} is not that of its type. */
  KEY_ALGORITHM(
      533,
      "KeyAlgorithm",
      "the alg of the JWK must be ES256 for a P-256 key and RS256 for an RSA key"),
  /** An RSA key outside 2048 to 4096 bits. */
  RSA_KEY_SIZE(534, "RsaKeySize", "the RSA key must have 2048 to 4096 bits"),
  /** An RSA key with an exponent other than 65537. */
  RSA_EXPONENT(535, "RsaExponent", "the exponent of the RSA key must be 65537"),
  /** A redirect URI without a scheme. */
  RELATIVE_REDIRECT_URI(
      540,
      "RelativeRedirectUri",
      "the redirect URI is not absolute: it must begin with https://"),
  /** A redirect URI with a fragment (RFC 6749 section 3.1.2). */
  REDIRECT_URI_FRAGMENT(541, "RedirectUriFragment", "the redirect URI has a fragment"),
  /** A redirect URI with a user name or password. */
  REDIRECT_URI_USER_INFO(542, "RedirectUriUserInfo", "the redirect URI has user information"),
  /** A redirect URI with an empty port or one past 65535. */
  REDIRECT_URI_PORT(543, "RedirectUriPort", "the port of the redirect URI must be 0 to 65535"),
  /**
   * A redirect URI with the scheme {@code http} for a host other than loopback (RFC 8252 section
   * 7.3).
   */
  REDIRECT_URI_HTTP(
      544,
      "RedirectUriHttp",
      "the redirect URI has the scheme http, which is allowed only for localhost, 127.0.0.1 and [::1]"),
  /**
   * A redirect URI with a scheme other than {@code https} that is not in reverse domain form (RFC
   * 8252 section 7.1), or with capital letters in its scheme.
   */
  REDIRECT_URI_SCHEME(
      545,
      "RedirectUriScheme",
      "the scheme of the redirect URI must be https, or an app's in reverse domain form such as com.example.app, in lower case"),
  /** Credits that would exceed 2^64-1 together with those of the customer. */
  TOO_MANY_CREDITS(550, "TooManyCredits", "the credits would exceed the largest balance"),
  /**
   * A prefix of phone numbers that is not a plus sign, an assigned country code and further digits,
   * at most 15.
   */
  INVALID_PREFIX(
      560,
      "InvalidPrefix",
      "the prefix must be a plus sign, an assigned country code and further digits, at most 15 digits"),
  /** A cut-off that does not end after 1 second to 30 days. */
  INVALID_CUT_OFF_LIFE(561, "InvalidCutOffLife", "a cut-off must end after 1 second to 30 days"),
  /** A reason for a cut-off that is not 1 to 120 bytes of text on one line. */
  INVALID_CUT_OFF_REASON(
      562,
      "InvalidCutOffReason",
      "the reason must be 1 to 120 bytes of text on one line"),
  /** More than 64 cut-offs at a time. */
  TOO_MANY_CUT_OFFS(563, "TooManyCutOffs", "64 cut-offs are in effect: resume one first"),
  /** A target without a cut-off in effect. */
  CUT_OFF_MISSING(564, "CutOffMissing", "no such cut-off is in effect");

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
