/* The C ABI of libmpass. Written by `cargo xtask header` from the crate in
 * ffi/; a change made here is lost. SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * These rules hold for every function:
 *
 * - A fallible function returns a mpass_status, 0 for success. A wrong, used
 *   or expired code is no error: it is a verdict in an output.
 * - Outputs are written on success only, with two exceptions: an output
 *   handle is NULL after a failure, and `*written` is the needed capacity
 *   after BUFFER_TOO_SMALL. No output may be NULL but a buffer of capacity 0.
 * - Handles are opaque and the caller's: each `_new`, `_parse` or other
 *   function with an output handle makes one, its class's `_free` ends it and
 *   erases its secrets. Freeing NULL does nothing; using a handle that was
 *   freed is undefined. Nothing else is ever to be freed by the caller, and
 *   nothing that a function takes is kept: it is copied.
 * - A byte input is a pointer with a length, NULL only with length 0. Text is
 *   UTF-8 with a length, without NUL; codes are text. An output buffer is a
 *   pointer, its capacity and the length that was written, also without NUL;
 *   the caller owns it. Inputs and outputs must not overlap.
 * - NULL_ARGUMENT, WRONG_HANDLE, LENGTH_OUT_OF_RANGE, POISONED and PANIC can
 *   be returned by every function. PANIC is a fault of this library; handles
 *   that were in the call are poisoned and can only be freed.
 * - "Threads: any" means that calls may run at the same time, as long as no
 *   other changes or frees the same handle. "Threads: one at a time" means
 *   that the host sees to it that no other call uses the handle meanwhile.
 * - Time is milliseconds of Unix time where a name ends in `_ms`, seconds
 *   where it says so. Entropy is fresh bytes of the system's random source,
 *   of a fixed length, never given twice.
 * - The library reads no clock and no random source, prints nothing and
 *   starts no threads but those that mpass_store_probe is asked for. A panic
 *   writes a line to the standard error, which Rust's runtime does.
 */

#ifndef MPASS_H
#define MPASS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The version of this header; `mpass_version_string` returns the library's. */
#define MPASS_VERSION_MAJOR 0
#define MPASS_VERSION_MINOR 1
#define MPASS_VERSION_PATCH 0
#define MPASS_VERSION_STRING "0.1.0"

/*
 The plan does not tell whether the number takes messages.
 */
#define MPASS_MOBILE_UNKNOWN 0

/*
 The number takes messages.
 */
#define MPASS_MOBILE_YES 1

/*
 The number takes no messages, such as a land line.
 */
#define MPASS_MOBILE_NO 2

/*
 Not refused.
 */
#define MPASS_REFUSAL_NONE 0

/*
 HMAC-SHA-1, the algorithm of RFC 4226 and of nearly every token.
 */
#define MPASS_ALGORITHM_SHA1 1

/*
 HMAC-SHA-256 (RFC 6238 section 1.2).
 */
#define MPASS_ALGORITHM_SHA256 2

/*
 HMAC-SHA-512 (RFC 6238 section 1.2).
 */
#define MPASS_ALGORITHM_SHA512 3

/*
 A key for HOTP; its moving factor is the counter of the next code.
 */
#define MPASS_KEY_URI_HOTP 1

/*
 A key for TOTP; its moving factor is the length of a step in seconds.
 */
#define MPASS_KEY_URI_TOTP 2

/*
 A caution that has no bit of its own.
 */
#define MPASS_CAUTION_OTHER 2147483648

/*
 The code is right and was not used before.
 */
#define MPASS_VERDICT_ACCEPT 0

/*
 The code is wrong, and tries are left.
 */
#define MPASS_VERDICT_WRONG 1

/*
 No tries are left: this wrong code was the last one, or the challenge was
 exhausted before.
 */
#define MPASS_VERDICT_EXHAUSTED 2

/*
 The challenge has expired. The code was not compared.
 */
#define MPASS_VERDICT_EXPIRED 3

/*
 The challenge was already accepted. The code was not compared.
 */
#define MPASS_VERDICT_USED 4

/*
 There is no challenge. The code was not compared.
 */
#define MPASS_VERDICT_NO_CHALLENGE 5

/*
 The number or token is locked after too many failures. The code was not
 compared.
 */
#define MPASS_VERDICT_LOCKED 6

/*
 The guess limit is exhausted for now, or the token must wait after a
 failure. The code was not compared.
 */
#define MPASS_VERDICT_LIMITED 7

/*
 The code is right, but for a counter or time step that was already accepted
 or skipped.
 */
#define MPASS_VERDICT_REPLAYED 8

/*
 The resend interval has not passed.
 */
#define MPASS_REFUSAL_RESEND_INTERVAL 1

/*
 The send limit of the number is exhausted for now.
 */
#define MPASS_REFUSAL_SENDS 2

/*
 The guess limit of the number is exhausted for now.
 */
#define MPASS_REFUSAL_GUESSES 3

/*
 The number is locked after too many failures.
 */
#define MPASS_REFUSAL_LOCKED 4

/*
 The spend limit of the tenant is exhausted for now.
 */
#define MPASS_REFUSAL_SPEND 5

/*
 The prepaid credits of the tenant are exhausted. Waiting does not restore
 them.
 */
#define MPASS_REFUSAL_CREDITS 6

/*
 Load a value; answer `loaded` or `failed`.
 */
#define MPASS_STEP_LOAD 1

/*
 Replace a value; answer `stored` once it is durable, `conflict`, `unknown`
 or `failed`.
 */
#define MPASS_STEP_SWAP 2

/*
 Assess a number; answer `assessed`, or `unsupported` to leave it to the
 engine.
 */
#define MPASS_STEP_ASSESS 3

/*
 Pass a message to the gateway; answer `delivered`, `refused` or `unknown`.
 */
#define MPASS_STEP_DELIVER 4

/*
 Send the reply; the exchange is over.
 */
#define MPASS_STEP_REPLY 5

/*
 Introspect a bearer token that the engine did not issue; answer
 `introspected`, `unsupported`, `unknown` or `failed`.
 */
#define MPASS_STEP_INTROSPECT 6

/*
 Resolve the network address of a device to its number; answer `resolved`,
 `unsupported`, `unknown` or `failed`.
 */
#define MPASS_STEP_RESOLVE 7

/*
 The first answer of every exchange, before any step.
 */
#define MPASS_ANSWER_BEGIN 0

/*
 The value under the store key, if there is one.
 */
#define MPASS_ANSWER_LOADED 1

/*
 The swap is durably stored.
 */
#define MPASS_ANSWER_STORED 2

/*
 The swap found another value instead of the expected one.
 */
#define MPASS_ANSWER_CONFLICT 3

/*
 The gateway accepted the message.
 */
#define MPASS_ANSWER_DELIVERED 4

/*
 The gateway definitely refused the message: nothing was sent.
 */
#define MPASS_ANSWER_REFUSED 5

/*
 The outcome is unknown: the step may or may not have taken effect.
 */
#define MPASS_ANSWER_UNKNOWN 6

/*
 The step definitely had no effect.
 */
#define MPASS_ANSWER_FAILED 7

/*
 The host does not support this kind of step.
 */
#define MPASS_ANSWER_UNSUPPORTED 8

/*
 The store is full; nothing was stored.
 */
#define MPASS_ANSWER_FULL 9

/*
 The host's description of a token that it issued itself.
 */
#define MPASS_ANSWER_INTROSPECTED 10

/*
 The number of the device with a network address.
 */
#define MPASS_ANSWER_RESOLVED 11

/*
 The host's assessment of a number.
 */
#define MPASS_ANSWER_ASSESSED 12

/*
 The host leaves the number to the engine's own rules.
 */
#define MPASS_ASSESSMENT_UNSUPPORTED 0

/*
 A number that its numbering plan contains.
 */
#define MPASS_ASSESSMENT_VALID 1

/*
 Not a number of its numbering plan.
 */
#define MPASS_ASSESSMENT_INVALID 2

/*
 A number that the host does not send to.
 */
#define MPASS_ASSESSMENT_NOT_ALLOWED 3

/*
 A number that is currently barred from receiving messages.
 */
#define MPASS_ASSESSMENT_BLOCKED 4

/*
 A number of another operator.
 */
#define MPASS_ASSESSMENT_FOREIGN 5

/*
 Compare a number with that of the device.
 */
#define MPASS_SCOPE_VERIFY 1

/*
 Read the device's number.
 */
#define MPASS_SCOPE_READ_NUMBER 2

/*
 Send codes and validate them.
 */
#define MPASS_SCOPE_SEND_VALIDATE 4

/*
 Once: a reusable token could be used to guess the device's number.
 */
#define MPASS_TOKEN_USE_ONCE 1

/*
 Any number of times until it expires.
 */
#define MPASS_TOKEN_USE_WITHIN_LIFE 2

/*
 English.
 */
#define MPASS_LANGUAGE_ENGLISH 1

/*
 Arabic.
 */
#define MPASS_LANGUAGE_ARABIC 2

/*
 GSM 7-bit: 160 septets in a single segment, 153 in each of several.
 */
#define MPASS_ALPHABET_GSM7 1

/*
 UCS-2, for texts with any character outside GSM 7-bit: 70 UTF-16 units in a
 single segment, 67 in each of several.
 */
#define MPASS_ALPHABET_UCS2 2

/*
 Not TOTP: several apps do not support HOTP.
 */
#define MPASS_CAUTION_COUNTER 1

/*
 Not SHA-1: Authy, Duo and Microsoft Authenticator accept SHA-256 but compute
 SHA-1, 1Password rejects it, and older versions of Google Authenticator
 ignore the parameter.
 */
#define MPASS_CAUTION_ALGORITHM 2

/*
 Not six digits: older versions of Google Authenticator always show six.
 */
#define MPASS_CAUTION_DIGITS 4

/*
 Not 30 seconds: older versions of Google Authenticator always use 30.
 */
#define MPASS_CAUTION_PERIOD 8

/*
 Below 5 seconds: FreeOTP rejects the key.
 */
#define MPASS_CAUTION_PERIOD_BELOW_FIVE 16

/*
 A secret that is not 20 bytes (32 base32 letters) long: Google Authenticator
 on iOS rejected longer ones with SHA-1.
 */
#define MPASS_CAUTION_SECRET_LENGTH 32

/*
 No issuer: accounts with the same name cannot be distinguished.
 */
#define MPASS_CAUTION_NO_ISSUER 64

/*
 Records of at most 96 bytes: challenges, tokens and limits. Most of them
 expire.
 */
#define MPASS_KIND_STATE 1

/*
 Channels, customers and clients, at most 4,096 bytes. They never expire.
 */
#define MPASS_KIND_TENANT 2

/*
 The rules of a challenge.
 */
#define MPASS_GROUP_POLICY 1

/*
 The rules of an OATH token.
 */
#define MPASS_GROUP_TOKEN 2

/*
 An engine of the wire contracts.
 */
#define MPASS_GROUP_ENGINE 3

/*
 A channel, the tenant of the mPass contract.
 */
#define MPASS_GROUP_CHANNEL 4

/*
 A customer, the tenant of the VerifyNow contract.
 */
#define MPASS_GROUP_CUSTOMER 5

/*
 A client, the tenant of the CAMARA contracts and the login.
 */
#define MPASS_GROUP_CLIENT 6

/*
 Number of digits in a code; for a customer also the smallest number that a
 request may choose.
 */
#define MPASS_FIELD_DIGITS 101

/*
 Lifetime of a code.
 */
#define MPASS_FIELD_LIFETIME_MS 102

/*
 Number of wrong codes that ends a challenge.
 */
#define MPASS_FIELD_TRIES 103

/*
 Minimum time between two sends to a number.
 */
#define MPASS_FIELD_RESEND_INTERVAL_MS 104

/*
 Maximum number of sends to one number.
 */
#define MPASS_FIELD_SENDS 105

/*
 Maximum number of wrong codes for one number.
 */
#define MPASS_FIELD_GUESSES 106

/*
 Number of consecutive failures that locks a number (across its challenges)
 or a token.
 */
#define MPASS_FIELD_FAILURES_TO_LOCK 107

/*
 How long a locked number or token stays locked.
 */
#define MPASS_FIELD_LOCK_MS 108

/*
 Maximum number of sends of the whole tenant.
 */
#define MPASS_FIELD_SPEND 109

/*
 Country codes of the numbers that codes may be sent to.
 */
#define MPASS_FIELD_CALLING_CODES 110

/*
 Allows fewer than 6 digits or a lifetime of more than 10 minutes.
 */
#define MPASS_FIELD_ALLOW_WEAK 111

/*
 HOTP: number of counters after the expected one that are also checked (RFC
 4226 section 7.4).
 */
#define MPASS_FIELD_LOOK_AHEAD 201

/*
 TOTP: number of past time steps whose codes are accepted (RFC 6238 section
 5.2).
 */
#define MPASS_FIELD_PAST 202

/*
 TOTP: number of future time steps whose codes are accepted.
 */
#define MPASS_FIELD_FUTURE 203

/*
 Number of counters or time steps that a resynchronisation searches, in both
 directions for TOTP.
 */
#define MPASS_FIELD_RESYNC_WINDOW 204

/*
 Delay per consecutive failure: after the nth one the next attempt must wait
 n times this, at most an hour (RFC 4226 section 7.3).
 */
#define MPASS_FIELD_DELAY_MS 205

/*
 Name, unique among tenants of the same kind; a customer's customerId, a
 client's client_id.
 */
#define MPASS_FIELD_NAME 301

/*
 Networks from which the tenant may call.
 */
#define MPASS_FIELD_ADDRESSES 302

/*
 Applications that the channel may send for.
 */
#define MPASS_FIELD_APPS 303

/*
 Country code that numbers in national form belong to.
 */
#define MPASS_FIELD_COUNTRY 304

/*
 Host of the web page where codes are typed; the last line of a message binds
 the code to it.
 */
#define MPASS_FIELD_HOST 305

/*
 Template of the English message.
 */
#define MPASS_FIELD_TEXT_EN 306

/*
 Template of the Arabic message.
 */
#define MPASS_FIELD_TEXT_AR 307

/*
 Sender that messages show, for gateways that support it.
 */
