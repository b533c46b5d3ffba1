//! The server-side state of OATH tokens: replays, drift, waits, locks and
//! resynchronisation.

use mpass_core::Error;
use mpass_core::challenge::{Attempt, Keyring, Token, TokenPolicy, Verdict};
use mpass_core::oath::{Algorithm, Digits, Hotp, Key, Totp};
use mpass_tests::sim::NOON;

struct Desk {
    keyring: Keyring,
    policy: TokenPolicy,
    record: Option<Vec<u8>>,
    now_ms: u64,
}

fn key() -> Key {
    Key::new(Algorithm::Sha1, b"12345678901234567890").unwrap()
}

fn hotp() -> Hotp {
    Hotp::new(key(), Digits::SIX)
}

fn totp() -> Totp {
    Totp::new(key(), Digits::SIX)
}

impl Desk {
    fn new(policy: TokenPolicy) -> Self {
        Self {
            keyring: Keyring::generate(&[3; 32]),
            policy,
            record: None,
            now_ms: NOON,
        }
    }

    fn patient() -> Self {
        Self::new(TokenPolicy {
            delay_ms: 0,
            failures_to_lock: 100,
            ..TokenPolicy::default()
        })
    }

    fn token(&self) -> Token<'_> {
        Token::new(&self.keyring, self.policy, b"tenant", b"1").unwrap()
    }

    fn settle(&mut self, attempt: Result<Attempt, Error>) -> Verdict {
        match attempt.unwrap() {
            Attempt::Told(verdict) => verdict,
            Attempt::Pending(pending) => {
                assert_eq!(pending.expires_at_ms(), None);
                assert_eq!(pending.expected(), self.record.as_deref());
                self.record = Some(pending.next().to_vec());
                pending.stored()
            }
        }
    }

    fn hotp(&mut self, counter: u64) -> Verdict {
        let code = hotp().generate(counter);
        self.typed(code.as_str())
    }

    fn typed(&mut self, code: &str) -> Verdict {
        let record = self.record.clone();
        let attempt =
            self.token()
                .attempt_hotp(record.as_deref(), &hotp(), code, self.now_ms, &[1; 32]);
        self.settle(attempt)
    }

    fn totp(&mut self, step: u64) -> Verdict {
        let code = totp().generate_step(step);
        let record = self.record.clone();
        let attempt = self.token().attempt_totp(
            record.as_deref(),
            &totp(),
            code.as_str(),
            self.now_ms,
            &[1; 32],
        );
        self.settle(attempt)
    }

    fn step(&self) -> u64 {
        self.now_ms / 30_000
    }

    fn drift(&self) -> i64 {
        let record = self.record.as_deref();
        self.token().status(record, self.now_ms).unwrap().drift
    }
}

#[test]
fn hotp_goes_forward_and_never_back() {
    let mut desk = Desk::patient();
    assert_eq!(desk.hotp(0), Verdict::Accept);
    assert_eq!(desk.hotp(0), Verdict::Wrong);
    assert_eq!(desk.hotp(5), Verdict::Accept);
    assert_eq!(desk.hotp(3), Verdict::Wrong);
    assert_eq!(desk.hotp(17), Verdict::Wrong);
    assert_eq!(desk.hotp(16), Verdict::Accept);
}

#[test]
fn hotp_enrolled_at_a_counter_and_at_the_last_one() {
    let mut desk = Desk::patient();
    let enrolled = desk.token().enroll(u64::MAX, NOON, &[1; 32]).unwrap();
    let record = enrolled.next().to_vec();
    enrolled.stored();
    desk.record = Some(record);
    assert_eq!(desk.hotp(u64::MAX - 1), Verdict::Wrong);
    assert_eq!(desk.hotp(u64::MAX), Verdict::Accept);
    assert_eq!(desk.hotp(u64::MAX), Verdict::Wrong);
    assert_eq!(desk.hotp(0), Verdict::Wrong);
}

#[test]
fn a_step_is_accepted_once() {
    let mut desk = Desk::patient();
    let step = desk.step();
    assert_eq!(desk.totp(step), Verdict::Accept);
    assert_eq!(desk.totp(step), Verdict::Replayed);
    // Steps before an accepted one are used up as well.
    assert_eq!(desk.totp(step - 1), Verdict::Replayed);
    assert_eq!(desk.totp(step + 1), Verdict::Accept);
    assert_eq!(desk.totp(step), Verdict::Replayed);
}

