//! The routes: the only list of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use http::Method;
use serde_json::{Value as Json, json};

use super::route::{Answer, From, Input, MakeSchema, Returned, Route, of};
use super::schemas;
use crate::admin::{
    AdministratorInfo, AdministratorPage, AuditHead, AuditPage, AuditReport, CutOffInfo,
    Explanation, GatewayInfo, GatewayList, GatewayTest, KeyList, Listed, NewCredentials, NewKey,
    NewToken, StoreReport, TenantInfo, TenantKind, TokenPage, status::Status,
};
use crate::administrators::{Permission, ResetOf, Role};
use crate::statistics::{StatisticsAnswer, Window};

/// In front of every path.
pub(crate) const PREFIX: &str = "/admin/v1";

/// Every route.
pub(super) static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    let mut routes = Vec::new();
    for kind in TenantKind::ALL.iter().copied() {
        tenants(kind, &mut routes);
    }
    credits(&mut routes);
    gateways(&mut routes);
    numbers(&mut routes);
    cut_offs(&mut routes);
    server(&mut routes);
    audit(&mut routes);
    administrators(&mut routes);
    tokens(&mut routes);
    routes
});

fn route(method: Method, path: &str, id: &str, summary: &str, template: Json) -> Route {
    Route {
        method,
        path: path.to_owned(),
        id: id.to_owned(),
        summary: summary.to_owned(),
        template,
        inputs: Vec::new(),
        answer: Answer::Nothing,
        may_need_code: false,
    }
}

/// The columns of a row, one by one.
impl Route {
    fn takes(mut self, from: From, place: &str, schema: MakeSchema, is_required: bool) -> Self {
        self.inputs.push(Input {
            from,
            place: place.to_owned(),
            schema,
            is_required,
        });
        self
    }

    fn path(self, name: &'static str, place: &str) -> Self {
        self.takes(From::Path(name), place, of::<String>, true)
    }

    fn query(self, name: &'static str, place: &str, schema: MakeSchema) -> Self {
        self.takes(From::Query(name), place, schema, false)
    }

    fn if_match(self, place: &str) -> Self {
        self.takes(From::IfMatch, place, of::<String>, false)
    }

    fn body(self, place: &str, schema: MakeSchema) -> Self {
        self.takes(From::Body, place, schema, true)
    }

    fn member(self, name: &'static str, place: &str, schema: MakeSchema) -> Self {
        self.takes(From::Member(name), place, schema, true)
    }

    fn option(self, name: &'static str, place: &str, schema: MakeSchema) -> Self {
        self.takes(From::Member(name), place, schema, false)
    }

    fn returns(mut self, outcome: &'static str, schema: MakeSchema) -> Self {
        self.answer = Answer::Value(Returned {
            outcome,
            member: None,
            schema,
        });
        self
    }

    fn returns_in(
        mut self,
        member: &'static str,
        outcome: &'static str,
        schema: MakeSchema,
    ) -> Self {
        self.answer = Answer::Value(Returned {
            outcome,
            member: Some(member),
            schema,
        });
        self
    }

    fn creates(
        mut self,
        outcome: &'static str,
        schema: MakeSchema,
        place: Option<&'static str>,
    ) -> Self {
        let returned = Returned {
            outcome,
            member: None,
            schema,
        };
        self.answer = Answer::Created(returned, place);
        self
    }

    fn may_need_code(mut self) -> Self {
        self.may_need_code = true;
        self
    }
}

fn tenants(kind: TenantKind, routes: &mut Vec<Route>) {
    let name = kind.name();
    let (all, one) = (format!("/{name}s"), format!("/{name}s/{{name}}"));
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    let word: String = first.into_iter().chain(letters).collect();
    let (new, patch) = schemas::tenant(kind);
    let rows = [
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
    ];
    routes.extend(rows);
}

