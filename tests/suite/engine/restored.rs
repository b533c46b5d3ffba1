//! After a store was restored from a backup: what was issued before it is void,
//! and counts stay. Each boundary from both sides.

use mpass_core::Error;
use mpass_core::challenge::{
    Attempt, Binding, Challenge, Issue, Keyring, Policy, Subject, SubjectKind, Token, TokenPolicy,
    Verdict,
};
use mpass_core::oath::ocra::{Inputs, Ocra, Suite};
use mpass_core::oath::{Algorithm, Digits, Hotp, Key, Totp};
use mpass_core::service::Reason;
use mpass_tests::sim::{NOON, World};

fn subject() -> Subject {
    Subject::parse(SubjectKind::Number, "+966500000000").unwrap()
}

fn challenge<'a>(
    keyring: &'a Keyring,
    policy: &'a Policy,
    subject: &'a Subject,
    restored_at_ms: Option<u64>,
) -> Challenge<'a> {
    let binding = Binding {
        service: "test",
        tenant: b"tenant",
        subject,
        context: "",
    };
    Challenge::new(keyring, policy, binding).restored_at(restored_at_ms)
}

fn keyring() -> Keyring {
    Keyring::generate(&[7; 32])
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

/// The verdict, with the record that the attempt leaves.
fn settled(attempt: Result<Attempt, Error>, record: &mut Option<Vec<u8>>) -> Verdict {
    match attempt.unwrap() {
        Attempt::Told(verdict) => verdict,
        Attempt::Pending(pending) => {
            *record = Some(pending.next().to_vec());
            pending.stored()
        }
    }
}

#[test]
fn a_challenge_from_before_is_void_and_its_counts_stay() {
    let (keyring, policy) = (keyring(), Policy::default());
    let subject = subject();
    let challenge = |at_ms| challenge(&keyring, &policy, &subject, at_ms);
    let Issue::Pending(issue) = challenge(None).issue(None, NOON, &[1; 32]).unwrap() else {
        panic!()
    };
    let record = issue.next().to_vec();
    let issued = issue.stored();
    let attempt = |at_ms, record: &[u8]| {
        let code = issued.code.as_str();
        let attempt = challenge(at_ms).attempt(Some(record), code, NOON + 2, &[2; 32]);
        settled(attempt, &mut None)
    };
    assert_eq!(attempt(None, &record), Verdict::Accept);
    assert_eq!(attempt(Some(NOON), &record), Verdict::Accept);
    let restored = Some(NOON + 1);
    assert_eq!(attempt(restored, &record), Verdict::NoChallenge);
    let live = challenge(restored).live(Some(&record), NOON + 2).unwrap();
    assert_eq!(live, None);
    let refund = challenge(restored).refund(Some(&record), issued.id, NOON + 2, &[3; 32]);
    assert!(refund.unwrap().is_none());
    let by_id = challenge(restored).attempt_at(
        issued.id,
        Some(&record),
        issued.code.as_str(),
        NOON + 2,
        &[2; 32],
    );
    assert_eq!(settled(by_id, &mut None), Verdict::NoChallenge);

    // The resend interval and the sends of before still count.
    let early = challenge(restored).issue(Some(&record), NOON + 2, &[4; 32]);
    assert!(matches!(early.unwrap(), Issue::Refused(_)));
    let later = NOON + 60_000;
    let Issue::Pending(next) = challenge(restored)
        .issue(Some(&record), later, &[4; 32])
        .unwrap()
    else {
        panic!()
    };
    let fresh = challenge(restored).issue(None, later, &[4; 32]).unwrap();
    let Issue::Pending(fresh) = fresh else {
        panic!()
    };
    assert!(next.expires_at_ms() > fresh.expires_at_ms());
    // And the new challenge is no longer from before.
    let record = next.next().to_vec();
    let code = next.stored().code;
    let attempt = challenge(restored).attempt(Some(&record), code.as_str(), later, &[5; 32]);
    assert_eq!(settled(attempt, &mut None), Verdict::Accept);
}

/// A wrong guess is a write as well: a challenge that was tried after the restore
/// could only be one from after it.
#[test]
fn a_void_challenge_stays_void_when_its_record_is_written() {
    let (keyring, policy) = (keyring(), Policy::default());
    let subject = subject();
    let before = challenge(&keyring, &policy, &subject, None);
    let challenge = challenge(&keyring, &policy, &subject, Some(NOON + 1));
    let Issue::Pending(issue) = before.issue(None, NOON, &[1; 32]).unwrap() else {
        panic!()
    };
    let record = issue.next().to_vec();
    let code = issue.stored().code;
    let unlocked = challenge.unlock(Some(&record), NOON + 2, &[2; 32]).unwrap();
    let record = unlocked.next().to_vec();
    let attempt = challenge.attempt(Some(&record), code.as_str(), NOON + 3, &[3; 32]);
    assert_eq!(settled(attempt, &mut None), Verdict::NoChallenge);
}

fn token(keyring: &Keyring, restored_at_ms: Option<u64>) -> Token<'_> {
    let policy = TokenPolicy {
        delay_ms: 0,
        ..TokenPolicy::default()
    };
    let token = Token::new(keyring, policy, b"tenant", b"1").unwrap();
    token.restored_at(restored_at_ms)
}

