//! Who an administrator is at the identity provider.

use axum::response::Response;
use maud::html;

use super::common::{Named, SECTION, path_of};
use crate::admin::{AdministratorInfo, AdministratorOperation as Act, Operation};
use crate::administrators::Identity;
use crate::portal::pages::answers::done;
use crate::portal::pages::fault::{self, Faults};
use crate::portal::pages::parts::{self, Input};
use crate::portal::pages::refused::Refused;
use crate::portal::pages::visit::Visit;
use crate::portal::signin::Form;

pub(super) async fn form(Named { visit, info }: Named) -> Response {
    let setup = visit.portal.state.setup.load_full();
    let provider = setup.identity_provider.as_ref().map(|it| it.issuer());
    let (issuer, subject) = match &info.identity {
        Some(identity) => (identity.issuer.as_str(), identity.subject.as_str()),
        None => (provider.unwrap_or_default(), ""),
    };
    shown(&visit, &info, (issuer, subject), &Faults::default())
}

fn shown(
    visit: &Visit,
    info: &AdministratorInfo,
    (issuer, subject): (&str, &str),
    faults: &Faults,
) -> Response {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let path = path_of(&info.name);
    let issuer = Input {
        value: issuer,
        hint: t("identity.issuer.hint"),
        is_code: true,
        ..Input::new("issuer", t("identity.issuer"))
    };
    let subject = Input {
        value: subject,
        hint: t("identity.subject.hint"),
        is_code: true,
        ..Input::new("subject", t("identity.subject"))
    };
    let body = html! {
        p.lead { (reader.fill("identity.what", &[("name", &parts::name(&info.name))])) }
        form.panel method="post" action=(format!("{path}/identity")) {
            (parts::summary(reader, faults))
            input type="hidden" name="stamp" value=(info.stamp);
            div.fields { (issuer.show(faults)) (subject.show(faults)) }
            p.hint { (t("administrators.ends")) }
            (parts::code(visit, faults))
            p.actions {
                button.main { (t("save")) }
                a.button href=(path) { (t("cancel")) }
            }
        }
    };
    visit.form(SECTION, t("administrators.identity"), &body, faults)
}

pub(super) async fn bind(person: Named, form: Form) -> Response {
    let Named { mut visit, info } = person;
    let path = path_of(&info.name);
    let mut faults = Faults::default();
    let (issuer, subject) = (form.get("issuer").trim(), form.get("subject").trim());
    let identity = (!subject.is_empty()).then(|| Identity {
        issuer: issuer.to_owned(),
        subject: subject.to_owned(),
    });
    if identity == info.identity {
        return done(&path, "saved");
    }
    visit.prove(&form, &mut faults).await;
    if faults.is_empty() {
        let operation = Act::Bind {
            name: info.name.clone(),
            identity,
            stamp: Some(form.get("stamp").to_owned()),
        };
        match visit.ask(Operation::Administrator(operation)).await {
            Ok(_) => return done(&path, "saved"),
            Err(Refused::Failed(failure)) if failure.number == 0 => {
                faults.at("subject", fault::text(visit.reader, &failure));
            }
            Err(refused) => faults.refused(visit.reader, &refused),
        }
    }
    shown(&visit, &info, (issuer, subject), &faults)
}
