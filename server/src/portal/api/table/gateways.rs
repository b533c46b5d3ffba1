//! Gateways, numbers and cut-offs.

use http::Method;
use serde_json::{Value as Json, json};

use super::row::route;
use crate::admin::{CutOffInfo, Explanation, GatewayInfo, GatewayList, GatewayTest, TenantKind};
use crate::portal::api::route::{Route, of};
use crate::portal::api::schemas;

fn template(word: &str) -> Json {
    json!({ "name": "gateway", "with": { "gateway": word } })
}

pub(super) fn gateways(routes: &mut Vec<Route>) {
    routes.extend([
        route(
            Method::GET,
            "/gateways",
            "listGateways",
            "List the gateways in the order in which they are tried",
            template("list"),
        )
        .returns("gateways", of::<GatewayList>),
        route(
            Method::POST,
            "/gateways",
            "createGateway",
            "Define a gateway, the last one in the order",
            template("create"),
        )
        .member("name", "/with/name", of::<String>)
        .member("settings", "/with/settings", schemas::gateway_settings)
        .option("secrets", "/with/secrets", schemas::gateway_secrets)
        .creates("gateway", of::<GatewayInfo>, Some("name"))
        .may_need_code(),
        route(
            Method::PUT,
            "/gateway-order",
            "orderGateways",
            "Put gateways first in this order; others follow as before",
            template("order"),
        )
        .if_match("/with/stamp")
        .member("names", "/with/names", of::<Vec<String>>)
        .returns("gateways", of::<GatewayList>),
    ]);
}

pub(super) fn one_gateway(routes: &mut Vec<Route>) {
    let one = "/gateways/{name}";
    routes.extend([
        route(
            Method::GET,
            one,
            "readGateway",
            "Read a gateway, without its secrets",
            template("read"),
        )
        .path("name", "/with/name")
        .returns("gateway", of::<GatewayInfo>),
        route(
            Method::PATCH,
            one,
            "updateGateway",
            "Change a gateway; a change of its target clears the secrets that it does not set",
            template("update"),
        )
        .path("name", "/with/name")
        .if_match("/with/stamp")
        .option("settings", "/with/settings", schemas::gateway_settings)
        .option("secrets", "/with/secrets", schemas::gateway_secrets)
        .returns("gateway", of::<GatewayInfo>)
        .may_need_code(),
        route(
            Method::DELETE,
            one,
            "removeGateway",
            "Remove a gateway",
            template("remove"),
        )
        .path("name", "/with/name")
        .if_match("/with/stamp"),
        route(
            Method::POST,
            "/gateways/{name}/test",
            "testGateway",
            "Send a message with a fixed text through one gateway",
            template("test"),
        )
        .path("name", "/with/name")
        .member("to", "/with/to", schemas::number)
        .returns("tested", of::<GatewayTest>),
    ]);
}

pub(super) fn numbers(routes: &mut Vec<Route>) {
    // A number is never part of a path, which logs contain.
    routes.push(
        route(
            Method::POST,
            "/numbers/explain",
            "explainNumber",
            "Explain what a number is, and what would become of a message to it",
            json!({ "name": "explain_number", "with": {} }),
        )
        .member("number", "/with/text", of::<String>)
        .option("channel", "/with/channel", of::<String>)
        .option("country", "/with/country", of::<u16>)
        .returns("number", of::<Explanation>),
    );
    for (verb, summary) in [
        (
            "unlock",
            "Unlock a number for a tenant, at most three times a day",
        ),
        (
            "erase",
            "Erase what a tenant has of a number; what limits count stays",
        ),
    ] {
        let name = format!("{verb}_number");
        routes.push(
            route(
                Method::POST,
                &format!("/numbers/{verb}"),
                &format!("{verb}Number"),
                summary,
                json!({ "name": name, "with": {} }),
            )
            .member("kind", "/with/kind", of::<TenantKind>)
            .member("name", "/with/name", of::<String>)
            .member("number", "/with/number", schemas::number),
        );
    }
}

pub(super) fn cut_offs(routes: &mut Vec<Route>) {
    let returned = of::<Vec<CutOffInfo>>;
    routes.extend([
        route(
            Method::GET,
            "/cut-offs",
            "listCutOffs",
            "List the cut-offs in effect",
            json!({ "name": "list_cut_offs" }),
        )
        .returns_in("cut_offs", "cut_offs", returned),
        route(
            Method::POST,
            "/cut-offs",
            "stop",
            "Stop something for a while",
            json!({ "name": "stop", "with": {} }),
        )
        .member("target", "/with/target", schemas::stop_target)
        .member("life_ms", "/with/life_ms", of::<u64>)
        .option("why", "/with/why", of::<String>)
        .returns_in("cut_offs", "cut_offs", returned),
        route(
            Method::POST,
            "/cut-offs/resume",
            "resume",
            "End the cut-offs of a target, or all; returns those that were in effect",
            json!({ "name": "resume", "with": {} }),
        )
        .option("target", "/with/target", schemas::stop_target)
        .returns_in("cut_offs", "cut_offs", returned),
    ]);
}
