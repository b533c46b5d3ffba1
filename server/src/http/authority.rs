//! The name that a request is for: `Host`, or `:authority` in HTTP/2.

use core::net::{IpAddr, Ipv6Addr};

use http::header::HOST;
use http::uri::Authority;
use http::{HeaderMap, HeaderName, Uri, Version};

/// Whether a request is for exactly one valid authority (RFC 9112 section 3.2,
/// RFC 9113 section 8.3.1). HTTP/1.0 has no `Host`.
pub(super) fn is_well_formed(version: Version, uri: &Uri, headers: &HeaderMap) -> bool {
    let name = uri.authority().map(Authority::as_str);
    if !name.is_none_or(|name| is_authority(name.as_bytes())) {
        return false;
    }
    let mut hosts = headers.get_all(HOST).iter();
    let (host, second) = (hosts.next(), hosts.next());
    if second.is_some() {
        return false;
    }
    match host {
        // A server must not act on either if they differ (RFC 9113). In HTTP/1,
        // the URI takes precedence (RFC 9112 section 3.2.2).
        Some(host) if is_authority(host.as_bytes()) => match name {
            Some(name) if version >= Version::HTTP_2 => {
                name.as_bytes().eq_ignore_ascii_case(host.as_bytes())
            }
            _ => true,
        },
        Some(_) => false,
        None if version >= Version::HTTP_2 => name.is_some(),
        None => version <= Version::HTTP_10,
    }
}

/// Whether a text is a host and an optional port (RFC 3986 section 3.2), without
/// user information.
fn is_authority(text: &[u8]) -> bool {
    let Ok(text) = core::str::from_utf8(text) else {
        return false;
    };
    let (host, rest) = match text.find(']') {
        Some(end) => text.split_at(end + 1),
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    is_host(host) && (rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port))
}

/// A name, an IPv4 address, or an IPv6 address in brackets.
fn is_host(host: &str) -> bool {
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&byte);
    // What follows each `%` is a byte in hexadecimal.
    let mut parts = host.split('%');
    let is_name = parts
        .next()
        .is_some_and(|first| first.bytes().all(is_of_name))
        && parts.all(|part| {
            let is_byte = |hex: &[u8]| hex.iter().all(u8::is_ascii_hexdigit);
            let bytes = part.as_bytes();
            bytes
                .split_at_checked(2)
                .is_some_and(|(hex, rest)| is_byte(hex) && rest.iter().copied().all(is_of_name))
        });
    !host.is_empty() && (is_name || (host.starts_with('[') && address(host).is_some()))
}

/// A port, which may be empty.
fn is_port(port: &str) -> bool {
    port.is_empty()
        || (port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok())
}

/// Whether a request is for a name that always means this machine, and for a
/// port.
pub(crate) fn is_for_this_machine(uri: &Uri, headers: &HeaderMap, port: u16) -> bool {
    is_for(uri, headers, |name| is_this_machine(name, port, 80))
}

/// Whether a request is for an address, `localhost` or one of `hosts`, whatever
/// the port. A page whose name resolves to this machine (DNS rebinding) has its
/// own name there.
pub(super) fn is_for_operator(uri: &Uri, headers: &HeaderMap, hosts: &[String]) -> bool {
    is_for(uri, headers, |authority| {
        let Some(authority) = parsed(authority) else {
            return false;
        };
        let host = authority.host();
        address(host).is_some()
            || host.eq_ignore_ascii_case("localhost")
            || hosts.iter().any(|known| host.eq_ignore_ascii_case(known))
    })
}

/// Whether every name of a request is right, of which there is at least one: in
/// HTTP/2 the name is in the URI, in HTTP/1 it may be there as well.
fn is_for(uri: &Uri, headers: &HeaderMap, is_right: impl Fn(&str) -> bool) -> bool {
    let of_uri = uri.authority().map(Authority::as_str);
    let of_header = match only(headers, &HOST) {
        Some(text) => text,
        None if headers.contains_key(HOST) => return false,
        None => None,
    };
    match (of_uri, of_header) {
        (None, None) => false,
        names => [names.0, names.1].into_iter().flatten().all(is_right),
    }
}

/// The text of a header that occurs exactly once.
pub(crate) fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<Option<&'h str>> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => Some(Some(value.to_str().ok()?)),
        _ => None,
    }
}

