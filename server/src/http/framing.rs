//! How the length of a request's body is stated in HTTP/1.

use http::header::TRANSFER_ENCODING;
use http::{HeaderMap, StatusCode};

/// The status for a transfer coding other than a single `chunked` (RFC 9112 section
/// 6.1). Another coding is not decoded, and a proxy may read one that is repeated
/// differently.
pub(super) fn refused(headers: &HeaderMap) -> Option<StatusCode> {
    let mut is_chunked = false;
    for value in headers.get_all(TRANSFER_ENCODING) {
        let Ok(value) = value.to_str() else {
            return Some(StatusCode::BAD_REQUEST);
        };
        for coding in value.split(',').map(str::trim) {
            if !coding.eq_ignore_ascii_case("chunked") {
                return Some(StatusCode::NOT_IMPLEMENTED);
            }
            if is_chunked {
                return Some(StatusCode::BAD_REQUEST);
            }
            is_chunked = true;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_chunked_and_nothing_else() {
        for (values, expected) in [
            (&[][..], None),
            (&["chunked"], None),
            (&["Chunked"], None),
            (&["chunked, chunked"], Some(400)),
            (&["chunked", "chunked"], Some(400)),
            (&["gzip, chunked"], Some(501)),
            (&["gzip", "chunked"], Some(501)),
            (&["identity"], Some(501)),
            (&["chunked;a=b"], Some(501)),
            (&[""], Some(501)),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(TRANSFER_ENCODING, value.parse().unwrap());
            }
            let status = refused(&headers).map(|status| status.as_u16());
            assert_eq!(status, expected, "{values:?}");
        }
    }
}
