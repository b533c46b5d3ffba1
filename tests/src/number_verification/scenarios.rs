//! The scenarios of the test definitions of specification 2.1.0.

use super::subject::{Body, Case, Correlator, NUMBER, OTHER, Operation, Outcome, Subject, Token};

/// A scenario of a feature file.
pub struct Scenario {
    /// The id in the feature file.
    pub id: &'static str,
    /// The call and its expected result.
    pub case: Case,
}

const INVALID_ARGUMENT: Outcome = Outcome::Error(400, "INVALID_ARGUMENT");
const UNAUTHENTICATED: Outcome = Outcome::Error(401, "UNAUTHENTICATED");
const PERMISSION_DENIED: Outcome = Outcome::Error(403, "PERMISSION_DENIED");
const NOT_BY_NETWORK: Outcome = Outcome::Error(
    403,
    "NUMBER_VERIFICATION.USER_NOT_AUTHENTICATED_BY_MOBILE_NETWORK",
);

const fn scenario(
    id: &'static str,
    operation: Operation,
    token: Token,
    body: Body,
    outcome: Outcome,
) -> Scenario {
    let case = Case {
        version: "v2",
        operation,
        token,
        correlator: Correlator::Good,
        body,
        outcome,
    };
    Scenario { id, case }
}

const fn verify(id: &'static str, token: Token, body: Body, outcome: Outcome) -> Scenario {
    scenario(id, Operation::Verify, token, body, outcome)
}

const fn share(id: &'static str, token: Token, outcome: Outcome) -> Scenario {
    scenario(id, Operation::Share, token, Body::Absent, outcome)
}