/// Whether this is `localhost` or a loopback address, with this port.
pub(crate) fn is_this_machine(authority: &str, port: u16, default_port: u16) -> bool {
    let Some(authority) = parsed(authority) else {
        return false;
    };
    let host = authority.host();
    authority.port_u16().unwrap_or(default_port) == port
        && (host.eq_ignore_ascii_case("localhost")
            || address(host).is_some_and(|address| address.to_canonical().is_loopback()))
}

/// An authority without user information, as in `localhost@evil.example`.
fn parsed(text: &str) -> Option<Authority> {
    let authority = text.parse::<Authority>().ok()?;
    (!authority.as_str().contains('@')).then_some(authority)
}

/// The address that a host is, in brackets for IPv6.
fn address(host: &str) -> Option<IpAddr> {
    let in_brackets = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    match in_brackets {
        Some(address) => address.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => host.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(hosts: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(HOST, host.parse().unwrap());
        }
        headers
    }

    /// RFC 9112 section 3.2: a server must answer 400 to a request without
    /// `Host`, with several, or with a malformed one.
    #[test]
    fn one_authority_for_each_request() {
        let path = Uri::from_static("/");
        let full = Uri::from_static("http://a.example/");
        let with_user = Uri::from_static("http://user@a.example/");
        let (old, one, two) = (Version::HTTP_10, Version::HTTP_11, Version::HTTP_2);
        for (version, uri, hosts, expected) in [
            (one, &path, &["a.example"][..], true),
            (one, &path, &["a.example:80"], true),
            (one, &path, &["[::1]:80"], true),
            (one, &path, &[], false),
            (one, &path, &["a.example", "a.example"], false),
            (one, &path, &["a.example", "b.example"], false),
            (one, &path, &[""], false),
            (one, &path, &[":80"], false),
            (one, &path, &["a b"], false),
            (one, &path, &["a,b@c"], false),
            (one, &path, &["a/b"], false),
            (one, &path, &["a.example:"], true),
            (one, &path, &["a.example:65535"], true),
            (one, &path, &["a.example:65536"], false),
            (one, &path, &["a.example:+80"], false),
            (one, &path, &["a.example:80:80"], false),
            (one, &path, &["a.example:http"], false),
            (one, &path, &["a%2Eexample"], true),
            (one, &path, &["a%zzexample"], false),
            (one, &path, &["a.example%2"], false),
            (one, &path, &["[::1]"], true),
            (one, &path, &["[::1"], false),
            (one, &path, &["::1"], false),
            (one, &path, &["[::1]80"], false),
            (one, &path, &["[a.example]"], false),
            (one, &path, &["a[::1]"], false),
            (one, &path, &["[]"], false),
            (one, &with_user, &["a.example"], false),
            (one, &full, &[], false),
            (one, &full, &["b.example"], true),
            (old, &path, &[], true),
            (old, &path, &["a", "a"], false),
            (two, &full, &[], true),
            (two, &full, &["A.example"], true),
            (two, &full, &["b.example"], false),
            (two, &path, &["a.example"], true),
            (two, &path, &[], false),
            // RFC 9113 section 8.3.1: no user information.
            (two, &with_user, &[], false),
        ] {
            let is_taken = is_well_formed(version, uri, &headers(hosts));
            assert_eq!(is_taken, expected, "{version:?} {uri} {hosts:?}");
        }
    }

    #[test]
    fn names_of_the_operator() {
        let known = ["metrics.example".to_owned()];
        let path = Uri::from_static("/");
        for (host, expected) in [
            ("127.0.0.1:9091", true),
            ("10.0.0.1", true),
            ("[2001:db8::1]:9091", true),
            ("localhost", true),
            ("Metrics.example:9091", true),
            ("evil.example", false),
            ("10.0.0.1.evil.example", false),
            ("metrics.example.evil.example", false),
            ("10.0.0.1@evil.example", false),
            ("evil.example@10.0.0.1", false),
        ] {
            assert_eq!(
                is_for_operator(&path, &headers(&[host]), &known),
                expected,
                "{host}"
            );
        }
        assert!(!is_for_operator(&path, &headers(&[]), &known));
        assert!(!is_for_operator(&path, &headers(&["10.0.0.1"; 2]), &known));
        let evil = Uri::from_static("http://evil.example/");
        assert!(!is_for_operator(&evil, &headers(&["10.0.0.1"]), &known));
    }
}
