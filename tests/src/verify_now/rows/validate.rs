//! Validations: every response code.

use super::super::{
    BRIEF, BRIEF_MS, Caller, Desk, USUAL, Version, expect, expect_bad, expect_code,
    expect_unauthorized, transaction, verification_id, wrong,
};
use super::bad_tokens;
use Version::{Three, Two};

/// An id that was never issued.
const NO_ID: &str = "4503599627370497";

/// The id is a number here, and vendor samples name the phone number too.
pub fn validate_200_success_v2(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    let (id, code) = caller.sent(Two, "9876535010");
    let query = format!(
        "customerId={USUAL}&verificationId={id}&code={code}&countryCode=91&mobileNumber=9876535010"
    );
    let answer = caller.call("GET", Two.validate_path(), &query);
    let body = format!(
        r#"{{"responseCode":200,"message":"SUCCESS","data":{{"verificationId":{id},"mobileNumber":"9876535010","verificationStatus":"VERIFICATION_COMPLETED","responseCode":"200","errorMessage":null,"transactionId":null,"authToken":null}}}}"#
    );
    expect(&answer, 200, &body);
}

/// The transaction id of the send is returned.
pub fn validate_200_success_v3(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    let sent = caller.send(Three, "9876535011", "");
    let (id, transaction) = (verification_id(&sent), transaction(&sent));
    let code = desk.code("+919876535011");
    let query = format!("verificationId={id}&code={code}&flowType=SMS&langid=en");
    let answer = caller.call("GET", Three.validate_path(), &query);
    let body = format!(
        r#"{{"responseCode":200,"message":"SUCCESS","data":{{"verificationId":{id},"mobileNumber":"9876535011","verificationStatus":"VERIFICATION_COMPLETED","responseCode":"200","errorMessage":null,"transactionId":{transaction},"authToken":null}}}}"#
    );
    expect(&answer, 200, &body);
}

/// Invalid values of each parameter; none of these costs a try.
pub fn validate_400_bad_request(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    let (id, code) = caller.sent(Two, "9876535012");
    let long = "1".repeat(41);
    for version in Version::BOTH {
        for (query, words) in [
            (format!("code={code}"), "verificationId is missing"),
            (format!("verificationId={id}"), "code is missing"),
            (format!("verificationId={id}&code="), "code is missing"),
            (
                format!("verificationId={id}&code=1&code=2"),
                "code is given twice",
            ),
            (
                format!("verificationId={id}&verificationId={id}&code={code}"),
                "verificationId is given twice",
            ),
            (
                format!("verificationId={id}&code={long}"),
                "code is not valid",
            ),
            (
                format!("verificationId={id}&code=word"),
                "code is not valid",
            ),
            (
                format!("verificationId={id}&code=%2B{code}"),
                "code is not valid",
            ),
            ("verificationId=1&code=12".to_owned(), "code is not valid"),
        ] {
            let query = format!("customerId={USUAL}&{query}");
            let answer = caller.call("GET", version.validate_path(), &query);
            expect_bad(version, &answer, words);
        }
    }
    let query = format!("verificationId={id}&code={code}");
    let answer = caller.call("GET", Two.validate_path(), &query);
    expect_bad(Two, &answer, "customerId is missing");
    let answer = caller.validate(Two, &id, &code);
    assert_eq!(answer.json()["responseCode"], 200);
}

/// Checked before any other error.
pub fn validate_401_unauthorized(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    let (id, code) = caller.sent(Two, "9876535013");
    for version in Version::BOTH {
        for token in bad_tokens(&caller) {
            let caller = caller.with_token(&token);
            expect_unauthorized(&caller.validate(version, &id, &code));
            expect_unauthorized(&caller.call("GET", version.validate_path(), ""));
        }
    }
    let answer = caller.validate(Two, &id, &code);
    assert_eq!(answer.json()["responseCode"], 200);
}

/// A customer id that does not belong to the token.
pub fn validate_501_invalid_customer_id(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    for version in Version::BOTH {
        let query = format!("customerId={BRIEF}&verificationId={NO_ID}&code=1234");
        let answer = caller.call("GET", version.validate_path(), &query);
        expect_code(version, &answer, 501, "INVALID_CUSTOMER_ID");
    }
}

