//! The choice of language, digits and colours. It needs no sign-in.

use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;

use super::language::Language;
use super::reader::{Reader, Theme};
use crate::portal::signin::{Cookie, Form, own_page};

/// How long a browser keeps the choice, in seconds.
const YEAR: u64 = 365 * 24 * 3600;

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/view", post(choose))
}

async fn choose(now: Reader, form: Form) -> Response {
    let reader = Reader {
        language: Language::of_tag(form.get("language")).unwrap_or(now.language),
        theme: Theme::of_name(form.get("theme")).unwrap_or(now.theme),
        has_own_digits: match form.get("digits") {
            "own" => true,
            "latin" => false,
            _ => now.has_own_digits,
        },
    };
    let mut answer = Redirect::to(own_page(form.get("next"))).into_response();
    Cookie::View.set(answer.headers_mut(), &reader.to_cookie(), Some(YEAR));
    answer
}
