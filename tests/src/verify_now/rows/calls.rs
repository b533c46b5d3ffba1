//! Methods, and concurrent calls.

use std::collections::HashSet;

use super::super::{
    Caller, Desk, POOR, TOKEN, USUAL, Version, expect, expect_code, verification_id, wrong,
};
use crate::served::{PARALLEL, race};
use crate::wire::Answer;
use Version::{Three, Two};

/// Counts the responses with this code.
fn count(answers: &[Answer], code: u16) -> usize {
    let has_code = |answer: &&Answer| answer.json()["responseCode"] == code;
    answers.iter().filter(has_code).count()
}

/// A wrong method; the response names the right one.
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

/// Ten messages are delivered, and no credits are left.
pub fn sixty_four_sends_with_ten_credits(desk: &dyn Desk) {
    let caller = Caller::new(desk, POOR);
    let answers =
        race(|each| caller.send(Version::BOTH[each % 2], &format!("98765352{each:02}"), ""));
    assert_eq!((count(&answers, 200), count(&answers, 805)), (10, 54));
    let answer = caller.send(Two, "9876535299", "");
    expect_code(Two, &answer, 805, "INSUFFICIENT_CREDITS");
}

/// One message is sent, and all callers receive its id.
pub fn sixty_four_sends_to_one_number(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    let answers = race(|_| caller.send(Two, "9876535024", ""));
    assert_eq!((count(&answers, 200), count(&answers, 506)), (1, 63));
    let ids: HashSet<String> = answers.iter().map(verification_id).collect();
    assert_eq!(ids.len(), 1);
    for id in ids {
        let answer = caller.validate(Two, &id, &desk.code("+919876535024"));
        assert_eq!(answer.json()["responseCode"], 200);
    }
}

/// Makes the same attempt many times concurrently, in either version.
fn attempts(desk: &dyn Desk, number: &str, change: impl Fn(String) -> String) -> Vec<Answer> {
    let caller = Caller::new(desk, USUAL);
    let (id, code) = caller.sent(Two, number);
    let code = change(code);
    race(|each| caller.validate(Version::BOTH[each % 2], &id, &code))
}

/// Three codes are compared, the third of which is reported as failed.
pub fn sixty_four_attempts_with_a_wrong_code(desk: &dyn Desk) {
    let answers = attempts(desk, "9876535025", |code| wrong(&code));
    let counts = (count(&answers, 702), count(&answers, 700));
    assert_eq!(counts, (2, PARALLEL - 2));
}

/// One is accepted.
pub fn sixty_four_attempts_with_the_right_code(desk: &dyn Desk) {
    let answers = attempts(desk, "9876535026", |code| code);
    let counts = (count(&answers, 200), count(&answers, 703));
    assert_eq!(counts, (1, PARALLEL - 1));
}
