//! The names in a tenant's settings: its own, its sender's and its host's.

use crate::Error;

/// A name of a tenant: 1 to 64 ASCII letters, digits, `-`, `_` and `.`.
pub(in crate::service) fn check_name(name: &str) -> Result<(), Error> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if (1..=64).contains(&name.len()) && name.bytes().all(allowed) {
        Ok(())
    } else {
        Err(Error::InvalidName)
    }
}

/// The sender that a tenant's messages show: 1 to 32 bytes, no control
/// characters.
pub(in crate::service) fn check_sender(sender: &str) -> Result<(), Error> {
    if !(1..=32).contains(&sender.len()) || sender.chars().any(char::is_control) {
        Err(Error::InvalidName)
    } else {
        Ok(())
    }
}

/// A host name for the origin-bound line: 1 to 253 letters, digits, hyphens
/// and dots, lower case, labels of 1 to 63 (RFC 1123).
pub(in crate::service) fn check_host(host: &str) -> Result<(), Error> {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    if host.len() <= 253 && host.split('.').all(is_label) {
        Ok(())
    } else {
        Err(Error::InvalidHost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        for host in ["", "a..b", "-a.b", "A.b", "a b", "a/b", "a.b "] {
            assert_eq!(check_host(host), Err(Error::InvalidHost), "{host:?}");
        }
        assert!(check_host("login.example.com").is_ok());
    }
}
