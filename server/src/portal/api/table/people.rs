//! Administrators and API tokens.

use http::Method;
use serde_json::{Value as Json, json};

use super::row::route;
use crate::admin::{AdministratorInfo, AdministratorPage, NewCredentials, NewToken, TokenPage};
use crate::administrators::{Permission, ResetOf, Role};
use crate::portal::api::route::{Route, of};

fn template(word: &str) -> Json {
    json!({ "name": "administrator", "with": { "administrator": word } })
}

pub(super) fn administrators(routes: &mut Vec<Route>) {
    let all = "/administrators";
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
    ]);
}

pub(super) fn one_administrator(routes: &mut Vec<Route>) {
    let one = "/administrators/{name}";
    routes.extend([
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

pub(super) fn tokens(routes: &mut Vec<Route>) {
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
}

pub(super) fn new_token(routes: &mut Vec<Route>) {
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