#define MPASS_FIELD_SENDER 308

/*
 Initial balance of the customer's credits.
 */
#define MPASS_FIELD_TEST_CREDITS 309

/*
 Scopes that the client may request.
 */
#define MPASS_FIELD_SCOPES 310

/*
 Redirect URIs of a login, compared exactly.
 */
#define MPASS_FIELD_REDIRECT_URIS 311

/*
 Public key that verifies the client's private_key_jwt assertions (ES256).
 */
#define MPASS_FIELD_PUBLIC_KEY 312

/*
 Base URL under which clients reach the host, and issuer of its tokens; if
 unset, the login is disabled.
 */
#define MPASS_FIELD_ISSUER 401

/*
 How often an access token of Number Verification can be used.
 */
#define MPASS_FIELD_TOKEN_USE 402

/*
 No verdict yet: store the pending write, then `mpass_pending_verdict`.
 */
#define MPASS_VERDICT_PENDING 4294967295

/*
 The store keeps every rule that was tried.
 */
#define MPASS_PROBE_PASSED 0

/*
 A load or a swap failed that should not have.
 */
#define MPASS_PROBE_STORE 1

/*
 A key where nothing was ever stored has a value.
 */
#define MPASS_PROBE_NOT_EMPTY 2

/*
 Of parallel swaps that all expect nothing, not one but `won` were stored.
 */
#define MPASS_PROBE_INSERT 3

/*
 Of parallel swaps that all expect the same value, not one but `won` were.
 */
#define MPASS_PROBE_REPLACE 4

/*
 A conflict was answered with something else than the value that won.
 */
#define MPASS_PROBE_LOSER 5

/*
 A load after "stored" gives something else than what was stored.
 */
#define MPASS_PROBE_FORGOTTEN 6

/*
 A value of the greatest or least length does not come back as it was.
 */
#define MPASS_PROBE_LENGTH 7

/*
 A swap was stored that expected another value than the current one.
 */
#define MPASS_PROBE_WRONG_VALUE 8

/*
 A swap was stored that expected none where there was a value.
 */
#define MPASS_PROBE_NOT_ABSENT 9

/*
 A swap was stored that expected a value where there was none.
 */
#define MPASS_PROBE_NOT_PRESENT 10

/*
 A swap that was refused changed the value.
 */
#define MPASS_PROBE_CHANGED 11

/*
 A value of one kind was seen at the same key of the other.
 */
#define MPASS_PROBE_KINDS_MIXED 12

/*
 A value was dropped before its time.
 */
#define MPASS_PROBE_DROPPED_EARLY 13

/*
 The system started fewer threads than were asked for: the store was not
 tried.
 */
#define MPASS_PROBE_THREADS 14

/*
 A rule that this header does not know.
 */
#define MPASS_PROBE_OTHER 4294967295

/*
 The number of the ABI that this header describes. It grows when a program
 compiled with an older header would no longer work.
 */
#define MPASS_ABI_VERSION 1

/*
 What a call came to. Zero is success; 1 to 99 are mistakes in the use of
 this ABI, the rest the engine's errors: 1xx OATH, 2xx phone numbers, 3xx
 policies and keys, 4xx records and stores, 5xx services. Numbers are
 never used again. A wrong, expired or used-up code is no error.
 */
enum mpass_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   Success. Outputs are written.
   */
  MPASS_STATUS_OK = 0,
  /*
   A pointer that must not be NULL is.
   */
  MPASS_STATUS_NULL_ARGUMENT = 1,
  /*
   The output does not fit; `*written` is the capacity that is needed.
   */
  MPASS_STATUS_BUFFER_TOO_SMALL = 2,
  /*
   A text is not UTF-8.
   */
  MPASS_STATUS_INVALID_UTF8 = 3,
  /*
   A length above `PTRDIFF_MAX`.
   */
  MPASS_STATUS_LENGTH_OUT_OF_RANGE = 4,
  /*
   Entropy, a store key or a hash key of another length than its fixed one.
   */
  MPASS_STATUS_WRONG_LENGTH = 5,
  /*
   A number that is none of the constants it must be, or above its range.
   */
  MPASS_STATUS_INVALID_ARGUMENT = 6,
  /*
   A handle of another class, settings of another group or a tenant of
   another kind. Best effort: a handle that was freed is undefined.
   */
  MPASS_STATUS_WRONG_HANDLE = 7,
  /*
   A call on this handle panicked before. It can be freed, nothing else.
   */
  MPASS_STATUS_POISONED = 8,
  /*
   A fault in this library. Every handle of the call is poisoned.
   */
  MPASS_STATUS_PANIC = 9,
  /*
   What is asked for does not exist in this state: another step, kind or
   index, or the outcome of a write that was not reported as stored.
   */
  MPASS_STATUS_WRONG_STATE = 10,
  /*
   A struct whose `size` is not one that this library knows.
   */
  MPASS_STATUS_STRUCT_SIZE = 11,
  /*
   A callback that is needed is NULL.
   */
  MPASS_STATUS_NOT_IMPLEMENTED = 12,
  /*
   The host's callback has no entropy.
   */
  MPASS_STATUS_ENTROPY_FAILED = 13,
  /*
   An error of the engine that this header does not know.
   */
  MPASS_STATUS_UNKNOWN = 99,
  /*
   An empty secret.
   */
  MPASS_STATUS_SECRET_EMPTY = 101,
  /*
   A secret shorter than the 128 bits that RFC 4226 section 4 requires,
   where short secrets were not allowed explicitly.
   */
  MPASS_STATUS_SECRET_TOO_SHORT = 102,
  /*
   A secret longer than 1,024 bytes.
   */
  MPASS_STATUS_SECRET_TOO_LONG = 103,
  /*
   Base32 text with a character outside the alphabet of RFC 4648 section 6,
   or of an impossible length.
   */
  MPASS_STATUS_INVALID_BASE32 = 104,
  /*
   Text with a character that is not a hexadecimal digit, or of the wrong
   length.
   */
  MPASS_STATUS_INVALID_HEX = 105,
  /*
   A code length outside 4 to 10 digits.
   */
  MPASS_STATUS_INVALID_DIGITS = 106,
  /*
   A time step of 0 seconds.
   */
  MPASS_STATUS_INVALID_STEP = 107,
  /*
   An algorithm other than SHA1, SHA256 and SHA512.
   */
  MPASS_STATUS_INVALID_ALGORITHM = 108,
  /*
   A window of more than 100,000 codes.
   */
  MPASS_STATUS_WINDOW_TOO_LARGE = 109,
  /*
   A time before T0, or a counter beyond the largest one.
   */
  MPASS_STATUS_TIME_OUT_OF_RANGE = 110,
  /*
   A resynchronisation with fewer than two or more than three codes.
   */
  MPASS_STATUS_RESYNC_CODES = 111,
  /*
   An OCRA suite that does not follow RFC 6287 section 6.
   */
  MPASS_STATUS_INVALID_SUITE = 120,
  /*
   An OCRA question that the suite does not allow.
   */
  MPASS_STATUS_INVALID_QUESTION = 121,
  /*
   An OCRA input that the suite requires and the caller did not supply.
   */
  MPASS_STATUS_MISSING_INPUT = 122,
  /*
   An OCRA input that the suite does not use.
   */
  MPASS_STATUS_UNEXPECTED_INPUT = 123,
  /*
   Session information longer than the suite allows.
   */
  MPASS_STATUS_SESSION_TOO_LONG = 124,
  /*
   A key prepared for a different hash than the one the OCRA suite uses.
   */
  MPASS_STATUS_SUITE_ALGORITHM = 125,
  /*
   A PIN hash whose length is not that of the suite's PIN hash algorithm.
   */
  MPASS_STATUS_PIN_HASH_LENGTH = 126,
  /*
   A key URI that is not `otpauth://hotp/…` or `otpauth://totp/…`.
   */
  MPASS_STATUS_INVALID_URI = 130,
  /*
   A key URI without a secret.
   */
  MPASS_STATUS_URI_WITHOUT_SECRET = 131,
  /*
   A `hotp` key URI without a counter.
   */
  MPASS_STATUS_URI_WITHOUT_COUNTER = 132,
  /*
   A key URI whose label and issuer parameter name different issuers.
   */
  MPASS_STATUS_URI_ISSUER_MISMATCH = 133,
  /*
   An issuer or account that is empty, contains a colon or a control
   character, or begins or ends with a space.
   */
  MPASS_STATUS_INVALID_LABEL = 134,
  /*
   A key URI that repeats a parameter.
   */
  MPASS_STATUS_URI_REPEATED_PARAMETER = 135,
  /*
   A phone number without digits.
   */
  MPASS_STATUS_NUMBER_EMPTY = 201,
  /*
   A character other than digits and the accepted separators.
   */
  MPASS_STATUS_NUMBER_CHARACTER = 202,
  /*
   Fewer than 5 digits, country code included.
   */
  MPASS_STATUS_NUMBER_TOO_SHORT = 203,
  /*
   More than the 15 digits of E.164.
   */
  MPASS_STATUS_NUMBER_TOO_LONG = 204,
  /*
   A phone number that does not begin with a country code assigned by the
   ITU.
   */
  MPASS_STATUS_UNKNOWN_CALLING_CODE = 205,
  /*
   A national part that begins with 0 in a numbering plan without such
   numbers.
   */
  MPASS_STATUS_NATIONAL_PREFIX = 206,
  /*
   A number in national form without a country to complete it.
   */
  MPASS_STATUS_COUNTRY_MISSING = 207,
  /*
   A lifetime outside 20 seconds to 24 hours, or beyond the 5 minutes of a
   customer or of a token with a number.
   */
  MPASS_STATUS_INVALID_LIFETIME = 301,
  /*
   A number of tries, or of failures that lock, outside 1 to 100.
   */
  MPASS_STATUS_INVALID_TRIES = 302,
  /*
   A limit of 0 or more than 100,000 events, or with a window or burst out
   of range.
   */
  MPASS_STATUS_INVALID_LIMIT = 303,
  /*
   A policy with fewer than six digits or a lifetime above ten minutes that
   does not allow it explicitly.
   */
  MPASS_STATUS_POLICY_TOO_WEAK = 304,
  /*
   A calling code that is not assigned, or more calling codes than a policy
   holds.
   */
  MPASS_STATUS_INVALID_CALLING_CODE = 305,
  /*
   A setting that its group of settings does not have.
   */
  MPASS_STATUS_UNKNOWN_SETTING = 306,
  /*
   A setting's value that is not of its field's type.
   */
  MPASS_STATUS_INVALID_SETTING = 307,
  /*
   Malformed keyring text.
   */
  MPASS_STATUS_INVALID_KEYRING = 310,
  /*
   A keyring that already holds the most record keys it can.
   */
  MPASS_STATUS_KEYRING_FULL = 311,
  /*
   A record key id that is not in the keyring, or the newest one where that
   cannot be removed.
   */
  MPASS_STATUS_UNKNOWN_RECORD_KEY = 312,
  /*
   A record key id that is already in the keyring.
   */
  MPASS_STATUS_DUPLICATE_RECORD_KEY = 313,
  /*
   A record of the wrong length or of a kind or version that this engine
   does not know.
   */
  MPASS_STATUS_RECORD_FORMAT = 401,
  /*
   A record that fails authentication: altered, moved to another store key,
   or sealed by another keyring.
   */
  MPASS_STATUS_RECORD_FORGED = 402,
  /*
   The store failed, and nothing was written.
   */
  MPASS_STATUS_STORE_FAILED = 403,
  /*
   The store is full.
   */
  MPASS_STATUS_STORE_FULL = 404,
  /*
   More than 256 conflicts on one record in one exchange.
   */
  MPASS_STATUS_TOO_MANY_CONFLICTS = 405,
  /*
   It is unknown whether the store wrote the value: a timeout or a broken
   connection.
   */
  MPASS_STATUS_STORE_UNKNOWN = 406,
  /*
   A channel, customer or client name that is empty, too long, or contains
   characters other than letters, digits, `-`, `_` and `.`.
   */
  MPASS_STATUS_INVALID_NAME = 501,
  /*
   An address or network that is not CIDR notation.
   */
  MPASS_STATUS_INVALID_ADDRESS = 502,
  /*
   An application identifier that message texts may not contain.
   */
  MPASS_STATUS_INVALID_APP = 503,
  /*
   A message template that breaks the rules for message texts.
   */
  MPASS_STATUS_INVALID_TEMPLATE = 504,
  /*
   A host of the origin-bound line (`@host #code`) that is not a host name.
   */
  MPASS_STATUS_INVALID_HOST = 505,
  /*
   A tenant record larger than 4,096 bytes.
   */
  MPASS_STATUS_TENANT_TOO_LARGE = 506,
  /*
   Text that is not a credential, or the credential of another tenant.
   */
  MPASS_STATUS_INVALID_CREDENTIAL = 507,
  /*
   A name that another tenant of the same kind already has.
   */
  MPASS_STATUS_NAME_TAKEN = 508,
  /*
   An issuer that is not a base URL: `https`, a host, no path.
   */
  MPASS_STATUS_INVALID_ISSUER = 509,
  /*
   A redirect URI that is not absolute, has a fragment, or uses `http` for
   a host other than loopback.
   */
  MPASS_STATUS_INVALID_REDIRECT_URI = 510,
  /*
   A client's public key that is not an uncompressed P-256 point.
   */
  MPASS_STATUS_INVALID_PUBLIC_KEY = 511,
  /*
   A scope that no contract defines.
   */
  MPASS_STATUS_UNKNOWN_SCOPE = 512,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mpass_status mpass_status;
#else
typedef int32_t mpass_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 The challenge of one number under one policy. Immutable: any number of
 threads may use one.
 */
typedef struct mpass_challenge mpass_challenge;

/*
 The engine of the wire contracts. Immutable: any number of threads may use
 one.
 */
typedef struct mpass_engine mpass_engine;

/*
 One request on its way to its reply. One thread at a time.
 */
typedef struct mpass_exchange mpass_exchange;

/*
 Counter-based codes of one key. Immutable: any number of threads may use
 one; generating and verifying neither allocate nor lock.
 */
