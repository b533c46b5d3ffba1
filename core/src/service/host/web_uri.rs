//! The parts of a URI that a redirect URI and an issuer have in common.

use core::net::{Ipv4Addr, Ipv6Addr};

use fluent_uri::component::{Authority, Host};
use fluent_uri::{Uri, UriRef};

/// The longest URI in a setting, in bytes.
const LONGEST: usize = 255;

/// Why a URI is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::service) enum UriFault {
    /// It is not a URI, or too long.
    Malformed,
    /// It has no scheme.
    Relative,
    Fragment,
    UserInfo,
    /// Its port is empty or past 65535.
    Port,
}

/// Parses an absolute URI (RFC 3986 section 3) of at most 255 bytes without
/// user information and fragment, and with a port from 0 to 65535 if it has
/// one. The text is not normalised: dot segments, the case of the host and
/// percent-encoding stay as they are.
pub(in crate::service) fn parse(text: &str) -> Result<Uri<&str>, UriFault> {
    if text.len() > LONGEST {
        return Err(UriFault::Malformed);
    }
    let uri = Uri::parse(text).map_err(|_| match UriRef::parse(text) {
        Ok(_) => UriFault::Relative,
        Err(_) => UriFault::Malformed,
    })?;
    if uri.has_fragment() {
        return Err(UriFault::Fragment);
    }
    if let Some(authority) = uri.authority() {
        if authority.has_userinfo() {
            return Err(UriFault::UserInfo);
        }
        let is_empty = authority.port().is_some_and(|port| port.is_empty());
        if is_empty || authority.port_to_u16().is_err() {
            return Err(UriFault::Port);
        }
    }
    Ok(uri)
}

/// Whether a URI is `https` with a host that can be connected to, or `http`
/// with a loopback host. The scheme must be in lower case.
pub(in crate::service) fn is_web(uri: Uri<&str>) -> bool {
    let Some(authority) = uri.authority() else {
        return false;
    };
    match uri.scheme().as_str() {
        "https" => is_host(authority),
        "http" => is_loopback(authority),
        _ => false,
    }
}

/// Whether the host is an IP address or the name of a host.
fn is_host(authority: Authority<'_>) -> bool {
    match authority.host_parsed() {
        Host::Ipv4(_) | Host::Ipv6(_) => true,
        Host::RegName(name) => is_name(name.as_str()),
        _ => false,
    }
}

/// Whether a text is the name of a host: labels of 1 to 63 letters, digits,
/// hyphens and underscores. The last label must not be a number, which browsers
/// would read as a part of an IPv4 address.
fn is_name(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let last = name.rsplit('.').next().unwrap_or_default();
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit())
        || last.starts_with("0x")
        || last.starts_with("0X");
    name.split('.').all(is_label) && !is_number
}

/// Whether the host is a loopback host (RFC 8252 section 7.3).
fn is_loopback(authority: Authority<'_>) -> bool {
    match authority.host_parsed() {
        Host::Ipv4(address) => address == Ipv4Addr::LOCALHOST,
        Host::Ipv6(address) => address == Ipv6Addr::LOCALHOST,
        Host::RegName(name) => name.as_str() == "localhost",
        _ => false,
    }
}