#[test]
fn an_hotp_token_from_before_must_be_resynchronised() {
    let keyring = keyring();
    let hotp = hotp();
    let code = |counter| hotp.generate(counter);
    let mut record = None;
    let first = token(&keyring, None).attempt_hotp(None, &hotp, code(0).as_str(), NOON, &[1; 32]);
    assert_eq!(settled(first, &mut record), Verdict::Accept);
    let attempt = |at_ms, record: &mut Option<Vec<u8>>, counter, now_ms| {
        let attempt = token(&keyring, at_ms).attempt_hotp(
            record.as_deref(),
            &hotp,
            code(counter).as_str(),
            now_ms,
            &[2; 32],
        );
        settled(attempt, record)
    };
    assert_eq!(
        attempt(Some(NOON), &mut record.clone(), 1, NOON + 2),
        Verdict::Accept
    );
    let restored = Some(NOON + 1);
    assert_eq!(
        attempt(restored, &mut record, 1, NOON + 2),
        Verdict::Resynchronize
    );
    // Neither a failed resynchronisation nor an administrator makes it current.
    let resynchronize = |record: &mut Option<Vec<u8>>, codes: [u64; 2], now_ms| {
        let codes = codes.map(code);
        let attempt = token(&keyring, restored).resynchronize_hotp(
            record.as_deref(),
            &hotp,
            &[codes[0].as_str(), codes[1].as_str()],
            now_ms,
            &[3; 32],
        );
        settled(attempt, record)
    };
    assert_eq!(resynchronize(&mut record, [7, 9], NOON + 3), Verdict::Wrong);
    let unlocked = token(&keyring, restored).unlock(record.as_deref(), NOON + 4, &[4; 32]);
    record = Some(unlocked.unwrap().next().to_vec());
    assert_eq!(
        attempt(restored, &mut record, 1, NOON + 5),
        Verdict::Resynchronize
    );
    assert_eq!(
        resynchronize(&mut record, [7, 8], NOON + 6),
        Verdict::Accept
    );
    assert_eq!(attempt(restored, &mut record, 9, NOON + 7), Verdict::Accept);
    assert_eq!(attempt(restored, &mut record, 9, NOON + 8), Verdict::Wrong);
}

#[test]
fn an_hotp_token_enrolled_after_is_current() {
    let keyring = keyring();
    let hotp = hotp();
    let code = hotp.generate(5);
    for (restored, expected) in [(NOON, Verdict::Accept), (NOON + 1, Verdict::Resynchronize)] {
        let token = token(&keyring, Some(restored));
        let enrolled = token.enroll(5, NOON, &[1; 32]).unwrap();
        let record = enrolled.next().to_vec();
        let attempt = token.attempt_hotp(Some(&record), &hotp, code.as_str(), NOON, &[2; 32]);
        assert_eq!(settled(attempt, &mut None), expected);
    }
}

/// The default policy accepts a code of one step ahead, so before the restore
/// the codes of its step and of the next could be used.
#[test]
fn a_totp_token_takes_only_steps_that_could_not_be_used_before() {
    let keyring = keyring();
    let totp = totp();
    let restored = NOON + 10_000;
    let step = totp.time_step(restored / 1000).unwrap();
    let attempt = |at_ms, step, now_ms| {
        let code = totp.generate(step * 30).unwrap();
        let token = token(&keyring, at_ms);
        let attempt = token.attempt_totp(None, &totp, code.as_str(), now_ms, &[1; 32]);
        settled(attempt, &mut None)
    };
    let now_ms = (step + 1) * 30_000;
    for (at, expected) in [
        (step, Verdict::Replayed),
        (step + 1, Verdict::Replayed),
        (step + 2, Verdict::Accept),
    ] {
        assert_eq!(attempt(Some(restored), at, now_ms), expected, "{at}");
        assert_eq!(attempt(None, at, now_ms), Verdict::Accept);
    }
    // Restored one step earlier.
    let earlier = Some((step - 1) * 30_000);
    assert_eq!(attempt(earlier, step + 1, now_ms), Verdict::Accept);
}

