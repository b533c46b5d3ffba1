//! Requests that change something come from a page of this portal: the browser
//! states where a request comes from, and no page can change that.

use http::header::{HOST, ORIGIN};
use http::uri::Authority;
use http::{HeaderMap, HeaderName, Uri};

use crate::http::authority::{is_this_machine, only};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a request comes from a page of the origin that it is for. `Sec-Fetch-Site`
/// (Fetch Metadata) and `Origin` (RFC 6454) must both be right if both are there, and
/// one of them is there in every browser of today.
///
/// The host of the request is one of this portal: the listener has checked it.
pub(crate) fn is_same(uri: &Uri, headers: &HeaderMap, has_tls: bool) -> bool {
    let site = headers.contains_key(SEC_FETCH_SITE).then(|| {
        let site = only(headers, &SEC_FETCH_SITE).flatten();
        site == Some("same-origin")
    });
    let origin = headers.contains_key(ORIGIN).then(|| {
        let origin = only(headers, &ORIGIN).flatten();
        origin.is_some_and(|origin| is_own(origin, uri, headers, has_tls))
    });
    match (site, origin) {
        (None, None) => false,
        (site, origin) => site.unwrap_or(true) && origin.unwrap_or(true),
    }
}

/// Whether an origin is that of the request. Behind a proxy that terminates TLS, the
/// browser sees https; plain http is for this machine only.
fn is_own(origin: &str, uri: &Uri, headers: &HeaderMap, has_tls: bool) -> bool {
    let host = match uri.authority() {
        Some(authority) => Some(authority.as_str()),
        None => only(headers, &HOST).flatten(),
    };
    let Some((host, (scheme, of_origin))) = host.zip(origin.split_once("://")) else {
        return false;
    };
    match scheme {
        "https" => is_one(host, of_origin, 443),
        "http" if !has_tls => is_one(host, of_origin, 80) && is_local(of_origin),
        _ => false,
    }
}

fn is_local(authority: &str) -> bool {
    let port = parsed(authority).map(|(_, port)| port.unwrap_or(80));
    port.is_some_and(|port| is_this_machine(authority, port, 80))
}

fn is_one(one: &str, other: &str, default_port: u16) -> bool {
    let both = parsed(one).zip(parsed(other));
    both.is_some_and(|((one, one_port), (other, other_port))| {
        one == other && one_port.unwrap_or(default_port) == other_port.unwrap_or(default_port)
    })
}

/// The host in lower case, and the port.
fn parsed(text: &str) -> Option<(String, Option<u16>)> {
    let authority: Authority = text.parse().ok()?;
    let is_plain = !text.contains('@');
    is_plain.then(|| (authority.host().to_ascii_lowercase(), authority.port_u16()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(host: &str, site: &[&str], origin: &[&str], has_tls: bool) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        for value in site {
            headers.append(SEC_FETCH_SITE, value.parse().unwrap());
        }
        for value in origin {
            headers.append(ORIGIN, value.parse().unwrap());
        }
        is_same(&Uri::from_static("/"), &headers, has_tls)
    }

    #[test]
    fn a_page_of_this_portal() {
        let portal = "portal.example";
        let origin = ["https://portal.example"];
        for has_tls in [true, false] {
            assert!(same(portal, &["same-origin"], &origin, has_tls));
            assert!(same(portal, &["same-origin"], &[], has_tls));
            assert!(same(portal, &[], &origin, has_tls));
            assert!(same("PORTAL.example:443", &[], &origin, has_tls));
        }
        for local in ["127.0.0.1:9092", "localhost:9092", "[::1]:9092"] {
            assert!(same(local, &[], &[&format!("http://{local}")], false));
        }
        let uri = Uri::from_static("https://portal.example/signin");
        let mut headers = HeaderMap::new();
        headers.insert(ORIGIN, origin[0].parse().unwrap());
        assert!(is_same(&uri, &headers, true));
    }

    #[test]
    fn pages_of_others() {
        let portal = "portal.example";
        for (site, origin) in [
            // Neither: not a browser of today.
            (&[][..], &[][..]),
            (&["cross-site"], &[]),
            (&["same-site"], &[]),
            (&["none"], &[]),
            (&[""], &[]),
            (&["same-origin", "cross-site"], &[]),
            // One right, the other wrong.
            (&["cross-site"], &["https://portal.example"]),
            (&["same-origin"], &["https://evil.example"]),
            (&["same-origin"], &["null"]),
            (&[], &["null"]),
            (&[], &["https://evil.example"]),
            (&[], &["https://sub.portal.example"]),
            (&[], &["https://portal.example.evil.example"]),
            (&[], &["https://portal.example:8443"]),
            (&[], &["https://evil.example@portal.example"]),
            (&[], &["https://portal.example", "https://portal.example"]),
            (&[], &["portal.example"]),
            (&[], &["ftp://portal.example"]),
            // Somebody on the way can make a page of http.
            (&[], &["http://portal.example"]),
        ] {
            for has_tls in [true, false] {
                assert!(!same(portal, site, origin, has_tls), "{site:?} {origin:?}");
            }
        }
        // Another service of this machine.
        assert!(!same(
            "127.0.0.1:9092",
            &[],
            &["http://127.0.0.1:8080"],
            false
        ));
        assert!(!same(
            "127.0.0.1:9092",
            &[],
            &["http://localhost:9092"],
            false
        ));
        assert!(!same(
            "127.0.0.1:9092",
            &[],
            &["http://127.0.0.1:9092"],
            true
        ));
    }
}