typedef struct mpass_hotp mpass_hotp;

/*
 What a host knows of a token (RFC 7662). A callback fills the one it is given;
 freeing that one does nothing.
 */
typedef struct mpass_introspection mpass_introspection;

/*
 A secret prepared for HMAC. Immutable: any number of threads may use one.
 */
typedef struct mpass_key mpass_key;

/*
 A key URI. Immutable: any number of threads may use one.
 */
typedef struct mpass_key_uri mpass_key_uri;

/*
 The keys of a deployment: one locator key, which never changes, and up to
 eight record keys with ids. What is made from a keyring keeps the keys as
 they were then.
 */
typedef struct mpass_keyring mpass_keyring;

/*
 A store in memory that drops what has expired and refuses when it is full.
 Nothing survives the process. Any number of threads may use one; it locks
 by key.
 */
typedef struct mpass_memory_store mpass_memory_store;

/*
 A phone number in its canonical form. Immutable: any number of threads may
 use one.
 */
typedef struct mpass_number mpass_number;

/*
 One suite under one key. Immutable: any number of threads may use one.
 */
typedef struct mpass_ocra mpass_ocra;

/*
 The inputs of one computation. Locked by the host: one thread at a time
 while it is filled, any number afterwards.
 */
typedef struct mpass_ocra_inputs mpass_ocra_inputs;

/*
 A write whose outcome is withheld until it is stored. The host replaces
 what `mpass_pending_expected` gives by what `mpass_pending_next` gives, at
 `mpass_pending_store_key` and in one compare-and-swap; once that is durable
 it calls `mpass_pending_stored`, and then the outcome can be read. On a
 conflict it frees the handle and decides again from the current value. When
 it does not know whether the swap was stored it reads the store and calls
 `mpass_pending_is_written_in`.
 */
typedef struct mpass_pending mpass_pending;

/*
 The answer to a request. Immutable: any number of threads may use one.
 */
typedef struct mpass_reply mpass_reply;

/*
 A request as the host received it. Fill it before it is used; then any
 number of threads may use one.
 */
typedef struct mpass_request mpass_request;

/*
 Settings of one group, such as `MPASS_GROUP_CHANNEL`: the fields that were
 set, the others have their defaults. A tenant's settings hold the rules of
 its challenges too. What is made with settings copies them.
 */
typedef struct mpass_settings mpass_settings;

/*
 The sends of a tenant, reserved from before a challenge is issued.
 Immutable: any number of threads may use one.
 */
typedef struct mpass_spend mpass_spend;

/*
 A tenant as the store has it: a channel, a customer or a client.
 Immutable: any number of threads may use one.
 */
typedef struct mpass_tenant mpass_tenant;

/*
 One token's last counter or step, drift, failures and question. The host
 gives the token's key with every attempt. Immutable: any number of threads
 may use one.
 */
typedef struct mpass_token mpass_token;

/*
 Time-based codes of one key. Immutable: any number of threads may use one;
 generating and verifying neither allocate nor lock.
 */
typedef struct mpass_totp mpass_totp;

/*
 A value of a store, or the lack of one. A callback fills the one it is
 given; freeing that one does nothing.
 */
typedef struct mpass_value mpass_value;

/*
 What a host brings: its clock, entropy, store and gateway. Set `size` to
 `sizeof(mpass_host)` and the rest to zero before filling it in.

 Each callback is given the `userdata` of the call first. What it is given
 is valid until it returns; it returns normally (no longjmp and no C++
 exception). It may call this library, but frees or changes nothing that
 the running call was given. Callbacks run on the calling thread; those of
 `mpass_store_probe` on several threads at once.
 */
typedef struct mpass_host {
  /*
   `sizeof(mpass_host)`.
   */
  uint32_t size;
  /*
   Zero.
   */
  uint32_t reserved;
  /*
   The time in milliseconds of Unix time.
   */
  uint64_t (*now_ms)(void *userdata);
  /*
   Fills `out` with `len` bytes of the system's random source; false when
   there are none.
   */
  bool (*entropy)(void *userdata, uint8_t *out, size_t len);
  /*
   Gives the value at a key of 16 bytes by `mpass_value_set`, or leaves it
   as it is where there is none, and returns `MPASS_ANSWER_LOADED`;
   `MPASS_ANSWER_FAILED` when the store failed. It must be the newest
   stored value.
   */
  uint32_t (*load)(void *userdata, uint32_t kind, const uint8_t *key, struct mpass_value *current);
  /*
   Replaces the value at a key of 16 bytes if it is still the expected one
   (NULL: there is none), in one atomic operation. Returns
   `MPASS_ANSWER_STORED` once that is durable; `MPASS_ANSWER_CONFLICT`,
   with the current value by `mpass_value_set` where there is one;
   `MPASS_ANSWER_UNKNOWN` when it may or may not be stored; `MPASS_ANSWER_FULL` or
   `MPASS_ANSWER_FAILED` when nothing was stored. From `expires_at_ms` on
   the store may drop the value, never before; UINT64_MAX: never.
   */
  uint32_t (*swap)(void *userdata,
                   uint32_t kind,
                   const uint8_t *key,
                   const uint8_t *expected,
                   size_t expected_len,
                   const uint8_t *value,
                   size_t value_len,
                   uint64_t expires_at_ms,
                   uint64_t now_ms,
                   struct mpass_value *current);
  /*
   May be NULL, which leaves numbers to the engine. Assesses a number as it
   was written; `country` is the calling code of
   numbers in national form, 0 for none. Returns a `MPASS_ASSESSMENT_`
   constant; for VALID it gives the E.164 text by `mpass_value_set` and
   sets `*mobile` to a `MPASS_MOBILE_` constant.
   */
  uint32_t (*assess)(void *userdata,
                     const char *number,
                     size_t number_len,
                     uint32_t country,
                     struct mpass_value *canonical,
                     uint32_t *mobile);
  /*
   Hands a message to the gateway. `sender` is NULL where the channel has
   none, `language` a `MPASS_LANGUAGE_` constant. Returns
   `MPASS_ANSWER_DELIVERED`, `MPASS_ANSWER_REFUSED` when it was
   definitely not sent, or `MPASS_ANSWER_UNKNOWN`.
   */
  uint32_t (*deliver)(void *userdata,
                      const char *to,
                      size_t to_len,
                      const char *text,
                      size_t text_len,
                      const char *sender,
                      size_t sender_len,
                      uint32_t language);
  /*
   May be NULL, which is UNSUPPORTED. Looks up a bearer token that is not
   the engine's own: fills `introspection`, or leaves it as it is for a
   text that is not a valid token, and returns
   `MPASS_ANSWER_INTROSPECTED`. `MPASS_ANSWER_UNSUPPORTED` where the host
   gives out no tokens, `MPASS_ANSWER_UNKNOWN` or `MPASS_ANSWER_FAILED`
   when the look-up failed.
   */
  uint32_t (*introspect)(void *userdata,
                         const char *token,
                         size_t token_len,
                         struct mpass_introspection *introspection);
  /*
   May be NULL, which is UNSUPPORTED. Gives the E.164 text of the number
   behind a network address, which is in text form, by `mpass_value_set`,
   or leaves it as it is for an address that the network does not know or
   that two numbers share, and returns `MPASS_ANSWER_RESOLVED`.
   `MPASS_ANSWER_UNSUPPORTED` where the host is no network,
   `MPASS_ANSWER_UNKNOWN` or `MPASS_ANSWER_FAILED` when the look-up failed.
   */
  uint32_t (*resolve)(void *userdata,
                      const char *address,
                      size_t address_len,
                      struct mpass_value *number);
  /*
   NULL, for callbacks to come.
   */
  void *reserved_callbacks[2];
} mpass_host;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/*
 The number of an ASSESS step as it was written, and the calling code of
 the country that national numbers belong to, 0 for none.

 Errors: WRONG_STATE in another step, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_exchange_assess_number(const struct mpass_exchange *exchange,
                                          uint32_t *country,
                                          char *out,
                                          size_t cap,
                                          size_t *written);

/*
 Answers an ASSESS step: a `MPASS_ASSESSMENT_` constant, the number in its
 canonical form where it is VALID (NULL otherwise), and a `MPASS_MOBILE_`
 constant.

 Errors: INVALID_ARGUMENT for another number. Threads: one at a time.
 */
mpass_status mpass_exchange_next_assessed(struct mpass_exchange *exchange,
                                          uint32_t assessment,
                                          const struct mpass_number *number,
                                          uint32_t mobile,
                                          uint64_t now_ms,
                                          uint32_t *step);

/*
 The challenge of a number under settings with rules, those of
 `MPASS_GROUP_POLICY` or a tenant's; NULL for every default, which keep NIST
 SP 800-63B: six digits, five minutes, five tries. `service` names the
 contract, `tenant` is its stable id, `number` the E.164 text, and `context`
 what else must be the same when the code comes back; it may be empty.
 Everything is copied. `*out` is the caller's, to be freed with
 `mpass_challenge_free`.

 Errors: WRONG_HANDLE for settings without rules, INVALID_UTF8, and as
 `mpass_settings_check`. Threads: any.
 */
mpass_status mpass_challenge_new(const struct mpass_keyring *keyring,
                                 const struct mpass_settings *settings,
                                 const char *service,
                                 size_t service_len,
                                 const uint8_t *tenant,
                                 size_t tenant_len,
                                 const char *number,
                                 size_t number_len,
                                 const char *context,
                                 size_t context_len,
                                 struct mpass_challenge **out);

/*
 Frees a challenge; NULL does nothing. Its record stays in the store. No
 other thread may use it meanwhile.
 */
void mpass_challenge_free(struct mpass_challenge *challenge);

/*
 The store key of its record, among values of kind `MPASS_KIND_STATE`: 16
 bytes.

 Errors: BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_challenge_store_key(const struct mpass_challenge *challenge,
                                       uint8_t *out,
                                       size_t cap,
                                       size_t *written);

/*
 Issues a new challenge, which replaces the current one, or refuses. `current` is
 the record that was loaded, NULL where there is none; `entropy` exactly 32
 bytes.

 `*pending` is the caller's, to be freed with `mpass_pending_free`; once it
 is stored it has the code. Where `*refusal` is a `MPASS_REFUSAL_` other
 than NONE nothing is issued before `*retry_at_ms`; a pending write that
 comes with it is to be stored, whether that succeeds or not, or the wait
 might never end.

 Errors: WRONG_LENGTH of the entropy; RECORD_FORMAT, RECORD_FORGED or
 UNKNOWN_RECORD_KEY where `current` is not this record: a store error.
 Threads: any.
 */
mpass_status mpass_challenge_issue(const struct mpass_challenge *challenge,
                                   const uint8_t *current,
                                   size_t current_len,
                                   uint64_t now_ms,
                                   const uint8_t *entropy,
                                   size_t entropy_len,
                                   struct mpass_pending **pending,
                                   uint32_t *refusal,
                                   uint64_t *retry_at_ms);

/*
 Compares a code that a user typed, unless the record refuses attempts. A
 text that is not a code of the challenge's length is a wrong code and costs
 a try. `current` is the record that was loaded, NULL where there is none;
 `entropy` exactly 32 bytes.

 Where `*verdict` is `MPASS_VERDICT_PENDING`, `*pending` is the caller's, to
 be freed with `mpass_pending_free`, and has the verdict once it is stored.
 Any other verdict is final, costs nothing and comes without a write.

 Errors: INVALID_UTF8, and as `mpass_challenge_issue`. Threads: any.
 */
mpass_status mpass_challenge_attempt(const struct mpass_challenge *challenge,
                                     const uint8_t *current,
                                     size_t current_len,
                                     const char *typed,
                                     size_t typed_len,
                                     uint64_t now_ms,
                                     const uint8_t *entropy,
                                     size_t entropy_len,
                                     struct mpass_pending **pending,
                                     uint32_t *verdict);

/*
 After a gateway's definite refusal: gives the send of a challenge back and
 voids it. `issued` is the stored issue, `current` the record that was
 loaded since, `entropy` exactly 32 bytes. `*pending` is to be stored and
 freed with `mpass_pending_free`, or NULL where the record no longer holds
 this challenge, so that there is nothing to give back.

 Errors: WRONG_STATE where `issued` is not a stored issue, and as
 `mpass_challenge_issue`. Threads: any.
 */
mpass_status mpass_challenge_refund(const struct mpass_challenge *challenge,
                                    const uint8_t *current,
                                    size_t current_len,
                                    const struct mpass_pending *issued,
                                    uint64_t now_ms,
                                    const uint8_t *entropy,
                                    size_t entropy_len,
                                    struct mpass_pending **pending);

/*
 Unlocks a number and forgets its failures: an administrator's act.
 `*pending` is to be stored and freed with `mpass_pending_free`.

 Errors: as `mpass_challenge_issue`. Threads: any.
 */
mpass_status mpass_challenge_unlock(const struct mpass_challenge *challenge,
                                    const uint8_t *current,
                                    size_t current_len,
                                    uint64_t now_ms,
                                    const uint8_t *entropy,
                                    size_t entropy_len,
                                    struct mpass_pending **pending);

/*
 The store key of the record of a customer's credits, among values of kind
 `MPASS_KIND_STATE`: 16 bytes.

 Errors: WRONG_HANDLE for another kind of tenant, BUFFER_TOO_SMALL.
 Threads: any.
 */
mpass_status mpass_tenant_credits_store_key(const struct mpass_tenant *tenant,
                                            const struct mpass_keyring *keyring,
                                            uint8_t *out,
                                            size_t cap,
                                            size_t *written);

/*
 How many credits a customer has left. `current` is the record of its
 credits, NULL where there is none.

 Errors: WRONG_HANDLE for another kind of tenant; RECORD_FORMAT,
 RECORD_FORGED or UNKNOWN_RECORD_KEY where `current` is not that record.
 Threads: any.
 */
mpass_status mpass_tenant_balance(const struct mpass_tenant *tenant,
                                  const struct mpass_keyring *keyring,
                                  const uint8_t *current,
                                  size_t current_len,
                                  uint64_t *out);

