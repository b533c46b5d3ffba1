//! Concurrent attempts.

use super::rows::{EXPIRED, FAILED};
use super::{Caller, MAX_TRY, Operator, expect_error, number, settings, wrong};
use crate::served::{PARALLEL, race};
use crate::wire::Answer;

/// Counts the responses with this status and error code. An empty code matches
/// any.
#[must_use]
pub fn count(answers: &[Answer], status: u16, code: &str) -> usize {
    let is_it = |answer: &&Answer| {
        answer.status == status && (code.is_empty() || answer.json()["code"] == code)
    };
    answers.iter().filter(is_it).count()
}

/// The right code is accepted once.
pub fn sixty_four_attempts_with_the_right_code(operator: &dyn Operator) {
    let caller = Caller::new(operator, settings());
    let (id, code) = caller.sent(&number(6401));
    let answers = race(|_| caller.validate(&id, &code));
    let expired = count(&answers, 400, EXPIRED.code);
    assert_eq!((count(&answers, 204, ""), expired), (1, PARALLEL - 1));
}

/// A wrong code is compared as many times as there are tries, and the last
/// comparison reports the end of the challenge.
pub fn sixty_four_attempts_with_a_wrong_code(operator: &dyn Operator) {
    let caller = Caller::new(operator, settings());
    let (id, code) = caller.sent(&number(6402));
    let answers = race(|_| caller.validate(&id, &wrong(&code)));
    let compared = count(&answers, 400, "ONE_TIME_PASSWORD_SMS.INVALID_OTP");
    assert_eq!(compared, usize::from(MAX_TRY) - 1);
    assert_eq!(count(&answers, 400, FAILED.code), PARALLEL - compared);
    expect_error(&caller.validate(&id, &code), &FAILED);
}
