//! Another authenticator, or other recovery codes, of whoever is signed in.

use axum::response::Response;
use maud::html;

use super::authenticator::begun;
use crate::admin::{AdministratorOperation as Act, Operation, Outcome, OwnStep};
use crate::administrators::ResetOf;
use crate::portal::pages::enrolled::enrolled;
use crate::portal::pages::fault::{self, Faults};
use crate::portal::pages::layout::Section;
use crate::portal::pages::parts::{self, Input};
use crate::portal::pages::visit::Visit;
use crate::portal::signin::Form;

/// What one replaces oneself. The password has a page of its own.
const CHOICES: [(ResetOf, &str); 2] = [
    (ResetOf::SecondFactor, "reset.second_factor"),
    (ResetOf::RecoveryCodes, "reset.recovery_codes"),
];

pub(super) async fn form(visit: Visit) -> Response {
    shown(&visit, CHOICES[0].0.name(), &Faults::default())
}

fn shown(visit: &Visit, chosen: &str, faults: &Faults) -> Response {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let all = CHOICES.map(|(what, text)| (what.name().to_owned(), t(text).to_owned()));
    let what = Input {
        value: chosen,
        kind: parts::Kind::Choice(&all),
        ..Input::new("what", t("reset.what"))
    };
    let password = Input {
        is_required: true,
        is_code: true,
        kind: parts::Kind::Line("password"),
        autocomplete: "current-password",
        ..Input::new("password", t("password.present"))
    };
    let body = html! {
        p.lead { (t("own.credentials.what")) }
        form.panel method="post" action="/settings/credentials" {
            (parts::summary(reader, faults))
            div.fields { (what.show(faults)) (password.show(faults)) }
            (parts::code(visit, faults))
            p.actions {
                button.main { (t("reset.do")) }
                a.button href="/settings" { (t("cancel")) }
            }
        }
    };
    visit.form(Section::Settings, t("own.credentials"), &body, faults)
}

pub(super) async fn replace(mut visit: Visit, form: Form) -> Response {
    let mut faults = Faults::default();
    let chosen = form.get("what");
    let what = CHOICES.iter().find(|(what, _)| what.name() == chosen);
    if what.is_none() {
        faults.at("what", visit.reader.t("fault.value"));
    }
    let password = form.get("password");
    if faults.is_empty()
        && let Err(refusal) = visit.signed_in.confirm(&visit.portal, password).await
    {
        faults.at("password", fault::refusal(visit.reader, refusal));
    }
    if faults.is_empty() {
        visit.prove(&form, &mut faults).await;
    }
    if let (true, Some((what, _))) = (faults.is_empty(), what) {
        let begins = *what == ResetOf::SecondFactor;
        let step = match begins {
            true => OwnStep::BeginAuthenticator,
            false => OwnStep::RecoveryCodes,
        };
        let operation = Act::Own { step, name: None };
        match visit.ask(Operation::Administrator(operation)).await {
            Ok(Outcome::Enrolled(new)) if begins => return begun(&visit, &new),
            Ok(Outcome::Enrolled(new)) => return enrolled(&visit, Section::Settings, &new),
            Ok(_) => return visit.unexpected(),
            Err(refused) => faults.refused(visit.reader, &refused),
        }
    }
    shown(&visit, chosen, &faults)
}
