// Written by `cargo xtask lists`; do not edit.
//! The constants of the core's lists.

/// The code is right and was not used before.
pub const MPASS_VERDICT_ACCEPT: u32 = 0;
/// The code is wrong, and tries are left.
pub const MPASS_VERDICT_WRONG: u32 = 1;
/// No tries are left: this wrong code was the last one, or the challenge was
/// exhausted before.
pub const MPASS_VERDICT_EXHAUSTED: u32 = 2;
/// The challenge has expired. The code was not compared.
pub const MPASS_VERDICT_EXPIRED: u32 = 3;
/// The challenge was already accepted. The code was not compared.
pub const MPASS_VERDICT_USED: u32 = 4;
/// There is no challenge. The code was not compared.
pub const MPASS_VERDICT_NO_CHALLENGE: u32 = 5;
/// The number or token is locked after too many failures. The code was not
/// compared.
pub const MPASS_VERDICT_LOCKED: u32 = 6;
/// The guess limit is exhausted for now, or the token must wait after a
/// failure. The code was not compared.
pub const MPASS_VERDICT_LIMITED: u32 = 7;
/// The code is right, but for a counter or time step that was already accepted
/// or skipped.
pub const MPASS_VERDICT_REPLAYED: u32 = 8;
/// The store was restored, so codes that the token was accepted with may be
/// unknown: the token must be resynchronised. The code was not compared.
pub const MPASS_VERDICT_RESYNCHRONIZE: u32 = 9;
/// The text cannot be a code: not 4 to 10 digits, or with characters other than
/// digits of any script, white space, dashes, and direction and other format
/// characters. It costs no try; the record was neither looked at nor changed.
pub const MPASS_VERDICT_MALFORMED: u32 = 10;

/// The resend interval has not passed.
pub const MPASS_REFUSAL_RESEND_INTERVAL: u32 = 1;
/// The send limit of the number is exhausted for now.
pub const MPASS_REFUSAL_SENDS: u32 = 2;
/// The guess limit of the number is exhausted for now.
pub const MPASS_REFUSAL_GUESSES: u32 = 3;
/// The number is locked after too many failures.
pub const MPASS_REFUSAL_LOCKED: u32 = 4;
/// The spend limit of the tenant is exhausted for now.
pub const MPASS_REFUSAL_SPEND: u32 = 5;
/// The prepaid credits of the tenant are exhausted. Waiting does not restore
/// them.
pub const MPASS_REFUSAL_CREDITS: u32 = 6;

/// A phone number.
pub const MPASS_SUBJECT_NUMBER: u32 = 1;
/// An e-mail address.
pub const MPASS_SUBJECT_EMAIL: u32 = 2;
/// An account of the caller, which is compared byte by byte.
pub const MPASS_SUBJECT_ACCOUNT: u32 = 3;

/// Load a value; answer `loaded` or `failed`.
pub const MPASS_STEP_LOAD: u32 = 1;
/// Replace a value; answer `stored` once it is durable, `conflict`, `unknown`
/// or `failed`.
pub const MPASS_STEP_SWAP: u32 = 2;
/// Assess a number; answer `assessed`, or `unsupported` to accept every number
/// that the engine accepts.
pub const MPASS_STEP_ASSESS: u32 = 3;
/// Pass a message to the gateway; answer `delivered`, `refused` or `unknown`.
pub const MPASS_STEP_DELIVER: u32 = 4;
/// Send the reply; the exchange is over.
pub const MPASS_STEP_REPLY: u32 = 5;
/// Introspect a bearer token that the engine did not issue; answer
/// `introspected`, `unsupported`, `unknown` or `failed`.
pub const MPASS_STEP_INTROSPECT: u32 = 6;
/// Resolve the network address of a device to its number; answer `resolved`,
/// `unsupported`, `unknown` or `failed`.
pub const MPASS_STEP_RESOLVE: u32 = 7;
/// List the public keys of the pairs that sign with RS256, the one that signs
/// first; answer `signingKeys`, `unsupported`, `unknown` or `failed`.
pub const MPASS_STEP_SIGNING_KEYS: u32 = 8;
/// Sign with RS256; answer `signed`, `unsupported`, `unknown` or `failed`.
pub const MPASS_STEP_SIGN: u32 = 9;
/// Check a signature with RS256; answer `genuine`, `forged`, `unsupported`,
/// `unknown` or `failed`.
pub const MPASS_STEP_CHECK_SIGNATURE: u32 = 10;

