//! Answers with pages.

use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderValue, StatusCode, header};
use maud::Markup;

use super::fault::{self, Faults};
use super::layout::{self, Section};
use super::refused::Refused;
use super::visit::Visit;

impl Visit {
    /// The answer to a request whose operation was refused and that has no form to
    /// return to.
    pub(super) fn refused(&self, refused: Refused) -> Response {
        let t = |name| self.reader.t(name);
        match refused {
            Refused::Forbidden => self.stop(
                StatusCode::FORBIDDEN,
                t("stop.forbidden"),
                t("stop.forbidden.advice"),
            ),
            Refused::NotFresh => Redirect::to("/session/prove").into_response(),
            Refused::Failed(failure) => {
                let status = match failure.number {
                    TENANT_MISSING => StatusCode::NOT_FOUND,
                    _ => StatusCode::CONFLICT,
                };
                self.stop(status, t("stop.failed"), fault::text(self.reader, &failure))
            }
        }
    }

    /// A page with a message only.
    pub(super) fn stop(
        &self,
        status: StatusCode,
        title: &str,
        what: impl maud::Render,
    ) -> Response {
        let body = maud::html! {
            p.notice.bad role="alert" { (what) }
            p { a.button href="/" { (self.reader.t("back.overview")) } }
        };
        html(status, layout::page(self, None, title, &body))
    }

    /// A page.
    pub(super) fn page(&self, section: Section, title: &str, body: &Markup) -> Response {
        html(
            StatusCode::OK,
            layout::page(self, Some(section), title, body),
        )
    }

    /// A page with a form, which was refused if anything is wrong with it.
    pub(super) fn form(
        &self,
        section: Section,
        title: &str,
        body: &Markup,
        faults: &Faults,
    ) -> Response {
        if faults.is_forbidden() {
            return self.refused(Refused::Forbidden);
        }
        let status = match faults.is_empty() {
            true => StatusCode::OK,
            false => StatusCode::UNPROCESSABLE_ENTITY,
        };
        html(status, layout::page(self, Some(section), title, body))
    }

    /// The answer to an outcome of another operation.
    pub(super) fn unexpected(&self) -> Response {
        let t = |name| self.reader.t(name);
        self.stop(
            StatusCode::INTERNAL_SERVER_ERROR,
            t("stop.failed"),
            t("stop.unexpected"),
        )
    }
}

/// The number of [`mpass_core::Error::TenantMissing`].
const TENANT_MISSING: u16 = mpass_core::Error::TenantMissing.number();

/// An answer with a page.
fn html(status: StatusCode, page: Markup) -> Response {
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    (status, [(header::CONTENT_TYPE, kind)], page.into_string()).into_response()
}

/// The answer to a form that was performed: the browser gets the page that shows it,
/// with a notice by its name.
pub(super) fn done(page: &str, notice: &str) -> Response {
    let sign = if page.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{page}{sign}done={notice}")).into_response()
}
