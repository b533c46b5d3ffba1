//! The list of the gateways in their order.

use axum::extract::RawQuery;
use axum::response::Response;
use maud::{Markup, html};

use super::common::{SECTION, path_of};
use super::order::{movers, order_form};
use super::state::{health, last, route, state};
use crate::admin::status::GatewayStatus;
use crate::admin::{GatewayInfo, GatewayList, GatewayOperation, GatewaySource, Operation, Outcome};
use crate::administrators::Permission;
use crate::portal::pages::fault::Faults;
use crate::portal::pages::parts;
use crate::portal::pages::visit::Visit;

pub(super) async fn all(visit: &Visit) -> Result<GatewayList, Response> {
    match visit.ask(Operation::Gateway(GatewayOperation::List)).await {
        Ok(Outcome::Gateways(list)) => Ok(list),
        Ok(_) => Err(visit.unexpected()),
        Err(refused) => Err(visit.refused(refused)),
    }
}

pub(super) async fn list(visit: Visit, RawQuery(query): RawQuery) -> Response {
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

pub(super) async fn listing(
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
                                a href=(path_of(&one.name)) { (parts::name(&one.name)) }
                            }
                            td role="cell" data-label=(t("column.route")) {
                                div { (route(reader, one)) }
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
