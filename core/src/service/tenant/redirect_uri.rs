//! The check of a client's redirect URIs.

use crate::Error;
use crate::service::host::web_uri;

/// The most redirect URIs that a client may have.
pub(super) const MOST_REDIRECT_URIS: usize = 8;

/// Checks a redirect URI: absolute and without a fragment (RFC 6749 section
/// 3.1.2). `http` is allowed only for a loopback host (RFC 8252 section 7.3),
/// schemes other than `https` only in reverse domain form and lower case
/// (section 7.1).
pub(in crate::service) fn check_redirect_uri(uri: &str) -> Result<(), Error> {
    let is_allowed = web_uri::parse(uri).is_some_and(|uri| {
        let scheme = uri.scheme().as_str();
        let is_reverse_domain =
            scheme.contains('.') && !scheme.bytes().any(|byte| byte.is_ascii_uppercase());
        web_uri::is_web(uri) || is_reverse_domain
    });
    if is_allowed {
        Ok(())
    } else {
        Err(Error::InvalidRedirectUri)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec::Vec;

    use serde::Deserialize;

    use super::*;
    use crate::service::host::settings::check_issuer;

    #[derive(Deserialize)]
    struct File {
        vectors: Vec<Vector>,
    }

    /// A URI, and whether it is a redirect URI and an issuer.
    #[derive(Deserialize)]
    struct Vector {
        uri: String,
        redirect_uri: bool,
        issuer: bool,
    }

    #[test]
    fn redirect_uris_and_issuers() {
        let file: File = serde_json::from_str(include_str!("web_uris.json")).unwrap();
        assert!(!file.vectors.is_empty());
        for Vector {
            uri,
            redirect_uri,
            issuer,
        } in file.vectors
        {
            let expected = |is_valid, error| if is_valid { Ok(()) } else { Err(error) };
            let expected_uri = expected(redirect_uri, Error::InvalidRedirectUri);
            assert_eq!(check_redirect_uri(&uri), expected_uri, "{uri:?}");
            let expected_issuer = expected(issuer, Error::InvalidIssuer);
            assert_eq!(check_issuer(&uri), expected_issuer, "{uri:?}");
        }
    }

    #[test]
    fn at_most_255_bytes() {
        let uri = |len: usize| alloc::format!("https://app.example/{}", "a".repeat(len - 20));
        assert_eq!(check_redirect_uri(&uri(255)), Ok(()));
        let refused = check_redirect_uri(&uri(256));
        assert_eq!(refused, Err(Error::InvalidRedirectUri));
    }
}