/*
 Adds credits that a customer has paid for; once `*pending` is stored it has
 the new balance. `current` is the record of its credits, NULL where there
 is none; `entropy` exactly 32 bytes. `*pending` is the caller's, to be
 freed with `mpass_pending_free`.

 Errors: as `mpass_tenant_balance`, WRONG_LENGTH of the entropy.
 Threads: any.
 */
mpass_status mpass_tenant_add_credits(const struct mpass_tenant *tenant,
                                      const struct mpass_keyring *keyring,
                                      const uint8_t *current,
                                      size_t current_len,
                                      uint64_t paid,
                                      uint64_t now_ms,
                                      const uint8_t *entropy,
                                      size_t entropy_len,
                                      struct mpass_pending **pending);

/*
 Carries a request to its reply by the host's callbacks; `now_ms`,
 `entropy`, `load`, `swap` and `deliver` are needed. `*out` is the caller's,
 to be freed with `mpass_reply_free`.

 Errors: STRUCT_SIZE, INVALID_ARGUMENT where what is reserved is not zero,
 NOT_IMPLEMENTED for a callback that is missing, ENTROPY_FAILED. A store or
 a gateway that fails is no error here but a reply of the contract. Threads: any, as far as the
 callbacks allow.
 */
mpass_status mpass_drive(const struct mpass_engine *engine,
                         const struct mpass_request *request,
                         const struct mpass_host *host,
                         void *userdata,
                         struct mpass_reply **out);

/*
 An engine with the keys of a keyring and settings of `MPASS_GROUP_ENGINE`,
 NULL for every default: no issuer, and so no login; access tokens serve
 once. Both are copied. `*out` is the caller's, to be freed with
 `mpass_engine_free`.

 Errors: WRONG_HANDLE for settings of another group. Threads: any.
 */
mpass_status mpass_engine_new(const struct mpass_keyring *keyring,
                              const struct mpass_settings *settings,
                              struct mpass_engine **out);

/*
 Frees an engine; NULL does nothing. Exchanges that it began go on. No other
 thread may use it meanwhile.
 */
void mpass_engine_free(struct mpass_engine *engine);

/*
 Begins the exchange of a request at `now_ms` with exactly 32 bytes of
 fresh entropy. `*out` is the caller's, to be freed with
 `mpass_exchange_free`.

 Errors: WRONG_LENGTH of the entropy. Threads: any.
 */
mpass_status mpass_engine_begin(const struct mpass_engine *engine,
                                const struct mpass_request *request,
                                uint64_t now_ms,
                                const uint8_t *entropy,
                                size_t entropy_len,
                                struct mpass_exchange **out);

/*
 Frees an exchange; NULL does nothing. One that has no reply yet ends where
 there: what it stored stays spent. No other thread may use it
 meanwhile.
 */
void mpass_exchange_free(struct mpass_exchange *exchange);

/*
 Takes the outcome of the last step, a `MPASS_ANSWER_` constant, and gives
 the next step, a `MPASS_STEP_` constant. The first answer is BEGIN. `value`
 is for LOADED and CONFLICT, NULL where the store has no value; other
 answers ignore it. What the host knows of a number, a token or an address
 goes to `mpass_exchange_next_assessed`, `_next_introspected` or
 `_next_resolved`.

 A step is read with:
 - LOAD: `mpass_exchange_store_kind`, `_store_key`.
 - SWAP: these, and `mpass_exchange_swap_expected`, `_swap_value`,
   `_swap_expires_at_ms`.
 - ASSESS: `mpass_exchange_assess_number`.
 - DELIVER: `mpass_exchange_sms_to`, `_sms_text`, `_sms_sender`,
   `_sms_form`.
 - INTROSPECT: `mpass_exchange_introspect_token`.
 - RESOLVE: `mpass_exchange_resolve_address`.
 - REPLY: `mpass_exchange_reply`.

 An answer that does not fit the step, or one more than 10 s after the
 begin, ends the exchange in the contract's internal error.

 Errors: INVALID_ARGUMENT for another number. Threads: one at a time.
 */
mpass_status mpass_exchange_next(struct mpass_exchange *exchange,
                                 uint32_t answer,
                                 const uint8_t *value,
                                 size_t value_len,
                                 uint64_t now_ms,
                                 uint32_t *step);

/*
 The `MPASS_KIND_` constant of the value of a LOAD or SWAP step.

 Errors: WRONG_STATE in another step. Threads: any.
 */
mpass_status mpass_exchange_store_kind(const struct mpass_exchange *exchange, uint32_t *out);

/*
 The store key of a LOAD or SWAP step: 16 bytes.

 Errors: WRONG_STATE in another step, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_exchange_store_key(const struct mpass_exchange *exchange,
                                      uint8_t *out,
                                      size_t cap,
                                      size_t *written);

/*
 The value that a SWAP step expects, at most 4,096 bytes; `*is_present` is
 false where it expects none.

 Errors: WRONG_STATE in another step, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_exchange_swap_expected(const struct mpass_exchange *exchange,
                                          bool *is_present,
                                          uint8_t *out,
                                          size_t cap,
                                          size_t *written);

/*
 The value that a SWAP step stores, at most 4,096 bytes.

 Errors: WRONG_STATE in another step, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_exchange_swap_value(const struct mpass_exchange *exchange,
                                       uint8_t *out,
                                       size_t cap,
                                       size_t *written);

/*
 When a store may drop the value of a SWAP step, never before; UINT64_MAX
 for a value that stays.

 Errors: WRONG_STATE in another step. Threads: any.
 */
mpass_status mpass_exchange_swap_expires_at_ms(const struct mpass_exchange *exchange,
                                               uint64_t *out);

/*
 The recipient of a DELIVER step's message: E.164, at most 16 characters.

 Errors: WRONG_STATE in another step, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_exchange_sms_to(const struct mpass_exchange *exchange,
                                   char *out,
                                   size_t cap,
                                   size_t *written);

/*
 The text of the message of a DELIVER step, with the code in it.

 Errors: WRONG_STATE in another step, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_exchange_sms_text(const struct mpass_exchange *exchange,
                                     char *out,
                                     size_t cap,
                                     size_t *written);

/*
 The sender that the channel has registered, of a DELIVER step;
 `*is_present` is false where it has none.

 Errors: WRONG_STATE in another step, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_exchange_sms_sender(const struct mpass_exchange *exchange,
                                       bool *is_present,
                                       char *out,
                                       size_t cap,
                                       size_t *written);

/*
 How the message of a DELIVER step is sent: a `MPASS_LANGUAGE_` and a
 `MPASS_ALPHABET_` constant, and the number of its parts.

 Errors: WRONG_STATE in another step. Threads: any.
 */
mpass_status mpass_exchange_sms_form(const struct mpass_exchange *exchange,
                                     uint32_t *language,
                                     uint32_t *alphabet,
                                     size_t *segments);

/*
 The reply of a REPLY step. `*out` is the caller's, to be freed with
 `mpass_reply_free`.

 Errors: WRONG_STATE in another step. Threads: any.
 */
mpass_status mpass_exchange_reply(const struct mpass_exchange *exchange, struct mpass_reply **out);

/*
 An access token for a client, as the token endpoint gives it: for a host
 that authenticates devices in its own way. `scopes` is a sum of
 `MPASS_SCOPE_` bits, of which those that the client does not have are left
 out; `number` that of the device that was authenticated, NULL where there
 was none; `is_by_network` whether the mobile network or the SIM
 authenticated it; `life_s` how long it lives, in seconds, at most 300 with
 a number; `entropy` exactly 32 bytes. 1,024 characters are enough. The
 caller owns and erases `out`.

 Errors: WRONG_HANDLE for another kind of tenant, UNKNOWN_SCOPE,
 WRONG_LENGTH of the entropy, INVALID_LIFETIME, UNKNOWN_RECORD_KEY,
 BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_tenant_grant_token(const struct mpass_tenant *tenant,
                                      const struct mpass_keyring *keyring,
                                      uint32_t scopes,
                                      const struct mpass_number *number,
                                      bool is_by_network,
                                      uint64_t life_s,
                                      uint64_t now_ms,
                                      const uint8_t *entropy,
                                      size_t entropy_len,
                                      char *out,
                                      size_t cap,
                                      size_t *written);

/*
 Codes of `digits` digits (4 to 10) under `key`, which is copied. `*out` is
 the caller's, to be freed with `mpass_hotp_free`.

 Errors: INVALID_DIGITS. Threads: any.
 */
mpass_status mpass_hotp_new(const struct mpass_key *key, uint32_t digits, struct mpass_hotp **out);

/*
 Frees it and erases its key; NULL does nothing. No other thread may use
 it meanwhile.
 */
void mpass_hotp_free(struct mpass_hotp *hotp);

/*
 The code of a counter, 0 to 2^64 - 1 (RFC 4226 section 5.3): as many ASCII
 digits as `digits` said, without NUL. The caller owns and erases `out`.

 Errors: BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_hotp_generate(const struct mpass_hotp *hotp,
                                 uint64_t counter,
                                 char *out,
                                 size_t cap,
                                 size_t *written);

/*
 The codes of consecutive counters from `first` on as numbers without their
 leading zeros, computed side by side: from about a dozen on, a code costs a
 fraction of `mpass_hotp_generate`. `values` has room for `count`.
 `*written` says how many there are: fewer than `count` only where the
 counters end at 2^64 - 1, and what is beyond is 0. Does not allocate. The
 caller owns and erases `values`.

 Threads: any.
 */
mpass_status mpass_hotp_generate_range(const struct mpass_hotp *hotp,
                                       uint64_t first,
                                       uint32_t *values,
                                       size_t count,
                                       size_t *written);

/*
 The same as ASCII digits: rows as long as `digits` said, one after the
 other without NUL, as many as fit whole into `cap` characters; what is
 beyond is NUL. `*written` says how many rows there are. Does not allocate.
 The caller owns and erases `rows`.

 Threads: any.
 */
mpass_status mpass_hotp_generate_rows(const struct mpass_hotp *hotp,
                                      uint64_t first,
                                      char *rows,
                                      size_t cap,
                                      size_t *written);

/*
 Looks for a code at `counter` and the `look_ahead` counters after it (RFC
 4226 section 7.2), at most 100,000 in all. `*is_match` says whether it is
 there and `*matched` the first counter that has it, 0 where none has. A
 text that is no code of this length is not there. A host that keeps no
 counter accepts a code twice: keep `*matched + 1` as the next `counter`.

 Takes a time that depends on the window alone. Errors: INVALID_UTF8.
 Threads: any.
 */
mpass_status mpass_hotp_verify(const struct mpass_hotp *hotp,
                               const char *code,
                               size_t code_len,
                               uint64_t counter,
                               uint32_t look_ahead,
                               bool *is_match,
                               uint64_t *matched);

/*
 Looks for two or three codes in a row (RFC 4226 section 7.4), `code3` NULL
 for two, the first of them at `window` counters (at most 100,000) from
 `counter` on. `*is_match` says whether they are there and `*matched` the
 counter of the last one, 0 where they are not.

 Errors: INVALID_UTF8, WINDOW_TOO_LARGE. Threads: any.
 */
mpass_status mpass_hotp_resynchronize(const struct mpass_hotp *hotp,
                                      const char *code1,
                                      size_t code1_len,
                                      const char *code2,
                                      size_t code2_len,
                                      const char *code3,
                                      size_t code3_len,
                                      uint64_t counter,
                                      uint32_t window,
                                      bool *is_match,
                                      uint64_t *matched);

/*
 The introspection of a text that is not a valid token. `*out` is the
 caller's, to be freed with `mpass_introspection_free`. Threads: any.
 */
mpass_status mpass_introspection_new(struct mpass_introspection **out);

/*
 Frees it; NULL does nothing. No other thread may use it meanwhile.
 */
void mpass_introspection_free(struct mpass_introspection *introspection);

/*
 Makes the token valid until `expires_at_ms`, with the client that it was
 issued to: where the store has a client of that name, its policy applies.
 What was set before is dropped.

 Errors: INVALID_UTF8. Threads: one at a time.
 */
mpass_status mpass_introspection_set_active(struct mpass_introspection *introspection,
                                            const char *client,
                                            size_t client_len,
                                            uint64_t expires_at_ms);

/*
 Its identifier (`jti`). A host that takes more than one text for the same
 token must set it, or each text is a token with a use of its own.

 Errors: WRONG_STATE before `mpass_introspection_set_active`, INVALID_UTF8.
 Threads: one at a time.
 */
mpass_status mpass_introspection_set_id(struct mpass_introspection *introspection,
                                        const char *id,
                                        size_t id_len);

/*
 Adds one of its scopes, such as `number-verification:verify`.

 Errors: WRONG_STATE before `mpass_introspection_set_active`, INVALID_UTF8.
 Threads: one at a time.
 */
mpass_status mpass_introspection_add_scope(struct mpass_introspection *introspection,
                                           const char *scope,
                                           size_t scope_len);

/*
 The number of the device that it was given for, and whether the mobile
 network or the SIM authenticated that device.

 Errors: WRONG_STATE before `mpass_introspection_set_active`.
 Threads: one at a time.
 */
mpass_status mpass_introspection_set_device(struct mpass_introspection *introspection,
                                            const struct mpass_number *number,
                                            bool is_by_network);

/*
 The token of an INTROSPECT step: the text after `Bearer` in the request.

 Errors: WRONG_STATE in another step, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_exchange_introspect_token(const struct mpass_exchange *exchange,
                                             char *out,
                                             size_t cap,
                                             size_t *written);

/*
 Answers an INTROSPECT step; otherwise as `mpass_exchange_next`.

 Threads: one at a time.
 */
mpass_status mpass_exchange_next_introspected(struct mpass_exchange *exchange,
                                              const struct mpass_introspection *introspection,
                                              uint64_t now_ms,
                                              uint32_t *step);

/*
 Prepares a secret of 16 to 1,024 bytes for the `MPASS_ALGORITHM_`
 constant. The secret is copied; `*out` is the caller's, to be freed with
 `mpass_key_free`.

 Errors: INVALID_ALGORITHM, SECRET_EMPTY, SECRET_TOO_SHORT below the 128
 bits of RFC 4226 section 4, SECRET_TOO_LONG. Threads: any.
 */