/// The first answer of every exchange, before any step.
pub const MPASS_ANSWER_BEGIN: u32 = 0;
/// The value under the store key, if there is one.
pub const MPASS_ANSWER_LOADED: u32 = 1;
/// The swap is durably stored.
pub const MPASS_ANSWER_STORED: u32 = 2;
/// The swap found another value instead of the expected one.
pub const MPASS_ANSWER_CONFLICT: u32 = 3;
/// The gateway accepted the message.
pub const MPASS_ANSWER_DELIVERED: u32 = 4;
/// The gateway definitely refused the message: nothing was sent.
pub const MPASS_ANSWER_REFUSED: u32 = 5;
/// The outcome is unknown: the step may or may not have taken effect.
pub const MPASS_ANSWER_UNKNOWN: u32 = 6;
/// The step definitely had no effect.
pub const MPASS_ANSWER_FAILED: u32 = 7;
/// The host does not support this kind of step.
pub const MPASS_ANSWER_UNSUPPORTED: u32 = 8;
/// The store is full; nothing was stored.
pub const MPASS_ANSWER_FULL: u32 = 9;
/// The host's description of a token that it issued itself.
pub const MPASS_ANSWER_INTROSPECTED: u32 = 10;
/// The number of the device with a network address.
pub const MPASS_ANSWER_RESOLVED: u32 = 11;
/// The host's assessment of a number.
pub const MPASS_ANSWER_ASSESSED: u32 = 12;
/// The swap inserts a value that expires before values that the store has
/// already dropped; nothing was stored.
pub const MPASS_ANSWER_EXPIRED: u32 = 13;
/// The documents that the store listed. Not an answer of an exchange.
pub const MPASS_ANSWER_LISTED: u32 = 14;
/// The public keys of the pairs that sign with RS256.
pub const MPASS_ANSWER_SIGNING_KEYS: u32 = 15;
/// The signature.
pub const MPASS_ANSWER_SIGNED: u32 = 16;
/// The signature is that of the message under the key.
pub const MPASS_ANSWER_GENUINE: u32 = 17;
/// The signature is not that of the message under the key.
pub const MPASS_ANSWER_FORGED: u32 = 18;

/// The host knows nothing of numbers.
pub const MPASS_ASSESSMENT_UNSUPPORTED: u32 = 0;
/// A number that its numbering plan contains.
pub const MPASS_ASSESSMENT_VALID: u32 = 1;
/// Not a number of its numbering plan.
pub const MPASS_ASSESSMENT_INVALID: u32 = 2;
/// A number that the host does not send to.
pub const MPASS_ASSESSMENT_NOT_ALLOWED: u32 = 3;
/// A number that is currently barred from receiving messages.
pub const MPASS_ASSESSMENT_BLOCKED: u32 = 4;
/// A number of another operator.
pub const MPASS_ASSESSMENT_FOREIGN: u32 = 5;

/// Compare a number with that of the device.
pub const MPASS_SCOPE_VERIFY: u32 = 1;
/// Read the device's number.
pub const MPASS_SCOPE_READ_NUMBER: u32 = 2;
/// Send codes and validate them.
pub const MPASS_SCOPE_SEND_VALIDATE: u32 = 4;

/// Once: a reusable token could be used to guess the device's number.
pub const MPASS_TOKEN_USE_ONCE: u32 = 1;
/// Any number of times until it expires.
pub const MPASS_TOKEN_USE_WITHIN_LIFE: u32 = 2;

/// ECDSA with P-256 and SHA-256, which the engine computes.
pub const MPASS_SIGNATURE_ALGORITHM_ES256: u32 = 1;
/// RSASSA-PKCS1-v1_5 with SHA-256, which the host computes.
pub const MPASS_SIGNATURE_ALGORITHM_RS256: u32 = 2;

/// English.
pub const MPASS_LANGUAGE_ENGLISH: u32 = 1;
/// Arabic.
pub const MPASS_LANGUAGE_ARABIC: u32 = 2;

/// GSM 7-bit: 160 septets in a single segment, 153 in each of several.
pub const MPASS_ALPHABET_GSM7: u32 = 1;
/// UCS-2, for texts with any character outside GSM 7-bit: 70 UTF-16 units in a
/// single segment, 67 in each of several.
pub const MPASS_ALPHABET_UCS2: u32 = 2;

