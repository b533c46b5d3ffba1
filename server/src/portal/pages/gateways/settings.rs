//! The page of a gateway, with its settings.

use axum::extract::{Path, RawQuery};
use axum::response::Response;
use maud::{Markup, html};

use super::common::{Changing, SECTION, path_of, read};
use super::form::{Asked, Typed};
use super::state::{health, last, route, state};
use super::test::{test_form, tested};
use crate::admin::{GatewayInfo, GatewayOperation, GatewaySource, Operation, Outcome, StopTarget};
use crate::administrators::Permission;
use crate::portal::pages::answers::done;
use crate::portal::pages::fault::Faults;
use crate::portal::pages::parts;
use crate::portal::pages::stops;
use crate::portal::pages::visit::Visit;
use crate::portal::signin::Form;

pub(super) async fn show(
    visit: Visit,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    match read(&visit, &name).await {
        Ok(info) => {
            let query = query.unwrap_or_default();
            let typed = Typed::of_gateway(&info);
            let body = shown(&visit, &info, &typed, &Faults::default(), &query).await;
            visit.page(SECTION, &name, &body)
        }
        Err(answer) => answer,
    }
}

pub(super) async fn shown(
    visit: &Visit,
    info: &GatewayInfo,
    typed: &Typed,
    faults: &Faults,
    query: &str,
) -> Markup {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let health = health(visit).await;
    let path = path_of(&info.name);
    let may = visit.may(Permission::Gateways) && info.source == GatewaySource::Store;
    let stop = stops::link(&StopTarget::Gateway {
        name: Some(info.name.clone()),
    });
    let rows = [
        (t("column.route"), route(reader, info)),
        (t("column.state"), state(reader, info, &health)),
        (t("column.last"), last(reader, &info.name, &health)),
    ];
    html! {
        (parts::notice(reader, query))
        (tested(reader, query))
        section.panel { (parts::facts(&rows)) }
        @if visit.may(Permission::TestGateway) {
            (test_form(reader, &path, faults))
        }
        @if visit.may(Permission::Stop) {
            p.actions { a.button.danger href=(stop) { (t("stops.do")) } }
        }
        @if may {
            form.panel method="post" action=(path) {
                h2.part-title { (t("tenant.settings")) }
                (parts::summary(reader, faults))
                p.hint { (t("gateway.target")) }
                input type="hidden" name="stamp" value=(info.stamp.as_deref().unwrap_or_default());
                (typed.show(reader, faults))
                (parts::code(visit, faults))
                p.actions {
                    button.main { (t("save")) }
                    a.button.danger href=(format!("{path}/remove")) { (t("gateway.remove")) }
                }
            }
        } @else if info.source == GatewaySource::Configuration {
            p.notice.wait { (t("gateway.configured.what")) }
        }
    }
}

pub(super) async fn update(gateway: Changing, form: Form) -> Response {
    let Changing { mut visit, info } = gateway;
    let (reader, name) = (visit.reader, info.name.clone());
    let mut faults = Faults::default();
    let typed = Typed::of_gateway(&info).typed(&form);
    let Asked {
        mut settings,
        secrets,
        ..
    } = typed.asked(reader, &form, &mut faults);
    settings
        .retain(|name, value| info.settings.get(name).unwrap_or(&serde_json::Value::Null) != value);
    let path = path_of(&name);
    if faults.is_empty() && settings.is_empty() && secrets.is_empty() {
        return done(&path, "saved");
    }
    if faults.is_empty() {
        visit.prove(&form, &mut faults).await;
    }
    if faults.is_empty() {
        let operation = GatewayOperation::Update {
            name: name.clone(),
            settings,
            secrets,
            stamp: Some(form.get("stamp").to_owned()),
        };
        match visit.ask(Operation::Gateway(operation)).await {
            Ok(Outcome::Gateway(info)) if !info.cleared.is_empty() => {
                return done(&path, "cleared");
            }
            Ok(_) => return done(&path, "saved"),
            Err(refused) => faults.refused(reader, &refused),
        }
    }
    let body = shown(&visit, &info, &typed, &faults, "").await;
    visit.form(SECTION, &name, &body, &faults)
}
