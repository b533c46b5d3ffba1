//! What any host can be brought to: each row of the contract with each of its
//! causes, each on numbers of its own.

use std::collections::HashSet;

use super::{
    BRIEF, BRIEF_MS, Caller, Desk, ELSEWHERE, NOBODY, POOR, STRICT, TOKEN, USUAL, Version,
    ask_token, expect, expect_bad, expect_code, expect_unauthorized, key, transaction,
    verification_id, wrong,
};
use crate::served::{PARALLEL, race};
use crate::wire::Answer;
use Version::{Three, Two};

/// An id that nobody was given.
const NO_ID: &str = "4503599627370497";

/// How many answers have this code.
fn count(answers: &[Answer], code: u16) -> usize {
    let has_code = |answer: &&Answer| answer.json()["responseCode"] == code;
    answers.iter().filter(has_code).count()
}

/// A credential that is good.
pub fn token_status_200(desk: &dyn Desk) {
    let key = key(desk.keyring(), USUAL);
    // `country` in either of the forms that are seen, and nothing but what is
    // needed; base64 with its padding and without.
    let bare = key.trim_end_matches('=');
    for (key, rest) in [
        (key.as_str(), "&scope=NEW&country=IN&email=me%40example.com"),
        (&key, "&country=91"),
        (bare, ""),
    ] {
        let answer = ask_token(desk, USUAL, key, rest);
        let token = answer.json()["token"].as_str().expect("a token").to_owned();
        let body = format!(r#"{{"status":200,"token":"{token}"}}"#);
        expect(&answer, 200, &body);
        assert_eq!(token.split('.').count(), 3);
    }
}

/// Every wrong credential has one answer.
pub fn token_status_400_customer_id_is_invalid(desk: &dyn Desk) {
    let key = |id| key(desk.keyring(), id);
    for (id, key) in [
        (NOBODY, key(NOBODY)),
        (USUAL, key(BRIEF)),
        (USUAL, "%21".into()),
        (USUAL, key(USUAL)[4..].into()),
        ("C-1", key(USUAL)),
        ("c-0000000000000a1", key(USUAL)),
        // Good, and not from here.
        (ELSEWHERE, key(ELSEWHERE)),
    ] {
        let answer = ask_token(desk, id, &key, "");
        let body = r#"{"status":400,"error":"customerId is invalid"}"#;
        expect(&answer, 200, body);
    }
}

/// Parameters of the token that are not as they should be.
pub fn token_status_400_parameters(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    let key = key(desk.keyring(), USUAL);
    let long = "A".repeat(129);
    for (query, words) in [
        (format!("key={key}"), "customerId is missing"),
        (format!("customerId=&key={key}"), "customerId is missing"),
        (format!("customerId={USUAL}"), "key is missing"),
        (
            format!("customerId={USUAL}&key={key}&key={key}"),
            "key is given twice",
        ),
        (format!("customerId={USUAL}&key={long}"), "key is not valid"),
    ] {
        let body = format!(r#"{{"status":400,"error":"{words}"}}"#);
        expect(&caller.call("GET", TOKEN, &query), 200, &body);
    }
}

/// Outer code a number, inner code, id and timeout texts, fields that are null.
pub fn send_200_success_v2(desk: &dyn Desk) {
    let answer = Caller::new(desk, USUAL).send(Two, "8846735000", "");
    let id = verification_id(&answer);
    let body = format!(
        r#"{{"responseCode":200,"message":"SUCCESS","data":{{"verificationId":"{id}","mobileNumber":"8846735000","responseCode":"200","errorMessage":null,"timeout":"60","smsCLI":null,"transactionId":null}}}}"#
    );
    expect(&answer, 200, &body);
    let id: u64 = id.parse().unwrap();
    assert!(((1 << 52)..(1 << 53)).contains(&id), "{id}");
    assert_eq!(desk.code("+918846735000").len(), 4);
}

/// The same with a transaction.
pub fn send_200_success_v3(desk: &dyn Desk) {
    let answer = Caller::new(desk, USUAL).send(Three, "8846735001", "&type=OTP");
    let (id, transaction) = (verification_id(&answer), transaction(&answer));
    let body = format!(
        r#"{{"responseCode":200,"message":"SUCCESS","data":{{"verificationId":"{id}","mobileNumber":"8846735001","responseCode":"200","errorMessage":null,"timeout":"60","smsCLI":null,"transactionId":{transaction}}}}}"#
    );
    expect(&answer, 200, &body);
    let uuid = transaction.as_str().expect("a UUID");
    let groups: Vec<usize> = uuid.split('-').map(str::len).collect();
    assert_eq!(groups, [8, 4, 4, 4, 12]);
}

/// Every length that a request may name, and those that it may not.
pub fn send_200_otp_length_4_to_8(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    for version in Version::BOTH {
        for length in 4..=8 {
            let answer = caller.send(version, "8846735002", &format!("&otpLength={length}"));
            let code = desk.code("+918846735002");
            assert_eq!(code.len(), length);
            let id = verification_id(&answer);
            if length == 8 {
                // The beginning of a code is a wrong one.
                let answer = caller.validate(version, &id, &code[..4]);
                expect_code(version, &answer, 702, "WRONG_OTP_PROVIDED");
            }
            let answer = caller.validate(version, &id, &code);
            assert_eq!(answer.json()["responseCode"], 200);
        }
        for length in ["3", "9", "six", "4.0", "04", "-4", "10"] {
            let answer = caller.send(version, "8846735002", &format!("&otpLength={length}"));
            expect_bad(version, &answer, "otpLength is from 4 to 8");
        }
        let answer = caller.send(version, "8846735002", "&otpLength=");
        expect_bad(version, &answer, "otpLength is missing");
    }
}

/// Each parameter of a send: missing, given twice, of another form.
pub fn send_400_bad_request(desk: &dyn Desk) {
    const NUMBER: &str = "8846735003";
    const NO_NUMBER: &str = "mobileNumber is not a number of the country";
    let caller = Caller::new(desk, USUAL);
    let long = "9".repeat(60);
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
            // With the country code after all, as `+` and as it arrives.
            (full("91", "%2B918846735003", "&flowType=SMS"), NO_NUMBER),
            (full("91", "+918846735003", "&flowType=SMS"), NO_NUMBER),
        ] {
            let answer = caller.call("POST", version.send_path(), &query);
            expect_bad(version, &answer, words);
        }
    }
    let query = format!("countryCode=91&mobileNumber={NUMBER}&flowType=SMS");
    let answer = caller.call("POST", Two.send_path(), &query);
    expect_bad(Two, &answer, "customerId is missing");
}

