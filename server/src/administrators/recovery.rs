//! Recovery codes: a second factor that works once, for a lost device.

use mpass_core::challenge::Keyring;
use mpass_core::documents::HostHash;
use mpass_core::oath::{Secret, exposed};
use zeroize::Zeroizing;

use crate::entropy;

/// How many codes an administrator gets.
const COUNT: usize = 8;
/// The bytes of a code: 80 bits, 16 letters in base 32.
const BYTES: usize = 10;

/// New codes as they are shown, and their hashes as they are stored.
///
/// # Errors
/// When the system's random source fails.
pub(super) fn generate(
    keyring: &Keyring,
    account: &str,
) -> anyhow::Result<(Vec<Zeroizing<String>>, Vec<String>)> {
    let (mut shown, mut stored) = (Vec::new(), Vec::new());
    for _ in 0..COUNT {
        let random = entropy::fresh()?;
        let secret = Secret::from_bytes(&random[..BYTES])?;
        let letters = exposed(secret.expose_base32());
        stored.push(hash(keyring, account, &letters));
        shown.push(grouped(&letters));
    }
    Ok((shown, stored))
}

/// The hash of a code as it was typed: spaces and dashes do not matter, nor case.
/// `None` if it cannot be a code.
pub(super) fn typed(keyring: &Keyring, account: &str, text: &str) -> Option<String> {
    let mut letters = Zeroizing::new(String::with_capacity(16));
    for letter in text.chars().filter(|letter| !matches!(letter, ' ' | '-')) {
        let is_digit = letter.is_ascii_alphabetic() || ('2'..='7').contains(&letter);
        if !is_digit || letters.len() == 16 {
            return None;
        }
        letters.push(letter.to_ascii_uppercase());
    }
    (letters.len() == 16).then(|| hash(keyring, account, &letters))
}

fn hash(keyring: &Keyring, account: &str, letters: &str) -> String {
    let parts = [account.as_bytes(), letters.as_bytes()];
    base16ct::lower::encode_string(&*HostHash::RecoveryCode.of(keyring, &parts))
}

/// In groups of four, as people copy them.
fn grouped(letters: &str) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(19));
    for (at, letter) in letters.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            text.push('-');
        }
        text.push(letter);
    }
    text
}
