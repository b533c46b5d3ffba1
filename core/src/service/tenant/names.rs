//! Checks of the names in a tenant's settings: tenant, sender and host.

use crate::Error;
use crate::host_name::is_host_name;
use crate::service::message::{is_invisible, is_shown};

/// Checks a tenant's name: 1 to 64 ASCII letters, digits, `-`, `_` and `.`.
pub(in crate::service) fn check_name(name: &str) -> Result<(), Error> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if (1..=64).contains(&name.len()) && name.bytes().all(allowed) {
        Ok(())
    } else {
        Err(Error::InvalidName)
    }
}

/// Checks the sender that a tenant's messages show: 1 to 32 bytes of what a text
/// may have, without other white space than spaces, which are not at its ends,
/// and not like the beginning of an origin-bound line, where a template may put
/// it.
pub(in crate::service) fn check_sender(sender: &str) -> Result<(), Error> {
    let allowed = |letter: char| letter == ' ' || is_shown(letter) && !letter.is_whitespace();
    let is_blank = |letter: char| letter == ' ' || is_invisible(letter);
    if !(1..=32).contains(&sender.len())
        || !sender.chars().all(allowed)
        || sender.starts_with(is_blank)
        || sender.ends_with(is_blank)
        || sender.starts_with('@')
    {
        Err(Error::InvalidName)
    } else {
        Ok(())
    }
}

/// Checks a host name for the origin-bound line; see [`is_host_name`].
pub(in crate::service) fn check_host(host: &str) -> Result<(), Error> {
    if is_host_name(host) {
        Ok(())
    } else {
        Err(Error::InvalidHost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders() {
        for sender in [
            "ACME",
            "Cool App",
            "+966500000000",
            "12345",
            "AT&T",
            "بنك",
            "خانه\u{200c}ها",
            "हिन्दी",
            "a@shop.example",
            &"a".repeat(32),
        ] {
            assert_eq!(check_sender(sender), Ok(()), "{sender:?}");
        }
        for sender in [
            "",
            " ",
            "   ",
            " ACME",
            "ACME ",
            "AC\nME",
            "AC\tME",
            "AC\u{a0}ME",
            "ACME\u{202e}",
            "\u{2066}ACME\u{2069}",
            "\u{200f}",
            "ACME\u{200f}",
            "AC\u{2028}ME",
            "AC\u{e000}ME",
            "@shop.example",
            &"a".repeat(33),
        ] {
            assert_eq!(check_sender(sender), Err(Error::InvalidName), "{sender:?}");
        }
    }
}
