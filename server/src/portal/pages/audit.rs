//! The audit log, with a search.

use axum::Router;
use axum::extract::RawQuery;
use axum::response::Response;
use axum::routing::{get, post};
use maud::{Markup, html};
use serde_json::Value as Json;

use super::layout::Section;
use super::parts::{self, Input};
use super::reader::Reader;
use super::visit::Visit;
use crate::admin::{AuditOperation, AuditPage, AuditQuestion, Operation, Outcome};
use crate::portal::Portal;

const SECTION: Section = Section::Audit;
const FILTERS: [&str; 3] = ["by", "what", "on"];
/// How many entries a page has.
const EACH: u32 = 50;

pub(super) fn router() -> Router<Portal> {
    Router::new()
        .route("/audit", get(show))
        .route("/audit/verify", post(verify))
}

async fn show(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let value = |name| parts::value(&query, name);
    let question = AuditQuestion {
        before: value("before").and_then(|it| it.parse().ok()),
        limit: Some(EACH),
        by: value("by"),
        what: value("what"),
        on: value("on"),
        ..AuditQuestion::default()
    };
    match visit
        .ask(Operation::Audit(AuditOperation::List(question)))
        .await
    {
        Ok(Outcome::Audit(page)) => {
            let body = body(visit.reader, &page, &query);
            visit.page(SECTION, visit.reader.t("audit.title"), &body)
        }
        Ok(_) => visit.unexpected(),
        Err(refused) => visit.refused(refused),
    }
}

fn body(reader: Reader, page: &AuditPage, query: &str) -> Markup {
    let t = |name| reader.t(name);
    let next = page.next.map(|before| with(query, before));
    let is_first = parts::value(query, "before").is_none();
    html! {
        p.lead { (t("audit.lead")) }
        form.panel method="get" action="/audit" role="search" {
            div.fields {
                @for name in FILTERS {
                    @let value = parts::value(query, name).unwrap_or_default();
                    (Input {
                        value: &value,
                        hint: reader.t(&format!("audit.{name}.hint")),
                        is_code: true,
                        ..Input::new(name, reader.t(&format!("audit.{name}")))
                    }.show(&super::fault::Faults::default()))
                }
            }
            p.actions {
                button.main { (t("audit.search")) }
                a.button href="/audit" { (t("audit.all")) }
            }
        }
        @if page.lines.is_empty() && next.is_none() {
            (parts::empty(t("audit.empty"), t("audit.empty.what"), None))
        } @else {
            (entries(reader, &page.lines))
            (parts::pager(reader, (!is_first).then_some("/audit"), next.as_deref()))
        }
        form.line method="post" action="/audit/verify" { button { (t("audit.verify")) } }
    }
}

/// The query with another place to go on from.
fn with(query: &str, before: u64) -> String {
    let mut next = form_urlencoded::Serializer::new(String::new());
    for name in FILTERS {
        if let Some(value) = parts::value(query, name) {
            next.append_pair(name, &value);
        }
    }
    next.append_pair("before", &before.to_string());
    format!("/audit?{}", next.finish())
}

fn entries(reader: Reader, lines: &[String]) -> Markup {
    let t = |name| reader.t(name);
    let heads = [
        t("audit.number"),
        t("column.time"),
        t("audit.what"),
        t("audit.by"),
        t("audit.on"),
        t("column.state"),
    ];
    let rows: Vec<_> = lines
        .iter()
        .filter_map(|line| entry(reader, line))
        .collect();
    parts::table(t("audit.title"), &heads, &rows)
}

fn entry(reader: Reader, line: &str) -> Option<Vec<Markup>> {
    let entry: Json = serde_json::from_str(line).ok()?;
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let by = &entry["by"];
    let who = match (by["name"].as_str(), by["user"].as_u64()) {
        (Some(name), _) => name.to_owned(),
        (None, Some(user)) => format!("user:{user}"),
        (None, None) => text(&by["via"]),
    };
    let step = text(&entry["step"]);
    let class = match step.as_str() {
        "done" => "good",
        "failed" => "bad",
        _ => "",
    };
    Some(vec![
        html! { (reader.n(entry["number"].as_u64().unwrap_or_default())) },
        reader.time(entry["at_ms"].as_u64().unwrap_or_default()),
        html! {
            div.entry {
                (parts::name(text(&entry["what"])))
                @if let Some(error) = entry["error"].as_str() { p.hint { bdi lang="en" dir="ltr" { (error) } } }
                (changed(reader, &entry))
            }
        },
        html! { (parts::name(who)) @if by["name"].is_string() || by["user"].is_u64() { " " span.dim { (via(reader, by)) } } },
        parts::name(text(&entry["on"])),
        parts::badge(
            class,
            reader.find(&format!("step.{step}")).unwrap_or_default(),
        ),
    ])
}

fn via(reader: Reader, by: &Json) -> String {
    let via = by["via"].as_str().unwrap_or_default();
    let text = reader.find(&format!("via.{via}")).unwrap_or_default();
    match by["from"].as_str() {
        Some(from) => format!("{text} · \u{2068}{from}\u{2069}"),
        None => text.to_owned(),
    }
}

/// What changed, before and after.
fn changed(reader: Reader, entry: &Json) -> Markup {
    let sides = [
        ("audit.before", &entry["before"]),
        ("audit.after", &entry["after"]),
    ];
    let sides =
        sides.map(|(name, value)| (name, serde_json::to_string_pretty(value), value.is_null()));
    html! {
        @if sides.iter().any(|(_, _, is_null)| !is_null) {
            details {
                summary { (reader.t("audit.changed")) }
                @for (name, text, is_null) in &sides {
                    @if let (Ok(text), false) = (text, *is_null) {
                        p.hint { (reader.t(name)) }
                        pre dir="ltr" { (text) }
                    }
                }
            }
        }
    }
}

async fn verify(visit: Visit) -> Response {
    let reader = visit.reader;
    let anchors = Vec::new();
    match visit
        .ask(Operation::Audit(AuditOperation::Verify { anchors }))
        .await
    {
        Ok(Outcome::AuditReport(report)) => {
            let rows = [
                (
                    reader.t("audit.entries"),
                    html! { (reader.n(report.entries)) },
                ),
                (
                    reader.t("audit.anchor"),
                    parts::name(report.last.as_deref().unwrap_or("–")),
                ),
            ];
            let body = html! {
                @if report.faults.is_empty() {
                    p.notice.good role="status" { (reader.t("audit.whole")) }
                } @else {
                    div.notice.bad role="alert" {
                        p { (reader.t("audit.not_whole")) }
                        ul lang="en" dir="ltr" { @for fault in &report.faults { li { (fault) } } }
                    }
                }
                section.panel { (parts::facts(&rows)) p.hint { (reader.t("audit.anchor.what")) } }
                p.actions { a.button href="/audit" { (reader.t("audit.all")) } }
            };
            visit.page(SECTION, reader.t("audit.verify"), &body)
        }
        Ok(_) => visit.unexpected(),
        Err(refused) => visit.refused(refused),
    }
}
