//! The gateway's own words in the log, without what they may repeat.

use super::template::Secrets;

/// The longest text in characters.
const LONGEST: usize = 160;
/// A word of at least so many letters may be a token or an encoded message.
const LONGEST_WORD: usize = 20;

/// A response's body as text for the log. A gateway may repeat the message, the
/// number and the secrets of the request, in whichever encoding: every digit is
/// `#`, and configured secrets and words that may be keys are `***`.
pub(crate) fn masked(body: &[u8], secrets: &Secrets) -> String {
    let mut text = String::from_utf8_lossy(body).into_owned();
    for secret in secrets.values().filter(|secret| !secret.is_empty()) {
        text = text.replace(secret.as_str(), "***");
    }
    let is_of_word = |letter: char| letter.is_alphanumeric() || "+/=_-".contains(letter);
    let mut shown = String::new();
    let mut word = String::new();
    // A separator at the end completes the last word.
    for letter in text.chars().chain([' ']) {
        if is_of_word(letter) {
            word.push(if letter.is_numeric() { '#' } else { letter });
            continue;
        }
        match word.chars().count() < LONGEST_WORD {
            true => shown.push_str(&word),
            false => shown.push_str("***"),
        }
        word.clear();
        shown.push(if letter.is_control() { ' ' } else { letter });
        if shown.chars().count() > LONGEST {
            break;
        }
    }
    let is_cut = shown.chars().count() > LONGEST;
    let mut shown: String = shown.chars().take(LONGEST).collect();
    shown.truncate(shown.trim_end().len());
    if is_cut {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    fn shown(body: &str) -> String {
        let secret = Zeroizing::new("hush hush".to_owned());
        masked(body.as_bytes(), &[("token".to_owned(), secret)].into())
    }

    #[test]
    fn the_cause_without_what_it_repeats() {
        for (body, expected) in [
            ("", ""),
            ("no credit left", "no credit left"),
            (
                r#"{"error":"insufficient balance","to":"+966500000000"}"#,
                r#"{"error":"insufficient balance","to":"+############"}"#,
            ),
            (
                "The code is ٤٨٢٩١٧ or 482917",
                "The code is ###### or ######",
            ),
            ("bad token hush hush", "bad token ***"),
            (
                "key dGhlIGNvZGUgaXMgNDgyOTE3 is unknown",
                "key *** is unknown",
            ),
            ("a\r\nforged line", "a  forged line"),
            (r"&#52;&#56; \u0034\u0038", r"&###;&###; \u####\u####"),
        ] {
            assert_eq!(shown(body), expected, "{body}");
        }
        let long = shown(&"no ".repeat(1000));
        assert!(
            long.ends_with('…') && long.chars().count() <= LONGEST + 1,
            "{long}"
        );
        assert_eq!(masked(b"\xff no", &Secrets::new()), "\u{fffd} no");
    }
}