#[test]
fn one_step_under_two_parallel_requests_is_accepted_once() {
    let mut desk = Desk::patient();
    let code = totp().generate_step(desk.step());
    let record = desk.record.clone();
    let attempt = |record: Option<&[u8]>| {
        desk.token()
            .attempt_totp(record, &totp(), code.as_str(), NOON, &[1; 32])
    };
    // Both loaded the same record: one swap wins, the other attempt is
    // repeated.
    let first = attempt(record.as_deref());
    let second = attempt(record.as_deref());
    let winner = desk.settle(first);
    assert_eq!(winner, Verdict::Accept);
    let Attempt::Pending(loser) = second.unwrap() else {
        panic!()
    };
    assert_ne!(loser.expected(), desk.record.as_deref());
    let again = desk.totp(desk.step());
    assert_eq!(again, Verdict::Replayed);
}

#[test]
fn drift_follows_the_token_and_its_window() {
    let mut desk = Desk::patient();
    // Each code is one step further ahead, and the window moves with it.
    for ahead in 1..=5i64 {
        assert_eq!(
            desk.totp(desk.step().saturating_add_signed(ahead)),
            Verdict::Accept
        );
        assert_eq!(desk.drift(), ahead);
        desk.now_ms += 60_000;
    }
    let step = desk.step();
    assert_eq!(desk.totp(step + 7), Verdict::Wrong);
    assert_eq!(desk.totp(step + 3), Verdict::Wrong);
    assert_eq!(desk.totp(step + 4), Verdict::Accept);
    assert_eq!(desk.drift(), 4);
}

#[test]
fn waits_grow_and_are_not_longer_than_the_policy_after_a_jump() {
    let mut desk = Desk::new(TokenPolicy {
        delay_ms: 5000,
        failures_to_lock: 4,
        lock_ms: 60_000,
        ..TokenPolicy::default()
    });
    for failure in 1..=3u64 {
        assert_eq!(desk.typed("000000"), Verdict::Wrong);
        desk.now_ms += 5000 * failure - 1;
        assert_eq!(desk.hotp(0), Verdict::Limited);
        desk.now_ms += 1;
    }
    assert_eq!(desk.typed("000000"), Verdict::Wrong);
    desk.now_ms += 59_999;
    assert_eq!(desk.hotp(0), Verdict::Locked);
    let record = desk.record.clone();
    let jumped = desk
        .token()
        .status(record.as_deref(), NOON - 999_999)
        .unwrap();
    assert_eq!(jumped.retry_at_ms, Some(NOON - 999_999 + 60_000));
    desk.now_ms += 1;
    assert_eq!(desk.hotp(0), Verdict::Accept);
    let status = desk
        .token()
        .status(desk.record.as_deref(), desk.now_ms)
        .unwrap();
    assert_eq!((status.failures, status.retry_at_ms), (0, None));
}

#[test]
fn locked_until_unlocked() {
    let mut desk = Desk::new(TokenPolicy {
        delay_ms: 0,
        failures_to_lock: 2,
        lock_ms: 0,
        ..TokenPolicy::default()
    });
    assert_eq!(desk.typed("000000"), Verdict::Wrong);
    assert_eq!(desk.typed("000000"), Verdict::Wrong);
    desk.now_ms += 1_000_000_000;
    assert_eq!(desk.hotp(0), Verdict::Locked);
    let record = desk.record.clone();
    let token = desk.token();
    let status = token.status(record.as_deref(), desk.now_ms).unwrap();
    assert_eq!((status.is_locked, status.retry_at_ms), (true, None));
    let unlocked = token
        .unlock(record.as_deref(), desk.now_ms, &[1; 32])
        .unwrap();
    let record = unlocked.next().to_vec();
    desk.record = Some(record);
    assert_eq!(desk.hotp(0), Verdict::Accept);
}