/// `number-verification-phoneNumberVerify.feature`.
pub const VERIFY: &[Scenario] = &[
    verify(
        "phone_number_verify_01_generic_success_scenario",
        Token::Valid,
        Body::Number(NUMBER),
        Outcome::Verified(true),
    ),
    verify(
        "phone_number_verify.02_validate_phone_number_success_true",
        Token::Valid,
        Body::Number(NUMBER),
        Outcome::Verified(true),
    ),
    verify(
        "phone_number_verify.03_validate_phone_number_success_false",
        Token::Valid,
        Body::Number(OTHER),
        Outcome::Verified(false),
    ),
    verify(
        "phone_number_verify.04_validate_hashed_phone_number_success_true",
        Token::Valid,
        Body::HashOf(NUMBER),
        Outcome::Verified(true),
    ),
    verify(
        "phone_number_verify.05_validate_hashed_phone_number_success_false",
        Token::Valid,
        Body::HashOf(OTHER),
        Outcome::Verified(false),
    ),
    verify(
        "phone_number_verify_400.1_no_request_body",
        Token::Valid,
        Body::Absent,
        INVALID_ARGUMENT,
    ),
    verify(
        "phone_number_verify_400.2_empty_request_body",
        Token::Valid,
        Body::Text("{}"),
        INVALID_ARGUMENT,
    ),
    verify(
        "phone_number_verify_400.3_invalid_request_non_existing_property",
        Token::Valid,
        Body::Text(r#"{"additional_property":"foo_value"}"#),
        INVALID_ARGUMENT,
    ),
    verify(
        "phone_number_verify_400.4_both_phone_number_and_hashed_in_request",
        Token::Valid,
        Body::Text(
            r#"{"phoneNumber":"+966500000000","hashedPhoneNumber":"220572970df36306b5e1e5321e2a3e8e533f99c9b3e7cfaca7bf9c33c3ae6e98"}"#,
        ),
        INVALID_ARGUMENT,
    ),
    verify(
        "phone_number_verify_401.1_no_authorization_header",
        Token::Absent,
        Body::Number(NUMBER),
        UNAUTHENTICATED,
    ),
    verify(
        "phone_number_verify_401.2_expired_access_token",
        Token::Expired,
        Body::Number(NUMBER),
        UNAUTHENTICATED,
    ),
    verify(
        "phone_number_verify_401.3_invalid_access_token",
        Token::Garbage,
        Body::Number(NUMBER),
        UNAUTHENTICATED,
    ),
    verify(
        "phoneNumberVerify_403.1_invalid_token_permissions",
        Token::WithoutScope,
        Body::Number(NUMBER),
        PERMISSION_DENIED,
    ),
    verify(
        "phoneNumberVerify_403.2_not_authenticated_using_network_or_sim_based_authentication",
        Token::WithoutNetwork,
        Body::Number(NUMBER),
        NOT_BY_NETWORK,
    ),
    verify(
        "phone_number_verify_C02.01_phone_number_not_schema_compliant",
        Token::WithoutNumber,
        Body::Number("foo"),
        INVALID_ARGUMENT,
    ),
];

/// `number-verification-phoneNumberShare.feature`. Its ids for 401 are those of
/// the other file.
pub const SHARE: &[Scenario] = &[
    share(
        "phone_number_share_01_generic_success_scenario",
        Token::Valid,
        Outcome::Shared,
    ),
    share(
        "phone_number_share_02_success_scenario",
        Token::Valid,
        Outcome::Shared,
    ),
    share(
        "phone_number_verify_401.1_no_authorization_header",
        Token::Absent,
        UNAUTHENTICATED,
    ),
    share(
        "phone_number_verify_401.2_expired_access_token",
        Token::Expired,
        UNAUTHENTICATED,
    ),
    share(
        "phone_number_verify_401.3_invalid_access_token",
        Token::Garbage,
        UNAUTHENTICATED,
    ),
    share(
        "phoneNumberShare_403.1_invalid_token_permissions",
        Token::WithoutScope,
        PERMISSION_DENIED,
    ),
    share(
        "phoneNumberShare_403.2_not_authenticated_using_network_or_sim_based_authentication",
        Token::WithoutNetwork,
        NOT_BY_NETWORK,
    ),
];

impl Scenario {
    /// The id as a Rust name.
    #[must_use]
    pub fn name(&self) -> String {
        self.id.replace('.', "_")
    }

    /// Runs it.
    #[track_caller]
    pub fn run(&self, subject: &Subject<'_>) {
        subject.check(&self.case);
    }

    /// Finds a scenario of a file by name.
    #[must_use]
    pub fn named(file: &'static [Self], name: &str) -> &'static Self {
        file.iter()
            .find(|scenario| scenario.name() == name)
            .expect("a scenario of this name")
    }
}

/// Defines a test named after each scenario of the specification. `run`,
/// defined where the macro is used, takes the [`Scenario`].
#[macro_export]
macro_rules! number_verification_scenarios {
    ($run:ident) => {
        $crate::number_verification_scenarios! { @ $run
            phone_number_verify VERIFY:
                phone_number_verify_01_generic_success_scenario
                phone_number_verify_02_validate_phone_number_success_true
                phone_number_verify_03_validate_phone_number_success_false
                phone_number_verify_04_validate_hashed_phone_number_success_true
                phone_number_verify_05_validate_hashed_phone_number_success_false
                phone_number_verify_400_1_no_request_body
                phone_number_verify_400_2_empty_request_body
                phone_number_verify_400_3_invalid_request_non_existing_property
                phone_number_verify_400_4_both_phone_number_and_hashed_in_request
                phone_number_verify_401_1_no_authorization_header
                phone_number_verify_401_2_expired_access_token
                phone_number_verify_401_3_invalid_access_token
                phoneNumberVerify_403_1_invalid_token_permissions
                phoneNumberVerify_403_2_not_authenticated_using_network_or_sim_based_authentication
                phone_number_verify_C02_01_phone_number_not_schema_compliant;
            phone_number_share SHARE:
                phone_number_share_01_generic_success_scenario
                phone_number_share_02_success_scenario
                phone_number_verify_401_1_no_authorization_header
                phone_number_verify_401_2_expired_access_token
                phone_number_verify_401_3_invalid_access_token
                phoneNumberShare_403_1_invalid_token_permissions
                phoneNumberShare_403_2_not_authenticated_using_network_or_sim_based_authentication;
        }
    };
    (@ $run:ident $($file:ident $table:ident: $($name:ident)+;)+) => { $(
        // Not all ids of the specification are in snake case.
        #[allow(non_snake_case)]
        mod $file {
            use $crate::number_verification::{$table, Scenario};

            $(
                #[test]
                fn $name() {
                    super::$run(Scenario::named($table, stringify!($name)));
                }
            )+

            #[test]
            fn every_scenario_is_a_test() {
                let names: Vec<String> = $table.iter().map(Scenario::name).collect();
                assert_eq!(names, [$(stringify!($name)),+]);
            }
        }
    )+ };
}
