//! Tenants and credits.

use http::Method;
use serde_json::json;

use super::row::route;
use crate::admin::{Listed, NewKey, TenantInfo, TenantKind};
use crate::portal::api::route::{Route, of};
use crate::portal::api::schemas;

/// The name of a kind within the name of an operation.
fn word(kind: TenantKind) -> String {
    let mut letters = kind.name().chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

pub(super) fn tenants(kind: TenantKind, routes: &mut Vec<Route>) {
    let (name, word) = (kind.name(), word(kind));
    let all = format!("/{name}s");
    let (new, _) = schemas::tenant(kind);
    routes.extend([
        route(
            Method::GET,
            &all,
            &format!("list{word}s"),
            &format!("List a page of the {name}s"),
            json!({ "name": "list", "with": { "kind": name } }),
        )
        .query("after", "/with/after", of::<String>)
        .returns("tenants", of::<Listed>),
        route(
            Method::POST,
            &all,
            &format!("create{word}"),
            &format!("Create a {name}; its credential is returned once"),
            json!({ "name": "create", "with": [name, null] }),
        )
        .body("/with/1", new)
        .creates("key", of::<NewKey>, Some("name")),
    ]);
}

pub(super) fn one_tenant(kind: TenantKind, routes: &mut Vec<Route>) {
    let (name, word) = (kind.name(), word(kind));
    let one = format!("/{name}s/{{name}}");
    let (_, patch) = schemas::tenant(kind);
    routes.extend([
        route(
            Method::GET,
            &one,
            &format!("read{word}"),
            &format!("Read a {name}"),
            json!({ "name": "read", "with": [name, null] }),
        )
        .path("name", "/with/1")
        .returns("tenant", of::<TenantInfo>),
        route(
            Method::PATCH,
            &one,
            &format!("update{word}"),
            &format!("Set settings of a {name}; null returns one to its default"),
            json!({ "name": "update", "with": { "kind": name } }),
        )
        .path("name", "/with/name")
        .query("overlap_ms", "/with/overlap_ms", of::<u64>)
        .if_match("/with/stamp")
        .body("/with/patch", patch)
        .returns("tenant", of::<TenantInfo>),
        route(
            Method::DELETE,
            &one,
            &format!("revoke{word}"),
            &format!("Revoke a {name}: it stays in the store, its credentials end"),
            json!({ "name": "revoke", "with": [name, null] }),
        )
        .path("name", "/with/1"),
        route(
            Method::POST,
            &format!("{one}/rotate"),
            &format!("rotate{word}"),
            &format!("Replace the credential of a {name}; 0 ms of overlap for one that has leaked"),
            json!({ "name": "rotate", "with": { "kind": name } }),
        )
        .path("name", "/with/name")
        .if_match("/with/stamp")
        .option("overlap_ms", "/with/overlap_ms", of::<u64>)
        .returns("key", of::<NewKey>),
    ]);
}

pub(super) fn credits(routes: &mut Vec<Route>) {
    let path = "/customers/{name}/credits";
    let template = || json!({ "name": "add_credits", "with": {} });
    routes.push(
        route(
            Method::GET,
            path,
            "readCredits",
            "Read the credits of a customer",
            json!({ "name": "add_credits", "with": { "credits": 0 } }),
        )
        .path("name", "/with/name")
        .returns_in("credits", "credits", of::<u64>),
    );
    routes.push(
        route(
            Method::POST,
            path,
            "addCredits",
            "Add credits to a customer",
            template(),
        )
        .path("name", "/with/name")
        .member("credits", "/with/credits", of::<u64>)
        .returns_in("credits", "credits", of::<u64>),
    );
}
