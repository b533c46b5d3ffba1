//! Forms: of one media type, of a bounded length, each field once.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use http_body_util::{BodyExt, Limited};
use zeroize::{Zeroize, Zeroizing};

use crate::http::authority::only;

/// The longest form, in bytes.
const LONGEST: usize = 16 * 1024;
/// The most fields.
const MOST: usize = 100;
const MEDIA_TYPE: &str = "application/x-www-form-urlencoded";

/// The fields of a form that a page of this portal sent: the guard around all pages
/// has checked where it comes from. Its values are wiped when it is dropped.
pub(crate) struct Form(Vec<(String, Zeroizing<String>)>);

impl core::fmt::Debug for Form {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Form").finish_non_exhaustive()
    }
}

impl Form {
    /// The value of a field; empty if it is absent.
    pub(crate) fn get(&self, name: &str) -> &str {
        let field = self.0.iter().find(|(known, _)| known == name);
        field.map_or("", |(_, value)| value)
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let mut fields: Vec<(String, Zeroizing<String>)> = Vec::new();
        for (name, value) in form_urlencoded::parse(text) {
            let is_new = fields.iter().all(|(known, _)| *known != name);
            if !is_new || fields.len() == MOST {
                return None;
            }
            fields.push((name.into_owned(), Zeroizing::new(value.into_owned())));
        }
        Some(Self(fields))
    }
}

/// Another media type can be sent without the browser asking first, and is nothing
/// that a form of a page sends.
fn is_form(headers: &HeaderMap) -> bool {
    let value = only(headers, &CONTENT_TYPE).flatten();
    let essence = value.and_then(|value| value.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case(MEDIA_TYPE))
}

impl<S: Sync> FromRequest<S> for Form {
    type Rejection = StatusCode;

    async fn from_request(request: Request<Body>, _: &S) -> Result<Self, StatusCode> {
        if !is_form(request.headers()) {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
        let read = Limited::new(request.into_body(), LONGEST).collect().await;
        let read = read.map_err(
            |error| match error.is::<http_body_util::LengthLimitError>() {
                true => StatusCode::PAYLOAD_TOO_LARGE,
                false => StatusCode::BAD_REQUEST,
            },
        )?;
        let mut bytes = Vec::from(read.to_bytes());
        let form = Self::parse(&bytes);
        bytes.zeroize();
        form.ok_or(StatusCode::BAD_REQUEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(media_type: &str, body: &str) -> Result<Form, u16> {
        let request = Request::post("/").header(CONTENT_TYPE, media_type);
        let request = request.body(Body::from(body.to_owned())).unwrap();
        Form::from_request(request, &())
            .await
            .map_err(|it| it.as_u16())
    }

    #[tokio::test]
    async fn fields_once_each_of_bounded_length() {
        for media_type in [
            MEDIA_TYPE,
            "Application/X-WWW-Form-Urlencoded; charset=utf-8",
        ] {
            let form = read(media_type, "a=1&b=%C3%A9+x&c").await.unwrap();
            assert_eq!(
                ["a", "b", "c", "d"].map(|name| form.get(name)),
                ["1", "é x", "", ""]
            );
        }
        for media_type in ["text/plain", "multipart/form-data", "application/json", ""] {
            assert_eq!(read(media_type, "a=1").await.unwrap_err(), 415);
        }
        let most = "a".repeat(LONGEST);
        assert!(read(MEDIA_TYPE, &most).await.is_ok());
        assert_eq!(
            read(MEDIA_TYPE, &format!("{most}a")).await.unwrap_err(),
            413
        );
        assert_eq!(read(MEDIA_TYPE, "a=1&b=2&a=1").await.unwrap_err(), 400);
        let many: String = (0..=MOST).map(|n| format!("{n}=&")).collect();
        assert_eq!(read(MEDIA_TYPE, &many).await.unwrap_err(), 400);
    }
}