mpass_status mpass_key_new(uint32_t algorithm,
                           const uint8_t *secret,
                           size_t secret_len,
                           struct mpass_key **out);

/*
 The same for a secret of 1 to 1,024 bytes: for tokens that exist already
 with fewer than 128 bits. `*out` is the caller's, to be freed with
 `mpass_key_free`.

 Errors: INVALID_ALGORITHM, SECRET_EMPTY, SECRET_TOO_LONG. Threads: any.
 */
mpass_status mpass_key_new_allowing_short(uint32_t algorithm,
                                          const uint8_t *secret,
                                          size_t secret_len,
                                          struct mpass_key **out);

/*
 Frees a key and erases its secret; NULL does nothing. What was made from
 the key has its own copy. No other thread may use the key meanwhile.
 */
void mpass_key_free(struct mpass_key *key);

/*
 The `MPASS_ALGORITHM_` constant that a key is prepared for. Threads: any.
 */
mpass_status mpass_key_algorithm(const struct mpass_key *key, uint32_t *out);

/*
 Reads a key URI, which is copied: `otpauth://totp/…` or
 `otpauth://hotp/…`. `*out` is the caller's, to be freed with
 `mpass_key_uri_free`.

 Errors: INVALID_UTF8, INVALID_URI, URI_WITHOUT_SECRET,
 URI_WITHOUT_COUNTER, URI_ISSUER_MISMATCH, URI_REPEATED_PARAMETER,
 INVALID_LABEL, INVALID_BASE32, SECRET_EMPTY, SECRET_TOO_LONG,
 INVALID_ALGORITHM, INVALID_DIGITS, INVALID_STEP. Threads: any.
 */
mpass_status mpass_key_uri_parse(const char *uri, size_t uri_len, struct mpass_key_uri **out);

/*
 A URI for the account of a user. `kind` is a `MPASS_KEY_URI_` constant and
 `moving_factor` the counter or the step in seconds; `issuer` may be NULL,
 but every app wants one; `algorithm` is a `MPASS_ALGORITHM_` constant and
 `digits` 4 to 10. Everything is copied. `*out` is the caller's, to be
 freed with `mpass_key_uri_free`.

 Errors: INVALID_ARGUMENT, INVALID_UTF8, INVALID_LABEL, INVALID_STEP,
 SECRET_EMPTY, SECRET_TOO_LONG, INVALID_ALGORITHM, INVALID_DIGITS.
 Threads: any.
 */
mpass_status mpass_key_uri_new(uint32_t kind,
                               uint64_t moving_factor,
                               const char *issuer,
                               size_t issuer_len,
                               const char *account,
                               size_t account_len,
                               const uint8_t *secret,
                               size_t secret_len,
                               uint32_t algorithm,
                               uint32_t digits,
                               struct mpass_key_uri **out);

/*
 Frees a URI and erases its secret; NULL does nothing. No other thread may
 use it meanwhile.
 */
void mpass_key_uri_free(struct mpass_key_uri *uri);

/*
 The URI as this library writes it, secret included; defaults are left out.
 The caller owns and erases `out`.

 Errors: BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_key_uri_text(const struct mpass_key_uri *uri,
                                char *out,
                                size_t cap,
                                size_t *written);

/*
 The `MPASS_KEY_URI_` constant, and the counter of the next code or the
 length of a step in seconds. Threads: any.
 */
mpass_status mpass_key_uri_kind(const struct mpass_key_uri *uri,
                                uint32_t *kind,
                                uint64_t *moving_factor);

/*
 The `MPASS_ALGORITHM_` constant and the digits of the codes, 4 to 10.
 Threads: any.
 */
mpass_status mpass_key_uri_codes(const struct mpass_key_uri *uri,
                                 uint32_t *algorithm,
                                 uint32_t *digits);

/*
 The secret, 1 to 1,024 bytes. The caller owns and erases `out`.

 Errors: BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_key_uri_secret(const struct mpass_key_uri *uri,
                                  uint8_t *out,
                                  size_t cap,
                                  size_t *written);

/*
 Whose account it is for, decoded.

 Errors: BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_key_uri_account(const struct mpass_key_uri *uri,
                                   char *out,
                                   size_t cap,
                                   size_t *written);

/*
 Who issued the key, decoded.

 Errors: WRONG_STATE where nobody is named, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_key_uri_issuer(const struct mpass_key_uri *uri,
                                  char *out,
                                  size_t cap,
                                  size_t *written);

/*
 How many parameters the URI has that say nothing to this engine, at most
 32. Threads: any.
 */
mpass_status mpass_key_uri_parameter_count(const struct mpass_key_uri *uri, size_t *out);

/*
 The name of the parameter of an index, decoded.

 Errors: WRONG_STATE where there are not as many, BUFFER_TOO_SMALL.
 Threads: any.
 */
mpass_status mpass_key_uri_parameter_name(const struct mpass_key_uri *uri,
                                          size_t index,
                                          char *out,
                                          size_t cap,
                                          size_t *written);

/*
 The value of the parameter of an index, decoded.

 Errors: WRONG_STATE where there are not as many, BUFFER_TOO_SMALL.
 Threads: any.
 */
mpass_status mpass_key_uri_parameter_value(const struct mpass_key_uri *uri,
                                           size_t index,
                                           char *out,
                                           size_t cap,
                                           size_t *written);

/*
 What keeps the URI from being read alike by all apps, as a sum of
 `MPASS_CAUTION_` bits; 0 where it is safe everywhere. Threads: any.
 */
mpass_status mpass_key_uri_cautions(const struct mpass_key_uri *uri, uint32_t *out);

/*
 A new keyring with record key 1, from exactly 32 bytes of the system's
 best entropy. `*out` is the caller's, to be freed with
 `mpass_keyring_free`.

 Errors: WRONG_LENGTH of the entropy. Threads: any.
 */
mpass_status mpass_keyring_generate(const uint8_t *entropy,
                                    size_t entropy_len,
                                    struct mpass_keyring **out);

/*
 Reads keyring text as `mpass_keyring_text` writes it; empty lines and
 lines that begin with `#` are skipped. `*out` is the caller's, to be freed
 with `mpass_keyring_free`.

 Errors: INVALID_UTF8, INVALID_KEYRING, KEYRING_FULL, DUPLICATE_RECORD_KEY,
 UNKNOWN_RECORD_KEY. Threads: any.
 */
mpass_status mpass_keyring_parse(const char *text, size_t text_len, struct mpass_keyring **out);

/*
 Frees a keyring; NULL does nothing. Its keys are erased with the last
 handle that was made from it. No other thread may use it meanwhile.
 */
void mpass_keyring_free(struct mpass_keyring *keyring);

/*
 The keyring as text, secrets included, for the file that holds it: below
 1,024 characters. The caller owns and erases `out`.

 Errors: BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_keyring_text(const struct mpass_keyring *keyring,
                                char *out,
                                size_t cap,
                                size_t *written);

/*
 Adds a record key from exactly 32 bytes of entropy under the next free id,
 which is returned. It is not used for writing before
 `mpass_keyring_activate`: first give the keyring to every machine.

 Errors: WRONG_LENGTH of the entropy, KEYRING_FULL. Threads: one at a time.
 */
mpass_status mpass_keyring_add(struct mpass_keyring *keyring,
                               const uint8_t *entropy,
                               size_t entropy_len,
                               uint16_t *id);

/*
 Makes a record key the newest: the one that records are written with.

 Errors: UNKNOWN_RECORD_KEY. Threads: one at a time.
 */
mpass_status mpass_keyring_activate(struct mpass_keyring *keyring, uint16_t id);

/*
 Drops a record key that is not the newest; records under it can no longer
 be read.

 Errors: UNKNOWN_RECORD_KEY. Threads: one at a time.
 */
mpass_status mpass_keyring_remove(struct mpass_keyring *keyring, uint16_t id);

/*
 The id of the record key that writes. Threads: any.
 */
mpass_status mpass_keyring_newest(const struct mpass_keyring *keyring, uint16_t *id);

/*
 The id of the record key of an index from 0 on.

 Errors: WRONG_STATE where there are not as many. Threads: any.
 */
mpass_status mpass_keyring_id(const struct mpass_keyring *keyring, size_t index, uint16_t *id);

/*
 An empty store for at most `capacity` values; memory is taken as they
 come, about 140 bytes each. `*out` is the caller's, to be freed with
 `mpass_memory_store_free`. Threads: any.
 */
mpass_status mpass_memory_store_new(size_t capacity, struct mpass_memory_store **out);

/*
 Frees a store with all its values; NULL does nothing. No other thread may
 use it meanwhile.
 */
void mpass_memory_store_free(struct mpass_memory_store *store);

/*
 How many values it has, those included that have expired and are not
 dropped yet. Threads: any.
 */
mpass_status mpass_memory_store_len(const struct mpass_memory_store *store, size_t *out);

/*
 The value at a key of exactly 16 bytes goes to `current`; `*answer` is
 what a `load` callback returns.

 Errors: INVALID_ARGUMENT for another kind than the `MPASS_KIND_`
 constants, WRONG_LENGTH of the key. Threads: any.
 */
mpass_status mpass_memory_store_load(const struct mpass_memory_store *store,
                                     uint32_t kind,
                                     const uint8_t *key,
                                     size_t key_len,
                                     struct mpass_value *current,
                                     uint32_t *answer);

/*
 Replaces the value at a key of exactly 16 bytes if it is still the
 expected one, NULL for nothing. After a conflict, the current value goes to
 `current`; `*answer` is what a `swap` callback returns.

 Errors: INVALID_ARGUMENT for another kind than the `MPASS_KIND_`
 constants, WRONG_LENGTH of the key. Threads: any.
 */
mpass_status mpass_memory_store_swap(const struct mpass_memory_store *store,
                                     uint32_t kind,
                                     const uint8_t *key,
                                     size_t key_len,
                                     const uint8_t *expected,
                                     size_t expected_len,
                                     const uint8_t *value,
                                     size_t value_len,
                                     uint64_t expires_at_ms,
                                     uint64_t now_ms,
                                     struct mpass_value *current,
                                     uint32_t *answer);

/*
 Reads a number as people write it, in ASCII or Arabic digits, with spaces,
 hyphens, dots and parentheses. `country` is the calling code, such as 966,
 that numbers without one belong to, or 0 for none. `*out` is the caller's,
 to be freed with `mpass_number_free`.

 Errors: INVALID_UTF8, NUMBER_EMPTY, NUMBER_CHARACTER, NUMBER_TOO_SHORT,
 NUMBER_TOO_LONG, UNKNOWN_CALLING_CODE, NATIONAL_PREFIX, COUNTRY_MISSING.
 Threads: any.
 */
mpass_status mpass_number_parse(const char *text,
                                size_t text_len,
                                uint32_t country,
                                struct mpass_number **out);

/*
 The number of a calling code and a national number that stand apart: the
 digits are never read as international. `*out` is the caller's, to be
 freed with `mpass_number_free`.

 Errors: as `mpass_number_parse`. Threads: any.
 */
mpass_status mpass_number_from_national(uint32_t country,
                                        const char *national,
                                        size_t national_len,
                                        struct mpass_number **out);

/*
 Frees a number; NULL does nothing. No other thread may use it meanwhile.
 */
void mpass_number_free(struct mpass_number *number);

/*
 The number as E.164 with its plus sign, at most 16 characters:
 `+966500000000`. The caller owns `out`.

 Errors: BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_number_e164(const struct mpass_number *number,
                               char *out,
                               size_t cap,
                               size_t *written);

/*
 The digits after the calling code, at most 14. The caller owns `out`.

 Errors: BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_number_national(const struct mpass_number *number,
                                   char *out,
                                   size_t cap,
                                   size_t *written);

/*
 The calling code, 1 to 999. Threads: any.
 */
mpass_status mpass_number_calling_code(const struct mpass_number *number, uint32_t *out);

/*
 The number with most of its digits hidden, for logs and screens:
 `+9665*****67`, at most 16 characters. The caller owns `out`.

 Errors: BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_number_mask(const struct mpass_number *number,
                               char *out,
                               size_t cap,
                               size_t *written);

/*
 SHA-256 over the E.164 text with its plus sign, as 64 lower-case
 hexadecimal digits: the public hash of CAMARA Number Verification and of
 GSMA IDY.54. Anyone can compute it for every number of a country, so it is
 for comparing, not for storing. The caller owns `out`.

 Errors: BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_number_sha256_hex(const struct mpass_number *number,
                                     char *out,
                                     size_t cap,
                                     size_t *written);

/*
 `mpass_number_sha256_hex` of `count` numbers, computed side by side:
 `digests` has room for 64 characters for each, which stand one after the
 other without NUL. Does not allocate. The caller owns `digests`.

 Errors: NULL_ARGUMENT where one of `numbers` is. Threads: any.
 */
mpass_status mpass_number_sha256_hex_batch(const struct mpass_number *const *numbers,
                                           size_t count,
                                           char *digests);

/*
 The same over the digits without the plus sign, which CAMARA Number
 Verification before version 1 allowed as well.

 Errors: BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_number_sha256_hex_without_plus(const struct mpass_number *number,
                                                  char *out,
                                                  size_t cap,
                                                  size_t *written);

/*
 HMAC-SHA-256 of the number under the host's key of exactly 32 bytes: a
 hash of 32 bytes to store and to look up by. The caller owns `out`.

 Errors: WRONG_LENGTH of the key, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_number_keyed_hash(const struct mpass_number *number,
                                     const uint8_t *key,
                                     size_t key_len,
                                     uint8_t *out,
                                     size_t cap,
                                     size_t *written);

/*
 Whether two numbers are the same, in a time that does not depend on them.
 Threads: any.
 */
mpass_status mpass_number_equals(const struct mpass_number *number,
                                 const struct mpass_number *other,
                                 bool *out);

/*
 The suite of that text, such as `OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1`, under
 `key`, which is copied. `*out` is the caller's, to be freed with
 `mpass_ocra_free`.

 Errors: INVALID_UTF8, INVALID_SUITE, SUITE_ALGORITHM for a key that is
 prepared for another hash. Threads: any.
 */
