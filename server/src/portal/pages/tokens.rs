//! API tokens of whoever is signed in.

use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};

use super::answers::done;
use super::fault::Faults;
use super::layout::Section;
use super::parts::{self, Input};
use super::refused::Refused;
use super::tenants::{confirm, is_confirmed, unexpected};
use super::visit::Visit;
use crate::admin::{NewToken, Operation, Outcome, TokenOperation, TokensOf};
use crate::administrators::Permission;
use crate::portal::Portal;
use crate::portal::signin::Form;
use crate::setting_text;

const SECTION: Section = Section::Tokens;

pub(super) fn router() -> Router<Portal> {
    Router::new()
        .route("/tokens", get(list))
        .route("/new/token", get(form).post(create))
        .route("/tokens/{id}/revoke", get(ask_revoke).post(revoke))
}

async fn list(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let after = parts::value(&query, "after");
    let is_first = after.is_none();
    let all = TokenOperation::List {
        of: TokensOf::Own,
        after,
    };
    let page = match visit.ask(Operation::Token(all)).await {
        Ok(Outcome::Tokens(page)) => page,
        Ok(_) => return unexpected(&visit),
        Err(refused) => return visit.refused(refused),
    };
    let next = page
        .next
        .map(|next| format!("/tokens?after={}", parts::segment(&next)));
    let rows: Vec<_> = page.tokens.iter().map(|one| vec![
        html! { (one.name) },
        parts::name(&one.id),
        html! { (permissions(&visit, &one.permissions)) },
        reader.time(one.until_ms),
        html! { a.button.danger href=(format!("/tokens/{}/revoke", parts::segment(&one.id))) { (t("tenant.revoke")) } },
    ]).collect();
    let heads = [
        t("column.name"),
        t("tokens.id"),
        t("tokens.may"),
        t("tokens.until"),
        t("column.act"),
    ];
    let add = Some(("/new/token", t("tokens.new")));
    let body = html! {
        p.lead { (t("tokens.lead")) " " a href="/openapi" { (t("openapi.title")) } }
        (parts::notice(reader, &query))
        @if page.tokens.is_empty() && is_first {
            (parts::empty(t("tokens.empty"), t("tokens.empty.what"), add))
        } @else {
            p.actions { a.button.main href="/new/token" { (t("tokens.new")) } }
            (parts::table(t("tokens.title"), &heads, &rows))
            (parts::pager(reader, (!is_first).then_some("/tokens"), next.as_deref()))
        }
    };
    visit.page(SECTION, t("tokens.title"), &body)
}

fn permissions(visit: &Visit, all: &[Permission]) -> String {
    let texts = all
        .iter()
        .map(|one| visit.reader.t(&format!("permission.{}", one.name())));
    texts.collect::<Vec<_>>().join(visit.reader.t("list.comma"))
}

async fn form(visit: Visit) -> Response {
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
    match faults.is_empty() {
        true => visit.page(SECTION, t("tokens.new"), &body),
        false => visit.again(SECTION, t("tokens.new"), &body),
    }
}

async fn create(mut visit: Visit, form: Form) -> Response {
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
            Ok(_) => return unexpected(&visit),
            Err(Refused::Forbidden) => return visit.refused(Refused::Forbidden),
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
    visit.page(SECTION, t("tokens.made"), &body)
}

async fn ask_revoke(visit: Visit, Path(id): Path<String>) -> Response {
    revocation(&visit, &id, &Faults::default())
}

fn revocation(visit: &Visit, id: &str, faults: &Faults) -> Response {
    let reader = visit.reader;
    let action = format!("/tokens/{}/revoke", parts::segment(id));
    let body = html! {
        p.lead { (reader.t("tokens.revoke.what")) }
        (confirm(reader, &action, id, reader.t("tenant.revoke"), "/tokens", faults, &html! {}))
    };
    match faults.is_empty() {
        true => visit.page(SECTION, reader.t("tokens.revoke"), &body),
        false => visit.again(SECTION, reader.t("tokens.revoke"), &body),
    }
}

async fn revoke(visit: Visit, Path(id): Path<String>, form: Form) -> Response {
    let mut faults = Faults::default();
    is_confirmed(visit.reader, &form, &id, &mut faults);
    if faults.is_empty() {
        let operation = TokenOperation::Revoke {
            id: id.clone(),
            of: TokensOf::Own,
        };
        match visit.ask(Operation::Token(operation)).await {
            Ok(_) => return done("/tokens", "revoked"),
            Err(Refused::Forbidden) => return visit.refused(Refused::Forbidden),
            Err(refused) => faults.refused(visit.reader, &refused),
        }
    }
    revocation(&visit, &id, &faults)
}
