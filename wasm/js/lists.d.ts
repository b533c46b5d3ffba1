// Written by `cargo xtask lists`; do not edit.

/** Every error of the engine: number, name, text. */
export const ERRORS: readonly (readonly [number: number, name: ErrorName, text: string])[];

/**
 * Misuse of the API, or a failure. A wrong, expired or used code is a verdict, not an error.
 *
 * Numbers are stable and never reused. They are grouped by origin: 1xx OATH, 2xx phone numbers and
 * other subjects, 3xx policies and keyrings, 4xx records and stores, 5xx services. Error texts
 * never contain a secret, a code or a subject.
 */
export type ErrorName =
  /** An empty secret. */
  | 'SecretEmpty'
  /**
   * A secret shorter than the 128 bits that RFC 4226 section 4 requires, where short secrets were
   * not allowed explicitly.
   */
  | 'SecretTooShort'
  /** A secret longer than 1,024 bytes. */
  | 'SecretTooLong'
  /**
   * Base32 text with a character outside the alphabet of RFC 4648 section 6, or of an impossible
   * length.
   */
  | 'InvalidBase32'
  /** Text with a character that is not a hexadecimal digit, or of the wrong length. */
  | 'InvalidHex'
  /** A code length outside 4 to 10 digits. */
  | 'InvalidDigits'
  /** A time step of 0 seconds. */
  | 'InvalidStep'
  /** An algorithm other than SHA1, SHA256 and SHA512. */
  | 'InvalidAlgorithm'
  /** A window of more than 100,000 codes. */
  | 'WindowTooLarge'
  /** A time before T0, or a counter beyond the largest one. */
  | 'TimeOutOfRange'
  /** A resynchronisation with fewer than two or more than three codes. */
  | 'ResyncCodes'
  /**
   * Base32 text with a digit that base32 does not have: 0, 1, 8 or 9. O is often typed as 0, I or L
   * as 1, and B as 8.
   */
  | 'Base32Digit'
  /** The text of a secret that is both hexadecimal and base32, or that holds two secrets. */
  | 'AmbiguousSecret'
  /** The text of a secret that has none of the known forms. */
  | 'UnknownSecretForm'
  /** A time after the year 9999 where seconds are expected: most likely a time in milliseconds. */
  | 'TimeInMilliseconds'
  /**
   * A time step of whole thousands of seconds from 10,000 on that is not whole hours: most likely a
   * length in milliseconds.
   */
  | 'StepInMilliseconds'
  /**
   * An OCRA suite that does not have the parts of RFC 6287 section 6: `OCRA-1`, the function and
   * the inputs, in upper case.
   */
  | 'InvalidSuite'
  /** An OCRA question that the suite does not allow. */
  | 'InvalidQuestion'
  /** An OCRA input that the suite requires and the caller did not supply. */
  | 'MissingInput'
  /** An OCRA input that the suite does not use. */
  | 'UnexpectedInput'
  /** Session information longer than the suite allows. */
  | 'SessionTooLong'
  /** A key prepared for a different hash than the one the OCRA suite uses. */
  | 'SuiteAlgorithm'
  /** A PIN hash whose length is not that of the suite's PIN hash algorithm. */
  | 'PinHashLength'
  /** An OCRA suite whose function is not valid: RFC 6287 section 6.2. */
  | 'SuiteFunction'
  /** An OCRA suite whose question is missing or not valid: RFC 6287 section 6.3. */
  | 'SuiteQuestion'
  /**
   * An OCRA suite with another input that is not valid, repeated or in the wrong order: RFC 6287
   * section 6.3.
   */
  | 'SuiteInput'
  /** A key URI with text that does not decode, a control character, or more than 32 parameters. */
  | 'InvalidUri'
  /** A key URI without a secret. */
  | 'UriWithoutSecret'
  /** A `hotp` key URI without a counter. */
  | 'UriWithoutCounter'
  /**
   * An issuer or account that is empty, contains a control character or a parameter of a URI, or
   * begins or ends with white space or a format character.
   */
  | 'InvalidLabel'
  /** A key URI that gives a parameter two values. */
  | 'UriRepeatedParameter'
  /** A period of a key that is not 1 to 2^63 - 1, or not a whole number. */
  | 'InvalidPeriod'
  /** A counter in a key URI that is not 0 to 2^64 - 1, or not a whole number. */
  | 'InvalidCounter'
  /** A key URI with the parameter `encoder`, as for Steam's codes. */
  | 'UriEncoder'
  /** A key URI with a PIN, as for Yandex and mOTP. */
  | 'UriPin'
  /** A key URI with the parameter `t0`, `epoch` or `offset`. */
  | 'UriTimeOrigin'
  /**
   * A key URI with another parameter that changes the codes: `algo`, `digest`, `encoding`, `hash`,
   * `interval`, `step`, `ocrasuite`, `2step_salt` and others.
   */
  | 'UriParameterChangesCode'
  /** A key URI that needs a choice or a repair, read strictly; see the cautions. */
  | 'UriNotStrict'
  /** A key URI with the name of a parameter within the value of another or the label. */
  | 'UriSeparator'
  /** A key URI of a type other than `totp` and `hotp`, or with a user or a port. */
  | 'UriType'
  /** An export of Google Authenticator (`otpauth-migration://`) instead of a key URI. */
  | 'UriMigration'
  /** A text of another scheme, or without one, instead of a key URI. */
  | 'UriScheme'
  /** A key URI with `#`. */
  | 'UriFragment'
  /** A text with more than one key URI. */
  | 'UriSeveral'
  /** A key URI within another text or the parameter of a link. */
  | 'UriWithinText'
  /** A phone number without digits. */
  | 'NumberEmpty'
  /** A character other than digits and the accepted separators. */
  | 'NumberCharacter'
  /** Fewer than 5 digits, country code included. */
  | 'NumberTooShort'
  /** More than the 15 digits of E.164. */
  | 'NumberTooLong'
  /** A phone number that does not begin with a country code assigned by the ITU. */
  | 'UnknownCallingCode'
  /** A national part that begins with 0 in a numbering plan without such numbers. */
  | 'NationalPrefix'
  /** A number in national form without a country to complete it. */
  | 'CountryMissing'
  /**
   * Text that is not an e-mail address or account in the form that a challenge's subject requires,
   * or a subject too long for an alias record.
   */
  | 'InvalidSubject'
  /**
   * A number that may begin with a prefix for calls abroad of the given country other than `00`.
   */
  | 'PrefixAbroad'
  /**
   * A lifetime outside 20 seconds to 24 hours, or beyond the 5 minutes of a customer or of a token
   * with a number.
   */
  | 'InvalidLifetime'
  /** A number of tries, or of failures that lock, outside 1 to 100. */
  | 'InvalidTries'
  /** A limit of 0 or more than 100,000 events, or with a window or burst out of range. */
  | 'InvalidLimit'
  /**
   * A policy with fewer than six digits or a lifetime above ten minutes that does not allow it
   * explicitly.
   */
  | 'PolicyTooWeak'
  /** A calling code that is not assigned, or more calling codes than a policy holds. */
  | 'InvalidCallingCode'
  /** A setting that its group of settings does not have. */
  | 'UnknownSetting'
  /** A setting's value that is not of its field's type. */
  | 'InvalidSetting'
  /** Malformed keyring text. */
  | 'InvalidKeyring'
  /** A keyring that already holds the most record keys it can. */
  | 'KeyringFull'
  /**
   * A record key id that is not in the keyring, or the newest one where that cannot be removed.
   */
  | 'UnknownRecordKey'
  /** A record key id that is already in the keyring. */
  | 'DuplicateRecordKey'
  /** Keyring text whose checksum does not fit: a character was changed. */
  | 'KeyringChecksum'
  /** The removal of the record key with which records are written. */
  | 'ActiveRecordKey'
  /** A record of the wrong length or of a kind or version that this engine does not know. */
  | 'RecordFormat'
  /**
   * A record that fails authentication: altered, moved to another store key, or sealed by another
   * keyring.
   */
  | 'RecordForged'
  /** The store failed, and nothing was written. */
  | 'StoreFailed'
  /** The store is full. */
  | 'StoreFull'
  /** More than 256 conflicts on one record in one exchange. */
  | 'TooManyConflicts'
  /** It is unknown whether the store wrote the value: a timeout or a broken connection. */
  | 'StoreUnknown'
  /**
   * A value that expires before values that the store has already dropped: the clock is behind the
   * one that they were dropped by.
   */
  | 'StoreExpired'
  /** An operation on a store that took longer than 10 seconds. */
  | 'OperationTooOld'
  /** The random source failed. */
  | 'EntropyFailed'
  /** A value that changed since the expected one was read. */
  | 'Changed'
  /** A store that belongs to another keyring: its locator key differs. */
  | 'OtherKeyring'
  /** A record key that differs from the one with the same id that the store was written with. */
  | 'OtherRecordKey'
  /**
   * A store without a header where one was expected: it is empty, or not the store that was meant.
   */
  | 'StoreNotInitialized'
  /** A store whose contents were moved to another one. */
  | 'StoreMoved'
  /** A store with a layout or format that this version does not know. */
  | 'StoreTooNew'
  /** A store that was restored from a backup and not confirmed by an administrator yet. */
  | 'StoreClosed'
  /** A record that is missing although its owner was told that it exists. */
  | 'RecordMissing'
  /**
   * A store that was restored at a time that is still to come: the clock is behind, or the one of
   * the restore was ahead. What is issued before that time would never be accepted.
   */
  | 'RestoredLater'
  /** More contents than a value of a store may have. */
  | 'DocumentTooLarge'
  /** A subject that was unlocked three times within 24 hours. */
  | 'TooManyUnlocks'
  /**
   * A channel, customer or client name that is empty, too long, or contains characters other than
   * letters, digits, `-`, `_` and `.`.
   */
  | 'InvalidName'
  /** An address or network that is not CIDR notation. */
  | 'InvalidAddress'
  /** An application identifier that message texts may not contain. */
  | 'InvalidApp'
  /** A message template that breaks the rules for message texts. */
  | 'InvalidTemplate'
  /** A host of the origin-bound line (`@host #code`) that is not a host name. */
  | 'InvalidHost'
  /**
   * A tenant whose stored value could become larger than 16,384 bytes, with the room that the
   * predecessors of its credential and public key need.
   */
  | 'TenantTooLarge'
  /** Text that is not a credential, or the credential of another tenant. */
  | 'InvalidCredential'
  /** A name that another tenant of the same kind already has. */
  | 'NameTaken'
  /** An issuer that is not a base URL: `https`, a host, no path, no user information. */
  | 'InvalidIssuer'
  /**
   * A redirect URI that is not one of RFC 3986, has no host that can be connected to, or is too
   * long, and a list of too many; 540 to 545 have the other reasons.
   */
  | 'InvalidRedirectUri'
  /**
   * A client's public key that is neither an uncompressed P-256 point nor a JWK of a P-256 or RSA
   * key; 530 to 535 have the other reasons.
   */
  | 'InvalidPublicKey'
  /** A scope that no contract defines. */
  | 'UnknownScope'
  /** A name that no channel, customer or client of the store has. */
  | 'TenantMissing'
  /** An operation on a channel, customer or client that is revoked. */
  | 'TenantRevoked'
  /** A number without a record at the channel, customer or client. */
  | 'NumberMissing'
  /** A change of the name of a channel, customer or client. */
  | 'NameFixed'
  /** An overlap of two credentials of more than 31 days. */
  | 'InvalidOverlap'
  /** A language tag that is not of the form of BCP 47, or that occurs twice. */
  | 'InvalidLanguageTag'
  /**
   * An Android app that is not an app hash of 11 base64 characters, that has a second hash, or
   * whose package name or certificate is not one.
   */
  | 'InvalidAppHash'
  /**
   * A message template that has no room for an Android app hash within the 140 bytes that SMS
   * Retriever reads.
   */
  | 'MessageTooLong'
  /**
   * A message template with a placeholder that does not exist, or with two braces that belong to
   * none.
   */
  | 'UnknownPlaceholder'
  /** An Android app hash for an application that the channel may not send for. */
  | 'UnknownAndroidApp'
  /** A private key where the public one is registered: a JWK with the member `d`, or PEM. */
  | 'PrivateKeyGiven'
  /** A public key in PEM. */
  | 'PublicKeyInPem'
  /** A JWK whose `use` or `key_ops` does not allow it to verify signatures. */
  | 'KeyNotForSignatures'
  /** A JWK whose `alg` is not that of its type. */
  | 'KeyAlgorithm'
  /** An RSA key outside 2048 to 4096 bits. */
  | 'RsaKeySize'
  /** An RSA key with an exponent other than 65537. */
  | 'RsaExponent'
  /** A redirect URI without a scheme. */
  | 'RelativeRedirectUri'
  /** A redirect URI with a fragment (RFC 6749 section 3.1.2). */
  | 'RedirectUriFragment'
  /** A redirect URI with a user name or password. */
  | 'RedirectUriUserInfo'
  /** A redirect URI with an empty port or one past 65535. */
  | 'RedirectUriPort'
  /**
   * A redirect URI with the scheme `http` for a host other than loopback (RFC 8252 section 7.3).
   */
  | 'RedirectUriHttp'
  /**
   * A redirect URI with a scheme other than `https` that is not in reverse domain form (RFC 8252
   * section 7.1), or with capital letters in its scheme.
   */
  | 'RedirectUriScheme'
  /** Credits that would exceed 2^64-1 together with those of the customer. */
  | 'TooManyCredits'
  /**
   * A prefix of phone numbers that is not a plus sign, an assigned country code and further digits,
   * at most 15.
   */
  | 'InvalidPrefix'
  /** A cut-off that does not end after 1 second to 30 days. */
  | 'InvalidCutOffLife'
  /** A reason for a cut-off that is not 1 to 120 bytes of text on one line. */
  | 'InvalidCutOffReason'
  /** More than 64 cut-offs at a time. */
  | 'TooManyCutOffs'
  /** A target without a cut-off in effect. */
  | 'CutOffMissing';

