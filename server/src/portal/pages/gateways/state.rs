//! What is known of the health of gateways.

use maud::{Markup, html};

use crate::admin::status::GatewayStatus;
use crate::admin::{GatewayInfo, Operation, Outcome};
use crate::portal::pages::parts;
use crate::portal::pages::reader::Reader;
use crate::portal::pages::visit::Visit;

pub(super) async fn health(visit: &Visit) -> Vec<GatewayStatus> {
    match visit.ask(Operation::Status).await {
        Ok(Outcome::Status(status)) => status.gateways,
        _ => Vec::new(),
    }
}

/// Where its messages go.
pub(super) fn route(reader: Reader, one: &GatewayInfo) -> Markup {
    parts::routes(reader, one.route.as_deref().unwrap_or("–"))
}

pub(super) fn state(reader: Reader, one: &GatewayInfo, health: &[GatewayStatus]) -> Markup {
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

pub(super) fn last(reader: Reader, name: &str, health: &[GatewayStatus]) -> Markup {
    let known = health.iter().find(|it| it.name == *name);
    let (success, failure) = known.map_or((None, None), |it| (it.success_at_ms, it.failure_at_ms));
    html! {
        @if let Some(at_ms) = success { div { (reader.t("gateway.taken")) " " (reader.time(at_ms)) } }
        @if let Some(at_ms) = failure { div { (reader.t("gateway.not_taken")) " " (reader.time(at_ms)) } }
        @if success.is_none() && failure.is_none() { span.dim { (reader.t("gateway.none_yet")) } }
    }
}
