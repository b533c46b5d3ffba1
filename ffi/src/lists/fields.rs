// Written by `cargo xtask lists`; do not edit.
//! The constants of settings.

/// The rules of a challenge.
pub const MPASS_GROUP_POLICY: u32 = 1;
/// The rules of an OATH token.
pub const MPASS_GROUP_TOKEN: u32 = 2;
/// An engine of the wire contracts.
pub const MPASS_GROUP_ENGINE: u32 = 3;
/// A channel, a caller of the mPass contract.
pub const MPASS_GROUP_CHANNEL: u32 = 4;
/// A customer, a caller of the VerifyNow contract.
pub const MPASS_GROUP_CUSTOMER: u32 = 5;
/// A client, a caller of the CAMARA contracts.
pub const MPASS_GROUP_CLIENT: u32 = 6;

/// The length of a code; for a customer also the fewest digits that a request
/// may name.
pub const MPASS_FIELD_DIGITS: u32 = 101;
/// How long a code lives.
pub const MPASS_FIELD_LIFETIME_MS: u32 = 102;
/// Wrong codes that end a challenge.
pub const MPASS_FIELD_TRIES: u32 = 103;
/// The least time between two sends to a number.
pub const MPASS_FIELD_RESEND_INTERVAL_MS: u32 = 104;
/// Sends to one number.
pub const MPASS_FIELD_SENDS: u32 = 105;
/// Wrong codes for one number.
pub const MPASS_FIELD_GUESSES: u32 = 106;
/// Failures in a row that lock a number, over all its challenges, or a token.
pub const MPASS_FIELD_FAILURES_TO_LOCK: u32 = 107;
/// How long a locked number or token stays locked.
pub const MPASS_FIELD_LOCK_MS: u32 = 108;
/// Sends of the whole tenant.
pub const MPASS_FIELD_SPEND: u32 = 109;
/// Country codes that may be sent to.
pub const MPASS_FIELD_CALLING_CODES: u32 = 110;
/// Accepts fewer than six digits or a lifetime of more than ten minutes.
pub const MPASS_FIELD_ALLOW_WEAK: u32 = 111;
/// HOTP: counters beyond the next one that are tried (RFC 4226 section 7.4).
pub const MPASS_FIELD_LOOK_AHEAD: u32 = 201;
/// TOTP: steps that a code may be late (RFC 6238 section 5.2).
pub const MPASS_FIELD_PAST: u32 = 202;
/// TOTP: steps that a token's clock may be ahead.
pub const MPASS_FIELD_FUTURE: u32 = 203;
/// Counters or steps that a resynchronisation tries, to either side for TOTP.
pub const MPASS_FIELD_RESYNC_WINDOW: u32 = 204;
/// The wait after the nth failure in a row is n times this, at most an hour
/// (RFC 4226 section 7.3).
pub const MPASS_FIELD_DELAY_MS: u32 = 205;
/// The name, unique among tenants of its kind: a customer's customerId, a
/// client's client_id.
pub const MPASS_FIELD_NAME: u32 = 301;
/// Networks that it may call from.
pub const MPASS_FIELD_ADDRESSES: u32 = 302;
/// Applications that it may send for.
pub const MPASS_FIELD_APPS: u32 = 303;
/// The country code of numbers in national form.
pub const MPASS_FIELD_COUNTRY: u32 = 304;
/// The host of the web page that codes are typed in: the last line of a message
/// binds the code to it.
pub const MPASS_FIELD_HOST: u32 = 305;
/// Its English text.
pub const MPASS_FIELD_TEXT_EN: u32 = 306;
/// Its Arabic text.
pub const MPASS_FIELD_TEXT_AR: u32 = 307;
/// The sender that its messages show, for gateways that take one.
pub const MPASS_FIELD_SENDER: u32 = 308;
/// The credits that it begins with.
pub const MPASS_FIELD_TEST_CREDITS: u32 = 309;
/// Scopes that it may ask for.
pub const MPASS_FIELD_SCOPES: u32 = 310;
/// Where a login may send a user agent back to, compared exactly.
pub const MPASS_FIELD_REDIRECT_URIS: u32 = 311;
/// The public key of its private_key_jwt assertions (ES256).
pub const MPASS_FIELD_PUBLIC_KEY: u32 = 312;
/// The base URL that clients reach the host under, the issuer of its tokens;
/// without one there is no login.
pub const MPASS_FIELD_ISSUER: u32 = 401;
/// How often an access token of Number Verification serves.
pub const MPASS_FIELD_TOKEN_USE: u32 = 402;
