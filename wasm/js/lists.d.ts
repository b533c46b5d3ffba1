// Written by `cargo xtask lists`; do not edit.

/** Every error of the engine: number, name, text. */
export const ERRORS: readonly (readonly [number: number, name: ErrorName, text: string])[];

/**
 * Misuse or failure. A wrong, expired or used-up code is a verdict, never an error.
 *
 * Numbers are grouped in hundreds by origin, never change and are never used again: 1xx OATH, 2xx
 * phone numbers, 3xx policies and keys, 4xx records and stores, 5xx services. No error text holds a
 * secret, a code or a number.
 */
export type ErrorName =
  /** A secret of no bytes. */
  | 'SecretEmpty'
  /**
   * A secret below the 128 bits of RFC 4226 section 4, where short secrets were not allowed
   * explicitly.
   */
  | 'SecretTooShort'
  /** A secret longer than the longest that is taken, 1,024 bytes. */
  | 'SecretTooLong'
  /** Base32 text with a character outside RFC 4648's alphabet, or of an impossible length. */
  | 'InvalidBase32'
  /** Hexadecimal text with another character, or an odd number of them. */
  | 'InvalidHex'
  /** A code length outside 4 to 10 digits. */
  | 'InvalidDigits'
  /** A time step of 0 seconds. */
  | 'InvalidStep'
  /** An algorithm other than SHA1, SHA256 and SHA512. */
  | 'InvalidAlgorithm'
  /** A window of more than 100,000 codes. */
  | 'WindowTooLarge'
  /** A time before T0, or a counter past the largest one. */
  | 'TimeOutOfRange'
  /** Resynchronisation with other than 2 or 3 codes. */
  | 'ResyncCodes'
  /** An OCRA suite that is not of RFC 6287 section 6. */
  | 'InvalidSuite'
  /** An OCRA question that the suite does not allow. */
  | 'InvalidQuestion'
  /** An OCRA input that the suite names and the caller did not give. */
  | 'MissingInput'
  /** An OCRA input that the suite does not name. */
  | 'UnexpectedInput'
  /** Session information longer than the suite says. */
  | 'SessionTooLong'
  /** A key that is prepared for another hash than the OCRA suite names. */
  | 'SuiteAlgorithm'
  /** A hash of a PIN that is not as long as the OCRA suite's hash. */
  | 'PinHashLength'
  /** A key URI that is not `otpauth://hotp/…` or `otpauth://totp/…`. */
  | 'InvalidUri'
  /** A key URI without a secret. */
  | 'UriWithoutSecret'
  /** A `hotp` key URI without a counter. */
  | 'UriWithoutCounter'
  /** A key URI whose label and issuer parameter name different issuers. */
  | 'UriIssuerMismatch'
  /** A label or issuer that a key URI cannot carry. */
  | 'InvalidLabel'
  /** A key URI that gives one parameter twice. */
  | 'UriRepeatedParameter'
  /** A number of no digits. */
  | 'NumberEmpty'
  /** A character other than digits and the separators that are tolerated. */
  | 'NumberCharacter'
  /** Fewer than 5 digits in all. */
  | 'NumberTooShort'
  /** More than the 15 digits of E.164. */
  | 'NumberTooLong'
  /** A country code that the ITU has not assigned. */
  | 'UnknownCallingCode'
  /** A national part that begins with 0 where the plan has no such numbers. */
  | 'NationalPrefix'
  /** A national number where no country is known. */
  | 'CountryMissing'
  /**
   * A lifetime outside 20 seconds to 24 hours, or beyond the 5 minutes of a customer or of a token
   * with a number.
   */
  | 'InvalidLifetime'
  /** A number of tries outside 1 to 100. */
  | 'InvalidTries'
  /** A limit of no events, of more than 100,000, or over no time. */
  | 'InvalidLimit'
  /** A policy below six digits or beyond ten minutes that does not say so explicitly. */
  | 'PolicyTooWeak'
  /** A calling code that is not assigned, or more of them than a policy holds. */
  | 'InvalidCallingCode'
  /** A setting that its group of settings does not have. */
  | 'UnknownSetting'
  /** A setting's value that is not of its field's type. */
  | 'InvalidSetting'
  /** Keyring text that is not a keyring. */
  | 'InvalidKeyring'
  /** A keyring with more record keys than it holds. */
  | 'KeyringFull'
  /** A record key id that the keyring does not hold. */
  | 'UnknownRecordKey'
  /** A record key id that the keyring holds already. */
  | 'DuplicateRecordKey'
  /** A record of the wrong length or of a kind or version that this engine does not know. */
  | 'RecordFormat'
  /** A record whose authentication fails: flipped, moved to another key, or not ours. */
  | 'RecordForged'
  /** A store that failed: nothing was stored. */
  | 'StoreFailed'
  /** A store that is full. */
  | 'StoreFull'
  /** More than 256 conflicts on one record in one exchange. */
  | 'TooManyConflicts'
  /** A store that does not know whether it stored: a time-out or a broken connection. */
  | 'StoreUnknown'
  /**
   * A channel, customer or client name of no or too many characters, or with others than letters,
   * digits, `-`, `_` and `.`.
   */
  | 'InvalidName'
  /** An address or network that is not CIDR notation. */
  | 'InvalidAddress'
  /** An application identifier outside the rules for texts. */
  | 'InvalidApp'
  /** A message template outside the rules for texts. */
  | 'InvalidTemplate'
  /** A host for the origin-bound line that is not a host name. */
  | 'InvalidHost'
  /** A tenant that does not fit in 4 KiB. */
  | 'TenantTooLarge'
  /** A text that is not the credential of a tenant. */
  | 'InvalidCredential'
  /** A name that another tenant of the kind has. */
  | 'NameTaken'
  /** An issuer that is not a base URL: `https`, a host, no path. */
  | 'InvalidIssuer'
  /**
   * A redirect URI that is not absolute, has a fragment or is `http` for other than a loopback
   * host.
   */
  | 'InvalidRedirectUri'
  /** A client's public key that has not the form of an uncompressed point. */
  | 'InvalidPublicKey'
  /** A scope that no contract has. */
  | 'UnknownScope';

