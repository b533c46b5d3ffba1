//! The form of a new API token.

use axum::response::Response;
use maud::{Markup, html};

use crate::admin::{NewToken, Operation, Outcome, TokenOperation};
use crate::administrators::Permission;
use crate::portal::pages::fault::Faults;
use crate::portal::pages::layout::Section;
use crate::portal::pages::parts::{self, Input};
use crate::portal::pages::visit::Visit;
use crate::portal::signin::Form;
use crate::setting_text;

pub(super) async fn form(visit: Visit) -> Response {
    creation(&visit, None, &Faults::default())
}

fn creation(visit: &Visit, typed: Option<&Form>, faults: &Faults) -> Response {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let value = |name: &str| typed.map_or("", |form| form.get(name));
    let name = Input {
        value: value("name"),
        hint: t("tokens.name.hint"),
        is_required: true,
        ..Input::new("name", t("tokens.name"))
    };
    let life = Input {
        value: typed.map_or("90d", |form| form.get("life")),
        hint: t("tokens.life.hint"),
        is_required: true,
        is_code: true,
        ..Input::new("life", t("tokens.life"))
    };
    let own = Permission::ALL.iter().filter(|one| visit.may(**one));
    let body = html! {
        form.panel method="post" action="/new/token" {
            (parts::summary(reader, faults))
            div.fields { (name.show(faults)) (life.show(faults)) }
            fieldset.field {
                legend { (t("tokens.may")) }
                @if let Some(fault) = faults.of("may") { p.fault { (fault) } }
                @for one in own {
                    @let field = format!("may.{}", one.name());
                    (Input { kind: parts::Kind::Check, value: value(&field), ..Input::new(&field, reader.t(&format!("permission.{}", one.name()))) }.show(faults))
                }
            }
            (parts::code(visit, faults))
            p.actions {
                button.main { (t("tokens.create")) }
                a.button href="/tokens" { (t("cancel")) }
            }
        }
    };
    visit.form(Section::Tokens, t("tokens.new"), &body, faults)
}

pub(super) async fn create(mut visit: Visit, form: Form) -> Response {
    let reader = visit.reader;
    let mut faults = Faults::default();
    let chosen = |one: &&Permission| form.get(&format!("may.{}", one.name())) == "true";
    let permissions: Vec<_> = Permission::ALL.iter().filter(chosen).copied().collect();
    if permissions.is_empty() {
        faults.at("may", reader.t("tokens.may.none"));
    }
    let life_ms = setting_text::duration_ms(form.get("life").trim());
    if life_ms.is_err() {
        faults.at("life", reader.t("fault.duration"));
    }
    if faults.is_empty() {
        visit.prove(&form, &mut faults).await;
    }
    if let (true, Ok(life_ms)) = (faults.is_empty(), life_ms) {
        let operation = TokenOperation::Create {
            name: form.get("name").trim().to_owned(),
            permissions,
            life_ms,
            maker: None,
            made_with: None,
        };
        match visit.ask(Operation::Token(operation)).await {
            Ok(Outcome::Token(new)) => return made(&visit, &new),
            Ok(_) => return visit.unexpected(),
            Err(refused) => faults.refused(reader, &refused),
        }
    }
    creation(&visit, Some(&form), &faults)
}

/// The secret, shown once.
fn made(visit: &Visit, new: &NewToken) -> Response {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let body: Markup = html! {
        p.notice.good role="status" { (t("key.once")) }
        section.panel {
            h2 { (new.token.name) }
            (parts::copied(reader, "token", &new.secret))
            p { (reader.fill("tokens.ends", &[("time", &reader.time(new.token.until_ms))])) }
        }
        p.actions { a.button.main href="/tokens" { (t("key.kept")) } }
    };
    visit.page(Section::Tokens, t("tokens.made"), &body)
}
