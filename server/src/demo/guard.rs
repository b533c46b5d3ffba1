//! Access control of the demo: only this machine, and only from the demo's own
//! pages or outside a browser.
//!
//! A foreign page whose name resolves to this machine (DNS rebinding) has its
//! own name in `Host`; one that sends requests to this machine has its own name
//! in `Origin`.

use core::net::IpAddr;

use http::header::ORIGIN;
use http::{HeaderMap, Uri};

use crate::http::authority::{is_for_this_machine, is_this_machine, only};

/// Whether the demo listening on `port` may answer a request.
pub(super) fn allows(peer: IpAddr, uri: &Uri, headers: &HeaderMap, port: u16) -> bool {
    peer.to_canonical().is_loopback()
        && is_for_this_machine(uri, headers, port)
        && origin_is_local(headers, port)
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
        Some(("http", authority)) => is_this_machine(authority, port, 80),
        Some(("https", authority)) => is_this_machine(authority, port, 443),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use http::header::HOST;

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
