//! One request of a page: who asks, in which language, and what the server answers.

use core::fmt::Display;

use axum::extract::FromRequestParts;
use axum::response::Response;
use http::request::Parts;

use super::fault::{self, Faults};
use super::reader::Reader;
use super::refused::{CODE, Refused};
use crate::admin::{Operation, Outcome, running};
use crate::administrators::Permission;
use crate::portal::Portal;
use crate::portal::signin::{Form, SignedIn};

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
                Err(refusal) => faults.at(CODE, fault::refusal(self.reader, refusal)),
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
}
