package org.libmpass;

import java.util.Arrays;

/** Why an exchange ended as it did: for metrics and audit, never sent. Numbers are stable. */
public enum Reason {
  /** The gateway took the message. */
  SENT(1, "sent"),
  /** The code was right. */
  ACCEPTED(2, "accepted"),
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
  /** No credential, or one that nobody has. */
  UNKNOWN_CREDENTIAL(20, "unknown_credential"),
  /** The credential was used from another address. */
  ADDRESS_NOT_ALLOWED(21, "address_not_allowed"),
  /** The tenant is revoked. */
  REVOKED(22, "revoked"),
  /** The tenant may not send for this application. */
  APP_NOT_ALLOWED(23, "app_not_allowed"),
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
  WRONG_ANSWER(66, "wrong_answer");

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

  /** {@return a word for it, for metric labels and logs} */
  public String label() {
    return label;
  }

  static Reason of(int number) {
    return Arrays.stream(values())
        .filter(reason -> reason.number == number)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("libmpass: unknown reason " + number));
  }
}