/** What an attempt came to. Numbers are stable. */
export type Verdict =
  /** The code is right, and was not used before. */
  | 'Accept'
  /** The code is wrong; tries are left. */
  | 'Wrong'
  /** No tries are left: this wrong code was the last, or came after it. */
  | 'Exhausted'
  /** The challenge is past its lifetime; the code was not looked at. */
  | 'Expired'
  /** The challenge was accepted before; the code was not looked at. */
  | 'Used'
  /** There is no challenge; the code was not looked at. */
  | 'NoChallenge'
  /** Too many failures: locked; the code was not looked at. */
  | 'Locked'
  /**
   * The guesses for now are used up, or a token waits after a failure; the code was not looked at.
   */
  | 'Limited'
  /** The code is right for a counter, a step or a question that was accepted before: a replay. */
  | 'Replayed';

/** Why a challenge was not issued. Numbers are stable. */
export type RefusalReason =
  /** The resend interval has not passed. */
  | 'ResendInterval'
  /** The sends for this number are used up for now. */
  | 'Sends'
  /** The guesses for this number are used up for now. */
  | 'Guesses'
  /** The number is locked after too many failures. */
  | 'Locked'
  /** The sends of the whole tenant are used up for now. */
  | 'Spend'
  /** The tenant's prepaid credits are used up; no time brings them back. */
  | 'Credits';

/**
 * Why an exchange ended as it did. Numbers are stable; names are metric labels and words of the
 * log.
 */