/** The verdict on an attempt. Numbers are stable. */
export type Verdict =
  /** The code is right and was not used before. */
  | 'Accept'
  /** The code is wrong, and tries are left. */
  | 'Wrong'
  /**
   * No tries are left: this wrong code was the last one, or the challenge was exhausted before.
   */
  | 'Exhausted'
  /** The challenge has expired. The code was not compared. */
  | 'Expired'
  /** The challenge was already accepted. The code was not compared. */
  | 'Used'
  /** There is no challenge. The code was not compared. */
  | 'NoChallenge'
  /** The number or token is locked after too many failures. The code was not compared. */
  | 'Locked'
  /**
   * The guess limit is exhausted for now, or the token must wait after a failure. The code was not
   * compared.
   */
  | 'Limited'
  /** The code is right, but for a counter or time step that was already accepted or skipped. */
  | 'Replayed'
  /**
   * The store was restored, so codes that the token was accepted with may be unknown: the token
   * must be resynchronised. The code was not compared.
   */
  | 'Resynchronize'
  /**
   * The text cannot be a code: not 4 to 10 digits, or with characters other than digits of any
   * script, white space, dashes, and direction and other format characters. It costs no try; the
   * record was neither looked at nor changed.
   */
  | 'Malformed';

/** Why a challenge was not issued. Numbers are stable. */
export type RefusalReason =
  /** The resend interval has not passed. */
  | 'ResendInterval'
  /** The send limit of the number is exhausted for now. */
  | 'Sends'
  /** The guess limit of the number is exhausted for now. */
  | 'Guesses'
  /** The number is locked after too many failures. */
  | 'Locked'
  /** The spend limit of the tenant is exhausted for now. */
  | 'Spend'
  /** The prepaid credits of the tenant are exhausted. Waiting does not restore them. */
  | 'Credits';

