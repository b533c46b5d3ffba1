//! Record keys: what they are, and which one seals new records.

use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use axum::routing::get;
use maud::html;

use super::answers::done;
use super::confirmation::{confirm, is_confirmed};
use super::fault::Faults;
use super::layout::Section;
use super::parts;
use super::refused::Refused;
use super::visit::Visit;
use crate::admin::{KeyOperation, Operation, Outcome};
use crate::administrators::Permission;
use crate::portal::Portal;
use crate::portal::signin::Form;

const SECTION: Section = Section::Keys;

pub(super) fn router() -> Router<Portal> {
    Router::new()
        .route("/keys", get(show))
        .route("/keys/{id}/activate", get(ask_activate).post(activate))
}

async fn show(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let list = match visit.ask(Operation::Key(KeyOperation::List)).await {
        Ok(Outcome::Keys(list)) => list,
        Ok(_) => return visit.unexpected(),
        Err(refused) => return visit.refused(refused),
    };
    let may = visit.may(Permission::Server);
    let rows: Vec<_> = list.keys.iter().map(|key| vec![
        html! { (reader.n(key.id)) },
        parts::name(&key.fingerprint),
        html! {
            @if key.is_active { (parts::badge("good", t("keys.active"))) }
            @else if may { a.button href=(format!("/keys/{}/activate", key.id)) { (t("keys.activate")) } }
        },
    ]).collect();
    let heads = [t("keys.id"), t("keys.fingerprint"), t("column.state")];
    let body = html! {
        p.lead { (t("keys.lead")) }
        (parts::notice(reader, &query.unwrap_or_default()))
        (parts::table(t("keys.title"), &heads, &rows))
        section.panel { (parts::facts(&[(t("keys.locator"), parts::name(&list.locator_fingerprint))])) }
        p.hint { (t("keys.add")) }
    };
    visit.page(SECTION, t("keys.title"), &body)
}

async fn ask_activate(visit: Visit, Path(id): Path<u16>) -> Response {
    match visit.may(Permission::Server) {
        true => activation(&visit, id, &Faults::default()),
        false => visit.refused(Refused::Forbidden),
    }
}

fn activation(visit: &Visit, id: u16, faults: &Faults) -> Response {
    let reader = visit.reader;
    let (name, action) = (id.to_string(), format!("/keys/{id}/activate"));
    let more = parts::code(visit, faults);
    let body = html! {
        p.lead { (reader.t("keys.activate.what")) }
        (confirm(reader, &action, &name, reader.t("keys.activate"), "/keys", faults, &more))
    };
    visit.form(SECTION, reader.t("keys.activate"), &body, faults)
}

async fn activate(mut visit: Visit, Path(id): Path<u16>, form: Form) -> Response {
    if !visit.may(Permission::Server) {
        return visit.refused(Refused::Forbidden);
    }
    let mut faults = Faults::default();
    is_confirmed(visit.reader, &form, &id.to_string(), &mut faults);
    if faults.is_empty() {
        visit.prove(&form, &mut faults).await;
    }
    if faults.is_empty() {
        match visit
            .ask(Operation::Key(KeyOperation::Activate { id }))
            .await
        {
            Ok(_) => return done("/keys", "activated"),
            Err(refused) => faults.refused(visit.reader, &refused),
        }
    }
    activation(&visit, id, &faults)
}
