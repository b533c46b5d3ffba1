//! The rows of the contract's error tables that any host can produce, with
//! their literal messages, and other accepted and rejected requests.

use super::subject::{Body, Case, Correlator, NUMBER, OTHER, Operation, Outcome, Token};

const INVALID_ARGUMENT: Outcome = Outcome::Row(
    400,
    "INVALID_ARGUMENT",
    "Client specified an invalid argument, request body or query param",
);
const UNAUTHENTICATED_V0: Outcome = Outcome::Row(
    401,
    "UNAUTHENTICATED",
    "Request not authenticated due to missing, invalid, or expired credentials",
);
const UNAUTHENTICATED_V2: Outcome = Outcome::Row(
    401,
    "UNAUTHENTICATED",
    "Request not authenticated due to missing, invalid, or expired credentials. \
     A new authentication is required.",
);
const PERMISSION_DENIED_V0: Outcome = Outcome::Row(
    403,
    "PERMISSION_DENIED",
    "Client does not have sufficient permissions to perform this action",
);
const PERMISSION_DENIED_V2: Outcome = Outcome::Row(
    403,
    "PERMISSION_DENIED",
    "Client does not have sufficient permissions to perform this action.",
);
const NOT_BY_NETWORK: Outcome = Outcome::Row(
    403,
    "NUMBER_VERIFICATION.USER_NOT_AUTHENTICATED_BY_MOBILE_NETWORK",
    "Client must authenticate via the mobile network to use this service",
);
const INVALID_TOKEN_CONTEXT: Outcome = Outcome::Row(
    403,
    "NUMBER_VERIFICATION.INVALID_TOKEN_CONTEXT",
    "Phone number cannot be deducted from access token context",
);

const fn verify(version: &'static str, token: Token, body: Body, outcome: Outcome) -> Case {
    Case {
        version,
        operation: Operation::Verify,
        token,
        correlator: Correlator::Good,
        body,
        outcome,
    }
}

const fn share(
    version: &'static str,
    token: Token,
    correlator: Correlator,
    outcome: Outcome,
) -> Case {
    Case {
        version,
        operation: Operation::Share,
        token,
        correlator,
        body: Body::Absent,
        outcome,
    }
}

const RIGHT: Body = Body::Number(NUMBER);
const GOOD: Correlator = Correlator::Good;

/// Calls of both versions and operations with their expected results.
pub const ROWS: &[Case] = &[
    verify("v0", Token::Valid, Body::Text("{}"), INVALID_ARGUMENT),
    verify("v0", Token::Absent, RIGHT, UNAUTHENTICATED_V0),
    verify("v0", Token::Expired, RIGHT, UNAUTHENTICATED_V0),
    verify("v0", Token::Garbage, RIGHT, UNAUTHENTICATED_V0),
    verify("v0", Token::WithoutScope, RIGHT, PERMISSION_DENIED_V0),
    verify("v0", Token::WithoutNetwork, RIGHT, NOT_BY_NETWORK),
    verify("v0", Token::WithoutNumber, RIGHT, INVALID_TOKEN_CONTEXT),
    share("v0", Token::Valid, Correlator::TooLong, INVALID_ARGUMENT),
    share("v0", Token::Absent, GOOD, UNAUTHENTICATED_V0),
    share("v0", Token::Expired, GOOD, UNAUTHENTICATED_V0),
    share("v0", Token::Garbage, GOOD, UNAUTHENTICATED_V0),
    share("v0", Token::WithoutScope, GOOD, PERMISSION_DENIED_V0),
    share("v0", Token::WithoutNetwork, GOOD, NOT_BY_NETWORK),
    share("v0", Token::WithoutNumber, GOOD, INVALID_TOKEN_CONTEXT),
    verify("v2", Token::Valid, Body::Text("{}"), INVALID_ARGUMENT),
    verify("v2", Token::Absent, RIGHT, UNAUTHENTICATED_V2),
    verify("v2", Token::Expired, RIGHT, UNAUTHENTICATED_V2),
    verify("v2", Token::Garbage, RIGHT, UNAUTHENTICATED_V2),
    verify("v2", Token::WithoutScope, RIGHT, PERMISSION_DENIED_V2),
    verify("v2", Token::WithoutNetwork, RIGHT, NOT_BY_NETWORK),
    verify("v2", Token::WithoutNumber, RIGHT, PERMISSION_DENIED_V2),
    share("v2", Token::Valid, Correlator::TooLong, INVALID_ARGUMENT),
    share("v2", Token::Absent, GOOD, UNAUTHENTICATED_V2),
    share("v2", Token::Expired, GOOD, UNAUTHENTICATED_V2),
    share("v2", Token::Garbage, GOOD, UNAUTHENTICATED_V2),
    share("v2", Token::WithoutScope, GOOD, PERMISSION_DENIED_V2),
    share("v2", Token::WithoutNetwork, GOOD, NOT_BY_NETWORK),
    share("v2", Token::WithoutNumber, GOOD, PERMISSION_DENIED_V2),
    // Differences between the versions other than messages.
    verify("v0", Token::Valid, RIGHT, Outcome::Verified(true)),
    verify(
        "v0",
        Token::Valid,
        Body::Number("966500000000"),
        Outcome::Verified(true),
    ),
    verify(
        "v0",
        Token::Valid,
        Body::Number(OTHER),
        Outcome::Verified(false),
    ),
    verify(
        "v0",
        Token::Valid,
        Body::HashOf(NUMBER),
        Outcome::Verified(true),
    ),
    verify(
        "v0",
        Token::Valid,
        HASH_WITHOUT_PLUS,
        Outcome::Verified(true),
    ),
    verify(
        "v0",
        Token::Valid,
        Body::HashOf(OTHER),
        Outcome::Verified(false),
    ),
    verify(
        "v2",
        Token::Valid,
        Body::Number("966500000000"),
        INVALID_ARGUMENT,
    ),
    verify(
        "v2",
        Token::Valid,
        HASH_WITHOUT_PLUS,
        Outcome::Verified(false),
    ),
    share("v0", Token::Valid, GOOD, Outcome::Shared),
    share("v0", Token::Valid, FREE, Outcome::Shared),
    share("v0", Token::Valid, Correlator::Absent, Outcome::Shared),
    share("v2", Token::Valid, FREE, INVALID_ARGUMENT),
    share("v2", Token::Valid, Correlator::Absent, Outcome::Shared),
    share(
        "v2",
        Token::Valid,
        Correlator::Text("a-_:;./<>{}Z9"),
        Outcome::Shared,
    ),
];

/// SHA-256 of the digits of [`NUMBER`] without the plus sign.
const HASH_WITHOUT_PLUS: Body = Body::Text(
    r#"{"hashedPhoneNumber":"2d20016e4cfb71914209eaac058af566c78fe2f1dba0abac234823f513222df9"}"#,
);
/// A correlator that is malformed in version 2.
const FREE: Correlator = Correlator::Text("call 7 of a@b, please");
