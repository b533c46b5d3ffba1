// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/**
 * Why an exchange ended as it did. Numbers are stable; names are metric labels and words of the
 * log.
 */
public enum Reason {
  /** The gateway took the message. */
  SENT(1, "sent"),
  /** The code was right. */
  ACCEPTED(2, "accepted"),
  /** The number was compared and is the device's. */
  NUMBER_VERIFIED(3, "number_verified"),
  /** The number was compared and is not the device's. */
  NUMBER_NOT_VERIFIED(4, "number_not_verified"),
  /** The device's number was told. */
  NUMBER_SHARED(5, "number_shared"),
  /** A token was given. */
  TOKEN_ISSUED(6, "token_issued"),
  /** The device was recognised by its network and its user agent sent back. */
  LOGGED_IN(7, "logged_in"),
  /** A public document was given. */
  DOCUMENT_TOLD(8, "document_told"),
  /** The code was wrong. */
  WRONG_CODE(10, "wrong_code"),
  /** No tries were left. */
  EXHAUSTED(11, "exhausted"),
  /** The challenge was past its lifetime. */
  EXPIRED(12, "expired"),
  /** The challenge was accepted before. */
  USED(13, "used"),
  /** There was no challenge. */
  NO_CHALLENGE(14, "no_challenge"),
  /** The number was locked. */
  LOCKED(15, "locked"),
  /** The number's guesses were used up. */
  LIMITED(16, "limited"),
  /** Nobody has a challenge of this id. */
  UNKNOWN_ID(17, "unknown_id"),
  /** No credential, or one that nobody has. */
  UNKNOWN_CREDENTIAL(20, "unknown_credential"),
  /** The credential was used from another address. */
  ADDRESS_NOT_ALLOWED(21, "address_not_allowed"),
  /** The tenant is revoked. */
  REVOKED(22, "revoked"),
  /** The tenant may not send for this application. */
  APP_NOT_ALLOWED(23, "app_not_allowed"),
  /** No token, or none that is valid. */
  INVALID_TOKEN(24, "invalid_token"),
  /** A token of single use that was used. */
  TOKEN_USED(25, "token_used"),
  /** The token has not the scope that the operation asks for. */
  MISSING_SCOPE(26, "missing_scope"),
  /** The token does not come from an authentication by the network. */
  NOT_BY_NETWORK(27, "not_by_network"),
  /** The token has no number. */
  TOKEN_WITHOUT_NUMBER(28, "token_without_number"),
  /** The network does not know the caller's address. */
  UNKNOWN_DEVICE(29, "unknown_device"),
  /** A parameter was missing or empty. */
  MISSING_PARAMETER(30, "missing_parameter"),
  /** A parameter was given twice. */
  REPEATED_PARAMETER(31, "repeated_parameter"),
  /** A parameter was too long or not of its form. */
  INVALID_PARAMETER(32, "invalid_parameter"),
  /** The number was no number. */
  INVALID_NUMBER(33, "invalid_number"),
  /** The number cannot take messages. */
  NOT_MOBILE(34, "not_mobile"),
  /** The policy or the host does not send to this number. */
  NUMBER_NOT_ALLOWED(35, "number_not_allowed"),
  /** The body was not what the contract says. */
  INVALID_BODY(36, "invalid_body"),
  /** The correlator was not of its form. */
  INVALID_CORRELATOR(37, "invalid_correlator"),
  /** The number is barred from receiving messages. */
  NUMBER_BLOCKED(38, "number_blocked"),
  /** The number is not one of the operator's. */
  FOREIGN_NUMBER(39, "foreign_number"),
  /** The resend interval had not passed. */
  RESEND_INTERVAL(40, "resend_interval"),
  /** The number's sends were used up. */
  SEND_LIMIT(41, "send_limit"),
  /** The number's guesses were used up, so no challenge was issued. */
  GUESS_LIMIT(42, "guess_limit"),
  /** The tenant's sends were used up. */
  SPEND_LIMIT(43, "spend_limit"),
  /** The number was locked, so no challenge was issued. */
  NUMBER_LOCKED(44, "number_locked"),
  /** The tenant's credits were used up. */
  NO_CREDITS(45, "no_credits"),
  /** The number's challenge is still live. */
  STILL_LIVE(46, "still_live"),
  /** The country code was none. */
  UNKNOWN_COUNTRY(47, "unknown_country"),
  /** The path has no contract. */
  NOT_FOUND(50, "not_found"),
  /** The method is not of the contract. */
  METHOD_NOT_ALLOWED(51, "method_not_allowed"),
  /** A prefetch, which never sends or spends. */
  PREFETCH(52, "prefetch"),
  /** The request was larger than 64 KiB. */
  TOO_LARGE(53, "too_large"),
  /** The store failed, or nobody knows what it did. */
  STORE_FAILED(60, "store_failed"),
  /** The store held something that is not ours. */
  RECORD_REFUSED(61, "record_refused"),
  /** One record changed 256 times under the exchange. */
  TOO_MANY_CONFLICTS(62, "too_many_conflicts"),
  /** The exchange was older than 10 s. */
  TOO_OLD(63, "too_old"),
  /** The gateway definitely refused the message. */
  GATEWAY_REFUSED(64, "gateway_refused"),
  /** Nobody knows whether the message was sent. */
  GATEWAY_UNKNOWN(65, "gateway_unknown"),
  /** The host answered what was not asked. */
  WRONG_ANSWER(66, "wrong_answer"),
  /** The host could not say what it was asked. */
  HOST_FAILED(67, "host_failed"),
  /** The redirect URI is none of the client's. */
  REDIRECT_REFUSED(70, "redirect_refused"),
  /** A scope that the client has not, or none that the operation gives. */
  SCOPE_REFUSED(71, "scope_refused"),
  /** A response type other than {@code code}. */
  UNSUPPORTED_RESPONSE(72, "unsupported_response"),
  /** The client asked for a login that somebody takes part in. */
  LOGIN_ASKED(73, "login_asked"),
  /** The client asked for somebody's consent. */
  CONSENT_ASKED(74, "consent_asked"),
  /** The client asked for a choice between accounts. */
  ACCOUNT_CHOICE_ASKED(75, "account_choice_asked"),
  /** A request object, which is not read. */
  REQUEST_OBJECT(76, "request_object"),
  /** A request object by its URI, which is never fetched. */
  REQUEST_URI(77, "request_uri"),
  /** A registration within a request, which is not read. */
  REGISTRATION(78, "registration"),
  /** The ID token of the client's hint is for another than the device. */
  OTHER_SUBJECT(79, "other_subject"),
  /**
   * An authorization code that is none, expired, or was given for something else than it was sent
   * with.
   */
  GRANT_REFUSED(80, "grant_refused"),
  /** An authorization code that was used. */
  GRANT_USED(81, "grant_used"),
  /** A grant type that is not given. */
  UNSUPPORTED_GRANT(82, "unsupported_grant");

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