mpass_status mpass_ocra_new(const struct mpass_key *key,
                            const char *suite,
                            size_t suite_len,
                            struct mpass_ocra **out);

/*
 Frees it and erases its key; NULL does nothing. No other thread may use
 it meanwhile.
 */
void mpass_ocra_free(struct mpass_ocra *ocra);

/*
 The suite as text, at most 48 characters.

 Errors: BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_ocra_suite(const struct mpass_ocra *ocra,
                              char *out,
                              size_t cap,
                              size_t *written);

/*
 A random question of the suite's format and length, at most 64 characters,
 from exactly 32 bytes of the system's random source.

 Errors: WRONG_LENGTH of the entropy, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_ocra_generate_question(const struct mpass_ocra *ocra,
                                          const uint8_t *entropy,
                                          size_t entropy_len,
                                          char *out,
                                          size_t cap,
                                          size_t *written);

/*
 The question of signature mode (RFC 6287 section 7.3) over data: the first
 hexadecimal digits of its hash under the `MPASS_ALGORITHM_` constant.

 Errors: INVALID_ALGORITHM, INVALID_QUESTION where the suite's questions
 are not hexadecimal or longer than the hash, BUFFER_TOO_SMALL.
 Threads: any.
 */
mpass_status mpass_ocra_signature_question(const struct mpass_ocra *ocra,
                                           uint32_t algorithm,
                                           const uint8_t *data,
                                           size_t data_len,
                                           char *out,
                                           size_t cap,
                                           size_t *written);

/*
 What the client's response, which a server checks, is over in mutual mode
 (RFC 6287 section 7.2): the server's question and then the client's, at
 most 128 characters.

 Errors: INVALID_UTF8, INVALID_QUESTION, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_ocra_client_question(const char *client,
                                        size_t client_len,
                                        const char *server,
                                        size_t server_len,
                                        char *out,
                                        size_t cap,
                                        size_t *written);

/*
 What the server's response, which a client checks, is over in mutual mode
 (RFC 6287 section 7.2): the client's question and then the server's, at
 most 128 characters.

 Errors: INVALID_UTF8, INVALID_QUESTION, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_ocra_server_question(const char *client,
                                        size_t client_len,
                                        const char *server,
                                        size_t server_len,
                                        char *out,
                                        size_t cap,
                                        size_t *written);

/*
 Inputs with a question, which is copied. What else the suite names is set
 before the inputs are used. `*out` is the caller's, to be freed with
 `mpass_ocra_inputs_free`.

 Errors: INVALID_UTF8. Threads: any.
 */
mpass_status mpass_ocra_inputs_new(const char *question,
                                   size_t question_len,
                                   struct mpass_ocra_inputs **out);

/*
 Frees inputs and erases their PIN; NULL does nothing. No other thread may
 use them meanwhile.
 */
void mpass_ocra_inputs_free(struct mpass_ocra_inputs *inputs);

/*
 Sets the counter, 0 to 2^64 - 1. Threads: one at a time.
 */
mpass_status mpass_ocra_inputs_set_counter(struct mpass_ocra_inputs *inputs, uint64_t counter);

/*
 Sets a PIN, which is copied and hashed as the suite says; it replaces the
 hash of one.

 Errors: INVALID_UTF8. Threads: one at a time.
 */
mpass_status mpass_ocra_inputs_set_pin(struct mpass_ocra_inputs *inputs,
                                       const char *pin,
                                       size_t pin_len);

/*
 Sets the hash of a PIN, which is copied, as long as the suite's hash; it
 replaces a PIN. Threads: one at a time.
 */
mpass_status mpass_ocra_inputs_set_pin_hash(struct mpass_ocra_inputs *inputs,
                                            const uint8_t *hash,
                                            size_t hash_len);

/*
 Sets session information, which is copied: at most as many bytes as the
 suite says. Threads: one at a time.
 */
mpass_status mpass_ocra_inputs_set_session(struct mpass_ocra_inputs *inputs,
                                           const uint8_t *session,
                                           size_t session_len);

/*
 Sets the time in seconds of Unix time; it replaces a time step.
 Threads: one at a time.
 */
mpass_status mpass_ocra_inputs_set_time(struct mpass_ocra_inputs *inputs, uint64_t unix_seconds);

/*
 Sets the time in steps of the suite; it replaces a time in seconds.
 Threads: one at a time.
 */
mpass_status mpass_ocra_inputs_set_time_step(struct mpass_ocra_inputs *inputs, uint64_t step);

/*
 The response to the inputs: 4 to 10 ASCII digits, or 40, 64 or 128
 hexadecimal ones where the suite says 0 digits. The caller owns and
 erases `out`.

 Errors: MISSING_INPUT, UNEXPECTED_INPUT, INVALID_QUESTION,
 SESSION_TOO_LONG, PIN_HASH_LENGTH, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_ocra_respond(const struct mpass_ocra *ocra,
                                const struct mpass_ocra_inputs *inputs,
                                char *out,
                                size_t cap,
                                size_t *written);

/*
 Looks for a response at the counter and the `look_ahead` ones after it, at
 the time's step, the `past` ones before it and the `future` ones after it:
 at most 100,000 combinations. `*is_match` says whether it is there,
 `*counter` and `*time_step` where: 0 where the suite has none or nothing
 matches. A question is to be accepted once, which is the host's to keep.

 Errors: as `mpass_ocra_respond`, INVALID_UTF8, WINDOW_TOO_LARGE.
 Threads: any.
 */
mpass_status mpass_ocra_verify(const struct mpass_ocra *ocra,
                               const char *response,
                               size_t response_len,
                               const struct mpass_ocra_inputs *inputs,
                               uint32_t look_ahead,
                               uint32_t past,
                               uint32_t future,
                               bool *is_match,
                               uint64_t *counter,
                               uint64_t *time_step);

/*
 Frees a pending write and erases its outcome; NULL does nothing. What was
 not stored has not happened. No other thread may use it meanwhile.
 */
void mpass_pending_free(struct mpass_pending *pending);

/*
 The `MPASS_KIND_` constant of the value.

 Errors: WRONG_STATE once it is stored. Threads: any.
 */
mpass_status mpass_pending_store_kind(const struct mpass_pending *pending, uint32_t *out);

/*
 The store key of the value: 16 bytes.

 Errors: WRONG_STATE once it is stored, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_pending_store_key(const struct mpass_pending *pending,
                                     uint8_t *out,
                                     size_t cap,
                                     size_t *written);

/*
 The value that the swap expects: at most 96 bytes of a state, 4,096 of a
 tenant. `*is_present` is false where it expects none.

 Errors: WRONG_STATE once it is stored, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_pending_expected(const struct mpass_pending *pending,
                                    bool *is_present,
                                    uint8_t *out,
                                    size_t cap,
                                    size_t *written);

/*
 The value that the swap stores: at most 96 bytes of a state, 4,096 of a
 tenant.

 Errors: WRONG_STATE once it is stored, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_pending_next(const struct mpass_pending *pending,
                                uint8_t *out,
                                size_t cap,
                                size_t *written);

/*
 When a store may drop the value, never before; UINT64_MAX for one that
 stays.

 Errors: WRONG_STATE once it is stored. Threads: any.
 */
mpass_status mpass_pending_expires_at_ms(const struct mpass_pending *pending, uint64_t *out);

/*
 Whether the store's current value is this write, for a host that does not
 know whether its swap was stored.

 Errors: WRONG_STATE once it is stored. Threads: any.
 */
mpass_status mpass_pending_is_written_in(const struct mpass_pending *pending,
                                         const uint8_t *current,
                                         size_t current_len,
                                         bool *out);

/*
 Confirms that the swap is durably stored; from now on the outcome can be
 read. Called too early, it gives away free guesses.
 Threads: one at a time.
 */
mpass_status mpass_pending_stored(struct mpass_pending *pending);

/*
 The `MPASS_VERDICT_` constant of a stored attempt.

 Errors: WRONG_STATE before it is stored and for another write.
 Threads: any.
 */
mpass_status mpass_pending_verdict(const struct mpass_pending *pending, uint32_t *out);

/*
 The code of a stored issue: 4 to 10 ASCII digits. The caller owns and
 erases `out`.

 Errors: WRONG_STATE before it is stored and for another write,
 BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_pending_code(const struct mpass_pending *pending,
                                char *out,
                                size_t cap,
                                size_t *written);

/*
 When the challenge of a stored issue ends.

 Errors: WRONG_STATE before it is stored and for another write.
 Threads: any.
 */
mpass_status mpass_pending_ends_at_ms(const struct mpass_pending *pending, uint64_t *out);

/*
 The credential of a stored tenant, as requests carry it: a channel's key of
 64 ASCII characters, the secret of a client or customer of 43, its
 `client_secret` or the password that it sends as `key` in base64. To be
 shown once. The caller owns and erases `out`.

 Errors: WRONG_STATE before it is stored and for another write,
 BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_pending_credential(const struct mpass_pending *pending,
                                      char *out,
                                      size_t cap,
                                      size_t *written);

/*
 The new balance of credits that were added, once that is stored.

 Errors: WRONG_STATE before it is stored and for another write.
 Threads: any.
 */
mpass_status mpass_pending_balance(const struct mpass_pending *pending, uint64_t *out);

/*
 Tries a host's own store before it is trusted: its `load` and `swap` are
 called from `threads` threads at once (2 to 1,024, more or fewer are as many;
 64 find most races), in `rounds` rounds. `entropy` is exactly 32 bytes that
 were never given before. `*failure` is a `MPASS_PROBE_` constant, `*kind`
 the `MPASS_KIND_` that it is about or 0, `*won` how many parallel swaps were
 stored where that is the matter. The probe leaves values in the store: give
 it one of its own. Whether what is stored survives a crash is for the host
 to try.

 Errors: as `mpass_drive` for the table, WRONG_LENGTH of the entropy.
 Threads: any; it starts and ends its own.
 */
mpass_status mpass_store_probe(const struct mpass_host *host,
                               void *userdata,
                               size_t threads,
                               size_t rounds,
                               uint64_t now_ms,
                               const uint8_t *entropy,
                               size_t entropy_len,
                               uint32_t *failure,
                               uint32_t *kind,
                               size_t *won);

/*
 Frees a reply; NULL does nothing. No other thread may use it meanwhile.
 */
void mpass_reply_free(struct mpass_reply *reply);

/*
 The HTTP status. Threads: any.
 */
mpass_status mpass_reply_status(const struct mpass_reply *reply, uint16_t *out);

/*
 The body; empty for a HEAD request.

 Errors: BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_reply_body(const struct mpass_reply *reply,
                              uint8_t *out,
                              size_t cap,
                              size_t *written);

/*
 How many headers it has. Threads: any.
 */
mpass_status mpass_reply_header_count(const struct mpass_reply *reply, size_t *out);

/*
 The name of the header of an index from 0 on.

 Errors: WRONG_STATE where there are not as many, BUFFER_TOO_SMALL.
 Threads: any.
 */
mpass_status mpass_reply_header_name(const struct mpass_reply *reply,
                                     size_t index,
                                     char *out,
                                     size_t cap,
                                     size_t *written);

/*
 The value of the header of an index from 0 on.

 Errors: WRONG_STATE where there are not as many, BUFFER_TOO_SMALL.
 Threads: any.
 */
mpass_status mpass_reply_header_value(const struct mpass_reply *reply,
                                      size_t index,
                                      char *out,
                                      size_t cap,
                                      size_t *written);

/*
 Why the exchange ended as it did, for metrics and audit, never to be sent:
 a stable number, such as 10 for a code that was compared and is wrong.
 `mpass_reason_name` has its name. Threads: any.
 */
mpass_status mpass_reply_reason(const struct mpass_reply *reply, uint32_t *out);

/*
 The name of a reason, such as `wrong_code`, for metric labels and logs.

 Errors: INVALID_ARGUMENT for a number that is no reason,
 BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_reason_name(uint32_t reason, char *out, size_t cap, size_t *written);

/*
 A request with its HTTP method, its path without the query, its query
 string as it was sent without the `?` (empty when there is none), and the
 caller's address as the host attests it, in text form: forwarding headers
 are never read. Everything is copied. `*out` is the caller's, to be freed
 with `mpass_request_free`.

 Errors: INVALID_UTF8, INVALID_ADDRESS. Threads: any.
 */
mpass_status mpass_request_new(const char *method,
                               size_t method_len,
                               const char *path,
                               size_t path_len,
                               const char *query,
                               size_t query_len,
                               const char *peer,
                               size_t peer_len,
                               struct mpass_request **out);

/*
 Frees a request; NULL does nothing. No other thread may use it meanwhile.
 */
void mpass_request_free(struct mpass_request *request);

/*
 Adds a header, which is copied. One that is not UTF-8 may be left out.

 Errors: INVALID_UTF8. Threads: one at a time.
 */
mpass_status mpass_request_add_header(struct mpass_request *request,
                                      const char *name,
                                      size_t name_len,
                                      const char *value,
                                      size_t value_len);

/*
 Sets the body, which is copied. Threads: one at a time.
 */
mpass_status mpass_request_set_body(struct mpass_request *request,
                                    const uint8_t *body,
                                    size_t body_len);

/*
 The network address of a RESOLVE step, in text form, at most 45 characters.

 Errors: WRONG_STATE in another step, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_exchange_resolve_address(const struct mpass_exchange *exchange,
                                            char *out,
                                            size_t cap,
                                            size_t *written);

/*
 Answers a RESOLVE step: the number behind the address, NULL for an address
 that the network does not know or that two numbers share. Otherwise as
 `mpass_exchange_next`.

 Threads: one at a time.
 */
mpass_status mpass_exchange_next_resolved(struct mpass_exchange *exchange,
                                          const struct mpass_number *number,
                                          uint64_t now_ms,
                                          uint32_t *step);

