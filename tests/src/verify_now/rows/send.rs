//! Sends: every response code.

use super::super::{
    BRIEF, Caller, Desk, NOBODY, POOR, STRICT, USUAL, Version, expect, expect_bad, expect_code,
    expect_unauthorized, transaction, verification_id,
};
use super::bad_tokens;
use Version::{Three, Two};

/// The outer code is a number; inner code, id and timeout are strings; some
/// fields are null.
pub fn send_200_success_v2(desk: &dyn Desk) {
    let answer = Caller::new(desk, USUAL).send(Two, "9876535000", "");
    let id = verification_id(&answer);
    let body = format!(
        r#"{{"responseCode":200,"message":"SUCCESS","data":{{"verificationId":"{id}","mobileNumber":"9876535000","responseCode":"200","errorMessage":null,"timeout":"60","smsCLI":null,"transactionId":null}}}}"#
    );
    expect(&answer, 200, &body);
    let id: u64 = id.parse().unwrap();
    assert!(((1 << 52)..(1 << 53)).contains(&id), "{id}");
    assert_eq!(desk.code("+919876535000").len(), 4);
}

/// The same with a transaction.
pub fn send_200_success_v3(desk: &dyn Desk) {
    let answer = Caller::new(desk, USUAL).send(Three, "9876535001", "&type=OTP");
    let (id, transaction) = (verification_id(&answer), transaction(&answer));
    let body = format!(
        r#"{{"responseCode":200,"message":"SUCCESS","data":{{"verificationId":"{id}","mobileNumber":"9876535001","responseCode":"200","errorMessage":null,"timeout":"60","smsCLI":null,"transactionId":{transaction}}}}}"#
    );
    expect(&answer, 200, &body);
    let uuid = transaction.as_str().expect("a UUID");
    let groups: Vec<usize> = uuid.split('-').map(str::len).collect();
    assert_eq!(groups, [8, 4, 4, 4, 12]);
}

/// Every code length that a request may choose, and invalid lengths.
pub fn send_200_otp_length_4_to_8(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    for version in Version::BOTH {
        for length in 4..=8 {
            let answer = caller.send(version, "9876535002", &format!("&otpLength={length}"));
            let code = desk.code("+919876535002");
            assert_eq!(code.len(), length);
            let id = verification_id(&answer);
            if length == 8 {
                // A prefix of the code is wrong.
                let answer = caller.validate(version, &id, &code[..4]);
                expect_code(version, &answer, 702, "WRONG_OTP_PROVIDED");
            }
            let answer = caller.validate(version, &id, &code);
            assert_eq!(answer.json()["responseCode"], 200);
        }
        for length in ["3", "9", "six", "4.0", "04", "-4", "10"] {
            let answer = caller.send(version, "9876535002", &format!("&otpLength={length}"));
            expect_bad(version, &answer, "otpLength is from 4 to 8");
        }
        // An empty optional parameter is an absent one.
        let rest = "&otpLength=&type=&email=&langid=&langID=";
        let answer = caller.send(version, "9876535002", rest);
        assert_eq!(desk.code("+919876535002").len(), 4);
        let answer = caller.validate(
            version,
            &verification_id(&answer),
            &desk.code("+919876535002"),
        );
        assert_eq!(answer.json()["responseCode"], 200);
    }
}

/// Each parameter of a send: missing, repeated, malformed.
pub fn send_400_bad_request(desk: &dyn Desk) {
    const NUMBER: &str = "9876535003";
    const NO_NUMBER: &str = "mobileNumber is not a number of the country";
    let caller = Caller::new(desk, USUAL);
    let long = "9".repeat(257);
    let full = |country: &str, number: &str, rest: &str| {
        format!("customerId={USUAL}&countryCode={country}&mobileNumber={number}{rest}")
    };
    for version in Version::BOTH {
        for (query, words) in [
            (full("91", NUMBER, ""), "flowType is missing"),
            (
                full("91", NUMBER, "&flowType=SMS&flowType=SMS"),
                "flowType is given twice",
            ),
            (
                format!("customerId={USUAL}&mobileNumber={NUMBER}&flowType=SMS"),
                "countryCode is missing",
            ),
            (
                full("91&countryCode=91", NUMBER, "&flowType=SMS"),
                "countryCode is given twice",
            ),
            (
                format!("customerId={USUAL}&countryCode=91&flowType=SMS"),
                "mobileNumber is missing",
            ),
            (
                full("91", &long, "&flowType=SMS"),
                "mobileNumber is not valid",
            ),
            (full("91", "hello", "&flowType=SMS"), NO_NUMBER),
            (full("91", "12345678901234", "&flowType=SMS"), NO_NUMBER),
            // With the country code, as `+` and as decoded from a query (a
            // space).
            (full("91", "%2B919876535003", "&flowType=SMS"), NO_NUMBER),
            (full("91", "+919876535003", "&flowType=SMS"), NO_NUMBER),
        ] {
            let answer = caller.call("POST", version.send_path(), &query);
            expect_bad(version, &answer, words);
        }
    }
    for (name, rest) in [
        ("countryCode", "mobileNumber=9876535003&flowType=SMS"),
        ("mobileNumber", "countryCode=91&flowType=SMS"),
        ("flowType", "countryCode=91&mobileNumber=9876535003"),
    ] {
        // A required parameter that is empty is missing.
        let query = format!("customerId={USUAL}&{rest}&{name}=");
        let answer = caller.call("POST", Two.send_path(), &query);
        expect_bad(Two, &answer, &format!("{name} is missing"));
    }
    for id in ["", "customerId=&"] {
        let query = format!("{id}countryCode=91&mobileNumber={NUMBER}&flowType=SMS");
        let answer = caller.call("POST", Two.send_path(), &query);
        expect_bad(Two, &answer, "customerId is missing");
    }
}