/** What identifies the subject of a challenge. */
export type SubjectKind =
  /** A phone number. */
  | 'number'
  /** An e-mail address. */
  | 'email'
  /** An account of the caller, which is compared byte by byte. */
  | 'account';

/**
 * Why an exchange ended. Numbers and names are stable; the names are used as metric labels and in
 * logs.
 */
export type Reason =
  /** The gateway took the message. */
  | 'sent'
  /** The code was correct. */
  | 'accepted'
  /** The number was compared and is that of the device. */
  | 'number_verified'
  /** The number was compared and is not that of the device. */
  | 'number_not_verified'
  /** The device's number was returned to the client. */
  | 'number_shared'
  /** A token was issued. */
  | 'token_issued'
  /**
   * The network recognised the device and its user agent was redirected with an authorization code.
   */
  | 'logged_in'
  /** A public document was returned. */
  | 'document_told'
  /** The code was wrong. */
  | 'wrong_code'
  /** No tries were left. */
  | 'exhausted'
  /** The challenge had expired. */
  | 'expired'
  /** The code had already been accepted. */
  | 'used'
  /** The number had no challenge. */
  | 'no_challenge'
  /** The number was locked. */
  | 'locked'
  /** The number's guesses were used up. */
  | 'limited'
  /** No challenge has this id. */
  | 'unknown_id'
  /** The text cannot be a code; it was not counted as a guess. */
  | 'malformed_code'
  /** The credential is missing or unknown. */
  | 'unknown_credential'
  /** The tenant may not call from this address. */
  | 'address_not_allowed'
  /** The tenant is revoked. */
  | 'revoked'
  /** The tenant may not send for this application. */
  | 'app_not_allowed'
  /** The token is missing, invalid or expired. */
  | 'invalid_token'
  /** The token is valid for a single use and was already used. */
  | 'token_used'
  /** The token lacks the scope that the operation requires. */
  | 'missing_scope'
  /** The token was not issued for a device that the mobile network or its SIM authenticated. */
  | 'not_by_network'
  /** The token carries no number. */
  | 'token_without_number'
  /** The mobile network does not know the address of the device. */
  | 'unknown_device'
  /** A parameter was missing or empty. */
  | 'missing_parameter'
  /** A parameter occurred more than once. */
  | 'repeated_parameter'
  /** A parameter was too long or malformed. */
  | 'invalid_parameter'
  /** The number is not a valid phone number. */
  | 'invalid_number'
  /** The number cannot take messages. */
  | 'not_mobile'
  /** The policy or the host does not allow messages to this number. */
  | 'number_not_allowed'
  /** The body does not have the form that the contract requires. */
  | 'invalid_body'
  /** The correlator was malformed. */
  | 'invalid_correlator'
  /** The number is barred from receiving messages. */
  | 'number_blocked'
  /** The number belongs to another operator. */
  | 'foreign_number'
  /** The resend interval had not passed. */
  | 'resend_interval'
  /** The number's sends were used up. */
  | 'send_limit'
  /** The number's guesses were used up, so no challenge was issued. */
  | 'guess_limit'
  /** The tenant's spend limit was used up. */
  | 'spend_limit'
  /** The number was locked, so no challenge was issued. */
  | 'number_locked'
  /** The tenant's credits were used up. */
  | 'no_credits'
  /** The number's challenge is still live. */
  | 'still_live'
  /** The country code is not assigned. */
  | 'unknown_country'
  /** The path belongs to no contract. */
  | 'not_found'
  /** The path does not allow this method. */
  | 'method_not_allowed'
  /** The request was a prefetch, which never sends a code or counts an attempt. */
  | 'prefetch'
  /** The request was larger than 64 KiB. */
  | 'too_large'
  /** The store failed, or the outcome of a swap stayed unknown. */
  | 'store_failed'
  /** The stored value was malformed, not authentic, or written under an unknown key. */
  | 'record_refused'
  /** A record changed more than 256 times during the exchange. */
  | 'too_many_conflicts'
  /** The exchange took longer than 10 s. */
  | 'too_old'
  /** The gateway definitely refused the message. */
  | 'gateway_refused'
  /** It is unknown whether the message was sent. */
  | 'gateway_unknown'
  /** The host's answer did not fit the step. */
  | 'wrong_answer'
  /** The host failed to carry out a step. */
  | 'host_failed'
  /**
   * The store was restored from a backup and is closed until an administrator confirms its tenants,
   * or until the time of the restore.
   */
  | 'store_closed'
  /**
   * The value would expire before values that the store has already dropped: the clock is behind,
   * or was far ahead before.
   */
  | 'store_expired'
  /** The redirect URI is not registered for the client. */
  | 'redirect_refused'
  /** The client may not request this scope, or the operation does not grant it. */
  | 'scope_refused'
  /** The response type was not `code`. */
  | 'unsupported_response'
  /** The client requested an interactive login, which is not supported. */
  | 'login_asked'
  /** The client requested a consent prompt, which is not supported. */
  | 'consent_asked'
  /** The client requested an account selection, which is not supported. */
  | 'account_choice_asked'
  /** The client sent a request object, which is not supported. */
  | 'request_object'
  /** The client sent the URI of a request object, which is never fetched. */
  | 'request_uri'
  /** The client sent a registration within the request, which is not supported. */
  | 'registration'
  /** The ID token hint is not for the subject of this device. */
  | 'other_subject'
  /**
   * The authorization code was invalid, expired, or issued for another client, redirect URI or PKCE
   * verifier.
   */
  | 'grant_refused'
  /** The authorization code was already used. */
  | 'grant_used'
  /** The grant type is not supported. */
  | 'unsupported_grant'
  /** The client's ID tokens are signed with RS256, and the host has no key for it. */
  | 'no_signing_key'
  /** An administrator has stopped all messages for a while. */
  | 'sends_stopped'
  /** An administrator has stopped the gateway for a while. */
  | 'gateway_stopped'
  /** An administrator has stopped the tenant for a while. */
  | 'tenant_stopped'
  /** An administrator has stopped messages to the number's prefix for a while. */
  | 'prefix_stopped';

