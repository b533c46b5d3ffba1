//! New credentials for an administrator.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};

use super::common::SECTION;
use crate::admin::{AdministratorOperation as Act, Operation, Outcome};
use crate::administrators::{Permission, ResetOf};
use crate::portal::pages::enrolled::enrolled;
use crate::portal::pages::refused::Refused;
use crate::portal::pages::visit::Visit;
use crate::portal::signin::Form;

pub(super) async fn reset(visit: Visit, Path(name): Path<String>, form: Form) -> Response {
    if !visit.may(Permission::Administrators) {
        return visit.refused(Refused::Forbidden);
    }
    if name == visit.name() {
        return Redirect::to("/settings/credentials").into_response();
    }
    let what = match form.get("what") {
        "password" => ResetOf::Password,
        "second_factor" => ResetOf::SecondFactor,
        "recovery_codes" => ResetOf::RecoveryCodes,
        _ => ResetOf::All,
    };
    let stamp = Some(form.get("stamp").to_owned());
    match visit
        .ask(Operation::Administrator(Act::Reset { name, what, stamp }))
        .await
    {
        Ok(Outcome::Enrolled(new)) => enrolled(&visit, SECTION, &new),
        Ok(_) => visit.unexpected(),
        Err(refused) => visit.refused(refused),
    }
}
