//! What is stopped: messages, gateways, callers, prefixes. To stop something for a
//! while, and to resume it.

mod creation;
mod target;

use axum::Router;
use axum::extract::RawQuery;
use axum::response::Response;
use axum::routing::{get, post};
use maud::{Markup, html};

use self::target::{fields, of_form, words};
use super::answers::done;
use super::fault::{self, Faults};
use super::layout::Section;
use super::parts;
use super::reader::Reader;
use super::refused::Refused;
use super::visit::Visit;
use crate::admin::{CutOffInfo, Operation, Outcome};
use crate::administrators::Permission;
use crate::portal::Portal;
use crate::portal::signin::Form;

pub(super) use self::target::link;

const SECTION: Section = Section::Stops;

pub(super) fn router() -> Router<Portal> {
    Router::new()
        .route("/stops", get(list))
        .route("/stops/resume", post(resume))
        .route("/new/stop", get(creation::form).post(creation::stop))
}

async fn list(visit: Visit, RawQuery(query): RawQuery) -> Response {
    shown(&visit, &query.unwrap_or_default(), &Faults::default()).await
}

async fn shown(visit: &Visit, query: &str, faults: &Faults) -> Response {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let all = match visit.ask(Operation::ListCutOffs).await {
        Ok(Outcome::CutOffs(all)) => all,
        Ok(_) => return visit.unexpected(),
        Err(refused) => return visit.refused(refused),
    };
    let may = visit.may(Permission::Stop);
    let add = may.then_some(("/new/stop", t("stops.new")));
    let mut heads = vec![
        t("stops.what"),
        t("stops.by"),
        t("stops.since"),
        t("stops.until"),
        t("stops.why"),
    ];
    if may {
        heads.push(t("column.act"));
    }
    let rows: Vec<_> = all.iter().map(|one| row(visit, one)).collect();
    let body = html! {
        p.lead { (t("stops.lead")) }
        (parts::notice(reader, query))
        (parts::summary(reader, faults))
        @if all.is_empty() {
            (parts::empty(t("stops.empty"), t("stops.empty.what"), add))
        } @else {
            @if let Some((path, text)) = add {
                p.actions { a.button.main href=(path) { (text) } }
            }
            (parts::table(t("stops.title"), &heads, &rows))
        }
    };
    visit.form(SECTION, t("stops.title"), &body, faults)
}

fn row(visit: &Visit, one: &CutOffInfo) -> Vec<Markup> {
    let reader = visit.reader;
    let mut row = vec![
        words(reader, &one.target),
        by(reader, one),
        reader.time(one.since_ms),
        reader.time(one.until_ms),
        html! { bdi { (one.why.as_deref().unwrap_or("–")) } },
    ];
    if visit.may(Permission::Stop) {
        row.push(html! {
            form method="post" action="/stops/resume" {
                @for (name, value) in fields(&one.target) {
                    input type="hidden" name=(name) value=(value);
                }
                button { (reader.t("stops.resume")) }
            }
        });
    }
    row
}

/// Who has ordered it.
fn by(reader: Reader, one: &CutOffInfo) -> Markup {
    match (&one.by_name, one.by) {
        (Some(name), _) => parts::name(name),
        (None, Some(user)) => {
            html! { (reader.t("stops.by.user")) " " bdi dir="ltr" { (user) } }
        }
        (None, None) => html! { "–" },
    }
}

async fn resume(visit: Visit, form: Form) -> Response {
    let mut faults = Faults::default();
    match of_form(&form) {
        Some(target) => {
            let operation = Operation::Resume {
                target: Some(target),
            };
            match visit.ask(operation).await {
                Ok(_) => return done("/stops", "resumed"),
                Err(Refused::Failed(failure)) => {
                    faults.whole(fault::text(visit.reader, &failure));
                }
                Err(refused) => faults.refused(visit.reader, &refused),
            }
        }
        None => faults.whole(visit.reader.t("fault.value")),
    }
    shown(&visit, "", &faults).await
}