#[test]
fn resynchronisation_of_hotp() {
    let mut desk = Desk::patient();
    let resync = |desk: &mut Desk, counters: &[u64]| {
        let codes: Vec<_> = counters
            .iter()
            .map(|counter| hotp().generate(*counter))
            .collect();
        let texts: Vec<_> = codes.iter().map(|code| code.as_str()).collect();
        let record = desk.record.clone();
        let attempt = desk.token().resynchronize_hotp(
            record.as_deref(),
            &hotp(),
            &texts,
            desk.now_ms,
            &[1; 32],
        );
        desk.settle(attempt)
    };
    assert_eq!(desk.hotp(500), Verdict::Wrong);
    assert_eq!(resync(&mut desk, &[500, 502]), Verdict::Wrong);
    assert_eq!(resync(&mut desk, &[999, 1000, 1001]), Verdict::Accept);
    assert_eq!(desk.hotp(1001), Verdict::Wrong);
    assert_eq!(desk.hotp(1002), Verdict::Accept);
    assert_eq!(resync(&mut desk, &[1001, 1002]), Verdict::Wrong);
    assert_eq!(resync(&mut desk, &[3000, 3001]), Verdict::Wrong);
    let record = desk.record.clone();
    let refused =
        desk.token()
            .resynchronize_hotp(record.as_deref(), &hotp(), &["1"], desk.now_ms, &[1; 32]);
    assert!(matches!(refused, Err(Error::ResyncCodes)));
}

#[test]
fn resynchronisation_of_totp_lets_no_old_code_through() {
    let mut desk = Desk::patient();
    let resync = |desk: &mut Desk, first: u64| {
        let codes = [first, first + 1].map(|step| totp().generate_step(step));
        let texts = [codes[0].as_str(), codes[1].as_str()];
        let record = desk.record.clone();
        let attempt = desk.token().resynchronize_totp(
            record.as_deref(),
            &totp(),
            &texts,
            desk.now_ms,
            &[1; 32],
        );
        desk.settle(attempt)
    };
    let step = desk.step();
    assert_eq!(desk.totp(step), Verdict::Accept);
    assert_eq!(resync(&mut desk, step - 41), Verdict::Wrong);
    assert_eq!(resync(&mut desk, step - 1), Verdict::Wrong);
    assert_eq!(desk.drift(), 0);
    assert_eq!(resync(&mut desk, step + 300), Verdict::Accept);
    assert_eq!(desk.drift(), 301);
    assert_eq!(desk.totp(step + 302), Verdict::Accept);
    assert_eq!(desk.totp(step + 301), Verdict::Replayed);
}

#[test]
fn policies_out_of_range_and_records_of_another_token() {
    let keyring = Keyring::generate(&[3; 32]);
    let with = |policy| Token::new(&keyring, policy, b"t", b"1").err();
    let good = TokenPolicy::default();
    assert_eq!(
        with(TokenPolicy {
            look_ahead: 100_000,
            ..good
        }),
        Some(Error::WindowTooLarge)
    );
    assert_eq!(
        with(TokenPolicy {
            past: u32::MAX,
            future: u32::MAX,
            ..good
        }),
        Some(Error::WindowTooLarge)
    );
    assert_eq!(
        with(TokenPolicy {
            failures_to_lock: 0,
            ..good
        }),
        Some(Error::InvalidTries)
    );
    let one = Token::new(&keyring, good, b"t", b"1").unwrap();
    let two = Token::new(&keyring, good, b"t", b"2").unwrap();
    let record = one.enroll(7, NOON, &[1; 32]).unwrap();
    assert!(matches!(
        two.status(Some(record.next()), NOON),
        Err(Error::RecordForged)
    ));
    assert_eq!(one.status(Some(record.next()), NOON).unwrap().last, Some(6));
}

