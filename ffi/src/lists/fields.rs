// Written by `cargo xtask lists`; do not edit.
//! The constants of settings.

/// The rules of a challenge.
pub const MPASS_GROUP_POLICY: u32 = 1;
/// The rules of an OATH token.
pub const MPASS_GROUP_TOKEN: u32 = 2;
/// An engine of the wire contracts.
pub const MPASS_GROUP_ENGINE: u32 = 3;
/// A channel, the tenant of the mPass contract.
pub const MPASS_GROUP_CHANNEL: u32 = 4;
/// A customer, the tenant of the VerifyNow contract.
pub const MPASS_GROUP_CUSTOMER: u32 = 5;
/// A client, the tenant of the CAMARA contracts and the login.
pub const MPASS_GROUP_CLIENT: u32 = 6;

/// Number of digits in a code; for a customer also the smallest number that a
/// request may choose.
pub const MPASS_FIELD_DIGITS: u32 = 101;
/// Lifetime of a code.
pub const MPASS_FIELD_LIFETIME_MS: u32 = 102;
/// Number of wrong codes that ends a challenge.
pub const MPASS_FIELD_TRIES: u32 = 103;
/// Minimum time between two sends to a number.
pub const MPASS_FIELD_RESEND_INTERVAL_MS: u32 = 104;
/// Maximum number of sends to one number.
pub const MPASS_FIELD_SENDS: u32 = 105;
/// Maximum number of wrong codes for one number.
pub const MPASS_FIELD_GUESSES: u32 = 106;
/// Number of consecutive failures that locks a number (across its challenges)
/// or a token.
pub const MPASS_FIELD_FAILURES_TO_LOCK: u32 = 107;
/// How long a locked number or token stays locked.
pub const MPASS_FIELD_LOCK_MS: u32 = 108;
/// Maximum number of sends of the whole tenant.
pub const MPASS_FIELD_SPEND: u32 = 109;
/// Country codes of the numbers that codes may be sent to.
pub const MPASS_FIELD_CALLING_CODES: u32 = 110;
/// Allows fewer than 6 digits or a lifetime of more than 10 minutes.
pub const MPASS_FIELD_ALLOW_WEAK: u32 = 111;
/// HOTP: number of counters after the expected one that are also checked (RFC
/// 4226 section 7.4).
pub const MPASS_FIELD_LOOK_AHEAD: u32 = 201;
/// TOTP: number of past time steps whose codes are accepted (RFC 6238 section
/// 5.2).
pub const MPASS_FIELD_PAST: u32 = 202;
/// TOTP: number of future time steps whose codes are accepted.
pub const MPASS_FIELD_FUTURE: u32 = 203;
/// Number of counters or time steps that a resynchronisation searches, in both
/// directions for TOTP.
pub const MPASS_FIELD_RESYNC_WINDOW: u32 = 204;
/// Delay per consecutive failure: after the nth one the next attempt must wait
/// n times this, at most an hour (RFC 4226 section 7.3).
pub const MPASS_FIELD_DELAY_MS: u32 = 205;
/// Name, unique among tenants of the same kind; a customer's customerId, a
/// client's client_id.
pub const MPASS_FIELD_NAME: u32 = 301;
/// Networks from which the tenant may call.
pub const MPASS_FIELD_ADDRESSES: u32 = 302;
/// Applications that the channel may send for.
pub const MPASS_FIELD_APPS: u32 = 303;
/// Country code that numbers in national form belong to.
pub const MPASS_FIELD_COUNTRY: u32 = 304;
/// Host of the web page where codes are typed; the last line of a message binds
/// the code to it.
pub const MPASS_FIELD_HOST: u32 = 305;
/// Templates of the messages by language; a request has the text of its
/// language tag, otherwise of the tag's first subtag, otherwise the built-in
/// one.
pub const MPASS_FIELD_TEXTS: u32 = 306;
/// Sender that messages show, for gateways that support it.
pub const MPASS_FIELD_SENDER: u32 = 308;
/// Initial balance of the customer's credits.
pub const MPASS_FIELD_TEST_CREDITS: u32 = 309;
/// Scopes that the client may request.
pub const MPASS_FIELD_SCOPES: u32 = 310;
/// Redirect URIs of a login, compared exactly.
pub const MPASS_FIELD_REDIRECT_URIS: u32 = 311;
/// Public key that verifies the client's private_key_jwt assertions: with ES256
/// for a P-256 key, with RS256 for an RSA key.
pub const MPASS_FIELD_PUBLIC_KEY: u32 = 312;
/// Algorithm that signs the client's ID tokens.
pub const MPASS_FIELD_ID_TOKEN_ALG: u32 = 313;
/// Hash of the Android app that reads the code by SMS Retriever, as a line of
/// its own; it is left out of a message that would be longer than 140 bytes or
/// one segment with it.
pub const MPASS_FIELD_ANDROID_APP_HASHES: u32 = 333;
/// Base URL under which clients reach the host, and issuer of its tokens; if
/// unset, the login is disabled.
pub const MPASS_FIELD_ISSUER: u32 = 401;
/// How often an access token of Number Verification can be used.
pub const MPASS_FIELD_TOKEN_USE: u32 = 402;
