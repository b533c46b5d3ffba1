//! `Forwarded` of RFC 7239, read strictly: a proxy quotes what its caller sent, so that
//! a reader who splits at commas would take an address from within a quoted text.

use core::net::IpAddr;

use super::address::address;

/// The addresses of `for` in each element, in their order; `None` in place of one that
/// is absent, unknown or obfuscated. `None` for all if any element is malformed.
pub(super) fn addresses(values: &[&str]) -> Option<Vec<Option<IpAddr>>> {
    let mut all = Vec::new();
    for value in values {
        let mut reader = Reader {
            rest: value.as_bytes(),
        };
        loop {
            all.push(reader.element()?);
            if reader.rest.is_empty() {
                break;
            }
            reader.take(b',').then_some(())?;
        }
    }
    Some(all)
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Pairs that are separated by semicolons, up to a comma or the end.
    fn element(&mut self) -> Option<Option<IpAddr>> {
        let (mut found, mut has_for) = (None, false);
        self.skip_spaces();
        loop {
            let name = self.token()?;
            self.take(b'=').then_some(())?;
            let value = match self.rest.first() {
                Some(b'"') => self.quoted()?,
                _ => self.token()?.to_vec(),
            };
            if name.eq_ignore_ascii_case(b"for") {
                // A second one would be a matter of taste.
                if core::mem::replace(&mut has_for, true) {
                    return None;
                }
                found = str::from_utf8(&value).ok().and_then(address);
            }
            self.skip_spaces();
            if !self.take(b';') {
                return Some(found);
            }
        }
    }

    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }

    fn take(&mut self, byte: u8) -> bool {
        match self.rest.split_first() {
            Some((first, rest)) if *first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    fn token(&mut self) -> Option<&'a [u8]> {
        let is_of_token =
            |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
        let end = self.rest.iter().position(|byte| !is_of_token(byte));
        let (token, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        (!token.is_empty()).then_some(token)
    }

    fn quoted(&mut self) -> Option<Vec<u8>> {
        let mut bytes = self.rest.strip_prefix(b"\"")?.iter();
        let mut text = Vec::new();
        loop {
            match *bytes.next()? {
                b'"' => break,
                b'\\' => text.push(*bytes.next()?),
                byte => text.push(byte),
            }
        }
        self.rest = bytes.as_slice();
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(values: &[&str]) -> Option<Vec<Option<String>>> {
        let all = addresses(values)?.into_iter();
        Some(
            all.map(|found| found.map(|address| address.to_string()))
                .collect(),
        )
    }

    fn is(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    /// The examples of RFC 7239 sections 4, 6 and 7.1.
    #[test]
    fn examples() {
        assert_eq!(texts(&["for=\"_gazonk\""]), Some(vec![None]));
        assert_eq!(
            texts(&["For=\"[2001:db8:cafe::17]:4711\""]),
            Some(vec![is("2001:db8:cafe::17")])
        );
        assert_eq!(
            texts(&["for=192.0.2.60;proto=http;by=203.0.113.43"]),
            Some(vec![is("192.0.2.60")])
        );
        assert_eq!(
            texts(&["for=192.0.2.43, for=198.51.100.17"]),
            Some(vec![is("192.0.2.43"), is("198.51.100.17")])
        );
        assert_eq!(
            texts(&["for=192.0.2.43", "for=\"[2001:db8:cafe::17]\""]),
            Some(vec![is("192.0.2.43"), is("2001:db8:cafe::17")])
        );
        assert_eq!(
            texts(&["for=_hidden, for=_SEVKISEK, for=unknown"]),
            Some(vec![None, None, None])
        );
        assert_eq!(texts(&["by=203.0.113.43"]), Some(vec![None]));
        assert_eq!(
            texts(&["for=\"192.0.2.43:47011\""]),
            Some(vec![is("192.0.2.43")])
        );
    }

    #[test]
    fn what_a_caller_sent_does_not_become_an_address() {
        // A host that the caller chose, as a proxy quotes it.
        assert_eq!(
            texts(&["for=192.0.2.60;host=\"a, for=6.6.6.6\""]),
            Some(vec![is("192.0.2.60")])
        );
        assert_eq!(
            texts(&["for=192.0.2.60;host=\"a\\\", for=6.6.6.6\""]),
            Some(vec![is("192.0.2.60")])
        );
        // A quote that the caller has opened swallows what the proxy adds.
        assert_eq!(texts(&["for=\"x, for=192.0.2.60"]), None);
        for malformed in [
            "",
            ",",
            "for",
            "for=",
            "for=192.0.2.60,",
            "for=192.0.2.60;",
            "for =192.0.2.60",
            "for=192.0.2.60 for=6.6.6.6",
            "for=192.0.2.60;for=6.6.6.6",
            "for=[2001:db8::1]",
            "for=\"192.0.2.60",
            "192.0.2.60",
        ] {
            assert_eq!(texts(&[malformed]), None, "{malformed}");
        }
    }
}