/// Malformed ids, and the id of another customer.
pub fn validate_505_invalid_verification_id(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    let (id, code) = caller.sent(Two, "9876535014");
    let next = (id.parse::<u64>().unwrap() ^ 1).to_string();
    let (plus, zero, half) = (
        format!("%2B{}", &id[1..]),
        format!("0{id}"),
        format!("{id}.0"),
    );
    let long = "9".repeat(40);
    for version in Version::BOTH {
        for id in [
            &next,
            "20",
            "x",
            "-1",
            NO_ID,
            "9007199254740992",
            &plus,
            &zero,
            &half,
            &long,
        ] {
            let answer = caller.validate(version, id, &code);
            expect_code(version, &answer, 505, "INVALID_VERIFICATION_ID");
        }
        let answer = Caller::new(desk, BRIEF).validate(version, &id, &code);
        expect_code(version, &answer, 505, "INVALID_VERIFICATION_ID");
    }
    let answer = caller.validate(Two, &id, &code);
    assert_eq!(answer.json()["responseCode"], 200);
}

/// The third wrong code, and the right one after it.
pub fn validate_700_verification_failed(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    for (version, number) in [(Two, "9876535015"), (Three, "9876535016")] {
        let (id, code) = caller.sent(version, number);
        for _ in 0..2 {
            let answer = caller.validate(version, &id, &wrong(&code));
            expect_code(version, &answer, 702, "WRONG_OTP_PROVIDED");
        }
        for code in [wrong(&code), code] {
            let answer = caller.validate(version, &id, &code);
            expect_code(version, &answer, 700, "VERIFICATION_FAILED");
        }
    }
}

/// Wrong codes of any form, then the right one.
pub fn validate_702_wrong_otp_provided(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    for (version, number) in [(Two, "9876535017"), (Three, "9876535018")] {
        for change in [
            |code: &str| wrong(code),
            |code: &str| format!("{code}0"),
            |code: &str| format!("0{code}"),
            |_: &str| "0123456789".to_owned(),
        ] {
            let (id, code) = caller.sent(version, number);
            let answer = caller.validate(version, &id, &change(&code));
            expect_code(version, &answer, 702, "WRONG_OTP_PROVIDED");
            let answer = caller.validate(version, &id, &code);
            assert_eq!(answer.json()["responseCode"], 200);
        }
    }
}

/// After success, with any code.
pub fn validate_703_already_verified(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    for (version, number) in [(Two, "9876535019"), (Three, "9876535020")] {
        let (id, code) = caller.sent(version, number);
        let answer = caller.validate(version, &id, &code);
        assert_eq!(answer.json()["responseCode"], 200);
        for code in [wrong(&code), code] {
            let answer = caller.validate(version, &id, &code);
            expect_code(version, &answer, 703, "ALREADY_VERIFIED");
        }
    }
}

/// After the timeout, and after a new send, which is allowed from then on: not
/// even its code is accepted with the old id.
pub fn validate_705_verification_expired(desk: &dyn Desk) {
    let caller = Caller::new(desk, BRIEF);
    let sent = [(Two, "9876535021"), (Three, "9876535022")].map(|(version, number)| {
        let answer = caller.send(version, number, "");
        assert_eq!(answer.json()["data"]["timeout"], "20");
        let code = desk.code(&format!("+91{number}"));
        (version, number, verification_id(&answer), code)
    });
    desk.pass(BRIEF_MS);
    for (version, number, id, code) in sent {
        let expect_expired = |code: &str| {
            let answer = caller.validate(version, &id, code);
            expect_code(version, &answer, 705, "VERIFICATION_EXPIRED");
        };
        expect_expired(&code);
        let (next, new_code) = caller.sent(version, number);
        assert_ne!(next, id);
        expect_expired(&code);
        expect_expired(&new_code);
        let answer = caller.validate(version, &next, &new_code);
        assert_eq!(answer.json()["responseCode"], 200);
    }
}

/// Five wrong codes at once, nine per day: after that no code is compared and
/// none is sent.
pub fn validate_800_maximum_limit_reached(desk: &dyn Desk) {
    let caller = Caller::new(desk, BRIEF);
    let wrong_codes = |count: usize| {
        let (id, code) = caller.sent(Two, "9876535023");
        for _ in 0..count {
            let _ = caller.validate(Two, &id, &wrong(&code));
        }
        (id, code)
    };
    wrong_codes(3);
    let (id, code) = wrong_codes(2);
    for version in Version::BOTH {
        let answer = caller.validate(version, &id, &code);
        expect_code(version, &answer, 800, "MAXIMUM_LIMIT_REACHED");
    }
    desk.pass(BRIEF_MS);
    for version in Version::BOTH {
        let answer = caller.send(version, "9876535023", "");
        expect_code(version, &answer, 800, "MAXIMUM_LIMIT_REACHED");
    }
}
