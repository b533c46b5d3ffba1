//! The check of a client's redirect URIs.

use crate::Error;
use crate::service::host::{host_of, is_loopback};

/// The most redirect URIs that a client may have.
pub(super) const MOST_REDIRECT_URIS: usize = 8;
/// The longest redirect URI, in bytes.
const LONGEST_REDIRECT_URI: usize = 255;

/// Checks a redirect URI: absolute and without a fragment (RFC 6749 section
/// 3.1.2). `http` is allowed only for a loopback host (RFC 8252 section 7.3),
/// schemes other than `https` only in reverse domain form (section 7.1).
pub(in crate::service) fn check_redirect_uri(uri: &str) -> Result<(), Error> {
    let is_plain = uri.len() <= LONGEST_REDIRECT_URI
        && uri.bytes().all(|byte| byte.is_ascii_graphic())
        && !uri.contains(['#', '"', '<', '>', '\\', '^', '`', '{', '|', '}']);
    let (scheme, rest) = uri.split_once(':').ok_or(Error::InvalidRedirectUri)?;
    let authority = rest
        .strip_prefix("//")
        .and_then(|rest| rest.split(['/', '?']).next())
        .unwrap_or_default();
    let is_allowed = match scheme {
        "https" => !host_of(authority).is_empty() && !authority.contains('@'),
        "http" => is_loopback(authority),
        scheme => {
            scheme.contains('.')
                && scheme.starts_with(|letter: char| letter.is_ascii_lowercase())
                && scheme.bytes().all(|byte| {
                    byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-+".contains(&byte)
                })
        }
    };
    if is_plain && is_allowed {
        Ok(())
    } else {
        Err(Error::InvalidRedirectUri)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirect_uris() {
        for uri in [
            "https://app.example/back?x=1",
            "https://app.example:8443",
            "http://127.0.0.1:3000/back",
            "http://[::1]/back",
            "com.example.app:/back",
        ] {
            assert_eq!(check_redirect_uri(uri), Ok(()), "{uri}");
        }
        for uri in [
            "",
            "/back",
            "https://",
            "https:///back",
            "https://user@app.example/",
            "https://app.example/#x",
            "https://app.example/ x",
            "http://app.example/",
            "http://localhost.example/",
            "javascript:alert(1)",
            "data:text/html,x",
        ] {
            assert_eq!(
                check_redirect_uri(uri),
                Err(Error::InvalidRedirectUri),
                "{uri}"
            );
        }
    }
}