/** The kind of a step. C, Java and JavaScript use the same numbers and names. */
export type StepKind =
  /** Load a value; answer `loaded` or `failed`. */
  | 'load'
  /** Replace a value; answer `stored` once it is durable, `conflict`, `unknown` or `failed`. */
  | 'swap'
  /**
   * Assess a number; answer `assessed`, or `unsupported` to accept every number that the engine
   * accepts.
   */
  | 'assess'
  /** Pass a message to the gateway; answer `delivered`, `refused` or `unknown`. */
  | 'deliver'
  /** Send the reply; the exchange is over. */
  | 'reply'
  /**
   * Introspect a bearer token that the engine did not issue; answer `introspected`, `unsupported`,
   * `unknown` or `failed`.
   */
  | 'introspect'
  /**
   * Resolve the network address of a device to its number; answer `resolved`, `unsupported`,
   * `unknown` or `failed`.
   */
  | 'resolve'
  /**
   * List the public keys of the pairs that sign with RS256, the one that signs first; answer
   * `signingKeys`, `unsupported`, `unknown` or `failed`.
   */
  | 'signingKeys'
  /** Sign with RS256; answer `signed`, `unsupported`, `unknown` or `failed`. */
  | 'sign'
  /**
   * Check a signature with RS256; answer `genuine`, `forged`, `unsupported`, `unknown` or `failed`.
   */
  | 'checkSignature';