export type Reason =
  /** The gateway took the message. */
  | 'sent'
  /** The code was right. */
  | 'accepted'
  /** The number was compared and is the device's. */
  | 'number_verified'
  /** The number was compared and is not the device's. */
  | 'number_not_verified'
  /** The device's number was told. */
  | 'number_shared'
  /** A token was given. */
  | 'token_issued'
  /** The device was recognised by its network and its user agent sent back. */
  | 'logged_in'
  /** A public document was given. */
  | 'document_told'
  /** The code was wrong. */
  | 'wrong_code'
  /** No tries were left. */
  | 'exhausted'
  /** The challenge was past its lifetime. */
  | 'expired'
  /** The challenge was accepted before. */
  | 'used'
  /** There was no challenge. */
  | 'no_challenge'
  /** The number was locked. */
  | 'locked'
  /** The number's guesses were used up. */
  | 'limited'
  /** Nobody has a challenge of this id. */
  | 'unknown_id'
  /** No credential, or one that nobody has. */
  | 'unknown_credential'
  /** The credential was used from another address. */
  | 'address_not_allowed'
  /** The tenant is revoked. */
  | 'revoked'
  /** The tenant may not send for this application. */
  | 'app_not_allowed'
  /** No token, or none that is valid. */
  | 'invalid_token'
  /** A token of single use that was used. */
  | 'token_used'
  /** The token has not the scope that the operation asks for. */
  | 'missing_scope'
  /** The token does not come from an authentication by the network. */
  | 'not_by_network'
  /** The token has no number. */
  | 'token_without_number'
  /** The network does not know the caller's address. */
  | 'unknown_device'
  /** A parameter was missing or empty. */
  | 'missing_parameter'
  /** A parameter was given twice. */
  | 'repeated_parameter'
  /** A parameter was too long or not of its form. */
  | 'invalid_parameter'
  /** The number was no number. */
  | 'invalid_number'
  /** The number cannot take messages. */
  | 'not_mobile'
  /** The policy or the host does not send to this number. */
  | 'number_not_allowed'
  /** The body was not what the contract says. */
  | 'invalid_body'
  /** The correlator was not of its form. */
  | 'invalid_correlator'
  /** The number is barred from receiving messages. */
  | 'number_blocked'
  /** The number is not one of the operator's. */
  | 'foreign_number'
  /** The resend interval had not passed. */
  | 'resend_interval'
  /** The number's sends were used up. */
  | 'send_limit'
  /** The number's guesses were used up, so no challenge was issued. */
  | 'guess_limit'
  /** The tenant's sends were used up. */
  | 'spend_limit'
  /** The number was locked, so no challenge was issued. */
  | 'number_locked'
  /** The tenant's credits were used up. */
  | 'no_credits'
  /** The number's challenge is still live. */
  | 'still_live'
  /** The country code was none. */
  | 'unknown_country'
  /** The path has no contract. */
  | 'not_found'
  /** The method is not of the contract. */
  | 'method_not_allowed'
  /** A prefetch, which never sends or spends. */
  | 'prefetch'
  /** The request was larger than 64 KiB. */
  | 'too_large'
  /** The store failed, or nobody knows what it did. */
  | 'store_failed'
  /** The store held something that is not ours. */
  | 'record_refused'
  /** One record changed 256 times under the exchange. */
  | 'too_many_conflicts'
  /** The exchange was older than 10 s. */
  | 'too_old'
  /** The gateway definitely refused the message. */
  | 'gateway_refused'
  /** Nobody knows whether the message was sent. */
  | 'gateway_unknown'
  /** The host answered what was not asked. */
  | 'wrong_answer'
  /** The host could not say what it was asked. */
  | 'host_failed'
  /** The redirect URI is none of the client's. */
  | 'redirect_refused'
  /** A scope that the client has not, or none that the operation gives. */
  | 'scope_refused'
  /** A response type other than `code`. */
  | 'unsupported_response'
  /** The client asked for a login that somebody takes part in. */
  | 'login_asked'
  /** The client asked for somebody's consent. */
  | 'consent_asked'
  /** The client asked for a choice between accounts. */
  | 'account_choice_asked'
  /** A request object, which is not read. */
  | 'request_object'
  /** A request object by its URI, which is never fetched. */
  | 'request_uri'
  /** A registration within a request, which is not read. */
  | 'registration'
  /** The ID token of the client's hint is for another than the device. */
  | 'other_subject'
  /**
   * An authorization code that is none, expired, or was given for something else than it was sent
   * with.
   */
  | 'grant_refused'
  /** An authorization code that was used. */
  | 'grant_used'
  /** A grant type that is not given. */
  | 'unsupported_grant';

/** The kinds of steps, as C, Java and JavaScript number and name them. */
export type StepKind =
  /** Read a value; answer `loaded` or `failed`. */
  | 'load'
  /** Replace a value; answer `stored` once it is durable, `conflict`, `unknown` or `failed`. */
  | 'swap'
  /** Assess a number; answer `assessed`, or `unsupported` to leave it to the engine. */
  | 'assess'
  /** Hand a message to the gateway; answer `delivered`, `refused` or `unknown`. */
  | 'deliver'
  /** Answer the request; the exchange is over. */
  | 'reply'
  /**
   * Look up a bearer token that is not the engine's own; answer `introspected`, `unsupported`,
   * `unknown` or `failed`.
   */
  | 'introspect'
  /**
   * Look up the number behind a network address; answer `resolved`, `unsupported`, `unknown` or
   * `failed`.
   */
  | 'resolve';