/// Other flows are not offered, and say so.
pub fn send_400_flow_type_other_than_sms(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    for version in Version::BOTH {
        for flow in ["WHATSAPP", "RCS", "SAUTH", "sms", "CALL"] {
            let query = format!(
                "customerId={USUAL}&countryCode=91&mobileNumber=8846735004&flowType={flow}"
            );
            let answer = caller.call("POST", version.send_path(), &query);
            expect_bad(version, &answer, "flowType: only SMS is offered");
        }
    }
}

/// Nor is the other product on the same path.
pub fn send_400_type_other_than_otp(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    for version in Version::BOTH {
        let rest = "&type=SMS&senderId=ACME&message=hello&messageType=TEXT";
        let answer = caller.send(version, "8846735005", rest);
        expect_bad(version, &answer, "type: only OTP is offered");
    }
}

/// Every header `authToken` that is none.
fn bad_tokens(caller: &Caller<'_>) -> Vec<String> {
    let good = caller.token();
    let changed = if good.ends_with('A') { "B" } else { "A" };
    vec![
        String::new(),
        "x".into(),
        "a.b.c".into(),
        format!("Bearer {good}"),
        format!("{good}x"),
        format!("{}{changed}", &good[..good.len() - 1]),
        good.replace('.', ""),
        key(caller.desk.keyring(), USUAL),
    ]
}

/// Before anything else that may be wrong.
pub fn send_401_unauthorized(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    for version in Version::BOTH {
        for token in bad_tokens(&caller) {
            let caller = caller.with_token(&token);
            expect_unauthorized(&caller.send(version, "8846735006", ""));
            expect_unauthorized(&caller.call("POST", version.send_path(), ""));
        }
    }
}

/// A customer that is not the token's.
pub fn send_501_invalid_customer_id(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    for version in Version::BOTH {
        for id in [BRIEF, NOBODY, "x", &"A".repeat(40)] {
            let query =
                format!("customerId={id}&countryCode=91&mobileNumber=8846735007&flowType=SMS");
            let answer = caller.call("POST", version.send_path(), &query);
            expect_code(version, &answer, 501, "INVALID_CUSTOMER_ID");
        }
    }
    // Version 3 does not need it and takes it.
    let answer = caller.send(Three, "8846735007", &format!("&customerId={USUAL}"));
    assert_eq!(answer.json()["responseCode"], 200);
}

/// While a code lives, with its id, whatever else is asked for.
pub fn send_506_request_already_exists(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    let (id, code) = caller.sent(Two, "8846735008");
    let body = |transaction: &str| {
        format!(
            r#"{{"responseCode":506,"message":"REQUEST_ALREADY_EXISTS","data":{{"verificationId":"{id}","mobileNumber":"8846735008","responseCode":"506","errorMessage":"REQUEST_ALREADY_EXISTS","timeout":"60","smsCLI":null,"transactionId":{transaction}}}}}"#
        )
    };
    for rest in ["", "&otpLength=8", "&email=me%40example.com", "&type=OTP"] {
        let answer = caller.send(Two, "8846735008", rest);
        expect(&answer, 200, &body("null"));
        let answer = caller.send(Three, "8846735008", rest);
        expect(&answer, 400, &body(&transaction(&answer).to_string()));
    }
    // The code is the first one still.
    let answer = caller.validate(Two, &id, &code);
    assert_eq!(answer.json()["responseCode"], 200);
}