#[test]
fn an_ocra_question_from_before_is_void() {
    let keyring = keyring();
    let suite: Suite = "OCRA-1:HOTP-SHA1-6:QN08".parse().unwrap();
    let ocra = Ocra::new(key(), suite).unwrap();
    let question = "12345678";
    let response = ocra.respond(&Inputs::new(question)).unwrap();
    let asked = token(&keyring, None).ask(None, question, 60_000, NOON, &[1; 32]);
    let record = asked.unwrap().next().to_vec();
    let attempt = |at_ms, record: &[u8]| {
        let attempt = token(&keyring, at_ms).attempt_ocra(
            Some(record),
            &ocra,
            Inputs::new(question),
            response.as_str(),
            NOON + 3,
            &[2; 32],
        );
        settled(attempt, &mut None)
    };
    assert_eq!(attempt(Some(NOON), &record), Verdict::Accept);
    let restored = Some(NOON + 1);
    assert_eq!(attempt(restored, &record), Verdict::NoChallenge);
    let again = token(&keyring, restored).ask(Some(&record), question, 60_000, NOON + 2, &[3; 32]);
    let record = again.unwrap().next().to_vec();
    assert_eq!(attempt(restored, &record), Verdict::Accept);
}

#[test]
fn the_record_of_an_enrolled_token_must_exist() {
    let keyring = keyring();
    let token = token(&keyring, None).enrolled();
    let code = hotp().generate(0);
    let attempt = token.attempt_hotp(None, &hotp(), code.as_str(), NOON, &[1; 32]);
    assert_eq!(attempt.err(), Some(Error::RecordMissing));
    let code = totp().generate(NOON / 1000).unwrap();
    let attempt = token.attempt_totp(None, &totp(), code.as_str(), NOON, &[1; 32]);
    assert_eq!(attempt.err(), Some(Error::RecordMissing));
    assert_eq!(token.status(None, NOON).err(), Some(Error::RecordMissing));
    let enrolled = token.enroll(0, NOON, &[1; 32]).unwrap();
    let code = hotp().generate(0);
    let attempt = token.attempt_hotp(
        Some(enrolled.next()),
        &hotp(),
        code.as_str(),
        NOON,
        &[1; 32],
    );
    assert_eq!(settled(attempt, &mut None), Verdict::Accept);
}

#[test]
fn the_engine_hands_the_time_to_every_exchange() {
    for (restored, body, reason) in [
        (NOON, "Accept", Reason::Accepted),
        (NOON + 1, "Reject", Reason::NoChallenge),
    ] {
        let mut world = World::default();
        let key = world.generous_channel("shop");
        let dest = "%2B966500000000";
        let sent = world.get(&format!("/mpass-web/rest/mv/msg?apikey={key}&dest={dest}"));
        assert_eq!(sent.reason, Reason::Sent);
        let code = world.last_code();
        world.engine = world.engine.with_restored_at(Some(restored));
        assert_eq!(world.engine.restored_at_ms(), Some(restored));
        world.pass(10);
        let keyring = world.engine.keyring().clone();
        world.engine = world.engine.with_keyring(keyring);
        let path = format!("/mpass-web/rest/mv/verify?apikey={key}&dest={dest}&otp={code}");
        let verified = world.get(&path);
        assert_eq!(verified.reason, reason);
        let shown = String::from_utf8(verified.body).unwrap();
        assert!(shown.contains(body), "{shown}");
    }
}

/// Before the time of the restore nothing is issued or counted, because no code
/// could be accepted.
#[test]
fn nothing_is_issued_before_the_restore() {
    let (keyring, policy) = (keyring(), Policy::default());
    let subject = subject();
    let later = Err(Error::RestoredLater);
    let challenge = challenge(&keyring, &policy, &subject, Some(NOON));
    let issue = |now_ms| challenge.issue(None, now_ms, &[1; 32]).map(|_| ());
    assert_eq!(issue(NOON - 1), later);
    assert_eq!(issue(NOON), Ok(()));
    let token = || {
        let token = Token::new(&keyring, TokenPolicy::default(), b"tenant", b"id").unwrap();
        token.restored_at(Some(NOON))
    };
    let code = totp().generate((NOON - 1) / 1000).unwrap();
    let codes = [code.as_str(); 2];
    let attempts = |now_ms| {
        [
            token().attempt_totp(None, &totp(), code.as_str(), now_ms, &[1; 32]),
            token().resynchronize_totp(None, &totp(), &codes, now_ms, &[1; 32]),
            token().resynchronize_hotp(None, &hotp(), &codes, now_ms, &[1; 32]),
        ]
        .map(|attempt| attempt.map(|_| ()))
    };
    assert_eq!(attempts(NOON - 1), [later; 3]);
    assert_eq!(attempts(NOON), [Ok(()); 3]);
    let ask = |now_ms| token().ask(None, "12345678", 1000, now_ms, &[1; 32]);
    assert_eq!(ask(NOON - 1).map(|_| ()), later);
    assert!(ask(NOON).is_ok());
}
