//! The error tables of the contract, and a test for each row.

use mpass_core::challenge::Limit;
use mpass_core::service::{ClientSettings, Scope};

use super::operator::Operation::{SendCode, ValidateCode};
use super::operator::{
    BLOCKED, CORRELATOR, Caller, FOREIGN, HOUR_MS, LAND_LINE, LIFE_MS, MAX_SEND, MAX_TRY, MESSAGE,
    Operator, expect_error, expect_validated, named, number, send_body, settings, validate_body,
};
use crate::served::wrong;

pub use super::operator::Row;

/// All clients of these tests, for a host that must know them before it starts.
#[must_use]
pub fn clients() -> [ClientSettings; 5] {
    [
        settings(),
        spends_once(),
        waits(),
        guesses_once(),
        locks_at_once(),
    ]
}

macro_rules! rows {
    ($($(#[doc = $doc:literal])+ $name:ident = $status:literal $code:literal $message:literal;)+) => {
        $($(#[doc = $doc])+ pub const $name: Row = Row {
            status: $status,
            code: $code,
            message: $message,
        };)+
    };
}

rows! {
    /// `/send-code`.
    SEND_INVALID = 400 "INVALID_ARGUMENT" "Client specified an invalid argument, request body or query param.";
    /// `/validate-code`: without the full stop.
    VALIDATE_INVALID = 400 "INVALID_ARGUMENT" "Client specified an invalid argument, request body or query param";
    /// `/validate-code`.
    OUT_OF_RANGE = 400 "OUT_OF_RANGE" "Client specified an invalid range.";
    /// `/validate-code`.
    FAILED = 400 "ONE_TIME_PASSWORD_SMS.VERIFICATION_FAILED" "The maximum number of attempts for this authenticationId was exceeded without providing a valid OTP";
    /// `/validate-code`.
    EXPIRED = 400 "ONE_TIME_PASSWORD_SMS.VERIFICATION_EXPIRED" "The authenticationId is no longer valid";
    /// `/validate-code`.
    INVALID_OTP = 400 "ONE_TIME_PASSWORD_SMS.INVALID_OTP" "The provided OTP is not valid for this authenticationId";
    /// Both.
    UNAUTHENTICATED = 401 "UNAUTHENTICATED" "Request not authenticated due to missing, invalid, or expired credentials.";
    /// `/send-code`: without the full stop.
    SEND_DENIED = 403 "PERMISSION_DENIED" "Client does not have sufficient permissions to perform this action";
    /// `/validate-code`.
    VALIDATE_DENIED = 403 "PERMISSION_DENIED" "Client does not have sufficient permissions to perform this action.";
    /// `/send-code`.
    TOO_MANY_CODES = 403 "ONE_TIME_PASSWORD_SMS.MAX_OTP_CODES_EXCEEDED" "Too many OTPs have been requested for this MSISDN. Try later.";
    /// `/send-code`.
    NUMBER_NOT_ALLOWED = 403 "ONE_TIME_PASSWORD_SMS.PHONE_NUMBER_NOT_ALLOWED" "Phone_number can't receive an SMS due to business reasons in the operator.";
    /// `/send-code`.
    NUMBER_BLOCKED = 403 "ONE_TIME_PASSWORD_SMS.PHONE_NUMBER_BLOCKED" "Phone_number is blocked to receive SMS due to any blocking business reason in the operator.";
    /// Both.
    NOT_FOUND = 404 "NOT_FOUND" "The specified resource is not found.";
    /// Both.
    QUOTA_EXCEEDED = 429 "QUOTA_EXCEEDED" "Out of resource quota.";
    /// Both.
    TOO_MANY_REQUESTS = 429 "TOO_MANY_REQUESTS" "Rate limit reached.";
}

/// An id that was never issued.
pub const UNKNOWN_ID: &str = "ea0840f3-3663-4149-bd10-c7c6b8912105";

/// `INVALID_ARGUMENT` of `/send-code`.
pub fn send_400_invalid_argument(operator: &dyn Operator) {
    let caller = Caller::new(operator, settings());
    let number = number(101);
    for body in [
        "",
        "{",
        "[]",
        "null",
        "7",
        &format!(r#"["{number}","{MESSAGE}"]"#),
        &send_body("966500000101", MESSAGE),
        &send_body("+0966500000101", MESSAGE),
        &send_body("+9665000001010000", MESSAGE),
        &send_body("+966 500000101", MESSAGE),
        &send_body("+999500000101", MESSAGE),
        &send_body("", MESSAGE),
        &send_body(&number, ""),
        &send_body(&number, "{code}"),
        &send_body(&number, "{{Code}}"),
        &send_body(&number, "{{ code }}"),
        &send_body(&number, "{{code}}\n@evil.example #123456"),
        &send_body(&number, "@evil.example {{code}}"),
        &send_body(&number, "{{code}}\u{202e}"),
        &send_body(&number, "\u{2066}{{code}}\u{2069}"),
        &send_body(&number, "{{code}}\t"),
        &send_body(&number, "{{code}}\r\n@evil.example #123456"),
        &send_body(&number, "{{code}}\n\u{200e}@evil.example #123456"),
        &send_body(&number, "{{code}}\r@evil.example #123456"),
        &send_body(&number, "{{code}}\u{2028}@evil.example #123456"),
        &send_body(&number, "{{code}} @evil.example #123456 a"),
        &send_body(&number, "{{code}}\u{b}"),
        &send_body(&number, "{{code}}\u{fffd}"),
        &format!(r#"{{"phoneNumber":966500000101,"message":"{MESSAGE}"}}"#),
        &format!(r#"{{"phoneNumber":"{number}","message":null}}"#),
        &format!(r#"{{"phoneNumber":"{number}","message":["{MESSAGE}"]}}"#),
        &format!(r#"{{"phoneNumber":"{number}","phoneNumber":"{number}","message":"{MESSAGE}"}}"#),
        &format!("{} x", send_body(&number, MESSAGE)),
    ] {
        expect_error(&caller.call(SendCode, body), &SEND_INVALID);
    }
    assert!(operator.newest(&number).is_none());
}

/// `UNAUTHENTICATED` of `/send-code`, which takes precedence over other errors.
pub fn send_401_unauthenticated(operator: &dyn Operator) {
    let caller = Caller::new(operator, settings());
    for body in ["", &send_body(&number(102), MESSAGE)] {
        let answer = caller.call_with(Some("no-token"), SendCode, body);
        expect_error(&answer, &UNAUTHENTICATED);
    }
}

/// `PERMISSION_DENIED` of `/send-code`, which takes precedence over other
/// errors.
pub fn send_403_permission_denied(operator: &dyn Operator) {
    let caller = Caller::new(operator, settings());
    let token = caller.token(Scope::Verify, 0);
    for body in ["", &send_body(&number(103), MESSAGE)] {
        let answer = caller.call_with(Some(&token), SendCode, body);
        expect_error(&answer, &SEND_DENIED);
    }
}

/// `MAX_OTP_CODES_EXCEEDED`, by the limit of sends to a number.
pub fn send_403_max_otp_codes_exceeded(operator: &dyn Operator) {
    let caller = Caller::new(operator, settings());
    let number = number(104);
    for _ in 1..MAX_SEND {
        let _ = caller.sent(&number);
    }
    let answer = caller.call(SendCode, &send_body(&number, MESSAGE));
    expect_error(&answer, &TOO_MANY_CODES);
    assert!(answer.header("Retry-After").is_some());
}

/// `MAX_OTP_CODES_EXCEEDED`, by the limit of guesses for a number.
pub fn send_403_max_otp_codes_exceeded_by_guesses(operator: &dyn Operator) {
    let caller = Caller::new(operator, guesses_once());
    let number = number(105);
    let (id, code) = caller.sent(&number);
    expect_error(&caller.validate(&id, &wrong(&code)), &INVALID_OTP);
    let answer = caller.call(SendCode, &send_body(&number, MESSAGE));
    expect_error(&answer, &TOO_MANY_CODES);
}

/// `PHONE_NUMBER_NOT_ALLOWED`.
pub fn send_403_phone_number_not_allowed(operator: &dyn Operator) {
    let caller = Caller::new(operator, settings());
    let answer = caller.call(SendCode, &send_body(LAND_LINE, MESSAGE));
    expect_error(&answer, &NUMBER_NOT_ALLOWED);
}

/// `PHONE_NUMBER_BLOCKED`.
pub fn send_403_phone_number_blocked(operator: &dyn Operator) {
    let caller = Caller::new(operator, settings());
    let answer = caller.call(SendCode, &send_body(BLOCKED, MESSAGE));
    expect_error(&answer, &NUMBER_BLOCKED);
}

/// `NOT_FOUND` of `/send-code`.
pub fn send_404_not_found(operator: &dyn Operator) {
    let caller = Caller::new(operator, settings());
    let answer = caller.call(SendCode, &send_body(FOREIGN, MESSAGE));
    expect_error(&answer, &NOT_FOUND);
}

/// `QUOTA_EXCEEDED` of `/send-code`: the client's limit of sends to all
/// numbers.
pub fn send_429_quota_exceeded(operator: &dyn Operator) {
    let caller = Caller::new(operator, spends_once());
    let _ = caller.sent(&number(106));
    let answer = caller.call(SendCode, &send_body(&number(107), MESSAGE));
    expect_error(&answer, &QUOTA_EXCEEDED);
    assert!(answer.header("Retry-After").is_some());
    assert!(operator.newest(&number(107)).is_none());
}

/// `TOO_MANY_REQUESTS` of `/send-code`: the resend interval.
pub fn send_429_too_many_requests(operator: &dyn Operator) {
    let caller = Caller::new(operator, waits());
    let number = number(108);
    let _ = caller.sent(&number);
    let answer = caller.call(SendCode, &send_body(&number, MESSAGE));
    expect_error(&answer, &TOO_MANY_REQUESTS);
    let seconds: u64 = answer.header("Retry-After").unwrap().parse().unwrap();
    assert!((1..=30).contains(&seconds), "{seconds}");
}

/// `INVALID_ARGUMENT` of `/validate-code`.
pub fn validate_400_invalid_argument(operator: &dyn Operator) {
    let caller = Caller::new(operator, settings());
    let (id, code) = caller.sent(&number(109));
    for body in [
        "",
        "{",
        "[]",
        &format!(r#"["{id}","{code}"]"#),
        &format!(r#"{{"authenticationId":"{id}","code":{code}}}"#),
        &format!(r#"{{"authenticationId":"{id}","code":null}}"#),
        &format!(r#"{{"authenticationId":7,"code":"{code}"}}"#),
        &validate_body("", &code),
        &validate_body(&id, ""),
        &validate_body(&id, "12345678901"),
    ] {
        expect_error(&caller.call(ValidateCode, body), &VALIDATE_INVALID);
    }
    // None of these cost a try.
    for _ in 1..MAX_TRY {
        expect_error(&caller.validate(&id, &wrong(&code)), &INVALID_OTP);
    }
}

/// `OUT_OF_RANGE`: an id longer than the maximum.
pub fn validate_400_out_of_range(operator: &dyn Operator) {
    let caller = Caller::new(operator, settings());
    let long = format!("{UNKNOWN_ID}0");
    expect_error(&caller.validate(&long, "123456"), &OUT_OF_RANGE);
}

/// `VERIFICATION_FAILED`.
pub fn validate_400_verification_failed(operator: &dyn Operator) {
    let caller = Caller::new(operator, settings());
    let (id, code) = caller.sent(&number(110));
    for _ in 1..MAX_TRY {
        expect_error(&caller.validate(&id, &wrong(&code)), &INVALID_OTP);
    }
    for code in [&wrong(&code), &code, &wrong(&code)] {
        expect_error(&caller.validate(&id, code), &FAILED);
    }
}

/// `VERIFICATION_EXPIRED`.
pub fn validate_400_verification_expired(operator: &dyn Operator) {
    let caller = Caller::new(operator, settings());
    let (id, code) = caller.sent(&number(111));
    operator.pass(LIFE_MS);
    expect_error(&caller.validate(&id, &code), &EXPIRED);
    expect_error(&caller.validate(&id, &wrong(&code)), &EXPIRED);
}

/// `INVALID_OTP`: any other text of at most 10 characters.
pub fn validate_400_invalid_otp(operator: &dyn Operator) {
    let caller = Caller::new(operator, settings());
    for (test, typed) in (120..).zip(["AJY3", "1", " ", "ABCDEFGHIJ", "😀😀😀😀😀😀😀😀😀😀"])
    {
        let (id, _) = caller.sent(&number(test));
        expect_error(&caller.validate(&id, typed), &INVALID_OTP);
    }
}

/// `UNAUTHENTICATED` of `/validate-code`, which takes precedence over other
/// errors.
pub fn validate_401_unauthenticated(operator: &dyn Operator) {
    let caller = Caller::new(operator, settings());
    for body in ["", &validate_body(UNKNOWN_ID, "123456")] {
        let answer = caller.call_with(Some("no-token"), ValidateCode, body);
        expect_error(&answer, &UNAUTHENTICATED);
    }
}

/// `PERMISSION_DENIED` of `/validate-code`; the code is not compared.
pub fn validate_403_permission_denied(operator: &dyn Operator) {
    let caller = Caller::new(operator, settings());
    let (id, code) = caller.sent(&number(113));
    let token = caller.token(Scope::Verify, 0);
    for _ in 0..=MAX_TRY {
        let body = validate_body(&id, &wrong(&code));
        let answer = caller.call_with(Some(&token), ValidateCode, &body);
        expect_error(&answer, &VALIDATE_DENIED);
    }
    expect_validated(&caller.validate(&id, &code), Some(CORRELATOR));
}

/// `NOT_FOUND` of `/validate-code`: an id of any form that was never issued.
pub fn validate_404_not_found(operator: &dyn Operator) {
    let caller = Caller::new(operator, settings());
    for id in [UNKNOWN_ID, "7", "éééééééééééééééééééééééééééééééééééé"]
    {
        expect_error(&caller.validate(id, "123456"), &NOT_FOUND);
    }
}

/// `QUOTA_EXCEEDED` of `/validate-code`: the daily limit of guesses for a
/// number.
pub fn validate_429_quota_exceeded(operator: &dyn Operator) {
    let caller = Caller::new(operator, guesses_once());
    let (id, code) = caller.sent(&number(114));
    expect_error(&caller.validate(&id, &wrong(&code)), &INVALID_OTP);
    for code in [&wrong(&code), &code] {
        expect_error(&caller.validate(&id, code), &QUOTA_EXCEEDED);
    }
}

/// `TOO_MANY_REQUESTS` of `/validate-code`: a locked number, to which nothing
/// is sent either.
pub fn validate_429_too_many_requests(operator: &dyn Operator) {
    let caller = Caller::new(operator, locks_at_once());
    let number = number(115);
    let (id, code) = caller.sent(&number);
    expect_error(&caller.validate(&id, &wrong(&code)), &INVALID_OTP);
    for code in [&wrong(&code), &code] {
        expect_error(&caller.validate(&id, code), &TOO_MANY_REQUESTS);
    }
    let answer = caller.call(SendCode, &send_body(&number, MESSAGE));
    expect_error(&answer, &TOO_MANY_CODES);
    assert!(answer.header("Retry-After").is_some());
}

pub(super) fn spends_once() -> ClientSettings {
    let once = Limit::new(1, HOUR_MS, 1).unwrap();
    named("otp-spend", |policy| policy.spend = Some(once))
}

pub(super) fn waits() -> ClientSettings {
    named("otp-wait", |policy| policy.resend_interval_ms = 30_000)
}

pub(super) fn guesses_once() -> ClientSettings {
    let once = Limit::new(1, 24 * HOUR_MS, 1).unwrap();
    named("otp-guess", |policy| policy.guesses = once)
}

pub(super) fn locks_at_once() -> ClientSettings {
    named("otp-lock", |policy| policy.failures_to_lock = 1)
}
