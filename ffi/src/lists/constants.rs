// Written by `cargo xtask lists`; do not edit.
//! The constants of the core's lists.

/// The code is right, and was not used before.
pub const MPASS_VERDICT_ACCEPT: u32 = 0;
/// The code is wrong; tries are left.
pub const MPASS_VERDICT_WRONG: u32 = 1;
/// No tries are left: this wrong code was the last, or came after it.
pub const MPASS_VERDICT_EXHAUSTED: u32 = 2;
/// The challenge is past its lifetime; the code was not looked at.
pub const MPASS_VERDICT_EXPIRED: u32 = 3;
/// The challenge was accepted before; the code was not looked at.
pub const MPASS_VERDICT_USED: u32 = 4;
/// There is no challenge; the code was not looked at.
pub const MPASS_VERDICT_NO_CHALLENGE: u32 = 5;
/// Too many failures: locked; the code was not looked at.
pub const MPASS_VERDICT_LOCKED: u32 = 6;
/// The guesses for now are used up, or a token waits after a failure; the code
/// was not looked at.
pub const MPASS_VERDICT_LIMITED: u32 = 7;
/// The code is right for a counter, a step or a question that was accepted
/// before: a replay.
pub const MPASS_VERDICT_REPLAYED: u32 = 8;

/// The resend interval has not passed.
pub const MPASS_REFUSAL_RESEND_INTERVAL: u32 = 1;
/// The sends for this number are used up for now.
pub const MPASS_REFUSAL_SENDS: u32 = 2;
/// The guesses for this number are used up for now.
pub const MPASS_REFUSAL_GUESSES: u32 = 3;
/// The number is locked after too many failures.
pub const MPASS_REFUSAL_LOCKED: u32 = 4;
/// The sends of the whole tenant are used up for now.
pub const MPASS_REFUSAL_SPEND: u32 = 5;
/// The tenant's prepaid credits are used up; no time brings them back.
pub const MPASS_REFUSAL_CREDITS: u32 = 6;

/// Read a value; answer `loaded` or `failed`.
pub const MPASS_STEP_LOAD: u32 = 1;
/// Replace a value; answer `stored` once it is durable, `conflict`, `unknown`
/// or `failed`.
pub const MPASS_STEP_SWAP: u32 = 2;
/// Assess a number; answer `assessed`, or `unsupported` to leave it to the
/// engine.
pub const MPASS_STEP_ASSESS: u32 = 3;
/// Hand a message to the gateway; answer `delivered`, `refused` or `unknown`.
pub const MPASS_STEP_DELIVER: u32 = 4;
/// Answer the request; the exchange is over.
pub const MPASS_STEP_REPLY: u32 = 5;
/// Look up a bearer token that is not the engine's own; answer `introspected`,
/// `unsupported`, `unknown` or `failed`.
pub const MPASS_STEP_INTROSPECT: u32 = 6;
/// Look up the number behind a network address; answer `resolved`,
/// `unsupported`, `unknown` or `failed`.
pub const MPASS_STEP_RESOLVE: u32 = 7;

/// The first answer of every exchange.
pub const MPASS_ANSWER_BEGIN: u32 = 0;
/// The value that was loaded, if there is one.
pub const MPASS_ANSWER_LOADED: u32 = 1;
/// The swap is durably stored.
pub const MPASS_ANSWER_STORED: u32 = 2;
/// The swap found another value instead of the expected one.
pub const MPASS_ANSWER_CONFLICT: u32 = 3;
/// The gateway has taken the message.
pub const MPASS_ANSWER_DELIVERED: u32 = 4;
/// The gateway has definitely refused the message: nothing was sent.
pub const MPASS_ANSWER_REFUSED: u32 = 5;
/// A time-out or a broken connection: it may or may not have happened.
pub const MPASS_ANSWER_UNKNOWN: u32 = 6;
/// It definitely did not happen.
pub const MPASS_ANSWER_FAILED: u32 = 7;
/// The host does not do this kind of step.
pub const MPASS_ANSWER_UNSUPPORTED: u32 = 8;
/// A store has no room for a new value; nothing was stored.
pub const MPASS_ANSWER_FULL: u32 = 9;
/// What the host knows of a token of its own.
pub const MPASS_ANSWER_INTROSPECTED: u32 = 10;
/// The number behind a network address.
pub const MPASS_ANSWER_RESOLVED: u32 = 11;
/// What the host knows of a number.
pub const MPASS_ANSWER_ASSESSED: u32 = 12;