/** The kind of an answer. C, Java and JavaScript use the same numbers and names. */
export type AnswerKind =
  /** The first answer of every exchange, before any step. */
  | 'begin'
  /** The value under the store key, if there is one. */
  | 'loaded'
  /** The swap is durably stored. */
  | 'stored'
  /** The swap found another value instead of the expected one. */
  | 'conflict'
  /** The gateway accepted the message. */
  | 'delivered'
  /** The gateway definitely refused the message: nothing was sent. */
  | 'refused'
  /** The outcome is unknown: the step may or may not have taken effect. */
  | 'unknown'
  /** The step definitely had no effect. */
  | 'failed'
  /** The host does not support this kind of step. */
  | 'unsupported'
  /** The store is full; nothing was stored. */
  | 'full'
  /** The host's description of a token that it issued itself. */
  | 'introspected'
  /** The number of the device with a network address. */
  | 'resolved'
  /** The host's assessment of a number. */
  | 'assessed'
  /**
   * The swap inserts a value that expires before values that the store has already dropped; nothing
   * was stored.
   */
  | 'expired'
  /** The documents that the store listed. Not an answer of an exchange. */
  | 'listed'
  /** The public keys of the pairs that sign with RS256. */
  | 'signingKeys'
  /** The signature. */
  | 'signed'
  /** The signature is that of the message under the key. */
  | 'genuine'
  /** The signature is not that of the message under the key. */
  | 'forged';

