//! Checks of the names in a tenant's settings: tenant, sender and host.

use crate::Error;

/// Checks a tenant's name: 1 to 64 ASCII letters, digits, `-`, `_` and `.`.
pub(in crate::service) fn check_name(name: &str) -> Result<(), Error> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if (1..=64).contains(&name.len()) && name.bytes().all(allowed) {
        Ok(())
    } else {
        Err(Error::InvalidName)
    }
}

/// Checks the sender that a tenant's messages show: 1 to 32 bytes without
/// control characters.
pub(in crate::service) fn check_sender(sender: &str) -> Result<(), Error> {
    if !(1..=32).contains(&sender.len()) || sender.chars().any(char::is_control) {
        Err(Error::InvalidName)
    } else {
        Ok(())
    }
}

/// Checks a host name for the origin-bound line: 1 to 253 lower-case letters,
/// digits, hyphens and dots, in labels of 1 to 63 characters (RFC 1123).
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