fn credits(routes: &mut Vec<Route>) {
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

fn gateways(routes: &mut Vec<Route>) {
    let template = |word: &str| json!({ "name": "gateway", "with": { "gateway": word } });
    let one = "/gateways/{name}";
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

fn numbers(routes: &mut Vec<Route>) {
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

fn cut_offs(routes: &mut Vec<Route>) {
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

fn server(routes: &mut Vec<Route>) {
    let named = |name: &str| json!({ "name": name });
    let keys = |word: &str| json!({ "name": "key", "with": { "key": word } });
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
        route(
            Method::GET,
            "/keys",
            "listKeys",
            "List the record keys by their fingerprints",
            keys("list"),
        )
        .returns("keys", of::<KeyList>),
        route(
            Method::POST,
            "/keys/{id}/activate",
            "activateKey",
            "Seal new records with a record key of the keyring",
            keys("activate"),
        )
        .takes(From::Path("id"), "/with/id", of::<u16>, true)
        .returns("keys", of::<KeyList>),
    ]);
}

fn audit(routes: &mut Vec<Route>) {
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

fn administrators(routes: &mut Vec<Route>) {
    let template =
        |word: &str| json!({ "name": "administrator", "with": { "administrator": word } });
    let (all, one) = ("/administrators", "/administrators/{name}");
    routes.extend([
        route(
            Method::GET,
            all,
            "listAdministrators",
            "List a page of the administrators",
            template("list"),
        )
        .query("after", "/with/after", of::<String>)
        .returns("administrators", of::<AdministratorPage>),
        route(
            Method::POST,
            all,
            "createAdministrator",
            "Create an administrator; its credentials are returned once",
            template("create"),
        )
        .member("name", "/with/name", of::<String>)
        .member("role", "/with/role", of::<Role>)
        .creates("enrolled", of::<NewCredentials>, Some("name"))
        .may_need_code(),
        route(
            Method::GET,
            one,
            "readAdministrator",
            "Read an administrator",
            template("read"),
        )
        .path("name", "/with/name")
        .returns("administrator", of::<AdministratorInfo>),
        route(
            Method::PATCH,
            one,
            "updateAdministrator",
            "Change an administrator and end its sessions",
            template("update"),
        )
        .path("name", "/with/name")
        .if_match("/with/stamp")
        .option("role", "/with/role", of::<Role>)
        .option("disabled", "/with/disabled", of::<bool>)
        .returns("administrator", of::<AdministratorInfo>)
        .may_need_code(),
        route(
            Method::DELETE,
            one,
            "removeAdministrator",
            "Remove an administrator, its sessions and its tokens",
            template("remove"),
        )
        .path("name", "/with/name")
        .if_match("/with/stamp"),
        route(
            Method::POST,
            "/administrators/{name}/reset",
            "resetAdministrator",
            "Replace credentials and end the sessions; they are returned once",
            template("reset"),
        )
        .path("name", "/with/name")
        .if_match("/with/stamp")
        .option("what", "/with/what", of::<ResetOf>)
        .returns("enrolled", of::<NewCredentials>)
        .may_need_code(),
        route(
            Method::POST,
            "/administrators/{name}/unlock",
            "unlockAdministrator",
            "Forget failed logins",
            template("unlock"),
        )
        .path("name", "/with/name"),
    ]);
}

fn tokens(routes: &mut Vec<Route>) {
    let template =
        |word: &str, of: Json| json!({ "name": "token", "with": { "token": word, "of": of } });
    let lists = [
        (
            "/own/tokens",
            "listOwnTokens",
            "List a page of one's own tokens",
            json!("own"),
        ),
        (
            "/tokens",
            "listTokens",
            "List a page of all tokens",
            json!("all"),
        ),
        (
            "/administrators/{name}/tokens",
            "listAdministratorTokens",
            "List a page of the tokens of an administrator",
            json!({ "administrator": null }),
        ),
    ];
    for (path, id, summary, whose) in lists {
        let is_named = whose.is_object();
        let add = |row: Route| match is_named {
            true => row.path("name", "/with/of/administrator"),
            false => row,
        };
        let whose = if is_named { json!({}) } else { whose };
        routes.push(add(route(
            Method::GET,
            path,
            id,
            summary,
            template("list", whose.clone()),
        )
        .query("after", "/with/after", of::<String>)
        .returns("tokens", of::<TokenPage>)));
        let path = format!("{path}/{{id}}");
        let id = id.replacen("list", "revoke", 1);
        let id = id.trim_end_matches('s');
        routes.push(add(route(
            Method::DELETE,
            &path,
            id,
            "End a token",
            template("revoke", whose),
        )
        .path("id", "/with/id")));
    }
    routes.push(
        route(
            Method::POST,
            "/own/tokens",
            "createToken",
            "Make a token of one's own; its secret is returned once",
            json!({ "name": "token", "with": { "token": "create" } }),
        )
        .member("name", "/with/name", of::<String>)
        .member("permissions", "/with/permissions", of::<Vec<Permission>>)
        .member("life_ms", "/with/life_ms", of::<u64>)
        .creates("token", of::<NewToken>, None),
    );
}

/// The routes by path.
pub(super) fn by_path() -> BTreeMap<&'static str, Vec<&'static Route>> {
    let mut paths: BTreeMap<&str, Vec<&Route>> = BTreeMap::new();
    for route in ROUTES.iter() {
        paths.entry(&route.path).or_default().push(route);
    }
    paths
}