#[test]
fn a_token_outlives_its_record_key_when_sealed_anew() {
    let mut keyring = Keyring::generate(&[3; 32]);
    let policy = TokenPolicy::default();
    let token = Token::new(&keyring, policy, b"t", b"1").unwrap();
    let record = *token.enroll(7, NOON, &[1; 32]).unwrap().next();
    assert!(token.reseal(&record, NOON, &[2; 32]).unwrap().is_none());
    keyring.add(&[4; 32]).unwrap();
    keyring.activate(2).unwrap();
    let token = Token::new(&keyring, policy, b"t", b"1").unwrap();
    let resealed = token.reseal(&record, NOON, &[2; 32]).unwrap().unwrap();
    let resealed = *resealed.next();
    keyring.remove(1).unwrap();
    let token = Token::new(&keyring, policy, b"t", b"1").unwrap();
    assert_eq!(
        token.status(Some(&record), NOON),
        Err(Error::UnknownRecordKey)
    );
    assert_eq!(token.status(Some(&resealed), NOON).unwrap().last, Some(6));
}

mod ocra {
    use mpass_core::oath::ocra::{Inputs, Ocra};

    use super::*;

    fn ocra(suite: &str) -> Ocra {
        let key = Key::new(Algorithm::Sha1, b"12345678901234567890").unwrap();
        Ocra::new(key, suite.parse().unwrap()).unwrap()
    }

    impl Desk {
        fn ask(&mut self, question: &str) {
            let record = self.record.clone();
            let asked =
                self.token()
                    .ask(record.as_deref(), question, 60_000, self.now_ms, &[5; 32]);
            let asked = asked.unwrap();
            let next = asked.next().to_vec();
            asked.stored();
            self.record = Some(next);
        }

        fn answer(&mut self, ocra: &Ocra, question: &str, response: &str) -> Verdict {
            let record = self.record.clone();
            let attempt = self.token().attempt_ocra(
                record.as_deref(),
                ocra,
                Inputs::new(question),
                response,
                self.now_ms,
                &[6; 32],
            );
            self.settle(attempt)
        }
    }

    #[test]
    fn a_question_is_answered_once() {
        let mut desk = Desk::patient();
        let ocra = ocra("OCRA-1:HOTP-SHA1-6:QN08");
        assert_eq!(
            desk.answer(&ocra, "11111111", "243178"),
            Verdict::NoChallenge
        );
        desk.ask("11111111");
        // RFC 6287 appendix C.1.
        assert_eq!(
            desk.answer(&ocra, "00000000", "237653"),
            Verdict::NoChallenge
        );
        assert_eq!(desk.answer(&ocra, "11111111", "243179"), Verdict::Wrong);
        assert_eq!(desk.answer(&ocra, "11111111", "243178"), Verdict::Accept);
        assert_eq!(desk.answer(&ocra, "11111111", "243178"), Verdict::Used);
        desk.ask("22222222");
        assert_eq!(
            desk.answer(&ocra, "11111111", "243178"),
            Verdict::NoChallenge
        );
        desk.now_ms += 60_000;
        assert_eq!(desk.answer(&ocra, "22222222", "653583"), Verdict::Expired);
    }

    #[test]
    fn a_counter_in_the_suite_only_grows() {
        let mut desk = Desk::patient();
        let ocra = ocra("OCRA-1:HOTP-SHA1-6:C-QN08");
        let response = |counter| {
            let inputs = Inputs::new("12345678").with_counter(counter);
            ocra.respond(&inputs).unwrap().as_str().to_string()
        };
        desk.ask("12345678");
        assert_eq!(
            desk.answer(&ocra, "12345678", &response(3)),
            Verdict::Accept
        );
        desk.ask("12345678");
        assert_eq!(desk.answer(&ocra, "12345678", &response(3)), Verdict::Wrong);
        assert_eq!(
            desk.answer(&ocra, "12345678", &response(4)),
            Verdict::Accept
        );
    }

    #[test]
    fn the_time_in_the_suite_is_the_clocks() {
        let mut desk = Desk::patient();
        let ocra = ocra("OCRA-1:HOTP-SHA1-6:QN08-T1M");
        let response = |ms: u64| {
            let inputs = Inputs::new("12345678").with_time(ms / 1000);
            ocra.respond(&inputs).unwrap().as_str().to_string()
        };
        desk.ask("12345678");
        let late = response(desk.now_ms - 120_000);
        assert_eq!(desk.answer(&ocra, "12345678", &late), Verdict::Wrong);
        let before = response(desk.now_ms - 60_000);
        assert_eq!(desk.answer(&ocra, "12345678", &before), Verdict::Accept);
    }
}