/// No country code, and a country that is not sent to.
pub fn send_511_invalid_country_code(desk: &dyn Desk) {
    let caller = Caller::new(desk, STRICT);
    let long = "9".repeat(40);
    for version in Version::BOTH {
        for country in [
            "%2B91", "+91", "0091", "091", "999", "IN", "9x", "0", "966", &long,
        ] {
            let query = format!(
                "customerId={STRICT}&countryCode={country}&mobileNumber=500000000&flowType=SMS"
            );
            let answer = caller.call("POST", version.send_path(), &query);
            expect_code(version, &answer, 511, "INVALID_COUNTRY_CODE");
        }
    }
}

/// The number's sends are used up.
pub fn send_800_maximum_limit_reached(desk: &dyn Desk) {
    let caller = Caller::new(desk, STRICT);
    let (id, code) = caller.sent(Two, "8846735009");
    let answer = caller.validate(Two, &id, &code);
    assert_eq!(answer.json()["responseCode"], 200);
    for version in Version::BOTH {
        let answer = caller.send(version, "8846735009", "");
        expect_code(version, &answer, 800, "MAXIMUM_LIMIT_REACHED");
    }
}

/// The customer's credits are used up.
pub fn send_805_insufficient_credits(desk: &dyn Desk) {
    let caller = Caller::new(desk, POOR);
    for number in 0..10 {
        let answer = caller.send(Three, &format!("88467351{number:02}"), "");
        assert_eq!(answer.json()["responseCode"], 200);
    }
    for version in Version::BOTH {
        let answer = caller.send(version, "8846735110", "");
        expect_code(version, &answer, 805, "INSUFFICIENT_CREDITS");
    }
}

/// The id is a number here, and vendor samples name the phone number too.
pub fn validate_200_success_v2(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    let (id, code) = caller.sent(Two, "8846735010");
    let query = format!(
        "customerId={USUAL}&verificationId={id}&code={code}&countryCode=91&mobileNumber=8846735010"
    );
    let answer = caller.call("GET", Two.validate_path(), &query);
    let body = format!(
        r#"{{"responseCode":200,"message":"SUCCESS","data":{{"verificationId":{id},"mobileNumber":"8846735010","verificationStatus":"VERIFICATION_COMPLETED","responseCode":"200","errorMessage":null,"transactionId":null,"authToken":null}}}}"#
    );
    expect(&answer, 200, &body);
}

/// The transaction is the send's.
pub fn validate_200_success_v3(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    let sent = caller.send(Three, "8846735011", "");
    let (id, transaction) = (verification_id(&sent), transaction(&sent));
    let code = desk.code("+918846735011");
    let query = format!("verificationId={id}&code={code}&flowType=SMS&langid=en");
    let answer = caller.call("GET", Three.validate_path(), &query);
    let body = format!(
        r#"{{"responseCode":200,"message":"SUCCESS","data":{{"verificationId":{id},"mobileNumber":"8846735011","verificationStatus":"VERIFICATION_COMPLETED","responseCode":"200","errorMessage":null,"transactionId":{transaction},"authToken":null}}}}"#
    );
    expect(&answer, 200, &body);
}

/// Each parameter of a validation; none of these costs a try.
pub fn validate_400_bad_request(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    let (id, code) = caller.sent(Two, "8846735012");
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
                format!("verificationId={id}&verificationId={id}&code=1"),
                "verificationId is given twice",
            ),
            (
                format!("verificationId={id}&code={long}"),
                "code is not valid",
            ),
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

