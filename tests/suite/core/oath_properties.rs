//! Properties that hold for every secret, counter and window.

use mpass_core::oath::{Algorithm, Code, Digits, Hotp, Key, Secret, Totp};
use proptest::prelude::*;

pub(crate) fn algorithms() -> impl Strategy<Value = Algorithm> {
    prop_oneof![
        Just(Algorithm::Sha1),
        Just(Algorithm::Sha256),
        Just(Algorithm::Sha512)
    ]
}

pub(crate) fn digits() -> impl Strategy<Value = Digits> {
    (4u8..=10).prop_map(|digits| Digits::new(digits).unwrap())
}

fn hotps() -> impl Strategy<Value = Hotp> {
    let secrets = prop::collection::vec(any::<u8>(), 1..=200);
    (algorithms(), secrets, digits()).prop_map(|(algorithm, secret, digits)| {
        Hotp::new(Key::new_allowing_short(algorithm, &secret).unwrap(), digits)
    })
}

/// Counters from the whole range, more often near both ends.
fn counters() -> impl Strategy<Value = u64> {
    prop_oneof![
        any::<u64>(),
        0u64..50,
        (0u64..50).prop_map(|n| u64::MAX - n)
    ]
}

fn first_match(hotp: &Hotp, code: &str, counter: u64, look_ahead: u32) -> Option<u64> {
    (0..=u64::from(look_ahead))
        .filter_map(|offset| counter.checked_add(offset))
        .find(|counter| hotp.generate(*counter).as_str() == code)
}

fn last_match(totp: &Totp, code: &str, steps: impl DoubleEndedIterator<Item = u64>) -> Option<u64> {
    steps
        .rev()
        .find(|step| totp.generate_step(*step).as_str() == code)
}

proptest! {
    #[test]
    fn a_hotp_window_is_a_search_one_by_one(
        hotp in hotps(), counter in counters(), look_ahead in 0u32..40, at in 0u64..50,
    ) {
        let code = hotp.generate(counter.saturating_add(at));
        prop_assert_eq!(
            hotp.verify(code.as_str(), counter, look_ahead),
            first_match(&hotp, code.as_str(), counter, look_ahead)
        );
    }

    #[test]
    fn a_random_code_matches_where_a_search_finds_it(
        hotp in hotps(), counter in counters(), code in 0u64..10_000, look_ahead in 0u32..200,
    ) {
        let code = format!("{code:0width$}", width = usize::from(hotp.digits().get()));
        prop_assert_eq!(
            hotp.verify(&code, counter, look_ahead),
            first_match(&hotp, &code, counter, look_ahead)
        );
    }

    #[test]
    fn a_totp_window_is_a_search_one_by_one(
        secret in prop::collection::vec(any::<u8>(), 16..=64), algorithm in algorithms(),
        digits in digits(), time in 0u64..253_402_300_800, step in 1u64..1000, t0 in 0u64..1_000_000,
        past in 0u32..20, future in 0u32..20, at in -25i64..25,
    ) {
        let totp = Totp::new(Key::new(algorithm, &secret).unwrap(), digits)
            .with_step(step).unwrap().with_t0(t0);
        let time = time.max(t0);
        let now = totp.time_step(time).unwrap();
        let code = totp.generate_step(now.saturating_add_signed(at));
        let steps = now.saturating_sub(past.into())..=now.saturating_add(future.into());
        prop_assert_eq!(
            totp.verify(code.as_str(), time, past, future),
            Ok(last_match(&totp, code.as_str(), steps))
        );
    }

    #[test]
    fn codes_in_a_row_are_found_wherever_they_stand(
        hotp in hotps(), counter in 0u64..u64::MAX - 2000, at in 0u64..300, three in any::<bool>(),
    ) {
        // With fewer digits, codes would coincide somewhere in the window.
        prop_assume!(hotp.digits().get() >= 8);
        let codes: Vec<Code> = (0..3).map(|n| hotp.generate(counter + at + n)).collect();
        let texts: Vec<&str> = codes[..if three { 3 } else { 2 }].iter().map(Code::as_str).collect();
        let last = counter + at + texts.len() as u64 - 1;
        prop_assert_eq!(hotp.resynchronize(&texts, counter, 300), Ok(Some(last)));
        prop_assert_eq!(hotp.resynchronize(&texts, counter + at + 1, 300), Ok(None));
    }

    #[test]
    fn any_text_is_a_code_or_none(text in ".{0,12}", digits in digits()) {
        if let Some(code) = Code::parse(&text, digits) {
            prop_assert_eq!(text.chars().count(), usize::from(digits.get()));
            prop_assert_eq!(code.as_str().len(), usize::from(digits.get()));
            prop_assert!(code.as_bytes().iter().all(u8::is_ascii_digit));
        }
    }

    #[test]
    fn no_text_breaks_a_window(
        hotp in hotps(), text in any::<String>(), counter in counters(), window in 0u32..5,
    ) {
        let _ = hotp.verify(&text, counter, window);
        let _ = hotp.resynchronize(&[&text, &text], counter, window);
    }

    #[test]
    fn secrets_come_back_from_their_texts(bytes in prop::collection::vec(any::<u8>(), 1..=1024)) {
        let secret = Secret::from_bytes(&bytes).unwrap();
        let base32 = secret.expose_base32().to_string();
        let decoded = Secret::from_base32(&base32).unwrap();
        prop_assert_eq!(decoded.expose(), &bytes[..]);
        let spaced: String = base32.to_lowercase().chars().flat_map(|letter| [letter, ' ']).collect();
        let decoded = Secret::from_base32(&spaced).unwrap();
        prop_assert_eq!(decoded.expose(), &bytes[..]);
        let decoded = Secret::from_hex(&secret.expose_hex().to_string()).unwrap();
        prop_assert_eq!(decoded.expose(), &bytes[..]);
    }

    #[test]
    fn any_text_is_a_secret_or_an_error(text in any::<String>(), letters in "[A-Za-z2-7 =-]{0,40}") {
        for text in [text, letters] {
            if let Ok(secret) = Secret::from_base32(&text) {
                let again = Secret::from_base32(&secret.expose_base32().to_string()).unwrap();
                prop_assert_eq!(secret.expose(), again.expose());
            }
            let _ = Secret::from_hex(&text);
            let _ = text.parse::<Algorithm>();
        }
    }
}
