//! The list of the tenants of a kind.

use axum::Extension;
use axum::extract::RawQuery;
use axum::response::Response;
use maud::{Markup, html};
use mpass_core::service::settings::{Field, Value};

use super::common::{Kind, path_of, state};
use crate::admin::{Listed, Operation, Outcome, TenantInfo, TenantKind};
use crate::administrators::Permission;
use crate::portal::pages::kinds::{section, texts_of};
use crate::portal::pages::parts;
use crate::portal::pages::reader::Reader;
use crate::portal::pages::visit::Visit;

pub(super) async fn list(
    visit: Visit,
    Extension(kind): Kind,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let after = parts::value(&query, "after");
    let is_first = after.is_none();
    match visit.ask(Operation::List { kind, after }).await {
        Ok(Outcome::Tenants(listed)) => {
            let body = listing(&visit, kind, &listed, is_first, &query);
            visit.page(
                section(kind),
                texts_of(kind).t(visit.reader, "title"),
                &body,
            )
        }
        Ok(_) => visit.unexpected(),
        Err(refused) => visit.refused(refused),
    }
}

fn listing(
    visit: &Visit,
    kind: TenantKind,
    listed: &Listed,
    is_first: bool,
    query: &str,
) -> Markup {
    let (reader, texts) = (visit.reader, texts_of(kind));
    let t = |name| reader.t(name);
    let may = visit.may(Permission::Tenants);
    let new = format!("/new/{}", kind.name());
    let add = may.then_some((new.as_str(), texts.t(reader, "new")));
    let next = listed.next.as_deref().map(|next| {
        let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        format!("{}?after={next}", texts.path())
    });
    let rows: Vec<_> = listed
        .tenants
        .iter()
        .map(|one| row(reader, kind, one))
        .collect();
    let heads = [
        t("column.name"),
        t("column.state"),
        t("column.code"),
        t("column.created"),
    ];
    html! {
        p.lead { (texts.t(reader, "lead")) }
        (parts::notice(reader, query))
        @if listed.tenants.is_empty() && is_first && next.is_none() {
            (parts::empty(texts.t(reader, "empty"), texts.t(reader, "empty.what"), add))
        } @else {
            @if let Some((path, text)) = add {
                p.actions { a.button.main href=(path) { (text) } }
            }
            (parts::table(texts.t(reader, "title"), &heads, &rows))
            (parts::pager(reader, (!is_first).then_some(texts.path()), next.as_deref()))
        }
        @if listed.unreadable > 0 {
            p.notice.bad { (reader.fill("list.unreadable", &[("n", &reader.n(listed.unreadable))])) }
        }
    }
}

fn row(reader: Reader, kind: TenantKind, one: &TenantInfo) -> Vec<Markup> {
    let name = one.spec.name();
    let path = path_of(kind, name);
    let number = |field| match one.spec.get(field) {
        Some(Value::Number(number)) => *number,
        _ => 0,
    };
    let values: [(&str, &dyn maud::Render); 2] = [
        ("digits", &reader.n(number(Field::Digits))),
        ("life", &reader.span(number(Field::LifetimeMs))),
    ];
    vec![
        html! { a href=(path) { (parts::name(name)) } },
        state(reader, one),
        reader.fill("list.code", &values),
        reader.time(one.created_at_ms),
    ]
}
