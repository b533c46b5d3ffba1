//! API tokens: one's own, and those of other administrators.

mod creation;
mod whose;

use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};

use self::whose::{ALL, Whose};
use super::answers::done;
use super::confirmation::{confirm, is_confirmed};
use super::fault::Faults;
use super::layout::Section;
use super::parts;
use super::refused::Refused;
use super::visit::Visit;
use crate::admin::{Operation, Outcome, TokenInfo, TokenOperation};
use crate::administrators::Permission;
use crate::portal::Portal;
use crate::portal::signin::Form;

const SECTION: Section = Section::Tokens;

pub(super) fn router() -> Router<Portal> {
    let create = get(creation::form).post(creation::create);
    let mut router = Router::new().route("/new/token", create);
    for list_path in [SECTION.path(), ALL, "/administrators/{name}/tokens"] {
        router = router.route(list_path, get(list)).route(
            &format!("{list_path}/{{id}}/revoke"),
            get(ask_revoke).post(revoke),
        );
    }
    router
}

async fn list(visit: Visit, whose: Whose, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let after = parts::value(&query, "after");
    let is_first = after.is_none();
    let of = whose.of();
    let list = TokenOperation::List { of, after };
    let page = match visit.ask(Operation::Token(list)).await {
        Ok(Outcome::Tokens(page)) => page,
        Ok(_) => return visit.unexpected(),
        Err(refused) => return visit.refused(refused),
    };
    let path = whose.path();
    let next = page
        .next
        .map(|next| format!("{path}?after={}", parts::segment(&next)));
    let mut heads = vec![t("column.name"), t("tokens.id")];
    if !whose.is_own() {
        heads.push(t("tokens.maker"));
    }
    heads.extend([t("tokens.may"), t("tokens.until"), t("column.act")]);
    let rows: Vec<_> = page
        .tokens
        .iter()
        .map(|one| row(&visit, &whose, one))
        .collect();
    let add = whose.is_own().then_some(("/new/token", t("tokens.new")));
    let body = html! {
        p.lead {
            @match (whose.is_own(), whose.name()) {
                (true, _) => { (t("tokens.lead")) }
                (false, Some(name)) => { (reader.fill("tokens.of", &[("name", &parts::name(name))])) }
                (false, None) => { (t("tokens.all")) }
            }
            " " a href="/openapi" { (t("openapi.title")) }
        }
        (parts::notice(reader, &query))
        @if page.tokens.is_empty() && is_first {
            @let what = if whose.is_own() { "tokens.empty.what" } else { "tokens.empty.others" };
            (parts::empty(t("tokens.empty"), t(what), add))
        } @else {
            @if let Some((path, text)) = add {
                p.actions { a.button.main href=(path) { (text) } }
            }
            (parts::table(t(whose.title()), &heads, &rows))
            (parts::pager(reader, (!is_first).then_some(path.as_str()), next.as_deref()))
        }
    };
    visit.page(whose.section(), t(whose.title()), &body)
}

fn row(visit: &Visit, whose: &Whose, one: &TokenInfo) -> Vec<Markup> {
    let reader = visit.reader;
    let path = format!("{}/{}/revoke", whose.path(), parts::segment(&one.id));
    let mut row = vec![html! { bdi { (one.name) } }, parts::name(&one.id)];
    if !whose.is_own() {
        row.push(parts::name(&one.maker));
    }
    row.extend([
        html! { (permissions(visit, &one.permissions)) },
        reader.time(one.until_ms),
        html! { a.button.danger href=(path) { (reader.t("tenant.revoke")) } },
    ]);
    row
}

fn permissions(visit: &Visit, all: &[Permission]) -> String {
    let texts = all
        .iter()
        .map(|one| visit.reader.t(&format!("permission.{}", one.name())));
    texts.collect::<Vec<_>>().join(visit.reader.t("list.comma"))
}

async fn ask_revoke(
    visit: Visit,
    whose: Whose,
    Path(names): Path<Vec<(String, String)>>,
) -> Response {
    match whose.is_own() || visit.may(Permission::Administrators) {
        true => revocation(&visit, &whose, &id_of(names), &Faults::default()),
        false => visit.refused(Refused::Forbidden),
    }
}

/// The id of the path, which is its last name.
fn id_of(names: Vec<(String, String)>) -> String {
    names
        .into_iter()
        .last()
        .map(|(_, id)| id)
        .unwrap_or_default()
}

fn revocation(visit: &Visit, whose: &Whose, id: &str, faults: &Faults) -> Response {
    let reader = visit.reader;
    let back = whose.path();
    let action = format!("{back}/{}/revoke", parts::segment(id));
    let body = html! {
        p.lead { (reader.t("tokens.revoke.what")) }
        (confirm(reader, &action, id, reader.t("tenant.revoke"), &back, faults, &html! {}))
    };
    visit.form(whose.section(), reader.t("tokens.revoke"), &body, faults)
}

async fn revoke(
    visit: Visit,
    whose: Whose,
    Path(names): Path<Vec<(String, String)>>,
    form: Form,
) -> Response {
    if !whose.is_own() && !visit.may(Permission::Administrators) {
        return visit.refused(Refused::Forbidden);
    }
    let id = id_of(names);
    let mut faults = Faults::default();
    is_confirmed(visit.reader, &form, &id, &mut faults);
    if faults.is_empty() {
        let operation = TokenOperation::Revoke {
            id: id.clone(),
            of: whose.of(),
        };
        match visit.ask(Operation::Token(operation)).await {
            Ok(_) => return done(&whose.path(), "revoked"),
            Err(refused) => faults.refused(visit.reader, &refused),
        }
    }
    revocation(&visit, &whose, &id, &faults)
}
