//! The list of tests for `VerifyNow`.

/// Defines a test for every row, named after it. `$run` calls the function with
/// a host.
///
/// ```
/// fn run(test: fn(&dyn mpass_tests::verify_now::Desk)) {
///     test(&mpass_tests::verify_now::world());
/// }
/// mpass_tests::verify_now_tests!(run);
/// ```
#[macro_export]
macro_rules! verify_now_tests {
    ($run:path) => {
        $crate::verify_now_tests! { @each $run;
            token_status_200
            token_status_400_customer_id_is_invalid
            token_status_400_parameters
            send_200_success_v2
            send_200_success_v3
            send_200_otp_length_4_to_8
            send_400_bad_request
            send_400_flow_type_other_than_sms
            send_400_type_other_than_otp
            send_401_unauthorized
            send_501_invalid_customer_id
            send_506_request_already_exists
            send_200_country_code_as_written
            send_511_invalid_country_code
            send_800_maximum_limit_reached
            send_805_insufficient_credits
            validate_200_success_v2
            validate_200_success_v3
            validate_400_bad_request
            validate_401_unauthorized
            validate_501_invalid_customer_id
            validate_505_invalid_verification_id
            validate_700_verification_failed
            validate_702_wrong_otp_provided
            validate_703_already_verified
            validate_705_verification_expired
            validate_800_maximum_limit_reached
            other_methods_405
            sixty_four_sends_with_ten_credits
            sixty_four_sends_to_one_number
            sixty_four_attempts_with_a_wrong_code
            sixty_four_attempts_with_the_right_code
        }
    };
    (@each $run:path; $($name:ident)+) => {
        $(#[test]
        fn $name() {
            $run($crate::verify_now::rows::$name);
        })+
    };
}
