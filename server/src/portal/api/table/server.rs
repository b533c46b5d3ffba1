//! The server, its keys and its audit log.

use http::Method;
use serde_json::{Value as Json, json};

use super::row::route;
use crate::admin::{AuditHead, AuditPage, AuditReport, KeyList, StoreReport, status::Status};
use crate::portal::api::route::{Answer, From, Route, of};
use crate::portal::api::schemas;
use crate::statistics::{StatisticsAnswer, Window};

fn named(name: &str) -> Json {
    json!({ "name": name })
}

/// What it does, and what it has done.
pub(super) fn server(routes: &mut Vec<Route>) {
    routes.extend([
        route(
            Method::GET,
            "/status",
            "readStatus",
            "Describe the running server",
            named("status"),
        )
        .returns("status", of::<Status>),
        route(
            Method::GET,
            "/statistics",
            "readStatistics",
            "Add up what became of requests and messages",
            json!({ "name": "statistics", "with": {} }),
        )
        .query("window", "/with/window", of::<Window>)
        .query("tenant", "/with/tenant", schemas::tenant_name)
        .query("country", "/with/country", of::<u16>)
        .returns("statistics", of::<StatisticsAnswer>),
    ]);
}

/// What it reads again.
pub(super) fn files(routes: &mut Vec<Route>) {
    routes.extend([
        route(
            Method::POST,
            "/configuration/reload",
            "reloadConfiguration",
            "Reload the configuration; returns the names of the settings that have changed",
            named("reload"),
        )
        .returns_in("changed", "reloaded", of::<Vec<String>>),
        route(
            Method::POST,
            "/keyring/reload",
            "reloadKeyring",
            "Reload the keyring from its file",
            named("reload_keyring"),
        ),
        route(
            Method::POST,
            "/store/check",
            "checkStore",
            "Read the whole store",
            named("check_store"),
        )
        .returns("checked", of::<StoreReport>),
    ]);
}

pub(super) fn keys(routes: &mut Vec<Route>) {
    let template = |word: &str| json!({ "name": "key", "with": { "key": word } });
    routes.extend([
        route(
            Method::GET,
            "/keys",
            "listKeys",
            "List the record keys by their fingerprints",
            template("list"),
        )
        .returns("keys", of::<KeyList>),
        route(
            Method::POST,
            "/keys/{id}/activate",
            "activateKey",
            "Seal new records with a record key of the keyring",
            template("activate"),
        )
        .takes(From::Path("id"), "/with/id", of::<u16>, true)
        .returns("keys", of::<KeyList>),
    ]);
}

pub(super) fn audit(routes: &mut Vec<Route>) {
    let template = |word: &str| json!({ "name": "audit", "with": { "audit": word } });
    let filtered = |row: Route| {
        row.query("by", "/with/by", of::<String>)
            .query("what", "/with/what", of::<String>)
            .query("on", "/with/on", of::<String>)
            .query("since_ms", "/with/since_ms", of::<u64>)
            .query("until_ms", "/with/until_ms", of::<u64>)
            .query("after", "/with/after", of::<u64>)
            .query("before", "/with/before", of::<u64>)
    };
    let list = route(
        Method::GET,
        "/audit",
        "listAudit",
        "List a page of the audit log, the newest entries first; the oldest with `after`",
        template("list"),
    );
    let mut export = route(
        Method::GET,
        "/audit/export",
        "exportAudit",
        "Read entries of the audit log as they are stored, the oldest first",
        template("list"),
    );
    export.answer = Answer::Lines;
    routes.extend([
        filtered(list)
            .query("limit", "/with/limit", schemas::page)
            .returns("audit", of::<AuditPage>),
        filtered(export),
        route(
            Method::POST,
            "/audit/verify",
            "verifyAudit",
            "Read the whole audit log and check it",
            template("verify"),
        )
        .option("anchors", "/with/anchors", of::<Vec<String>>)
        .returns("audit_report", of::<AuditReport>),
        route(
            Method::GET,
            "/audit/head",
            "readAuditHead",
            "Read the last entry's number and MAC",
            template("head"),
        )
        .returns("audit_head", of::<AuditHead>),
    ]);
}