/** The kind of an assessment. C, Java and JavaScript use the same numbers and names. */
export type AssessmentKind =
  /** The host knows nothing of numbers. */
  | 'unsupported'
  /** A number that its numbering plan contains. */
  | 'valid'
  /** Not a number of its numbering plan. */
  | 'invalid'
  /** A number that the host does not send to. */
  | 'notAllowed'
  /** A number that is currently barred from receiving messages. */
  | 'blocked'
  /** A number of another operator. */
  | 'foreign';

/** A scope that a client may request and that an access token may have. */
export type Scope =
  /** Compare a number with that of the device. */
  | 'number-verification:verify'
  /** Read the device's number. */
  | 'number-verification:device-phone-number:read'
  /** Send codes and validate them. */
  | 'one-time-password-sms:send-validate';

/** How often an access token of Number Verification can be used. */
export type TokenUse =
  /** Once: a reusable token could be used to guess the device's number. */
  | 'once'
  /** Any number of times until it expires. */
  | 'within_life';

/** The algorithm that signs ID tokens or client assertions (RFC 7518 section 3.1). */
export type SignatureAlgorithm =
  /** ECDSA with P-256 and SHA-256, which the engine computes. */
  | 'ES256'
  /** RSASSA-PKCS1-v1_5 with SHA-256, which the host computes. */
  | 'RS256';