/// The host leaves the number to the engine's own rules.
pub const MPASS_ASSESSMENT_UNSUPPORTED: u32 = 0;
/// A number that exists in its plan.
pub const MPASS_ASSESSMENT_VALID: u32 = 1;
/// Not a number of its plan.
pub const MPASS_ASSESSMENT_INVALID: u32 = 2;
/// A number that the host does not send to.
pub const MPASS_ASSESSMENT_NOT_ALLOWED: u32 = 3;
/// A number that is barred from receiving messages for now.
pub const MPASS_ASSESSMENT_BLOCKED: u32 = 4;
/// A number of another operator than the host's.
pub const MPASS_ASSESSMENT_FOREIGN: u32 = 5;

/// Compare a number with the device's.
pub const MPASS_SCOPE_VERIFY: u32 = 1;
/// Read the device's number.
pub const MPASS_SCOPE_READ_NUMBER: u32 = 2;
/// Send codes and validate them.
pub const MPASS_SCOPE_SEND_VALIDATE: u32 = 4;

/// Once: a token that could be used again would be an oracle over numbers.
pub const MPASS_TOKEN_USE_ONCE: u32 = 1;
/// As often as it is sent within its life.
pub const MPASS_TOKEN_USE_WITHIN_LIFE: u32 = 2;

/// English.
pub const MPASS_LANGUAGE_ENGLISH: u32 = 1;
/// Arabic.
pub const MPASS_LANGUAGE_ARABIC: u32 = 2;

/// GSM 7-bit: 160 septets in one part, 153 in each of several.
pub const MPASS_ALPHABET_GSM7: u32 = 1;
/// UCS-2: 70 units in one part, 67 in each of several. One character outside
/// GSM 7-bit, any Arabic letter for one, makes the whole text so.
pub const MPASS_ALPHABET_UCS2: u32 = 2;

/// Not TOTP: several apps do not have HOTP.
pub const MPASS_CAUTION_COUNTER: u32 = 1;
/// Not SHA-1: Authy, Duo and Microsoft Authenticator take SHA-256 and compute
/// SHA-1, 1Password refuses it, Google Authenticator's older versions ignore
/// the parameter.
pub const MPASS_CAUTION_ALGORITHM: u32 = 2;
/// Not six digits: older Google Authenticators show six whatever is said.
pub const MPASS_CAUTION_DIGITS: u32 = 4;
/// Not 30 seconds: older Google Authenticators take 30 whatever is said.
pub const MPASS_CAUTION_PERIOD: u32 = 8;
/// Below 5 seconds: FreeOTP refuses the key.
pub const MPASS_CAUTION_PERIOD_BELOW_FIVE: u32 = 16;
/// A secret of other than 20 bytes, 32 letters of base32: Google Authenticator
/// on iOS refused longer ones with SHA-1.
pub const MPASS_CAUTION_SECRET_LENGTH: u32 = 32;
/// No issuer: accounts of the same name cannot be told apart.
pub const MPASS_CAUTION_NO_ISSUER: u32 = 64;

/// Records of at most 96 bytes that expire: challenges, tokens, limits.
pub const MPASS_KIND_STATE: u32 = 1;
/// Channels, customers and clients, at most 4 KiB, which do not.
pub const MPASS_KIND_TENANT: u32 = 2;