/// Not TOTP: several apps do not support HOTP.
pub const MPASS_CAUTION_COUNTER: u32 = 1;
/// Not SHA-1: Authy, Duo and Microsoft Authenticator accept SHA-256 but compute
/// SHA-1, 1Password rejects it, and older versions of Google Authenticator
/// ignore the parameter.
pub const MPASS_CAUTION_ALGORITHM: u32 = 2;
/// Not six digits: older versions of Google Authenticator always show six.
pub const MPASS_CAUTION_DIGITS: u32 = 4;
/// Not 30 seconds: older versions of Google Authenticator always use 30.
pub const MPASS_CAUTION_PERIOD: u32 = 8;
/// Below 5 seconds: FreeOTP rejects the key.
pub const MPASS_CAUTION_PERIOD_BELOW_FIVE: u32 = 16;
/// A secret that is not 20 bytes (32 base32 letters) long: Google Authenticator
/// on iOS rejected longer ones with SHA-1.
pub const MPASS_CAUTION_SECRET_LENGTH: u32 = 32;
/// No issuer: accounts with the same name cannot be distinguished.
pub const MPASS_CAUTION_NO_ISSUER: u32 = 64;
/// Of reading: the label and the parameter name different issuers. The
/// parameter counts; the label's is kept as the label issuer.
pub const MPASS_CAUTION_ISSUER_DIFFERS: u32 = 128;
/// Of reading: an issuer that is present and empty, in the label or the
/// parameter. It is read as absent.
pub const MPASS_CAUTION_EMPTY_ISSUER: u32 = 256;
/// Of reading: the label names no account.
pub const MPASS_CAUTION_EMPTY_ACCOUNT: u32 = 512;
/// Of reading: the label has more than one colon that may separate, and none
/// follows the issuer. The whole label is the account.
pub const MPASS_CAUTION_COLON_IN_LABEL: u32 = 1024;
/// Of reading: `%3A` in the label separates issuer and account, because the
/// label has no literal colon and the issuer parameter does not decide.
pub const MPASS_CAUTION_ENCODED_COLON: u32 = 2048;
/// Of reading: `&amp;` separates parameters, from HTML that was not unescaped.
/// It is read as `&`.
pub const MPASS_CAUTION_ESCAPED_AMPERSAND: u32 = 4096;
/// Of reading: a parameter is repeated with the same value.
pub const MPASS_CAUTION_REPEATED_PARAMETER: u32 = 8192;
/// Of reading: a parameter that this library does not use, such as `image`, or
/// `counter` for TOTP. It is kept.
pub const MPASS_CAUTION_UNKNOWN_PARAMETER: u32 = 16384;
/// Of reading: a plus sign in the issuer parameter is read as a space, and the
/// label does not confirm it.
pub const MPASS_CAUTION_PLUS_AS_SPACE: u32 = 32768;
/// Of reading: the name of a parameter or of the hash is spelled differently
/// from the page (`SECRET`, `sha-256`), or spaces surround a number.
pub const MPASS_CAUTION_SPELLING: u32 = 65536;
/// Of reading: the secret has lower case letters, spaces, hyphens or padding.
pub const MPASS_CAUTION_SECRET_FORM: u32 = 131072;
/// Of reading: white space or format characters were dropped from an end of the
/// URI, the issuer, the account or a value.
pub const MPASS_CAUTION_TRIMMED: u32 = 262144;
/// Of reading: the issuer is Steam, for which some apps compute Steam's own
/// codes. Here the codes are the ordinary ones.
pub const MPASS_CAUTION_STEAM_ISSUER: u32 = 524288;
/// A colon in the issuer or account: FreeOTP rejects the key.
pub const MPASS_CAUTION_COLON_IN_NAME: u32 = 1048576;
/// Of reading: a period above an hour, which is read in seconds. It may have
/// been written in milliseconds. KeePassXC limits it to 24 hours, libcotp to
/// 120 seconds.
pub const MPASS_CAUTION_PERIOD_ABOVE_HOUR: u32 = 2097152;
/// Of reading: the issuer or account has a percent sign with two hexadecimal
/// digits after it is decoded. It may have been encoded twice, and is decoded
/// once.
pub const MPASS_CAUTION_ENCODED_TWICE: u32 = 4194304;

/// Records of at most 96 bytes: challenges, tokens and limits. Most of them
/// expire.
pub const MPASS_KIND_STATE: u32 = 1;
/// Sealed documents of at most 16,384 bytes: channels, customers and clients,
/// and the header of the store. Most of them do not expire.
pub const MPASS_KIND_DOCUMENT: u32 = 2;
