//! The scenarios of `one-time-password-sms-sendCode.feature` and
//! `…-validateCode.feature` (release r3.2), each as a function named after its
//! id.

use super::operator::Operation::{SendCode, ValidateCode};
use super::rows::{
    EXPIRED, FAILED, INVALID_OTP, NOT_FOUND, NUMBER_BLOCKED, NUMBER_NOT_ALLOWED, SEND_INVALID,
    TOO_MANY_CODES, UNAUTHENTICATED, UNKNOWN_ID, VALIDATE_INVALID,
};
use super::{
    BLOCKED, CORRELATOR, Caller, FOREIGN, LAND_LINE, LIFE_MS, MAX_SEND, MAX_TRY, MESSAGE,
    NOT_ALLOWED, Operator, expect_error, expect_sent, expect_validated, number, send_body,
    settings, validate_body, wrong,
};

fn caller(operator: &dyn Operator) -> Caller<'_> {
    Caller::new(operator, settings())
}

/// `OTPvalidationAPI_01_send_code_success_scenario`
pub fn otp_validation_api_01_send_code_success_scenario(operator: &dyn Operator) {
    let number = number(1);
    let answer = caller(operator).call(SendCode, &send_body(&number, MESSAGE));
    expect_sent(&answer, Some(CORRELATOR));
    let code = operator.code(&number);
    assert_eq!(code.len(), 6);
    let text = operator.newest(&number).unwrap();
    assert_eq!(text, MESSAGE.replace("{{code}}", &code));
}

/// Orthography and the ends of lines are the caller's; the contract's pattern
/// allows them.
pub fn a_message_keeps_its_orthography(operator: &dyn Operator) {
    let number = number(41);
    let message = "\u{200f}خانه\u{200c}ها:\r\n{{code}}\r\u{200e}र्\u{200d}य\u{2028}a";
    let answer = caller(operator).call(SendCode, &send_body(&number, message));
    expect_sent(&answer, Some(CORRELATOR));
    let text = operator.newest(&number).unwrap();
    let expected = message.replace("\r\n", "\n");
    let expected = expected.replace(['\r', '\u{2028}'], "\n");
    assert_eq!(text, expected.replace("{{code}}", &operator.code(&number)));
}

/// `OTPvalidationAPI_02_send_code_success_scenario_without_x-correlator`
pub fn otp_validation_api_02_send_code_success_scenario_without_x_correlator(
    operator: &dyn Operator,
) {
    let body = send_body(&number(2), MESSAGE);
    let answer = caller(operator).call_without_correlator(SendCode, &body);
    expect_sent(&answer, None);
}

/// `OTPvalidationAPI_400.1_send_code_no_request_body`
pub fn otp_validation_api_400_1_send_code_no_request_body(operator: &dyn Operator) {
    expect_error(&caller(operator).call(SendCode, ""), &SEND_INVALID);
}

/// `OTPvalidationAPI_400.2_send_code_empty_request_body`
pub fn otp_validation_api_400_2_send_code_empty_request_body(operator: &dyn Operator) {
    expect_error(&caller(operator).call(SendCode, "{}"), &SEND_INVALID);
}

/// `OTPvalidationAPI_400.4_send_code_incorrect_phone_number_request_body`
pub fn otp_validation_api_400_4_send_code_incorrect_phone_number_request_body(
    operator: &dyn Operator,
) {
    let answer = caller(operator).call(SendCode, &send_body("3301", MESSAGE));
    expect_error(&answer, &SEND_INVALID);
}