/// Other flow types are rejected with a message.
pub fn send_400_flow_type_other_than_sms(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    for version in Version::BOTH {
        for flow in ["WHATSAPP", "RCS", "SAUTH", "sms", "CALL"] {
            let query = format!(
                "customerId={USUAL}&countryCode=91&mobileNumber=9876535004&flowType={flow}"
            );
            let answer = caller.call("POST", version.send_path(), &query);
            expect_bad(version, &answer, "flowType: only SMS is offered");
        }
    }
}

/// The other product on the same path is rejected as well.
pub fn send_400_type_other_than_otp(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    for version in Version::BOTH {
        let rest = "&type=SMS&senderId=ACME&message=hello&messageType=TEXT";
        let answer = caller.send(version, "9876535005", rest);
        expect_bad(version, &answer, "type: only OTP is offered");
    }
}

/// Checked before any other error.
pub fn send_401_unauthorized(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    for version in Version::BOTH {
        for token in bad_tokens(&caller) {
            let caller = caller.with_token(&token);
            expect_unauthorized(&caller.send(version, "9876535006", ""));
            expect_unauthorized(&caller.call("POST", version.send_path(), ""));
        }
    }
}

/// A customer id that does not belong to the token.
pub fn send_501_invalid_customer_id(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    for version in Version::BOTH {
        for id in [BRIEF, NOBODY, "x", &"A".repeat(40)] {
            let query =
                format!("customerId={id}&countryCode=91&mobileNumber=9876535007&flowType=SMS");
            let answer = caller.call("POST", version.send_path(), &query);
            expect_code(version, &answer, 501, "INVALID_CUSTOMER_ID");
        }
    }
    // Optional in version 3.
    let answer = caller.send(Three, "9876535007", &format!("&customerId={USUAL}"));
    let id = verification_id(&answer);
    let answer = caller.validate(Three, &id, &desk.code("+919876535007"));
    assert_eq!(answer.json()["responseCode"], 200);
    let answer = caller.send(Three, "9876535007", "&customerId=");
    assert_eq!(answer.json()["responseCode"], 200);
}

/// While a code is live, its id is returned, regardless of the other
/// parameters.
pub fn send_506_request_already_exists(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    let (id, code) = caller.sent(Two, "9876535008");
    let body = |transaction: &str| {
        format!(
            r#"{{"responseCode":506,"message":"REQUEST_ALREADY_EXISTS","data":{{"verificationId":"{id}","mobileNumber":"9876535008","responseCode":"506","errorMessage":"REQUEST_ALREADY_EXISTS","timeout":"60","smsCLI":null,"transactionId":{transaction}}}}}"#
        )
    };
    for rest in ["", "&otpLength=8", "&email=me%40example.com", "&type=OTP"] {
        let answer = caller.send(Two, "9876535008", rest);
        expect(&answer, 200, &body("null"));
        let answer = caller.send(Three, "9876535008", rest);
        expect(&answer, 400, &body(&transaction(&answer).to_string()));
    }
    // The first code is still the valid one.
    let answer = caller.validate(Two, &id, &code);
    assert_eq!(answer.json()["responseCode"], 200);
}

/// The spellings of a country code: with a plus, which may arrive as a space,
/// with 00, in other digits.
pub fn send_200_country_code_as_written(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    let spellings = ["%2B91", "+91", "0091", "+%2B91", "91+", "%D9%A9%D9%A1"];
    for version in Version::BOTH {
        for country in spellings {
            let query = format!(
                "customerId={USUAL}&countryCode={country}&mobileNumber=9876535031&flowType=SMS"
            );
            let answer = caller.call("POST", version.send_path(), &query);
            let id = verification_id(&answer);
            let answer = caller.validate(version, &id, &desk.code("+919876535031"));
            assert_eq!(answer.json()["responseCode"], 200, "{country}");
        }
    }
}

/// A missing country code, and a country that is not allowed.
pub fn send_511_invalid_country_code(desk: &dyn Desk) {
    let caller = Caller::new(desk, STRICT);
    let long = "9".repeat(40);
    for version in Version::BOTH {
        for country in [
            "091", "%2B091", "00091", "-91", "%2B", "00", "91x", "999", "IN", "9x", "0", "966",
            &long,
        ] {
            let query = format!(
                "customerId={STRICT}&countryCode={country}&mobileNumber=500000000&flowType=SMS"
            );
            let answer = caller.call("POST", version.send_path(), &query);
            expect_code(version, &answer, 511, "INVALID_COUNTRY_CODE");
        }
    }
}

/// The send limit of the number is exhausted.
pub fn send_800_maximum_limit_reached(desk: &dyn Desk) {
    let caller = Caller::new(desk, STRICT);
    let (id, code) = caller.sent(Two, "9876535009");
    let answer = caller.validate(Two, &id, &code);
    assert_eq!(answer.json()["responseCode"], 200);
    for version in Version::BOTH {
        let answer = caller.send(version, "9876535009", "");
        expect_code(version, &answer, 800, "MAXIMUM_LIMIT_REACHED");
    }
}

/// The credits of the customer are exhausted.
pub fn send_805_insufficient_credits(desk: &dyn Desk) {
    let caller = Caller::new(desk, POOR);
    for number in 0..10 {
        let answer = caller.send(Three, &format!("98765351{number:02}"), "");
        assert_eq!(answer.json()["responseCode"], 200);
    }
    for version in Version::BOTH {
        let answer = caller.send(version, "9876535110", "");
        expect_code(version, &answer, 805, "INSUFFICIENT_CREDITS");
    }
}
