//! Checks of the names in a tenant's settings: tenant, sender and host.

use crate::Error;
use crate::host_name::is_host_name;

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

/// Checks a host name for the origin-bound line; see [`is_host_name`].
pub(in crate::service) fn check_host(host: &str) -> Result<(), Error> {
    if is_host_name(host) {
        Ok(())
    } else {
        Err(Error::InvalidHost)
    }
}
