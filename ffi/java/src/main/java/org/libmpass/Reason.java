// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/**
 * Why an exchange ended. Numbers and names are stable; the names are used as metric labels and in
 * logs.
 */
public enum Reason {
  /** The gateway took the message. */
  SENT(1, "sent"),
  /** The code was correct. */
  ACCEPTED(2, "accepted"),
  /** The number was compared and is that of the device. */
  NUMBER_VERIFIED(3, "number_verified"),
  /** The number was compared and is not that of the device. */
  NUMBER_NOT_VERIFIED(4, "number_not_verified"),
  /** The device's number was returned to the client. */
  NUMBER_SHARED(5, "number_shared"),
  /** A token was issued. */
  TOKEN_ISSUED(6, "token_issued"),
  /**
   * The network recognised the device and its user agent was redirected with an authorization code.
   */
  LOGGED_IN(7, "logged_in"),
  /** A public document was returned. */
  DOCUMENT_TOLD(8, "document_told"),
  /** The code was wrong. */
  WRONG_CODE(10, "wrong_code"),
  /** No tries were left. */
  EXHAUSTED(11, "exhausted"),
  /** The challenge had expired. */
  EXPIRED(12, "expired"),
  /** The code had already been accepted. */
  USED(13, "used"),
  /** The number had no challenge. */
  NO_CHALLENGE(14, "no_challenge"),
  /** The number was locked. */
  LOCKED(15, "locked"),
  /** The number's guesses were used up. */
  LIMITED(16, "limited"),
  /** No challenge has this id. */
  UNKNOWN_ID(17, "unknown_id"),
  /** The text cannot be a code; it was not counted as a guess. */
  MALFORMED_CODE(18, "malformed_code"),
  /** The credential is missing or unknown. */
  UNKNOWN_CREDENTIAL(20, "unknown_credential"),
  /** The tenant may not call from this address. */
  ADDRESS_NOT_ALLOWED(21, "address_not_allowed"),
  /** The tenant is revoked. */
  REVOKED(22, "revoked"),
  /** The tenant may not send for this application. */
  APP_NOT_ALLOWED(23, "app_not_allowed"),
  /** The token is missing, invalid or expired. */
  INVALID_TOKEN(24, "invalid_token"),
  /** The token is valid for a single use and was already used. */
  TOKEN_USED(25, "token_used"),
  /** The token lacks the scope that the operation requires. */
  MISSING_SCOPE(26, "missing_scope"),
  /** The token was not issued for a device that the mobile network or its SIM authenticated. */
  NOT_BY_NETWORK(27, "not_by_network"),
  /** The token carries no number. */
  TOKEN_WITHOUT_NUMBER(28, "token_without_number"),
  /** The mobile network does not know the address of the device. */
  UNKNOWN_DEVICE(29, "unknown_device"),
  /** A parameter was missing or empty. */
  MISSING_PARAMETER(30, "missing_parameter"),
  /** A parameter occurred more than once. */
  REPEATED_PARAMETER(31, "repeated_parameter"),
  /** A parameter was too long or malformed. */
  INVALID_PARAMETER(32, "invalid_parameter"),
  /** The number is not a valid phone number. */
  INVALID_NUMBER(33, "invalid_number"),
  /** The number cannot take messages. */
  NOT_MOBILE(34, "not_mobile"),
  /** The policy or the host does not allow messages to this number. */
  NUMBER_NOT_ALLOWED(35, "number_not_allowed"),
  /** The body does not have the form that the contract requires. */
  INVALID_BODY(36, "invalid_body"),
  /** The correlator was malformed. */
  INVALID_CORRELATOR(37, "invalid_correlator"),
  /** The number is barred from receiving messages. */
  NUMBER_BLOCKED(38, "number_blocked"),
  /** The number belongs to another operator. */
  FOREIGN_NUMBER(39, "foreign_number"),
  /** The resend interval had not passed. */
  RESEND_INTERVAL(40, "resend_interval"),
  /** The number's sends were used up. */
  SEND_LIMIT(41, "send_limit"),
  /** The number's guesses were used up, so no challenge was issued. */
  GUESS_LIMIT(42, "guess_limit"),
  /** The tenant's spend limit was used up. */
  SPEND_LIMIT(43, "spend_limit"),
  /** The number was locked, so no challenge was issued. */
  NUMBER_LOCKED(44, "number_locked"),
  /** The tenant's credits were used up. */
  NO_CREDITS(45, "no_credits"),
  /** The number's challenge is still live. */
  STILL_LIVE(46, "still_live"),
  /** The country code is not assigned. */
  UNKNOWN_COUNTRY(47, "unknown_country"),
  /** The path belongs to no contract. */
  NOT_FOUND(50, "not_found"),
  /** The path does not allow this method. */
  METHOD_NOT_ALLOWED(51, "method_not_allowed"),
  /** The request was a prefetch, which never sends a code or counts an attempt. */
  PREFETCH(52, "prefetch"),
  /** The request was larger than 64 KiB. */
  TOO_LARGE(53, "too_large"),
  /** The store failed, or the outcome of a swap stayed unknown. */
  STORE_FAILED(60, "store_failed"),
  /** The stored value was malformed, not authentic, or written under an unknown key. */
  RECORD_REFUSED(61, "record_refused"),
  /** A record changed more than 256 times during the exchange. */
  TOO_MANY_CONFLICTS(62, "too_many_conflicts"),
  /** The exchange took longer than 10 s. */
  TOO_OLD(63, "too_old"),
  /** The gateway definitely refused the message. */
  GATEWAY_REFUSED(64, "gateway_refused"),
  /** It is unknown whether the message was sent. */
  GATEWAY_UNKNOWN(65, "gateway_unknown"),
  /** The host's answer did not fit the step. */
  WRONG_ANSWER(66, "wrong_answer"),
  /** The host failed to carry out a step. */
  HOST_FAILED(67, "host_failed"),
  /**
   * The store was restored from a backup and is closed until an administrator confirms its tenants,
   * or until the time of the restore.
   */
  STORE_CLOSED(68, "store_closed"),
  /**
   * The value would expire before values that the store has already dropped: the clock is behind,
   * or was far ahead before.
   */
  STORE_EXPIRED(69, "store_expired"),
  /** The redirect URI is not registered for the client. */
  REDIRECT_REFUSED(70, "redirect_refused"),
  /** The client may not request this scope, or the operation does not grant it. */
  SCOPE_REFUSED(71, "scope_refused"),
  /** The response type was not {@code code}. */
  UNSUPPORTED_RESPONSE(72, "unsupported_response"),
  /** The client requested an interactive login, which is not supported. */
  LOGIN_ASKED(73, "login_asked"),
  /** The client requested a consent prompt, which is not supported. */
  CONSENT_ASKED(74, "consent_asked"),
  /** The client requested an account selection, which is not supported. */
  ACCOUNT_CHOICE_ASKED(75, "account_choice_asked"),
  /** The client sent a request object, which is not supported. */
  REQUEST_OBJECT(76, "request_object"),
  /** The client sent the URI of a request object, which is never fetched. */
  REQUEST_URI(77, "request_uri"),
  /** The client sent a registration within the request, which is not supported. */
  REGISTRATION(78, "registration"),
  /** The ID token hint is not for the subject of this device. */
  OTHER_SUBJECT(79, "other_subject"),
  /**
   * The authorization code was invalid, expired, or issued for another client, redirect URI or PKCE
   * verifier.
   */
  GRANT_REFUSED(80, "grant_refused"),
  /** The authorization code was already used. */
  GRANT_USED(81, "grant_used"),
  /** The grant type is not supported. */
  UNSUPPORTED_GRANT(82, "unsupported_grant"),
  /** The client's ID tokens are signed with RS256, and the host has no key for it. */
  NO_SIGNING_KEY(83, "no_signing_key"),
  /** An administrator has stopped all messages for a while. */
  SENDS_STOPPED(90, "sends_stopped"),
  /** An administrator has stopped the gateway for a while. */
  GATEWAY_STOPPED(91, "gateway_stopped"),
  /** An administrator has stopped the tenant for a while. */
  TENANT_STOPPED(92, "tenant_stopped"),
  /** An administrator has stopped messages to the number's prefix for a while. */
  PREFIX_STOPPED(93, "prefix_stopped");

  private static final Reason[] ALL = values();

  private final int number;
  private final String label;

  Reason(int number, String label) {
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

  static Reason of(int number) {
    for (Reason entry : ALL) {
      if (entry.number == number) {
        return entry;
      }
    }
    throw new IllegalStateException("libmpass: unknown Reason " + number);
  }
}