/** The kinds of answers, as C, Java and JavaScript number and name them. */
export type AnswerKind =
  /** The first answer of every exchange. */
  | 'begin'
  /** The value that was loaded, if there is one. */
  | 'loaded'
  /** The swap is durably stored. */
  | 'stored'
  /** The swap found another value instead of the expected one. */
  | 'conflict'
  /** The gateway has taken the message. */
  | 'delivered'
  /** The gateway has definitely refused the message: nothing was sent. */
  | 'refused'
  /** A time-out or a broken connection: it may or may not have happened. */
  | 'unknown'
  /** It definitely did not happen. */
  | 'failed'
  /** The host does not do this kind of step. */
  | 'unsupported'
  /** A store has no room for a new value; nothing was stored. */
  | 'full'
  /** What the host knows of a token of its own. */
  | 'introspected'
  /** The number behind a network address. */
  | 'resolved'
  /** What the host knows of a number. */
  | 'assessed';

/** The kinds of assessments, as C, Java and JavaScript number and name them. */
export type AssessmentKind =
  /** The host leaves the number to the engine's own rules. */
  | 'unsupported'
  /** A number that exists in its plan. */
  | 'valid'
  /** Not a number of its plan. */
  | 'invalid'
  /** A number that the host does not send to. */
  | 'notAllowed'
  /** A number that is barred from receiving messages for now. */
  | 'blocked'
  /** A number of another operator than the host's. */
  | 'foreign';

/** What a client may ask for. */
export type Scope =
  /** Compare a number with the device's. */
  | 'number-verification:verify'
  /** Read the device's number. */
  | 'number-verification:device-phone-number:read'
  /** Send codes and validate them. */
  | 'one-time-password-sms:send-validate';

/** How often an access token of Number Verification serves. */
export type TokenUse =
  /** Once: a token that could be used again would be an oracle over numbers. */
  | 'once'
  /** As often as it is sent within its life. */
  | 'within_life';

/** The language of a message. */
export type Language =
  /** English. */
  | 'en_US'
  /** Arabic. */
  | 'ar_SA';

/** The alphabet that a text is sent in. */
export type Alphabet =
  /** GSM 7-bit: 160 septets in one part, 153 in each of several. */
  | 'gsm7'
  /**
   * UCS-2: 70 units in one part, 67 in each of several. One character outside GSM 7-bit, any Arabic
   * letter for one, makes the whole text so.
   */
  | 'ucs2';

/**
 * Something in a key URI that an authenticator app in use gets wrong or refuses. The set that all
 * of them read alike is TOTP with SHA-1, six digits, 30 seconds, a secret of 20 bytes and an issuer
 * (surveys of 2019, 2023 and 2025).
 */
export type Caution =
  /** Not TOTP: several apps do not have HOTP. */
  | 'Counter'
  /**
   * Not SHA-1: Authy, Duo and Microsoft Authenticator take SHA-256 and compute SHA-1, 1Password
   * refuses it, Google Authenticator's older versions ignore the parameter.
   */
  | 'Algorithm'
  /** Not six digits: older Google Authenticators show six whatever is said. */
  | 'Digits'
  /** Not 30 seconds: older Google Authenticators take 30 whatever is said. */
  | 'Period'
  /** Below 5 seconds: FreeOTP refuses the key. */
  | 'PeriodBelowFive'
  /**
   * A secret of other than 20 bytes, 32 letters of base32: Google Authenticator on iOS refused
   * longer ones with SHA-1.
   */
  | 'SecretLength'
  /** No issuer: accounts of the same name cannot be told apart. */
  | 'NoIssuer';

/** What a value is; a store keeps the two kinds apart. */
export type Kind =
  /** Records of at most 96 bytes that expire: challenges, tokens, limits. */
  | 'state'
  /** Channels, customers and clients, at most 4 KiB, which do not. */
  | 'tenant';