/*
 Reads a secret from base32 (RFC 4648 section 6), in either case, with
 spaces, hyphens and padding or without. The caller owns and erases `out`;
 1,024 bytes hold every secret.

 Errors: INVALID_UTF8, INVALID_BASE32, SECRET_EMPTY, SECRET_TOO_LONG above
 1,024 bytes, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_secret_from_base32(const char *text,
                                      size_t text_len,
                                      uint8_t *out,
                                      size_t cap,
                                      size_t *written);

/*
 The same from hexadecimal in either case.

 Errors: INVALID_UTF8, INVALID_HEX, SECRET_EMPTY, SECRET_TOO_LONG above
 1,024 bytes, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_secret_from_hex(const char *text,
                                   size_t text_len,
                                   uint8_t *out,
                                   size_t cap,
                                   size_t *written);

/*
 Writes a secret of 1 to 1,024 bytes as upper-case base32 without padding,
 the form that every authenticator app takes. The caller owns `out`.

 Errors: SECRET_EMPTY, SECRET_TOO_LONG, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_secret_to_base32(const uint8_t *secret,
                                    size_t secret_len,
                                    char *out,
                                    size_t cap,
                                    size_t *written);

/*
 The same as lower-case hexadecimal.

 Errors: SECRET_EMPTY, SECRET_TOO_LONG, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_secret_to_hex(const uint8_t *secret,
                                 size_t secret_len,
                                 char *out,
                                 size_t cap,
                                 size_t *written);

/*
 A new secret of the length that the RFCs recommend for the hash: 20, 32 or
 64 bytes, from exactly 64 bytes of the system's random source, which are
 not used a second time. The caller owns and erases both.

 Errors: INVALID_ALGORITHM, WRONG_LENGTH of the entropy, BUFFER_TOO_SMALL.
 Threads: any.
 */
mpass_status mpass_secret_generate(uint32_t algorithm,
                                   const uint8_t *entropy,
                                   size_t entropy_len,
                                   uint8_t *out,
                                   size_t cap,
                                   size_t *written);

/*
 Settings of a group, a `MPASS_GROUP_` constant, with every default. A
 tenant's name has none: set it. `*out` is the caller's, to be freed with
 `mpass_settings_free`.

 Errors: INVALID_ARGUMENT for another number. Threads: any.
 */
mpass_status mpass_settings_new(uint32_t group, struct mpass_settings **out);

/*
 Frees settings; NULL does nothing. No other thread may use them meanwhile.
 */
void mpass_settings_free(struct mpass_settings *settings);

/*
 Checks the settings as a whole, as their use does: fields that are refused
 together, such as POLICY_TOO_WEAK below six digits or beyond ten minutes
 without `MPASS_FIELD_ALLOW_WEAK`, and a name that is missing.

 Errors: those of the fields. Threads: one at a time.
 */
mpass_status mpass_settings_check(struct mpass_settings *settings);

/*
 What the last refusal of a setter or of `mpass_settings_check` was about,
 in English: the field, its range and the value that was given, such as
 `tries: 0 is out of range: 1 to 100`. Empty before one.

 Errors: BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_settings_refusal(const struct mpass_settings *settings,
                                    char *out,
                                    size_t cap,
                                    size_t *written);

/*
 The chance, 0 to 1, that guessing meets a code: with all tries of one
 challenge, and with every guess that a number allows within a day.

 Errors: WRONG_HANDLE for a group without rules of challenges; those of the
 fields. Threads: any.
 */
mpass_status mpass_settings_guess_probability(const struct mpass_settings *settings,
                                              double *per_challenge,
                                              double *per_day);

/*
 How many values a field has: of a list its members, of another field 1, or
 0 where it was not set and has no default.

 Errors: UNKNOWN_SETTING. Threads: any.
 */
mpass_status mpass_settings_count(const struct mpass_settings *settings,
                                  uint32_t field,
                                  size_t *out);

/*
 A field that is true or false: what was set, otherwise the default.

 Errors: UNKNOWN_SETTING, INVALID_SETTING for a field of another type,
 WRONG_STATE for one without a value. Threads: any.
 */
mpass_status mpass_settings_get_flag(const struct mpass_settings *settings,
                                     uint32_t field,
                                     bool *out);

/*
 A number or a time span in milliseconds, or the member of a list of
 numbers at an index from 0 on; the index of another field is 0.

 Errors: as `mpass_settings_get_flag`, WRONG_STATE from the field's count
 on. Threads: any.
 */
mpass_status mpass_settings_get_number(const struct mpass_settings *settings,
                                       uint32_t field,
                                       size_t index,
                                       uint64_t *out);

/*
 A rate, as `mpass_settings_set_limit` takes it.

 Errors: as `mpass_settings_get_flag`. Threads: any.
 */
mpass_status mpass_settings_get_limit(const struct mpass_settings *settings,
                                      uint32_t field,
                                      uint32_t *events,
                                      uint64_t *window_ms,
                                      uint32_t *burst);

/*
 A text, or the member of a list of texts at an index from 0 on; the index
 of another field is 0.

 Errors: as `mpass_settings_get_number`, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_settings_get_text(const struct mpass_settings *settings,
                                     uint32_t field,
                                     size_t index,
                                     char *out,
                                     size_t cap,
                                     size_t *written);

/*
 Bytes.

 Errors: as `mpass_settings_get_flag`, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_settings_get_bytes(const struct mpass_settings *settings,
                                      uint32_t field,
                                      uint8_t *out,
                                      size_t cap,
                                      size_t *written);

/*
 Sets a field, a `MPASS_FIELD_` constant, that is true or false.

 Errors: UNKNOWN_SETTING for a field that the group does not have,
 INVALID_SETTING for one of another type. Threads: one at a time.
 */
mpass_status mpass_settings_set_flag(struct mpass_settings *settings, uint32_t field, bool flag);

/*
 Sets a field that is a number or a time span in milliseconds.

 Errors: as `mpass_settings_set_flag`, and the field's own error for a value
 out of its range, such as INVALID_TRIES: `mpass_settings_refusal` has the
 range. Threads: one at a time.
 */
mpass_status mpass_settings_set_number(struct mpass_settings *settings,
                                       uint32_t field,
                                       uint64_t number);

/*
 Sets a field that is a rate: at most `events` (1 to 100,000) in any
 `window_ms` (1 ms to 31 days), `burst` of them (1 to `events`) at once.

 Errors: as `mpass_settings_set_number`. Threads: one at a time.
 */
mpass_status mpass_settings_set_limit(struct mpass_settings *settings,
                                      uint32_t field,
                                      uint32_t events,
                                      uint64_t window_ms,
                                      uint32_t burst);

/*
 Sets a field that is a text, or one of a few texts such as `once`.

 Errors: as `mpass_settings_set_number`, INVALID_UTF8. Threads: one at a
 time.
 */
mpass_status mpass_settings_set_text(struct mpass_settings *settings,
                                     uint32_t field,
                                     const char *text,
                                     size_t text_len);

/*
 Sets a field that is bytes.

 Errors: as `mpass_settings_set_number`. Threads: one at a time.
 */
mpass_status mpass_settings_set_bytes(struct mpass_settings *settings,
                                      uint32_t field,
                                      const uint8_t *data,
                                      size_t data_len);

/*
 Adds a member to a list of numbers. The first one replaces the default.

 Errors: as `mpass_settings_set_number`. Threads: one at a time.
 */
mpass_status mpass_settings_add_number(struct mpass_settings *settings,
                                       uint32_t field,
                                       uint64_t number);

/*
 Adds a member to a list of texts. The first one replaces the default.

 Errors: as `mpass_settings_set_text`. Threads: one at a time.
 */
mpass_status mpass_settings_add_text(struct mpass_settings *settings,
                                     uint32_t field,
                                     const char *text,
                                     size_t text_len);

/*
 Makes a list empty, whatever its default is.

 Errors: as `mpass_settings_set_flag`. Threads: one at a time.
 */
mpass_status mpass_settings_set_empty(struct mpass_settings *settings, uint32_t field);

/*
 Gives a field its default again.

 Errors: UNKNOWN_SETTING. Threads: one at a time.
 */
mpass_status mpass_settings_clear(struct mpass_settings *settings, uint32_t field);

/*
 The spend of a tenant under settings with rules that have a spend limit,
 those of `MPASS_GROUP_POLICY` or the tenant's. Everything is copied. `*out`
 is the caller's, to be freed with `mpass_spend_free`.

 Errors: WRONG_HANDLE for settings without rules, INVALID_UTF8, WRONG_STATE
 without a spend limit, and as `mpass_settings_check`. Threads: any.
 */
mpass_status mpass_spend_new(const struct mpass_keyring *keyring,
                             const struct mpass_settings *settings,
                             const char *service,
                             size_t service_len,
                             const uint8_t *tenant,
                             size_t tenant_len,
                             struct mpass_spend **out);

/*
 Frees it; NULL does nothing. No other thread may use it meanwhile.
 */
void mpass_spend_free(struct mpass_spend *spend);

/*
 The store key of its record, among values of kind `MPASS_KIND_STATE`: 16
 bytes.

 Errors: BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_spend_store_key(const struct mpass_spend *spend,
                                   uint8_t *out,
                                   size_t cap,
                                   size_t *written);

/*
 Reserves one send, which is so once `*pending` is stored; or refuses, as
 `mpass_challenge_issue` does. `*pending` is the caller's, to be freed with
 `mpass_pending_free`.

 Errors: as `mpass_challenge_issue`. Threads: any.
 */
mpass_status mpass_spend_reserve(const struct mpass_spend *spend,
                                 const uint8_t *current,
                                 size_t current_len,
                                 uint64_t now_ms,
                                 const uint8_t *entropy,
                                 size_t entropy_len,
                                 struct mpass_pending **pending,
                                 uint32_t *refusal,
                                 uint64_t *retry_at_ms);

/*
 Gives one reserved send back; call it once for a reservation. `*pending`
 is to be stored and freed with `mpass_pending_free`.

 Errors: as `mpass_challenge_issue`. Threads: any.
 */
mpass_status mpass_spend_give_back(const struct mpass_spend *spend,
                                   const uint8_t *current,
                                   size_t current_len,
                                   uint64_t now_ms,
                                   const uint8_t *entropy,
                                   size_t entropy_len,
                                   struct mpass_pending **pending);

/*
 What a status means, in English: ASCII, ended by NUL, valid for as long as
 the library is loaded. Never NULL; for a number that is no status it is
 the text of `MPASS_STATUS_UNKNOWN`. The text of an error of the engine
 holds no secret, code or number. Any thread may call it.
 */
const char *mpass_status_text(int32_t status);

/*
 A `customerId` for a new customer, from exactly 32 bytes of entropy: 17
 characters. It has 60 random bits: when `mpass_tenant_create` finds it
 taken, draw again.

 Errors: WRONG_LENGTH of the entropy, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_tenant_fresh_customer_id(uint64_t now_ms,
                                            const uint8_t *entropy,
                                            size_t entropy_len,
                                            char *out,
                                            size_t cap,
                                            size_t *written);

/*
 The store key of the tenant of a kind (`MPASS_GROUP_CHANNEL`, `_CUSTOMER`
 or `_CLIENT`) and name, among values of kind `MPASS_KIND_TENANT`: 16 bytes.

 Errors: INVALID_ARGUMENT for another group, INVALID_UTF8, BUFFER_TOO_SMALL.
 Threads: any.
 */
mpass_status mpass_tenant_store_key(const struct mpass_keyring *keyring,
                                    uint32_t group,
                                    const char *name,
                                    size_t name_len,
                                    uint8_t *out,
                                    size_t cap,
                                    size_t *written);

/*
 The store key of the tenant that a whole credential, a channel key, claims
 to be of: 16 bytes.

 Errors: INVALID_UTF8, INVALID_CREDENTIAL, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_tenant_credential_store_key(const char *credential,
                                               size_t credential_len,
                                               uint8_t *out,
                                               size_t cap,
                                               size_t *written);

/*
 A new tenant of the kind that the settings are of. `current` is the value
 at its store key, NULL where there is none; `entropy` exactly 32 bytes.
 `*pending` is the caller's, to be freed with `mpass_pending_free`; once it
 is stored it has the credential.

 Errors: WRONG_HANDLE for settings that are not a tenant's, WRONG_LENGTH of
 the entropy, NAME_TAKEN, TENANT_TOO_LARGE, those of
 `mpass_settings_check`; RECORD_FORMAT, RECORD_FORGED or UNKNOWN_RECORD_KEY
 where `current` is not a tenant of this kind: a store error. Threads: any.
 */
mpass_status mpass_tenant_create(const struct mpass_keyring *keyring,
                                 const uint8_t *current,
                                 size_t current_len,
                                 const struct mpass_settings *settings,
                                 uint64_t now_ms,
                                 const uint8_t *entropy,
                                 size_t entropy_len,
                                 struct mpass_pending **pending);

/*
 Reads the value of a tenant of a kind, as `mpass_tenant_store_key` takes
 it, at a store key of 16 bytes. `*out` is the caller's, to be freed with
 `mpass_tenant_free`.

 Errors: INVALID_ARGUMENT for another group, WRONG_LENGTH of the store key;
 RECORD_FORMAT, RECORD_FORGED or UNKNOWN_RECORD_KEY where the value is not a
 tenant of this kind. Threads: any.
 */
mpass_status mpass_tenant_open(const struct mpass_keyring *keyring,
                               uint32_t group,
                               const uint8_t *store_key,
                               size_t store_key_len,
                               const uint8_t *current,
                               size_t current_len,
                               struct mpass_tenant **out);

/*
 Frees a tenant; NULL does nothing. Its value stays in the store. No other
 thread may use it meanwhile.
 */
void mpass_tenant_free(struct mpass_tenant *tenant);

/*
 The same tenant with a new credential; the old one stops working once
 `*pending` is stored, which then has the new one. `current` is the value
 that the tenant was opened from, `entropy` exactly 32 bytes. `*pending` is
 the caller's, to be freed with `mpass_pending_free`.

 Errors: WRONG_LENGTH of the entropy, TENANT_TOO_LARGE. Threads: any.
 */
mpass_status mpass_tenant_rotate(const struct mpass_tenant *tenant,
                                 const struct mpass_keyring *keyring,
                                 const uint8_t *current,
                                 size_t current_len,
                                 uint64_t now_ms,
                                 const uint8_t *entropy,
                                 size_t entropy_len,
                                 struct mpass_pending **pending);

