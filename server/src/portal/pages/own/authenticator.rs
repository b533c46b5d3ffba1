//! Another authenticator of whoever is signed in: its QR code, and its first code, which
//! puts it in the place of the old one.

use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

use crate::admin::{
    AdministratorOperation as Act, Cause, NewCredentials, Operation, Outcome, OwnStep,
};
use crate::portal::pages::enrolled::{authenticator, enrolled};
use crate::portal::pages::fault::Faults;
use crate::portal::pages::layout::Section;
use crate::portal::pages::parts::{self, Input};
use crate::portal::pages::refused::Refused;
use crate::portal::pages::visit::Visit;
use crate::portal::signin::Form;

/// The field of its code, beside that of a fresh code of the old one.
const NEW_CODE: &str = "new_code";
const BEGIN: &str = "/settings/credentials";

/// A new authenticator that was begun just now.
pub(super) fn begun(visit: &Visit, new: &NewCredentials) -> Response {
    shown(visit, Some(new), &Faults::default())
}

/// There is nothing to read again: its key is shown once.
pub(super) async fn begin() -> Response {
    Redirect::to(BEGIN).into_response()
}

fn shown(visit: &Visit, new: Option<&NewCredentials>, faults: &Faults) -> Response {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let code = Input {
        is_required: true,
        is_code: true,
        autocomplete: "one-time-code",
        ..Input::new(NEW_CODE, t("own.authenticator.code"))
    };
    let body = html! {
        p.lead { (t("own.authenticator.what")) }
        form.panel method="post" action="/settings/authenticator" {
            (parts::summary(reader, faults))
            @if let Some(uri) = new.and_then(|new| new.totp_uri.as_ref()) {
                (authenticator(reader, uri))
            }
            div.fields { (code.show(faults)) }
            (parts::code(visit, faults))
            p.hint { (t("password.ends")) }
            p.actions {
                button.main { (t("own.authenticator.do")) }
                a.button href=(BEGIN) { (t("own.authenticator.again")) }
                a.button href="/settings" { (t("cancel")) }
            }
        }
    };
    visit.form(Section::Settings, t("own.authenticator"), &body, faults)
}

/// Compares its first code.
pub(super) async fn confirm(mut visit: Visit, form: Form) -> Response {
    let mut faults = Faults::default();
    let code: String = form.get(NEW_CODE).split_whitespace().collect();
    if code.is_empty() {
        faults.at(NEW_CODE, visit.reader.t("fault.code.missing"));
    }
    visit.prove(&form, &mut faults).await;
    if faults.is_empty() {
        let operation = Act::Own {
            step: OwnStep::ConfirmAuthenticator { code },
            name: None,
        };
        match visit.ask(Operation::Administrator(operation)).await {
            Ok(Outcome::Enrolled(new)) => return enrolled(&visit, Section::Settings, &new),
            Ok(_) => return visit.unexpected(),
            Err(Refused::Failed(failure)) => match failure.cause {
                Cause::Missing => faults.whole(visit.reader.t("own.authenticator.over")),
                Cause::Refused if failure.number == 0 => {
                    faults.at(NEW_CODE, visit.reader.t("own.authenticator.wrong"));
                }
                _ => faults.refused(visit.reader, &Refused::Failed(failure)),
            },
            Err(refused) => faults.refused(visit.reader, &refused),
        }
    }
    shown(&visit, None, &faults)
}
