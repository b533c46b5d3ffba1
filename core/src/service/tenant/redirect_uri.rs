//! The check of a client's redirect URIs.

use crate::Error;
use crate::service::host::web_uri::{self, UriFault};

/// The most redirect URIs that a client may have.
pub(super) const MOST_REDIRECT_URIS: usize = 8;

/// Checks a redirect URI: absolute and without a fragment (RFC 6749 section
/// 3.1.2). `http` is allowed only for a loopback host (RFC 8252 section 7.3),
/// schemes other than `https` only in reverse domain form and lower case
/// (section 7.1).
///
/// # Errors
/// The reason, without the URI.
pub(in crate::service) fn check_redirect_uri(uri: &str) -> Result<(), Error> {
    let uri = web_uri::parse(uri).map_err(|fault| match fault {
        UriFault::Malformed => Error::InvalidRedirectUri,
        UriFault::Relative => Error::RelativeRedirectUri,
        UriFault::Fragment => Error::RedirectUriFragment,
        UriFault::UserInfo => Error::RedirectUriUserInfo,
        UriFault::Port => Error::RedirectUriPort,
    })?;
    let scheme = uri.scheme().as_str();
    let is_lower_case = !scheme.bytes().any(|byte| byte.is_ascii_uppercase());
    match scheme {
        _ if web_uri::is_web(uri) => Ok(()),
        "https" => Err(Error::InvalidRedirectUri),
        "http" => Err(Error::RedirectUriHttp),
        scheme if is_lower_case && scheme.contains('.') => Ok(()),
        _ => Err(Error::RedirectUriScheme),
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
            assert_eq!(check_redirect_uri(&uri).is_ok(), redirect_uri, "{uri:?}");
            let expected_issuer = expected(issuer, Error::InvalidIssuer);
            assert_eq!(check_issuer(&uri), expected_issuer, "{uri:?}");
        }
    }

    /// RFC 6749 section 3.1.2, RFC 8252 sections 7.1 and 7.3.
    #[test]
    fn the_error_is_the_reason() {
        for (uri, error) in [
            ("app.example/back", Error::RelativeRedirectUri),
            ("//app.example/back", Error::RelativeRedirectUri),
            ("https://app.example/#back", Error::RedirectUriFragment),
            ("com.example.app:/back#", Error::RedirectUriFragment),
            ("https://user:x@app.example/", Error::RedirectUriUserInfo),
            ("http://user@localhost/", Error::RedirectUriUserInfo),
            ("https://app.example:99999/", Error::RedirectUriPort),
            ("https://app.example:/", Error::RedirectUriPort),
            ("http://app.example/", Error::RedirectUriHttp),
            ("http://localhost.example/", Error::RedirectUriHttp),
            ("http://127.0.0.2/", Error::RedirectUriHttp),
            ("HTTPS://app.example/", Error::RedirectUriScheme),
            ("Http://localhost/", Error::RedirectUriScheme),
            ("com.example.App:/back", Error::RedirectUriScheme),
            ("myapp:/back", Error::RedirectUriScheme),
            ("javascript:back", Error::RedirectUriScheme),
            ("https:///back", Error::InvalidRedirectUri),
            ("https://127.1/back", Error::InvalidRedirectUri),
            ("https://app.example/ back", Error::InvalidRedirectUri),
        ] {
            assert_eq!(check_redirect_uri(uri), Err(error), "{uri}");
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
