//! One request of a page: who asks, in which language, and what the server answers.

use core::fmt::Display;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Redirect, Response};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use maud::Markup;

use super::fault::Faults;
use super::layout::{self, Section};
use super::reader::Reader;
use crate::admin::{Failure, Operation, Outcome, running};
use crate::administrators::Permission;
use crate::portal::Portal;
use crate::portal::signin::{Form, SignedIn};

/// The name of the field for a fresh second factor.
pub(super) const CODE: &str = "code";

/// A request of somebody who is signed in.
pub(crate) struct Visit {
    pub(super) portal: Portal,
    pub(super) signed_in: SignedIn,
    pub(super) reader: Reader,
    /// Whether the second factor was proved by this request.
    has_proved: bool,
}

impl FromRequestParts<Portal> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Response> {
        let signed_in = SignedIn::from_request_parts(parts, portal).await?;
        Ok(Self {
            portal: portal.clone(),
            signed_in,
            reader: Reader::of_request(&parts.headers),
            has_proved: false,
        })
    }
}

/// Why an operation was not performed.
pub(super) enum Refused {
    /// The role may not.
    Forbidden,
    /// It needs a fresh second factor.
    NotFresh,
    /// It failed.
    Failed(Failure),
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl Visit {
    /// The name of who asks.
    pub(super) fn name(&self) -> &str {
        &self.signed_in.account.name
    }

    /// Whether the role has a permission.
    pub(super) fn may(&self, permission: Permission) -> bool {
        self.signed_in.require(permission).is_ok()
    }

    /// Whether the second factor was proved a short time ago.
    pub(super) fn is_fresh(&self) -> bool {
        self.has_proved || self.signed_in.session.is_fresh()
    }

    /// Proves the second factor with the code of a form, if it is not fresh. A code that
    /// is wrong or absent is a fault of its field.
    pub(super) async fn prove(&mut self, form: &Form, faults: &mut Faults) {
        if self.is_fresh() {
            return;
        }
        match form.get(CODE).trim() {
            "" => faults.at(CODE, self.reader.t("fault.code.missing")),
            code => match self.signed_in.prove(&self.portal, code).await {
                Ok(()) => self.has_proved = true,
                Err(refusal) => faults.at(CODE, layout::refusal(self.reader, refusal)),
            },
        }
    }

    /// Performs an operation, if the role may, and the second factor is fresh where it
    /// has to be.
    ///
    /// # Errors
    /// [`Refused`].
    pub(super) async fn ask(&self, operation: Operation) -> Result<Outcome, Refused> {
        if !self.may(operation.permission()) {
            return Err(Refused::Forbidden);
        }
        if operation.needs_fresh_factor() && !self.is_fresh() {
            return Err(Refused::NotFresh);
        }
        let Portal { state, reloader } = &self.portal;
        let actor = self.signed_in.actor();
        let by: &(dyn Display + Sync) = &self.name();
        Ok(running::perform(state, reloader, &actor, &by, operation).await?)
    }

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
                self.stop(
                    status,
                    t("stop.failed"),
                    super::fault::text(self.reader, &failure),
                )
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

    /// A form that was refused.
    pub(super) fn again(&self, section: Section, title: &str, body: &Markup) -> Response {
        html(
            StatusCode::UNPROCESSABLE_ENTITY,
            layout::page(self, Some(section), title, body),
        )
    }
}

/// The number of [`mpass_core::Error::TenantMissing`].
const TENANT_MISSING: u16 = mpass_core::Error::TenantMissing.number();

/// An answer with a page.
pub(super) fn html(status: StatusCode, page: Markup) -> Response {
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    (status, [(header::CONTENT_TYPE, kind)], page.into_string()).into_response()
}

/// The answer to a form that was performed: the browser gets the page that shows it,
/// with a notice by its name.
pub(super) fn done(page: &str, notice: &str) -> Response {
    let sign = if page.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{page}{sign}done={notice}")).into_response()
}
