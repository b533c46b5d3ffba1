//! Access control of the demo: only this machine, and only from the demo's own
//! pages or outside a browser.
//!
//! A foreign page whose name resolves to this machine (DNS rebinding) has its
//! own name in `Host`; one that sends requests to this machine has its own name
//! in `Origin`.

use core::net::{IpAddr, Ipv6Addr};

use http::header::{HOST, ORIGIN};
use http::uri::Authority;
use http::{HeaderMap, HeaderName, Uri};

/// Whether the demo listening on `port` may answer a request.
pub(super) fn allows(peer: IpAddr, uri: &Uri, headers: &HeaderMap, port: u16) -> bool {
    peer.to_canonical().is_loopback()
        && host_is_local(uri, headers, port)
        && origin_is_local(headers, port)
}

/// Whether the request is for a name that always means this machine.
fn host_is_local(uri: &Uri, headers: &HeaderMap, port: u16) -> bool {
    // In HTTP/2 the name is in the URI; in HTTP/1 it may be there as well.
    let of_uri = uri.authority().map(Authority::as_str);
    let of_header = match only(headers, &HOST) {
        Some(text) => text,
        None if headers.contains_key(HOST) => return false,
        None => None,
    };
    match (of_uri, of_header) {
        (None, None) => false,
        names => [names.0, names.1]
            .into_iter()
            .flatten()
            .all(|authority| is_local(authority, port, 80)),
    }
}

/// Whether the request comes from one of the demo's pages, or not from a page.
fn origin_is_local(headers: &HeaderMap, port: u16) -> bool {
    if !headers.contains_key(ORIGIN) {
        return true;
    }
    let Some(Some(origin)) = only(headers, &ORIGIN) else {
        return false;
    };
    match origin.split_once("://") {
        Some(("http", authority)) => is_local(authority, port, 80),
        Some(("https", authority)) => is_local(authority, port, 443),
        _ => false,
    }
}

/// The text of a header that occurs exactly once.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<Option<&'h str>> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => Some(Some(value.to_str().ok()?)),
        _ => None,
    }
}

/// Whether this is `localhost` or a loopback address, with the demo's port.
fn is_local(authority: &str, port: u16, default_port: u16) -> bool {
    let Ok(authority) = authority.parse::<Authority>() else {
        return false;
    };
    // Refuse user information, as in `localhost@evil.example`.
    if authority.as_str().contains('@') || authority.port_u16().unwrap_or(default_port) != port {
        return false;
    }
    let host = authority.host();
    let in_brackets = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    match in_brackets {
        Some(address) => address
            .parse::<Ipv6Addr>()
            .is_ok_and(|address| address.to_canonical().is_loopback()),
        None => {
            host.eq_ignore_ascii_case("localhost")
                || host
                    .parse::<IpAddr>()
                    .is_ok_and(|address| address.is_loopback())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(peer: &str, host: Option<&str>, origin: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        if let Some(host) = host {
            headers.insert(HOST, host.parse().unwrap());
        }
        if let Some(origin) = origin {
            headers.insert(ORIGIN, origin.parse().unwrap());
        }
        allows(
            peer.parse().unwrap(),
            &Uri::from_static("/"),
            &headers,
            9091,
        )
    }

    #[test]
    fn this_machine_by_its_own_names() {
        for peer in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"] {
            for host in [
                "localhost:9091",
                "LOCALHOST:9091",
                "127.0.0.1:9091",
                "[::1]:9091",
            ] {
                assert!(allowed(peer, Some(host), None), "{peer} {host}");
                let origin = format!("http://{}", host.to_lowercase());
                assert!(allowed(peer, Some(host), Some(&origin)), "{origin}");
            }
        }
    }

    #[test]
    fn other_machines() {
        for peer in [
            "10.0.0.1",
            "192.168.1.2",
            "2001:db8::1",
            "0.0.0.0",
            "::ffff:10.0.0.1",
        ] {
            assert!(!allowed(peer, Some("localhost:9091"), None), "{peer}");
        }
    }

    #[test]
    fn names_of_others() {
        for host in [
            "evil.example:9091",
            "evil.example",
            "localhost.evil.example:9091",
            "127.0.0.1.evil.example:9091",
            "localhost",
            "localhost:80",
            "localhost:9092",
            "localhost.:9091",
            "localhost@evil.example:9091",
            "evil.example@localhost:9091",
            "10.0.0.1:9091",
            "0.0.0.0:9091",
            "[::2]:9091",
            "",
        ] {
            assert!(!allowed("127.0.0.1", Some(host), None), "{host}");
        }
        assert!(!allowed("127.0.0.1", None, None));
    }

    #[test]
    fn pages_of_others() {
        for origin in [
            "http://evil.example",
            "http://evil.example:9091",
            "http://localhost:3000",
            "http://localhost",
            "null",
            "",
            "file://",
            "localhost:9091",
            "chrome-extension://localhost:9091",
        ] {
            assert!(
                !allowed("127.0.0.1", Some("localhost:9091"), Some(origin)),
                "{origin}"
            );
        }
    }

    #[test]
    fn a_repeated_header() {
        for name in [HOST, ORIGIN] {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, "localhost:9091".parse().unwrap());
            headers.append(&name, "http://localhost:9091".parse().unwrap());
            headers.append(&name, "http://localhost:9091".parse().unwrap());
            let peer = "127.0.0.1".parse().unwrap();
            assert!(
                !allows(peer, &Uri::from_static("/"), &headers, 9091),
                "{name}"
            );
        }
    }

    #[test]
    fn the_name_of_http_2() {
        let peer = "127.0.0.1".parse().unwrap();
        let none = HeaderMap::new();
        let uri = |text: &str| text.parse::<Uri>().unwrap();
        assert!(allows(peer, &uri("http://localhost:9091/"), &none, 9091));
        assert!(!allows(
            peer,
            &uri("http://evil.example:9091/"),
            &none,
            9091
        ));
        let mut host = HeaderMap::new();
        host.insert(HOST, "localhost:9091".parse().unwrap());
        assert!(!allows(
            peer,
            &uri("http://evil.example:9091/"),
            &host,
            9091
        ));
    }
}
