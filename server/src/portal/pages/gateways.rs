//! SMS gateways: the order in which they are tried, their settings, test messages.

use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use axum::routing::{get, post};
use maud::{Markup, html};

use super::answers::done;
use super::fault::Faults;
use super::gateway_form::{Asked, Typed};
use super::layout::Section;
use super::parts::{self, Input};
use super::reader::Reader;
use super::refused::Refused;
use super::tenants::{confirm, is_confirmed, unexpected};
use super::visit::Visit;
use crate::admin::status::GatewayStatus;
use crate::admin::{GatewayInfo, GatewayList, GatewayOperation, GatewaySource, Operation, Outcome};
use crate::administrators::Permission;
use crate::portal::Portal;
use crate::portal::signin::Form;

const SECTION: Section = Section::Gateways;

pub(super) fn router() -> Router<Portal> {
    Router::new()
        .route("/gateways", get(list))
        .route("/new/gateway", get(form).post(create))
        .route("/gateway-order", post(order))
        .route("/gateways/{name}", get(show).post(update))
        .route("/gateways/{name}/test", post(test))
        .route("/gateways/{name}/remove", get(ask_remove).post(remove))
}

async fn all(visit: &Visit) -> Result<GatewayList, Response> {
    match visit.ask(Operation::Gateway(GatewayOperation::List)).await {
        Ok(Outcome::Gateways(list)) => Ok(list),
        Ok(_) => Err(unexpected(visit)),
        Err(refused) => Err(visit.refused(refused)),
    }
}

async fn health(visit: &Visit) -> Vec<GatewayStatus> {
    match visit.ask(Operation::Status).await {
        Ok(Outcome::Status(status)) => status.gateways,
        _ => Vec::new(),
    }
}

async fn list(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let list = match all(&visit).await {
        Ok(list) => list,
        Err(answer) => return answer,
    };
    let names = stored(&list);
    let body = listing(
        &visit,
        &list,
        &names,
        &Faults::default(),
        &query.unwrap_or_default(),
    )
    .await;
    visit.page(SECTION, visit.reader.t("gateways.title"), &body)
}

/// The names of those whose order can be changed.
fn stored(list: &GatewayList) -> Vec<String> {
    let stored = list
        .gateways
        .iter()
        .filter(|one| one.source == GatewaySource::Store);
    stored.map(|one| one.name.clone()).collect()
}

async fn listing(
    visit: &Visit,
    list: &GatewayList,
    names: &[String],
    faults: &Faults,
    query: &str,
) -> Markup {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let may = visit.may(Permission::Gateways);
    let add = may.then_some(("/new/gateway", t("gateway.new")));
    let health = health(visit).await;
    let rank = |one: &&GatewayInfo| {
        let at = names.iter().position(|name| *name == one.name);
        at.map_or(0, |at| at + 1)
    };
    let mut shown: Vec<&GatewayInfo> = list.gateways.iter().collect();
    shown.sort_by_key(rank);
    html! {
        p.lead { (t("gateways.lead")) }
        (parts::notice(reader, query))
        @if list.gateways.is_empty() {
            (parts::empty(t("gateways.empty"), t("gateways.empty.what"), add))
        } @else {
            @if let Some((path, text)) = add {
                p.actions { a.button.main href=(path) { (text) } }
            }
            (order_form(visit, list, names, faults))
            (rows(visit, &shown, &health, names))
        }
    }
}

/// The form of the order: the buttons in the table belong to it, and the script fills
/// it in.
fn order_form(visit: &Visit, list: &GatewayList, names: &[String], faults: &Faults) -> Markup {
    let reader = visit.reader;
    if names.len() < 2 || !visit.may(Permission::Gateways) {
        return html! {};
    }
    html! {
        form.panel id="order" method="post" action="/gateway-order" hidden[faults.is_empty()] {
            (parts::summary(reader, faults))
            p { (reader.t("gateways.order.what")) }
            input type="hidden" name="names" value=(names.join(" "));
            input type="hidden" name="stamp" value=(list.stamp.as_deref().unwrap_or_default());
            (parts::code(visit, faults))
            p.actions {
                button.main { (reader.t("gateways.order.save")) }
                a.button href="/gateways" { (reader.t("cancel")) }
            }
        }
    }
}

