//! Addresses in a header that proxies add to.

use core::net::IpAddr;

use http::{HeaderMap, HeaderName, header};

use super::address::address;
use super::forwarded;

/// The address that the proxy `hops` hops away has seen: it is counted from the end,
/// because a caller can put anything at the front. `None` if there is none, or it is
/// malformed, unknown or obfuscated.
pub(super) fn caller(headers: &HeaderMap, name: &HeaderName, hops: u8) -> Option<IpAddr> {
    let hop = usize::from(hops).checked_sub(1)?;
    let values = headers.get_all(name).iter();
    let values: Vec<&str> = values
        .map(|value| value.to_str().ok())
        .collect::<Option<_>>()?;
    if *name == header::FORWARDED {
        return forwarded::addresses(&values)?.into_iter().rev().nth(hop)?;
    }
    let all = values.iter().rev();
    let text = all.flat_map(|value| value.rsplit(',')).nth(hop)?;
    address(text.trim_matches([' ', '\t']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &HeaderName, values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn the_address_is_counted_from_the_end() {
        let name = HeaderName::from_static("x-forwarded-for");
        let of = |values: &[&str], hops| {
            let caller = caller(&headers(&name, values), &name, hops);
            caller.map(|address| address.to_string())
        };
        let is = |text: &str| Some(text.to_owned());
        assert_eq!(of(&["203.0.113.7"], 1), is("203.0.113.7"));
        assert_eq!(of(&["6.6.6.6, 203.0.113.7"], 1), is("203.0.113.7"));
        assert_eq!(of(&["6.6.6.6", "203.0.113.7"], 1), is("203.0.113.7"));
        assert_eq!(
            of(&["6.6.6.6,203.0.113.7 , 10.0.0.1"], 2),
            is("203.0.113.7")
        );
        assert_eq!(
            of(&["6.6.6.6,203.0.113.7", "10.0.0.1"], 2),
            is("203.0.113.7")
        );
        assert_eq!(of(&["2001:db8::7"], 1), is("2001:db8::7"));
        assert_eq!(of(&["[2001:db8::7]"], 1), is("2001:db8::7"));
        assert_eq!(of(&["[2001:db8::7]:443"], 1), is("2001:db8::7"));
        assert_eq!(of(&["203.0.113.7:443"], 1), is("203.0.113.7"));
        assert_eq!(of(&["::ffff:203.0.113.7"], 1), is("203.0.113.7"));
        for (values, hops) in [
            (&[][..], 1),
            (&["203.0.113.7"], 2),
            (&["203.0.113.7,"], 1),
            (&["203.0.113.7, unknown"], 1),
            (&["203.0.113.007"], 1),
            (&["203.0.113"], 1),
            (&["[203.0.113.7]"], 1),
            (&["fe80::1%eth0"], 1),
            (&["203.0.113.7:x"], 1),
            (&["203.0.113.7;"], 1),
        ] {
            assert_eq!(of(values, hops), None, "{values:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_no_address() {
        let name = HeaderName::from_static("x-forwarded-for");
        let mut headers = headers(&name, &["203.0.113.7"]);
        let value = http::HeaderValue::from_bytes(b"\xff").unwrap();
        headers.insert(&name, value);
        assert_eq!(caller(&headers, &name, 1), None);
    }
}