/** The language of a message. */
export type Language =
  /** English. */
  | 'en_US'
  /** Arabic. */
  | 'ar_SA';

/** The alphabet in which a text is sent. */
export type Alphabet =
  /** GSM 7-bit: 160 septets in a single segment, 153 in each of several. */
  | 'gsm7'
  /**
   * UCS-2, for texts with any character outside GSM 7-bit: 70 UTF-16 units in a single segment, 67
   * in each of several.
   */
  | 'ucs2';

/**
 * Something about a key URI that a caller may want to show or refuse. One kind is about apps: a
 * property that some authenticator apps mishandle or reject. All apps agree on TOTP with SHA-1, six
 * digits, 30 seconds, a secret of 20 bytes and an issuer (surveys of 2019, 2023 and 2025). The
 * other kind is about reading: the URI is outside the wiki page "Key Uri Format" of
 * google-authenticator, or allows several readings, and one was chosen. Strict parsing refuses a
 * URI with a caution of reading.
 */
export type Caution =
  /** Not TOTP: several apps do not support HOTP. */
  | 'Counter'
  /**
   * Not SHA-1: Authy, Duo and Microsoft Authenticator accept SHA-256 but compute SHA-1, 1Password
   * rejects it, and older versions of Google Authenticator ignore the parameter.
   */
  | 'Algorithm'
  /** Not six digits: older versions of Google Authenticator always show six. */
  | 'Digits'
  /** Not 30 seconds: older versions of Google Authenticator always use 30. */
  | 'Period'
  /** Below 5 seconds: FreeOTP rejects the key. */
  | 'PeriodBelowFive'
  /**
   * A secret that is not 20 bytes (32 base32 letters) long: Google Authenticator on iOS rejected
   * longer ones with SHA-1.
   */
  | 'SecretLength'
  /** No issuer: accounts with the same name cannot be distinguished. */
  | 'NoIssuer'
  /**
   * Of reading: the label and the parameter name different issuers. The parameter counts; the
   * label's is kept as the label issuer.
   */
  | 'IssuerDiffers'
  /**
   * Of reading: an issuer that is present and empty, in the label or the parameter. It is read as
   * absent.
   */
  | 'EmptyIssuer'
  /** Of reading: the label names no account. */
  | 'EmptyAccount'
  /**
   * Of reading: the label has more than one colon that may separate, and none follows the issuer.
   * The whole label is the account.
   */
  | 'ColonInLabel'
  /**
   * Of reading: `%3A` in the label separates issuer and account, because the label has no literal
   * colon and the issuer parameter does not decide.
   */
  | 'EncodedColon'
  /**
   * Of reading: `&amp;` separates parameters, from HTML that was not unescaped. It is read as `&`.
   */
  | 'EscapedAmpersand'
  /** Of reading: a parameter is repeated with the same value. */
  | 'RepeatedParameter'
  /**
   * Of reading: a parameter that this library does not use, such as `image`, or `counter` for TOTP.
   * It is kept.
   */
  | 'UnknownParameter'
  /**
   * Of reading: a plus sign in the issuer parameter is read as a space, and the label does not
   * confirm it.
   */
  | 'PlusAsSpace'
  /**
   * Of reading: the name of a parameter or of the hash is spelled differently from the page
   * (`SECRET`, `sha-256`), or spaces surround a number.
   */
  | 'Spelling'
  /** Of reading: the secret has lower case letters, spaces, hyphens or padding. */
  | 'SecretForm'
  /**
   * Of reading: white space or format characters were dropped from an end of the URI, the issuer,
   * the account or a value.
   */
  | 'Trimmed'
  /**
   * Of reading: the issuer is Steam, for which some apps compute Steam's own codes. Here the codes
   * are the ordinary ones.
   */
  | 'SteamIssuer'
  /** A colon in the issuer or account: FreeOTP rejects the key. */
  | 'ColonInName'
  /**
   * Of reading: a period above an hour, which is read in seconds. It may have been written in
   * milliseconds. KeePassXC limits it to 24 hours, libcotp to 120 seconds.
   */
  | 'PeriodAboveHour'
  /**
   * Of reading: the issuer or account has a percent sign with two hexadecimal digits after it is
   * decoded. It may have been encoded twice, and is decoded once.
   */
  | 'EncodedTwice';

/** The kind of a value. A store keeps the two kinds separate. */
export type Kind =
  /** Records of at most 96 bytes: challenges, tokens and limits. Most of them expire. */
  | 'state'
  /**
   * Sealed documents of at most 16,384 bytes: channels, customers and clients, and the header of
   * the store. Most of them do not expire.
   */
  | 'document';