fn rows(
    visit: &Visit,
    shown: &[&GatewayInfo],
    health: &[GatewayStatus],
    names: &[String],
) -> Markup {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let can_order = names.len() > 1 && visit.may(Permission::Gateways);
    html! {
        div.scroll tabindex="0" role="region" aria-label=(t("gateways.title")) {
            table.cards role="table" data-order=[can_order.then_some("order")] {
                caption.hidden { (t("gateways.caption")) }
                thead role="rowgroup" {
                    tr role="row" {
                        @for head in ["column.name", "column.route", "column.state", "column.last", "column.order"] {
                            th scope="col" role="columnheader" { (t(head)) }
                        }
                    }
                }
                tbody role="rowgroup" {
                    @for (at, one) in shown.iter().enumerate() {
                        @let of_store = one.source == GatewaySource::Store;
                        tr role="row" data-name=[(can_order && of_store).then_some(&one.name)] {
                            th scope="row" role="rowheader" {
                                a href=(format!("/gateways/{}", parts::segment(&one.name))) { (parts::name(&one.name)) }
                            }
                            td role="cell" data-label=(t("column.route")) {
                                div { (parts::name(one.route.as_deref().unwrap_or("–"))) }
                            }
                            td role="cell" data-label=(t("column.state")) { div { (state(reader, one, health)) } }
                            td role="cell" data-label=(t("column.last")) { div { (last(reader, &one.name, health)) } }
                            td role="cell" data-label=(t("column.order")) {
                                @if of_store && can_order {
                                    (movers(reader, &one.name, names))
                                } @else if of_store {
                                    (reader.n(u64::try_from(at + 1).unwrap_or_default()))
                                } @else {
                                    span.dim { (t("gateway.configured")) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The buttons that move a gateway.
fn movers(reader: Reader, name: &str, names: &[String]) -> Markup {
    let at = names.iter().position(|one| one == name);
    let is_last = at == names.len().checked_sub(1);
    html! {
        span.order {
            @for (way, sign, is_off) in [("up", "↑", at == Some(0)), ("down", "↓", is_last)] {
                @let label = reader.fill(&format!("gateways.{way}"), &[("name", &name)]).into_string();
                button form="order" name="move" value=(format!("{way} {name}")) disabled[is_off]
                    aria-label=(super::tenants::plain(&label)) { (sign) }
            }
        }
    }
}

fn state(reader: Reader, one: &GatewayInfo, health: &[GatewayStatus]) -> Markup {
    let known = health.iter().find(|it| it.name == one.name);
    let unusable = known
        .and_then(|it| it.unusable.as_deref())
        .or(one.unreadable.as_deref());
    match (unusable, known) {
        (Some(reason), _) => html! {
            (parts::badge("bad", reader.t("gateway.unusable")))
            br; span.hint lang="en" dir="ltr" { (reason) }
        },
        (None, Some(it)) if it.failure_at_ms > it.success_at_ms => html! {
            (parts::badge("wait", reader.t("gateway.failing")))
        },
        _ => parts::badge("good", reader.t("gateway.usable")),
    }
}

fn last(reader: Reader, name: &str, health: &[GatewayStatus]) -> Markup {
    let known = health.iter().find(|it| it.name == *name);
    let (success, failure) = known.map_or((None, None), |it| (it.success_at_ms, it.failure_at_ms));
    html! {
        @if let Some(at_ms) = success { div { (reader.t("gateway.taken")) " " (reader.time(at_ms)) } }
        @if let Some(at_ms) = failure { div { (reader.t("gateway.not_taken")) " " (reader.time(at_ms)) } }
        @if success.is_none() && failure.is_none() { span.dim { (reader.t("gateway.none_yet")) } }
    }
}

async fn form(visit: Visit) -> Response {
    if !visit.may(Permission::Gateways) {
        return visit.refused(Refused::Forbidden);
    }
    let body = creation(&visit, &Typed::new(), &Faults::default());
    visit.page(SECTION, visit.reader.t("gateway.new"), &body)
}

fn creation(visit: &Visit, typed: &Typed, faults: &Faults) -> Markup {
    let reader = visit.reader;
    html! {
        p.lead { (reader.t("gateway.new.lead")) }
        form.panel method="post" action="/new/gateway" {
            (parts::summary(reader, faults))
            (typed.show(reader, faults))
            (parts::code(visit, faults))
            p.actions {
                button.main { (reader.t("gateway.create")) }
                a.button href="/gateways" { (reader.t("cancel")) }
            }
        }
    }
}

async fn create(mut visit: Visit, form: Form) -> Response {
    let reader = visit.reader;
    let mut faults = Faults::default();
    let typed = Typed::new().typed(&form);
    let Asked {
        name,
        settings,
        secrets,
    } = typed.asked(reader, &form, &mut faults);
    let settings = settings
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .collect();
    if faults.is_empty() {
        visit.prove(&form, &mut faults).await;
    }
    if faults.is_empty() {
        let path = format!("/gateways/{}", parts::segment(&name));
        let operation = GatewayOperation::Create {
            name,
            settings,
            secrets,
        };
        match visit.ask(Operation::Gateway(operation)).await {
            Ok(_) => return done(&path, "gateway"),
            Err(Refused::Forbidden) => return visit.refused(Refused::Forbidden),
            Err(refused) => faults.refused(reader, &refused),
        }
    }
    let body = creation(&visit, &typed, &faults);
    visit.again(SECTION, reader.t("gateway.new"), &body)
}

async fn read(visit: &Visit, name: &str) -> Result<GatewayInfo, Response> {
    let name = name.to_owned();
    match visit
        .ask(Operation::Gateway(GatewayOperation::Read { name }))
        .await
    {
        Ok(Outcome::Gateway(info)) => Ok(*info),
        Ok(_) => Err(unexpected(visit)),
        Err(refused) => Err(visit.refused(refused)),
    }
}

async fn show(visit: Visit, Path(name): Path<String>, RawQuery(query): RawQuery) -> Response {
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

async fn shown(
    visit: &Visit,
    info: &GatewayInfo,
    typed: &Typed,
    faults: &Faults,
    query: &str,
) -> Markup {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let health = health(visit).await;
    let path = format!("/gateways/{}", parts::segment(&info.name));
    let may = visit.may(Permission::Gateways) && info.source == GatewaySource::Store;
    let rows = [
        (
            t("column.route"),
            parts::name(info.route.as_deref().unwrap_or("–")),
        ),
        (t("column.state"), state(reader, info, &health)),
        (t("column.last"), last(reader, &info.name, &health)),
    ];
    let number = Input {
        hint: t("gateway.test.hint"),
        is_required: true,
        is_code: true,
        kind: parts::Kind::Line("tel"),
        ..Input::new("to", t("gateway.test.to"))
    };
    html! {
        (parts::notice(reader, query))
        (tested(reader, query))
        section.panel { (parts::facts(&rows)) }
        @if visit.may(Permission::TestGateway) {
            section.panel {
                h2 { (t("gateway.test")) }
                form.line method="post" action=(format!("{path}/test")) {
                    (number.show(faults))
                    button { (t("gateway.test.do")) }
                }
            }
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

/// What became of a test message, by the query.
fn tested(reader: Reader, query: &str) -> Markup {
    let Some(outcome) = parts::value(query, "tested") else {
        return html! {};
    };
    let (class, name) = match outcome.as_str() {
        "delivered" => ("good", "tested.delivered"),
        "refused" => ("bad", "tested.refused"),
        _ => ("wait", "tested.unknown"),
    };
    let ms = parts::value(query, "ms").and_then(|it| it.parse::<u64>().ok());
    let ms = ms.unwrap_or_default();
    html! {
        p class=(format!("notice {class}")) role="status" {
            (reader.t(name)) " " (reader.fill("tested.took", &[("n", &reader.n(ms))]))
        }
    }
}

async fn update(mut visit: Visit, Path(name): Path<String>, form: Form) -> Response {
    let reader = visit.reader;
    let info = match read(&visit, &name).await {
        Ok(info) => info,
        Err(answer) => return answer,
    };
    let mut faults = Faults::default();
    let typed = Typed::of_gateway(&info).typed(&form);
    let Asked {
        mut settings,
        secrets,
        ..
    } = typed.asked(reader, &form, &mut faults);
    settings
        .retain(|name, value| info.settings.get(name).unwrap_or(&serde_json::Value::Null) != value);
    let path = format!("/gateways/{}", parts::segment(&name));
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
            Err(Refused::Forbidden) => return visit.refused(Refused::Forbidden),
            Err(refused) => faults.refused(reader, &refused),
        }
    }
    let body = shown(&visit, &info, &typed, &faults, "").await;
    visit.again(SECTION, &name, &body)
}

async fn test(visit: Visit, Path(name): Path<String>, form: Form) -> Response {
    let to = form.get("to").trim().to_owned();
    let operation = GatewayOperation::Test {
        name: name.clone(),
        to,
    };
    let mut faults = Faults::default();
    match visit.ask(Operation::Gateway(operation)).await {
        Ok(Outcome::Tested(test)) => {
            let path = format!(
                "/gateways/{}?tested={}&ms={}",
                parts::segment(&name),
                test.outcome,
                test.took_ms
            );
            return axum::response::IntoResponse::into_response(axum::response::Redirect::to(
                &path,
            ));
        }
        Ok(_) => return unexpected(&visit),
        Err(Refused::Forbidden) => return visit.refused(Refused::Forbidden),
        Err(Refused::Failed(failure)) => {
            faults.at("to", super::fault::text(visit.reader, &failure));
        }
        Err(refused) => faults.refused(visit.reader, &refused),
    }
    match read(&visit, &name).await {
        Ok(info) => {
            let typed = Typed::of_gateway(&info);
            let body = shown(&visit, &info, &typed, &faults, "").await;
            visit.again(SECTION, &name, &body)
        }
        Err(answer) => answer,
    }
}

async fn ask_remove(visit: Visit, Path(name): Path<String>) -> Response {
    if !visit.may(Permission::Gateways) {
        return visit.refused(Refused::Forbidden);
    }
    match read(&visit, &name).await {
        Ok(info) => removal(&visit, &info, &Faults::default()),
        Err(answer) => answer,
    }
}

fn removal(visit: &Visit, info: &GatewayInfo, faults: &Faults) -> Response {
    let (reader, name) = (visit.reader, info.name.as_str());
    let path = format!("/gateways/{}", parts::segment(name));
    let more = html! {
        input type="hidden" name="stamp" value=(info.stamp.as_deref().unwrap_or_default());
        (parts::code(visit, faults))
    };
    let (action, button) = (format!("{path}/remove"), reader.t("gateway.remove"));
    let body = html! {
        p.lead { (reader.fill("gateway.remove.what", &[("name", &name)])) }
        (confirm(reader, &action, name, button, &path, faults, &more))
    };
    match faults.is_empty() {
        true => visit.page(SECTION, button, &body),
        false => visit.again(SECTION, button, &body),
    }
}

async fn remove(mut visit: Visit, Path(name): Path<String>, form: Form) -> Response {
    let info = match read(&visit, &name).await {
        Ok(info) => info,
        Err(answer) => return answer,
    };
    let mut faults = Faults::default();
    is_confirmed(visit.reader, &form, &name, &mut faults);
    if faults.is_empty() {
        visit.prove(&form, &mut faults).await;
    }
    if faults.is_empty() {
        let operation = GatewayOperation::Remove {
            name,
            stamp: Some(form.get("stamp").to_owned()),
        };
        match visit.ask(Operation::Gateway(operation)).await {
            Ok(_) => return done("/gateways", "removed"),
            Err(Refused::Forbidden) => return visit.refused(Refused::Forbidden),
            Err(refused) => faults.refused(visit.reader, &refused),
        }
    }
    removal(&visit, &info, &faults)
}

async fn order(mut visit: Visit, form: Form) -> Response {
    let reader = visit.reader;
    let names = form.get("names").split(' ').filter(|name| !name.is_empty());
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    moved(&mut names, form.get("move"));
    let mut faults = Faults::default();
    visit.prove(&form, &mut faults).await;
    if faults.is_empty() {
        let stamp = form.get("stamp");
        let operation = GatewayOperation::Order {
            names: names.clone(),
            stamp: (!stamp.is_empty()).then(|| stamp.to_owned()),
        };
        match visit.ask(Operation::Gateway(operation)).await {
            Ok(_) => return done("/gateways", "ordered"),
            Err(Refused::Forbidden) => return visit.refused(Refused::Forbidden),
            Err(refused) => faults.refused(reader, &refused),
        }
    }
    match all(&visit).await {
        Ok(list) => {
            let body = listing(&visit, &list, &names, &faults, "").await;
            visit.again(SECTION, reader.t("gateways.title"), &body)
        }
        Err(answer) => answer,
    }
}

/// Moves one of the names a place, as a button asks: `up NAME` or `down NAME`.
fn moved(names: &mut [String], asked: &str) {
    let Some((way, name)) = asked.split_once(' ') else {
        return;
    };
    let Some(at) = names.iter().position(|one| one == name) else {
        return;
    };
    match way {
        "up" if at > 0 => names.swap(at, at - 1),
        "down" if at + 1 < names.len() => names.swap(at, at + 1),
        _ => {}
    }
}