/// Before anything else that may be wrong.
pub fn validate_401_unauthorized(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    let (id, code) = caller.sent(Two, "8846735013");
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

/// A customer that is not the token's.
pub fn validate_501_invalid_customer_id(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    for version in Version::BOTH {
        let query = format!("customerId={BRIEF}&verificationId={NO_ID}&code=1234");
        let answer = caller.call("GET", version.validate_path(), &query);
        expect_code(version, &answer, 501, "INVALID_CUSTOMER_ID");
    }
}

/// What no id is, and the id of another customer.
pub fn validate_505_invalid_verification_id(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    let (id, code) = caller.sent(Two, "8846735014");
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
    for (version, number) in [(Two, "8846735015"), (Three, "8846735016")] {
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

/// A wrong code, whatever is wrong with it; the right one after it.
pub fn validate_702_wrong_otp_provided(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    for (version, number) in [(Two, "8846735017"), (Three, "8846735018")] {
        for change in [
            |code: &str| wrong(code),
            |code: &str| format!("{code}0"),
            |code: &str| format!("%2B{code}"),
            |_: &str| "word".to_owned(),
        ] {
            let (id, code) = caller.sent(version, number);
            let answer = caller.validate(version, &id, &change(&code));
            expect_code(version, &answer, 702, "WRONG_OTP_PROVIDED");
            let answer = caller.validate(version, &id, &code);
            assert_eq!(answer.json()["responseCode"], 200);
        }
    }
}

/// After success, whatever the code.
pub fn validate_703_already_verified(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    for (version, number) in [(Two, "8846735019"), (Three, "8846735020")] {
        let (id, code) = caller.sent(version, number);
        let answer = caller.validate(version, &id, &code);
        assert_eq!(answer.json()["responseCode"], 200);
        for code in [wrong(&code), code] {
            let answer = caller.validate(version, &id, &code);
            expect_code(version, &answer, 703, "ALREADY_VERIFIED");
        }
    }
}

/// After the timeout, and after a new send, which is allowed from then on:
/// not even its code serves under the old id.
pub fn validate_705_verification_expired(desk: &dyn Desk) {
    let caller = Caller::new(desk, BRIEF);
    let sent = [(Two, "8846735021"), (Three, "8846735022")].map(|(version, number)| {
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

/// Five wrong codes at once, nine a day: then no code is looked at, and none
/// is sent.
pub fn validate_800_maximum_limit_reached(desk: &dyn Desk) {
    let caller = Caller::new(desk, BRIEF);
    let wrong_codes = |count: usize| {
        let (id, code) = caller.sent(Two, "8846735023");
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
        let answer = caller.send(version, "8846735023", "");
        expect_code(version, &answer, 800, "MAXIMUM_LIMIT_REACHED");
    }
}

/// The method that is not the path's, which the answer names.
pub fn other_methods_405(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    for (right, path) in [
        ("GET", TOKEN),
        ("POST", Two.send_path()),
        ("POST", Three.send_path()),
        ("GET", Two.validate_path()),
        ("GET", Three.validate_path()),
    ] {
        let other = if right == "GET" { "POST" } else { "GET" };
        let answer = caller.call(other, path, "");
        let body = match path {
            TOKEN => r#"{"status":400,"error":"the method is not allowed"}"#,
            _ => {
                r#"{"responseCode":400,"message":"BAD_REQUEST","data":{"responseCode":"400","errorMessage":"the method is not allowed"}}"#
            }
        };
        expect(&answer, 405, body);
        assert_eq!(answer.header("Allow"), Some(right));
    }
}

/// Ten are delivered and none is left.
pub fn sixty_four_sends_with_ten_credits(desk: &dyn Desk) {
    let caller = Caller::new(desk, POOR);
    let answers =
        race(|each| caller.send(Version::BOTH[each % 2], &format!("88467352{each:02}"), ""));
    assert_eq!((count(&answers, 200), count(&answers, 805)), (10, 54));
    let answer = caller.send(Two, "8846735299", "");
    expect_code(Two, &answer, 805, "INSUFFICIENT_CREDITS");
}

/// One goes out, and all are told its id.
pub fn sixty_four_sends_to_one_number(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    let answers = race(|_| caller.send(Two, "8846735024", ""));
    assert_eq!((count(&answers, 200), count(&answers, 506)), (1, 63));
    let ids: HashSet<String> = answers.iter().map(verification_id).collect();
    assert_eq!(ids.len(), 1);
    for id in ids {
        let answer = caller.validate(Two, &id, &desk.code("+918846735024"));
        assert_eq!(answer.json()["responseCode"], 200);
    }
}

/// The same attempt from many at once, in either version.
fn attempts(desk: &dyn Desk, number: &str, change: impl Fn(String) -> String) -> Vec<Answer> {
    let caller = Caller::new(desk, USUAL);
    let (id, code) = caller.sent(Two, number);
    let code = change(code);
    race(|each| caller.validate(Version::BOTH[each % 2], &id, &code))
}

/// Three are looked at, the third of which is told as failed.
pub fn sixty_four_attempts_with_a_wrong_code(desk: &dyn Desk) {
    let answers = attempts(desk, "8846735025", |code| wrong(&code));
    let counts = (count(&answers, 702), count(&answers, 700));
    assert_eq!(counts, (2, PARALLEL - 2));
}

/// One is right.
pub fn sixty_four_attempts_with_the_right_code(desk: &dyn Desk) {
    let answers = attempts(desk, "8846735026", |code| code);
    let counts = (count(&answers, 200), count(&answers, 703));
    assert_eq!(counts, (1, PARALLEL - 1));
}