/// `OTPvalidationAPI_400.5_send_code_missing_message`
pub fn otp_validation_api_400_5_send_code_missing_message(operator: &dyn Operator) {
    let caller = caller(operator);
    let number = number(3);
    for body in [
        format!(r#"{{"phoneNumber":"{number}"}}"#),
        format!(r#"{{"phoneNumber":"{number}","message":null}}"#),
        send_body(&number, ""),
    ] {
        expect_error(&caller.call(SendCode, &body), &SEND_INVALID);
    }
}

/// `OTPvalidationAPI_400.6_send_code_missing_code_request_body`
pub fn otp_validation_api_400_6_send_code_missing_code_request_body(operator: &dyn Operator) {
    let body = send_body(&number(4), "message without code");
    expect_error(&caller(operator).call(SendCode, &body), &SEND_INVALID);
}

/// `OTPvalidationAPI_400.7_send_code_message_too_long`
pub fn otp_validation_api_400_7_send_code_message_too_long(operator: &dyn Operator) {
    let caller = caller(operator);
    for (test, letter) in [(5, "a"), (6, "ر")] {
        let number = number(test);
        let longest = format!("{{{{code}}}}{}", letter.repeat(152));
        let longer = format!("{longest}{letter}");
        let answer = caller.call(SendCode, &send_body(&number, &longer));
        expect_error(&answer, &SEND_INVALID);
        assert!(operator.newest(&number).is_none());
        let answer = caller.call(SendCode, &send_body(&number, &longest));
        expect_sent(&answer, Some(CORRELATOR));
    }
}

/// `OTPvalidationAPI_401.1_send_code_no_authorization_header`
pub fn otp_validation_api_401_1_send_code_no_authorization_header(operator: &dyn Operator) {
    let body = send_body(&number(7), MESSAGE);
    let answer = caller(operator).call_with(None, SendCode, &body);
    expect_error(&answer, &UNAUTHENTICATED);
}

/// `OTPvalidationAPI_401.2_send_code_expired_access_token`
pub fn otp_validation_api_401_2_send_code_expired_access_token(operator: &dyn Operator) {
    let caller = caller(operator);
    let body = send_body(&number(8), MESSAGE);
    let answer = caller.call_with(Some(&caller.expired_token()), SendCode, &body);
    expect_error(&answer, &UNAUTHENTICATED);
}

/// `OTPvalidationAPI_401.3_send_code_invalid_access_token`
pub fn otp_validation_api_401_3_send_code_invalid_access_token(operator: &dyn Operator) {
    let caller = caller(operator);
    let body = send_body(&number(9), MESSAGE);
    let answer = caller.call_with(Some(&caller.changed_token()), SendCode, &body);
    expect_error(&answer, &UNAUTHENTICATED);
}

/// `OTPvalidationAPI_03_send_code_max_otp_code`
pub fn otp_validation_api_03_send_code_max_otp_code(operator: &dyn Operator) {
    let caller = caller(operator);
    let number = number(10);
    for _ in 1..MAX_SEND {
        let _ = caller.sent(&number);
    }
    let answer = caller.call(SendCode, &send_body(&number, MESSAGE));
    expect_error(&answer, &TOO_MANY_CODES);
}

/// `OTPvalidationAPI_04_send_code_phone_number_not_allowed`
pub fn otp_validation_api_04_send_code_phone_number_not_allowed(operator: &dyn Operator) {
    let answer = caller(operator).call(SendCode, &send_body(NOT_ALLOWED, MESSAGE));
    expect_error(&answer, &NUMBER_NOT_ALLOWED);
}

/// `OTPvalidationAPI_05_send_code_phone_number_not_allowed_3`
pub fn otp_validation_api_05_send_code_phone_number_not_allowed_3(operator: &dyn Operator) {
    let answer = caller(operator).call(SendCode, &send_body(LAND_LINE, MESSAGE));
    expect_error(&answer, &NUMBER_NOT_ALLOWED);
}

/// `OTPvalidationAPI_06_send_code_phone_number_blocked`
pub fn otp_validation_api_06_send_code_phone_number_blocked(operator: &dyn Operator) {
    let answer = caller(operator).call(SendCode, &send_body(BLOCKED, MESSAGE));
    expect_error(&answer, &NUMBER_BLOCKED);
}

/// `OTPvalidationAPI_404.1_send_code_phone_number_not_belong_to_operator`
pub fn otp_validation_api_404_1_send_code_phone_number_not_belong_to_operator(
    operator: &dyn Operator,
) {
    let answer = caller(operator).call(SendCode, &send_body(FOREIGN, MESSAGE));
    expect_error(&answer, &NOT_FOUND);
}

/// `OTPvalidationAPI_01_validate_code_sucess_scenario`
pub fn otp_validation_api_01_validate_code_sucess_scenario(operator: &dyn Operator) {
    let caller = caller(operator);
    let (id, code) = caller.sent(&number(11));
    expect_validated(&caller.validate(&id, &code), Some(CORRELATOR));
}

/// `OTPvalidationAPI_02_validate_code_sucess_scenario_without_x-correlator`
pub fn otp_validation_api_02_validate_code_sucess_scenario_without_x_correlator(
    operator: &dyn Operator,
) {
    let caller = caller(operator);
    let (id, code) = caller.sent(&number(12));
    let body = validate_body(&id, &code);
    let answer = caller.call_without_correlator(ValidateCode, &body);
    expect_validated(&answer, None);
}

/// `OTPvalidationAPI_400.1_validate_code_no_request_body`
pub fn otp_validation_api_400_1_validate_code_no_request_body(operator: &dyn Operator) {
    expect_error(&caller(operator).call(ValidateCode, ""), &VALIDATE_INVALID);
}

/// `OTPvalidationAPI_400.2_validate_code_empty_request_body`
pub fn otp_validation_api_400_2_validate_code_empty_request_body(operator: &dyn Operator) {
    let answer = caller(operator).call(ValidateCode, "{}");
    expect_error(&answer, &VALIDATE_INVALID);
}

/// `OTPvalidationAPI_400.3_validate_code_missing_authenticationId`
pub fn otp_validation_api_400_3_validate_code_missing_authentication_id(operator: &dyn Operator) {
    let answer = caller(operator).call(ValidateCode, r#"{"code":"123456"}"#);
    expect_error(&answer, &VALIDATE_INVALID);
}

/// `OTPvalidationAPI_400.3_validate_code_missing_code`
pub fn otp_validation_api_400_3_validate_code_missing_code(operator: &dyn Operator) {
    let caller = caller(operator);
    let (id, code) = caller.sent(&number(13));
    let body = format!(r#"{{"authenticationId":"{id}"}}"#);
    expect_error(&caller.call(ValidateCode, &body), &VALIDATE_INVALID);
    expect_validated(&caller.validate(&id, &code), Some(CORRELATOR));
}

/// `OTPvalidationAPI_400.4_validate_code_exceed_code_max_length`
pub fn otp_validation_api_400_4_validate_code_exceed_code_max_length(operator: &dyn Operator) {
    let caller = caller(operator);
    let (id, code) = caller.sent(&number(14));
    let answer = caller.validate(&id, "thisCodeExceedsTenCharacters");
    expect_error(&answer, &VALIDATE_INVALID);
    expect_validated(&caller.validate(&id, &code), Some(CORRELATOR));
}

/// `OTPvalidationAPI_400.5_validate_code_invalid_otp_scenario`
pub fn otp_validation_api_400_5_validate_code_invalid_otp_scenario(operator: &dyn Operator) {
    let caller = caller(operator);
    let (id, code) = caller.sent(&number(15));
    expect_error(&caller.validate(&id, &wrong(&code)), &INVALID_OTP);
    expect_validated(&caller.validate(&id, &code), Some(CORRELATOR));
}

/// `OTPvalidationAPI_400.6_validate_code_verification_expired_scenario_1`
pub fn otp_validation_api_400_6_validate_code_verification_expired_scenario_1(
    operator: &dyn Operator,
) {
    let caller = caller(operator);
    let (id, code) = caller.sent(&number(16));
    operator.pass(LIFE_MS);
    expect_error(&caller.validate(&id, &code), &EXPIRED);
}

/// `OTPvalidationAPI_400.7_validate_code_verification_expired_scenario_2`
pub fn otp_validation_api_400_7_validate_code_verification_expired_scenario_2(
    operator: &dyn Operator,
) {
    let caller = caller(operator);
    let number = number(17);
    let (first, first_code) = caller.sent(&number);
    let (second, second_code) = caller.sent(&number);
    expect_error(&caller.validate(&first, &first_code), &EXPIRED);
    expect_error(&caller.validate(&first, &second_code), &EXPIRED);
    expect_validated(&caller.validate(&second, &second_code), Some(CORRELATOR));
}

/// `OTPvalidationAPI_400.8_validate_code_verification_expired_scenario_3`
pub fn otp_validation_api_400_8_validate_code_verification_expired_scenario_3(
    operator: &dyn Operator,
) {
    let caller = caller(operator);
    let (id, code) = caller.sent(&number(18));
    expect_validated(&caller.validate(&id, &code), Some(CORRELATOR));
    expect_error(&caller.validate(&id, &code), &EXPIRED);
}

/// `OTPvalidationAPI_400.9_validate_code_verification_failed_scenario`
pub fn otp_validation_api_400_9_validate_code_verification_failed_scenario(
    operator: &dyn Operator,
) {
    let caller = caller(operator);
    let (id, code) = caller.sent(&number(19));
    for _ in 1..MAX_TRY {
        expect_error(&caller.validate(&id, &wrong(&code)), &INVALID_OTP);
    }
    expect_error(&caller.validate(&id, &wrong(&code)), &FAILED);
    expect_error(&caller.validate(&id, &code), &FAILED);
}

/// `OTPvalidationAPI_401.1_validate_code_no_authorization_header`
pub fn otp_validation_api_401_1_validate_code_no_authorization_header(operator: &dyn Operator) {
    let caller = caller(operator);
    let (id, code) = caller.sent(&number(20));
    let answer = caller.call_with(None, ValidateCode, &validate_body(&id, &code));
    expect_error(&answer, &UNAUTHENTICATED);
}

/// `OTPvalidationAPI_401.2_validate_code_expired_access_token`
pub fn otp_validation_api_401_2_validate_code_expired_access_token(operator: &dyn Operator) {
    let caller = caller(operator);
    let (id, code) = caller.sent(&number(21));
    let token = caller.expired_token();
    let answer = caller.call_with(Some(&token), ValidateCode, &validate_body(&id, &code));
    expect_error(&answer, &UNAUTHENTICATED);
}

/// `OTPvalidationAPI_401.3_validate_code_invalid_access_token`
pub fn otp_validation_api_401_3_validate_code_invalid_access_token(operator: &dyn Operator) {
    let caller = caller(operator);
    let (id, code) = caller.sent(&number(22));
    let token = caller.changed_token();
    let answer = caller.call_with(Some(&token), ValidateCode, &validate_body(&id, &code));
    expect_error(&answer, &UNAUTHENTICATED);
}

/// `OTPvalidationAPI_404_validate_code_resource_not_found`
pub fn otp_validation_api_404_validate_code_resource_not_found(operator: &dyn Operator) {
    let answer = caller(operator).validate(UNKNOWN_ID, "123456");
    expect_error(&answer, &NOT_FOUND);
}
