//! The list of tests for CAMARA OTP Validation.

/// Defines a test for every scenario and every row, named after it. `$run`
/// calls the function with an operator.
///
/// ```
/// fn run(test: fn(&dyn mpass_tests::otp_validation::Operator)) {
///     test(&mpass_tests::otp_validation::world());
/// }
/// mpass_tests::otp_validation_tests!(run);
/// ```
#[macro_export]
macro_rules! otp_validation_tests {
    ($run:path) => {
        $crate::otp_validation_tests! { @each $run;
            scenarios::otp_validation_api_01_send_code_success_scenario
            scenarios::a_message_keeps_its_orthography
            scenarios::otp_validation_api_02_send_code_success_scenario_without_x_correlator
            scenarios::otp_validation_api_400_1_send_code_no_request_body
            scenarios::otp_validation_api_400_2_send_code_empty_request_body
            scenarios::otp_validation_api_400_4_send_code_incorrect_phone_number_request_body
            scenarios::otp_validation_api_400_5_send_code_missing_message
            scenarios::otp_validation_api_400_6_send_code_missing_code_request_body
            scenarios::otp_validation_api_400_7_send_code_message_too_long
            scenarios::otp_validation_api_401_1_send_code_no_authorization_header
            scenarios::otp_validation_api_401_2_send_code_expired_access_token
            scenarios::otp_validation_api_401_3_send_code_invalid_access_token
            scenarios::otp_validation_api_03_send_code_max_otp_code
            scenarios::otp_validation_api_04_send_code_phone_number_not_allowed
            scenarios::otp_validation_api_05_send_code_phone_number_not_allowed_3
            scenarios::otp_validation_api_06_send_code_phone_number_blocked
            scenarios::otp_validation_api_404_1_send_code_phone_number_not_belong_to_operator
            scenarios::otp_validation_api_01_validate_code_sucess_scenario
            scenarios::otp_validation_api_02_validate_code_sucess_scenario_without_x_correlator
            scenarios::otp_validation_api_400_1_validate_code_no_request_body
            scenarios::otp_validation_api_400_2_validate_code_empty_request_body
            scenarios::otp_validation_api_400_3_validate_code_missing_authentication_id
            scenarios::otp_validation_api_400_3_validate_code_missing_code
            scenarios::otp_validation_api_400_4_validate_code_exceed_code_max_length
            scenarios::otp_validation_api_400_5_validate_code_invalid_otp_scenario
            scenarios::otp_validation_api_400_6_validate_code_verification_expired_scenario_1
            scenarios::otp_validation_api_400_7_validate_code_verification_expired_scenario_2
            scenarios::otp_validation_api_400_8_validate_code_verification_expired_scenario_3
            scenarios::otp_validation_api_400_9_validate_code_verification_failed_scenario
            scenarios::otp_validation_api_401_1_validate_code_no_authorization_header
            scenarios::otp_validation_api_401_2_validate_code_expired_access_token
            scenarios::otp_validation_api_401_3_validate_code_invalid_access_token
            scenarios::otp_validation_api_404_validate_code_resource_not_found
            rows::send_400_invalid_argument
            rows::send_401_unauthenticated
            rows::send_403_permission_denied
            rows::send_403_max_otp_codes_exceeded
            rows::send_403_max_otp_codes_exceeded_by_guesses
            rows::send_403_phone_number_not_allowed
            rows::send_403_phone_number_blocked
            rows::send_404_not_found
            rows::send_429_quota_exceeded
            rows::send_429_too_many_requests
            rows::validate_400_invalid_argument
            rows::validate_400_out_of_range
            rows::validate_400_verification_failed
            rows::validate_400_verification_expired
            rows::validate_400_invalid_otp
            rows::validate_401_unauthenticated
            rows::validate_403_permission_denied
            rows::validate_404_not_found
            rows::validate_429_quota_exceeded
            rows::validate_429_too_many_requests
            races::sixty_four_attempts_with_the_right_code
            races::sixty_four_attempts_with_a_wrong_code
        }
    };
    (@each $run:path; $($module:ident::$name:ident)+) => {
        $(
            #[test]
            fn $name() {
                $run($crate::otp_validation::$module::$name);
            }
        )+
    };
}
