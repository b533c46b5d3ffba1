// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/** A setting. Numbers and names are stable. */
enum Field {
  /**
   * Number of digits in a code; for a customer also the smallest number that a request may choose.
   */
  DIGITS(101, "digits"),
  /** Lifetime of a code. */
  LIFETIME_MS(102, "lifetime_ms"),
  /** Number of wrong codes that ends a challenge. */
  TRIES(103, "tries"),
  /** Minimum time between two sends to a number. */
  RESEND_INTERVAL_MS(104, "resend_interval_ms"),
  /** Maximum number of sends to one number. */
  SENDS(105, "sends"),
  /** Maximum number of wrong codes for one number. */
  GUESSES(106, "guesses"),
  /** Number of consecutive failures that locks a number (across its challenges) or a token. */
  FAILURES_TO_LOCK(107, "failures_to_lock"),
  /** How long a locked number or token stays locked. */
  LOCK_MS(108, "lock_ms"),
  /** Maximum number of sends of the whole tenant. */
  SPEND(109, "spend"),
  /** Country codes of the numbers that codes may be sent to. */
  CALLING_CODES(110, "calling_codes"),
  /** Allows fewer than 6 digits or a lifetime of more than 10 minutes. */
  ALLOW_WEAK(111, "allow_weak"),
  /**
   * HOTP: number of counters after the expected one that are also checked (RFC 4226 section 7.4).
   */
  LOOK_AHEAD(201, "look_ahead"),
  /** TOTP: number of past time steps whose codes are accepted (RFC 6238 section 5.2). */
  PAST(202, "past"),
  /** TOTP: number of future time steps whose codes are accepted. */
  FUTURE(203, "future"),
  /**
   * Number of counters or time steps that a resynchronisation searches, in both directions for
   * TOTP.
   */
  RESYNC_WINDOW(204, "resync_window"),
  /**
   * Delay per consecutive failure: after the nth one the next attempt must wait n times this, at
   * most an hour (RFC 4226 section 7.3).
   */
  DELAY_MS(205, "delay_ms"),
  /**
   * Name, unique among tenants of the same kind; a customer's customerId, a client's client_id.
   */
  NAME(301, "name"),
  /** Networks from which the tenant may call. */
  ADDRESSES(302, "addresses"),
  /** Applications that the channel may send for. */
  APPS(303, "apps"),
  /** Country code that numbers in national form belong to. */
  COUNTRY(304, "country"),
  /**
   * Host of the web page where codes are typed; the last line of a message binds the code to it.
   */
  HOST(305, "host"),
  /**
   * Templates of the messages by language; a request has the text of its language tag, otherwise of
   * the tag's first subtag, otherwise the built-in one.
   */
  TEXTS(306, "texts"),
  /** Sender that messages show, for gateways that support it. */
  SENDER(308, "sender"),
  /** Initial balance of the customer's credits. */
  TEST_CREDITS(309, "test_credits"),
  /** Scopes that the client may request. */
  SCOPES(310, "scopes"),
  /** Redirect URIs of a login, compared exactly. */
  REDIRECT_URIS(311, "redirect_uris"),
  /**
   * Public key that verifies the client's private_key_jwt assertions: with ES256 for a P-256 key,
   * with RS256 for an RSA key.
   */
  PUBLIC_KEY(312, "public_key"),
  /** Algorithm that signs the client's ID tokens. */
  ID_TOKEN_ALG(313, "id_token_alg"),
  /**
   * Hash of the Android app that reads the code by SMS Retriever, as a line of its own; it is left
   * out of a message that would be longer than 140 bytes or one segment with it.
   */
  ANDROID_APP_HASHES(333, "android_app_hashes"),
  /**
   * Base URL under which clients reach the host, and issuer of its tokens; if unset, the login is
   * disabled.
   */
  ISSUER(401, "issuer"),
  /** How often an access token of Number Verification can be used. */
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