/*
 Revokes the tenant once `*pending` is stored; its value stays, so that its
 name is known to be revoked. `current` is the value that the tenant was
 opened from, `entropy` exactly 32 bytes. `*pending` is the caller's, to be
 freed with `mpass_pending_free`.

 Errors: WRONG_LENGTH of the entropy, TENANT_TOO_LARGE. Threads: any.
 */
mpass_status mpass_tenant_revoke(const struct mpass_tenant *tenant,
                                 const struct mpass_keyring *keyring,
                                 const uint8_t *current,
                                 size_t current_len,
                                 uint64_t now_ms,
                                 const uint8_t *entropy,
                                 size_t entropy_len,
                                 struct mpass_pending **pending);

/*
 The stable id that its numbers' records are kept under: 16 bytes.

 Errors: BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_tenant_id(const struct mpass_tenant *tenant,
                             uint8_t *out,
                             size_t cap,
                             size_t *written);

/*
 Whether it was revoked, how many credentials it has had and when it was
 created. Threads: any.
 */
mpass_status mpass_tenant_state(const struct mpass_tenant *tenant,
                                bool *is_revoked,
                                uint32_t *key_version,
                                uint64_t *created_at_ms);

/*
 A copy of all of its settings, its name and the rules of its challenges
 among them. `*out` is the caller's, to be freed with
 `mpass_settings_free`. Threads: any.
 */
mpass_status mpass_tenant_settings(const struct mpass_tenant *tenant, struct mpass_settings **out);

/*
 Whether a text is its credential as requests carry it: a channel's whole
 key, the secret of a customer or client. Compared in constant time.

 Errors: INVALID_UTF8, INVALID_CREDENTIAL for a text that is not a
 credential. Threads: any.
 */
mpass_status mpass_tenant_has_credential(const struct mpass_tenant *tenant,
                                         const struct mpass_keyring *keyring,
                                         const char *credential,
                                         size_t credential_len,
                                         bool *out);

/*
 Whether it may call from an address, in text form.

 Errors: INVALID_UTF8, INVALID_ADDRESS. Threads: any.
 */
mpass_status mpass_tenant_allows_address(const struct mpass_tenant *tenant,
                                         const char *address,
                                         size_t address_len,
                                         bool *out);

/*
 Whether a channel may send for an application, or a client may ask for a
 scope such as `number-verification:verify`.

 Errors: WRONG_HANDLE for a customer, INVALID_UTF8, INVALID_APP,
 UNKNOWN_SCOPE. Threads: any.
 */
mpass_status mpass_tenant_allows(const struct mpass_tenant *tenant,
                                 const char *name,
                                 size_t name_len,
                                 bool *out);

/*
 The token of a tenant with an id of the host's, both any bytes, under
 settings of `MPASS_GROUP_TOKEN`, NULL for every default: 10 counters ahead,
 one step to either side, 1,000 for resynchronisation, 5 s of delay for each
 failure in a row, locked for 24 h after 10. Everything is copied. `*out` is
 the caller's, to be freed with `mpass_token_free`.

 Errors: WRONG_HANDLE for settings of another group. Threads: any.
 */
mpass_status mpass_token_new(const struct mpass_keyring *keyring,
                             const struct mpass_settings *settings,
                             const uint8_t *tenant,
                             size_t tenant_len,
                             const uint8_t *id,
                             size_t id_len,
                             struct mpass_token **out);

/*
 Frees a token; NULL does nothing. Its record stays in the store. No other
 thread may use it meanwhile.
 */
void mpass_token_free(struct mpass_token *token);

/*
 The store key of its record, among values of kind `MPASS_KIND_STATE`: 16
 bytes.

 Errors: BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_token_store_key(const struct mpass_token *token,
                                   uint8_t *out,
                                   size_t cap,
                                   size_t *written);

/*
 The record of a token that begins at `counter`, for HOTP tokens that were
 used elsewhere before; one without a record begins at 0. `entropy` is
 exactly 32 bytes. `*pending` is to be stored and freed with
 `mpass_pending_free`.

 Errors: WRONG_LENGTH of the entropy. Threads: any.
 */
mpass_status mpass_token_enroll(const struct mpass_token *token,
                                uint64_t counter,
                                uint64_t now_ms,
                                const uint8_t *entropy,
                                size_t entropy_len,
                                struct mpass_pending **pending);

/*
 Compares a typed HOTP code with the counters after the one that was accepted
 last. The outputs are as in `mpass_challenge_attempt`.

 Errors: INVALID_UTF8, and as `mpass_challenge_issue`.
 Threads: any.
 */
mpass_status mpass_token_attempt_hotp(const struct mpass_token *token,
                                      const uint8_t *current,
                                      size_t current_len,
                                      const struct mpass_hotp *hotp,
                                      const char *typed,
                                      size_t typed_len,
                                      uint64_t now_ms,
                                      const uint8_t *entropy,
                                      size_t entropy_len,
                                      struct mpass_pending **pending,
                                      uint32_t *verdict);

/*
 Compares a typed TOTP code with the steps around now, shifted by the
 token's drift, which an accepted code corrects. The outputs are as in `mpass_challenge_attempt`.

 Errors: TIME_OUT_OF_RANGE before T0, INVALID_UTF8, and as `mpass_challenge_issue`.
 Threads: any.
 */
mpass_status mpass_token_attempt_totp(const struct mpass_token *token,
                                      const uint8_t *current,
                                      size_t current_len,
                                      const struct mpass_totp *totp,
                                      const char *typed,
                                      size_t typed_len,
                                      uint64_t now_ms,
                                      const uint8_t *entropy,
                                      size_t entropy_len,
                                      struct mpass_pending **pending,
                                      uint32_t *verdict);

/*
 Finds an HOTP token again that was pressed too often, by two or three of its
 codes in a row, `code3` NULL for two. Counted and refused like any
 attempt; the outputs are as in `mpass_challenge_attempt`.

 Errors: INVALID_UTF8, and as `mpass_token_attempt_hotp`. Threads: any.
 */
mpass_status mpass_token_resynchronize_hotp(const struct mpass_token *token,
                                            const uint8_t *current,
                                            size_t current_len,
                                            const struct mpass_hotp *hotp,
                                            const char *code1,
                                            size_t code1_len,
                                            const char *code2,
                                            size_t code2_len,
                                            const char *code3,
                                            size_t code3_len,
                                            uint64_t now_ms,
                                            const uint8_t *entropy,
                                            size_t entropy_len,
                                            struct mpass_pending **pending,
                                            uint32_t *verdict);

/*
 Finds the drift of a TOTP token again, by two or three of its
 codes in a row, `code3` NULL for two. Counted and refused like any
 attempt; the outputs are as in `mpass_challenge_attempt`.

 Errors: INVALID_UTF8, and as `mpass_token_attempt_totp`. Threads: any.
 */
mpass_status mpass_token_resynchronize_totp(const struct mpass_token *token,
                                            const uint8_t *current,
                                            size_t current_len,
                                            const struct mpass_totp *totp,
                                            const char *code1,
                                            size_t code1_len,
                                            const char *code2,
                                            size_t code2_len,
                                            const char *code3,
                                            size_t code3_len,
                                            uint64_t now_ms,
                                            const uint8_t *entropy,
                                            size_t entropy_len,
                                            struct mpass_pending **pending,
                                            uint32_t *verdict);

/*
 Notes that the token is asked a question (RFC 6287), to be answered within
 `lifetime_ms`; one that was asked before is void. Send the question only
 once `*pending`, which is the caller's, is stored.

 Errors: INVALID_UTF8, and as `mpass_challenge_issue`. Threads: any.
 */
mpass_status mpass_token_ask(const struct mpass_token *token,
                             const uint8_t *current,
                             size_t current_len,
                             const char *question,
                             size_t question_len,
                             uint64_t lifetime_ms,
                             uint64_t now_ms,
                             const uint8_t *entropy,
                             size_t entropy_len,
                             struct mpass_pending **pending);

/*
 Compares a response with the question that was asked, which is accepted
 once. `inputs` hold the question and what else the suite names but the
 counter and the time, which are the record's and the clock's. The outputs
 are as in `mpass_challenge_attempt`.

 Errors: INVALID_UTF8, as `mpass_challenge_issue` and as
 `mpass_ocra_verify`. Threads: any.
 */
mpass_status mpass_token_attempt_ocra(const struct mpass_token *token,
                                      const uint8_t *current,
                                      size_t current_len,
                                      const struct mpass_ocra *ocra,
                                      const struct mpass_ocra_inputs *inputs,
                                      const char *response,
                                      size_t response_len,
                                      uint64_t now_ms,
                                      const uint8_t *entropy,
                                      size_t entropy_len,
                                      struct mpass_pending **pending,
                                      uint32_t *verdict);

/*
 Unlocks a token and forgets its failures: an administrator's act.
 `*pending` is to be stored and freed with `mpass_pending_free`.

 Errors: as `mpass_challenge_issue`. Threads: any.
 */
mpass_status mpass_token_unlock(const struct mpass_token *token,
                                const uint8_t *current,
                                size_t current_len,
                                uint64_t now_ms,
                                const uint8_t *entropy,
                                size_t entropy_len,
                                struct mpass_pending **pending);

/*
 The state in a token's record: whether anything was accepted, the counter or
 step that was accepted last (0 where none was), the steps that its clock
 is ahead of ours, its failures in a row, and when the next attempt is
 looked at (0: at once; UINT64_MAX: when it is unlocked).

 Errors: as `mpass_challenge_issue`. Threads: any.
 */
mpass_status mpass_token_status(const struct mpass_token *token,
                                const uint8_t *current,
                                size_t current_len,
                                uint64_t now_ms,
                                bool *has_last,
                                uint64_t *last,
                                int64_t *drift,
                                uint32_t *failures,
                                uint64_t *retry_at_ms);

/*
 Codes of `digits` digits (4 to 10) under `key`, which is copied, with
 steps of `step` seconds (at least 1, 30 for nearly every token) counted
 from `t0`, in seconds of Unix time (0 for nearly every token). `*out` is
 the caller's, to be freed with `mpass_totp_free`.

 Errors: INVALID_DIGITS, INVALID_STEP. Threads: any.
 */
mpass_status mpass_totp_new(const struct mpass_key *key,
                            uint32_t digits,
                            uint64_t step,
                            uint64_t t0,
                            struct mpass_totp **out);

/*
 Frees it and erases its key; NULL does nothing. No other thread may use
 it meanwhile.
 */
void mpass_totp_free(struct mpass_totp *totp);

/*
 The code of a time in seconds of Unix time: as many ASCII digits as
 `digits` said, without NUL. The caller owns and erases `out`.

 Errors: TIME_OUT_OF_RANGE before T0, BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_totp_generate(const struct mpass_totp *totp,
                                 uint64_t unix_seconds,
                                 char *out,
                                 size_t cap,
                                 size_t *written);

/*
 The time step of a time, and for how many seconds it goes on: 1 to the
 length of a step.

 Errors: TIME_OUT_OF_RANGE before T0. Threads: any.
 */
mpass_status mpass_totp_time_step(const struct mpass_totp *totp,
                                  uint64_t unix_seconds,
                                  uint64_t *step,
                                  uint64_t *remaining_seconds);

/*
 Looks for a code at the step of `unix_seconds`, the `past` steps before it
 and the `future` ones after it, at most 50,000 to either side. `*is_match`
 says whether it is there and `*matched` the last step that has it, 0 where
 none has. A host that keeps no step accepts a code twice: see
 `mpass_totp_verify_steps`.

 Takes a time that depends on the window alone. Errors: INVALID_UTF8.
 Threads: any.
 */
mpass_status mpass_totp_verify(const struct mpass_totp *totp,
                               const char *code,
                               size_t code_len,
                               uint64_t unix_seconds,
                               uint32_t past,
                               uint32_t future,
                               bool *is_match,
                               uint64_t *matched);

/*
 The same among `count` steps (at most 100,000) from `first_step` on: for a
 window that begins after the step that was accepted last.

 Errors: INVALID_UTF8. Threads: any.
 */
mpass_status mpass_totp_verify_steps(const struct mpass_totp *totp,
                                     const char *code,
                                     size_t code_len,
                                     uint64_t first_step,
                                     uint32_t count,
                                     bool *is_match,
                                     uint64_t *matched);

/*
 Looks for two or three codes in a row, `code3` NULL for two, the first of
 them among `count` steps (at most 100,000) from `first_step` on.
 `*is_match` says whether they are there and `*matched` the step of the
 last one, 0 where they are not.

 Errors: INVALID_UTF8, WINDOW_TOO_LARGE. Threads: any.
 */
mpass_status mpass_totp_resynchronize(const struct mpass_totp *totp,
                                      const char *code1,
                                      size_t code1_len,
                                      const char *code2,
                                      size_t code2_len,
                                      const char *code3,
                                      size_t code3_len,
                                      uint64_t first_step,
                                      uint32_t count,
                                      bool *is_match,
                                      uint64_t *matched);

/*
 A value that is not there yet. `*out` is the caller's, to be freed with
 `mpass_value_free`. Threads: any.
 */
mpass_status mpass_value_new(struct mpass_value **out);

/*
 Frees a value; NULL does nothing. No other thread may use it meanwhile.
 */
void mpass_value_free(struct mpass_value *value);

/*
 Makes it these bytes, which are copied. Threads: one at a time.
 */
mpass_status mpass_value_set(struct mpass_value *value, const uint8_t *data, size_t data_len);

/*
 Its bytes; `*is_present` is false where nothing is there.

 Errors: BUFFER_TOO_SMALL. Threads: any.
 */
mpass_status mpass_value_get(const struct mpass_value *value,
                             bool *is_present,
                             uint8_t *out,
                             size_t cap,
                             size_t *written);

/*
 The `MPASS_ABI_VERSION` of the library that is loaded. A program compares
 it with its own before it calls anything else. Threads: any.
 */
uint32_t mpass_abi_version(void);

/*
 The version of the library that is loaded, such as `0.1.0`: ASCII, ended
 by NUL, valid for as long as the library is loaded. Never NULL; the caller
 does not free it. Threads: any.
 */
const char *mpass_version_string(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* MPASS_H */
