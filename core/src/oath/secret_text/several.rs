//! Texts with more than one secret.

use super::lines::Line;
use crate::oath::{Place, Secret};

/// The characters of a line at which base32 of coreutils and `xxd -p` wrap.
const WRAPPED: [usize; 2] = [76, 60];

/// The characters of an emergency code of google-authenticator.
const EMERGENCY_CODE: usize = 8;

/// The second secret of a text: a secret on a line of its own after another one,
/// or a line of eight digits where another line is longer, which is not a wrapped
/// secret's but an emergency code.
pub(super) fn second(text: &str) -> Option<Place> {
    let longest = Line::all(text).map(|line| line.text.len()).max()?;
    let code = Line::all(text).find(|line| {
        let digits = line.text.bytes().all(|byte| byte.is_ascii_digit());
        digits && line.text.len() == EMERGENCY_CODE && longest > EMERGENCY_CODE
    });
    let mut secrets = Line::all(text).filter(|line| {
        let is_wrapped = WRAPPED.contains(&line.text.chars().count());
        !is_wrapped && is_strong(line.text)
    });
    let place = |line: Line<'_>| line.place;
    code.or_else(|| secrets.nth(1)).map(place)
}

/// Whether a text is a secret of the 128 bits of RFC 4226 section 4.
pub(super) fn is_strong(text: &str) -> bool {
    let secret = Secret::from_hex(text).or_else(|_| Secret::from_base32(text));
    secret.is_ok_and(|secret| secret.len() >= 16)
}
