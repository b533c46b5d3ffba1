// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/** A setting. Numbers and names are stable. */
enum Field {
  /** The length of a code; for a customer also the fewest digits that a request may name. */
  DIGITS(101, "digits"),
  /** How long a code lives. */
  LIFETIME_MS(102, "lifetime_ms"),
  /** Wrong codes that end a challenge. */
  TRIES(103, "tries"),
  /** The least time between two sends to a number. */
  RESEND_INTERVAL_MS(104, "resend_interval_ms"),
  /** Sends to one number. */
  SENDS(105, "sends"),
  /** Wrong codes for one number. */
  GUESSES(106, "guesses"),
  /** Failures in a row that lock a number, over all its challenges, or a token. */
  FAILURES_TO_LOCK(107, "failures_to_lock"),
  /** How long a locked number or token stays locked. */
  LOCK_MS(108, "lock_ms"),
  /** Sends of the whole tenant. */
  SPEND(109, "spend"),
  /** Country codes that may be sent to. */
  CALLING_CODES(110, "calling_codes"),
  /** Accepts fewer than six digits or a lifetime of more than ten minutes. */
  ALLOW_WEAK(111, "allow_weak"),
  /** HOTP: counters beyond the next one that are tried (RFC 4226 section 7.4). */
  LOOK_AHEAD(201, "look_ahead"),
  /** TOTP: steps that a code may be late (RFC 6238 section 5.2). */
  PAST(202, "past"),
  /** TOTP: steps that a token's clock may be ahead. */
  FUTURE(203, "future"),
  /** Counters or steps that a resynchronisation tries, to either side for TOTP. */
  RESYNC_WINDOW(204, "resync_window"),
  /**
   * The wait after the nth failure in a row is n times this, at most an hour (RFC 4226 section
   * 7.3).
   */
  DELAY_MS(205, "delay_ms"),
  /** The name, unique among tenants of its kind: a customer's customerId, a client's client_id. */
  NAME(301, "name"),
  /** Networks that it may call from. */
  ADDRESSES(302, "addresses"),
  /** Applications that it may send for. */
  APPS(303, "apps"),
  /** The country code of numbers in national form. */
  COUNTRY(304, "country"),
  /**
   * The host of the web page that codes are typed in: the last line of a message binds the code to
   * it.
   */
  HOST(305, "host"),
  /** Its English text. */
  TEXT_EN(306, "text_en"),
  /** Its Arabic text. */
  TEXT_AR(307, "text_ar"),
  /** The sender that its messages show, for gateways that take one. */
  SENDER(308, "sender"),
  /** The credits that it begins with. */
  TEST_CREDITS(309, "test_credits"),
  /** Scopes that it may ask for. */
  SCOPES(310, "scopes"),
  /** Where a login may send a user agent back to, compared exactly. */
  REDIRECT_URIS(311, "redirect_uris"),
  /** The public key of its private_key_jwt assertions (ES256). */
  PUBLIC_KEY(312, "public_key"),
  /**
   * The base URL that clients reach the host under, the issuer of its tokens; without one there is
   * no login.
   */
  ISSUER(401, "issuer"),
  /** How often an access token of Number Verification serves. */
  TOKEN_USE(402, "token_use");

  private static final Field[] ALL = values();

  private final int number;
  private final String label;

  Field(int number, String label) {
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

  static Field of(int number) {
    for (Field entry : ALL) {
      if (entry.number == number) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown Field " + number);
  }
}
