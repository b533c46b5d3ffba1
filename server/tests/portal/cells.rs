//! Who may do what: every operation, by every role and permission.

use std::collections::BTreeSet;

use mpass_server::administrators::{Permission, Role};
use serde_json::{Value, json};

use crate::scene::{STORES, Scene};

/// A request to every operation of the document, and the permission that it needs. None
/// of them changes anything that another one depends on.
fn requests() -> Vec<(
    &'static str,
    &'static str,
    &'static str,
    Option<Value>,
    Permission,
)> {
    use Permission::{
        Administrators, Audit, Gateways, Numbers, Read, Server, Stop, Tenants, TestGateway,
    };
    let unlock = json!({"kind": "channel", "name": "x", "number": "+966500000001"});
    let order = json!({"names": []});
    let gateway = json!({"name": "new", "settings": {"url": "https://gateway.example/"}});
    let sends = json!({"target": {"target": "prefix", "prefix": "+9665"}, "life_ms": 1000});
    let token = json!({"name": "t", "permissions": ["read"], "life_ms": 60000});
    let person = json!({"name": "new.person", "role": "viewer"});
    let retarget = json!({"settings": {"url": "https://gateway.example/"}});
    let mut rows = Vec::new();
    for (kind, name) in [
        ("channel", "shop"),
        ("client", "app"),
        ("customer", "C-0123456789ABCDE"),
    ] {
        let path = |rest: &str| -> &'static str { format!("/{kind}s{rest}").leak() };
        let id = |verb: &str, many: &str| -> &'static str {
            let (first, rest) = kind.split_at(1);
            format!("{verb}{}{rest}{many}", first.to_uppercase()).leak()
        };
        rows.extend([
            (id("list", "s"), "GET", path(""), None, Read),
            (
                id("create", ""),
                "POST",
                path(""),
                Some(json!({"name": name})),
                Tenants,
            ),
            (id("read", ""), "GET", path("/none"), None, Read),
            (
                id("update", ""),
                "PATCH",
                path("/none"),
                Some(json!({"digits": 8})),
                Tenants,
            ),
            (id("revoke", ""), "DELETE", path("/none"), None, Tenants),
            (
                id("rotate", ""),
                "POST",
                path("/none/rotate"),
                None,
                Tenants,
            ),
        ]);
    }
    let credits = "/customers/none/credits";
    rows.extend([
        ("readCredits", "GET", credits, None, Read),
        (
            "addCredits",
            "POST",
            credits,
            Some(json!({"credits": 5})),
            Tenants,
        ),
        ("listGateways", "GET", "/gateways", None, Read),
        (
            "createGateway",
            "POST",
            "/gateways",
            Some(gateway),
            Gateways,
        ),
        (
            "orderGateways",
            "PUT",
            "/gateway-order",
            Some(order),
            Gateways,
        ),
        ("readGateway", "GET", "/gateways/none", None, Read),
        (
            "updateGateway",
            "PATCH",
            "/gateways/none",
            Some(retarget),
            Gateways,
        ),
        ("removeGateway", "DELETE", "/gateways/none", None, Gateways),
        (
            "testGateway",
            "POST",
            "/gateways/none/test",
            Some(json!({"to": "+966500000001"})),
            TestGateway,
        ),
        (
            "explainNumber",
            "POST",
            "/numbers/explain",
            Some(json!({"number": "+966500000001"})),
            Numbers,
        ),
        (
            "unlockNumber",
            "POST",
            "/numbers/unlock",
            Some(unlock.clone()),
            Numbers,
        ),
        (
            "eraseNumber",
            "POST",
            "/numbers/erase",
            Some(unlock),
            Numbers,
        ),
        ("listCutOffs", "GET", "/cut-offs", None, Read),
        ("stop", "POST", "/cut-offs", Some(sends), Stop),
        ("resume", "POST", "/cut-offs/resume", None, Stop),
        ("readStatus", "GET", "/status", None, Read),
        (
            "readStatistics",
            "GET",
            "/statistics?window=day",
            None,
            Read,
        ),
        (
            "reloadConfiguration",
            "POST",
            "/configuration/reload",
            None,
            Server,
        ),
        ("reloadKeyring", "POST", "/keyring/reload", None, Server),
        ("checkStore", "POST", "/store/check", None, Server),
        ("listKeys", "GET", "/keys", None, Read),
        ("activateKey", "POST", "/keys/9/activate", None, Server),
        ("listAudit", "GET", "/audit?limit=1", None, Audit),
        ("exportAudit", "GET", "/audit/export", None, Audit),
        ("verifyAudit", "POST", "/audit/verify", None, Audit),
        ("readAuditHead", "GET", "/audit/head", None, Audit),
        (
            "listAdministrators",
            "GET",
            "/administrators",
            None,
            Administrators,
        ),
        (
            "createAdministrator",
            "POST",
            "/administrators",
            Some(person),
            Administrators,
        ),
        (
            "readAdministrator",
            "GET",
            "/administrators/none",
            None,
            Administrators,
        ),
        (
            "updateAdministrator",
            "PATCH",
            "/administrators/none",
            Some(json!({"role": "viewer"})),
            Administrators,
        ),
        (
            "removeAdministrator",
            "DELETE",
            "/administrators/none",
            None,
            Administrators,
        ),
        (
            "resetAdministrator",
            "POST",
            "/administrators/none/reset",
            None,
            Administrators,
        ),
        (
            "unlockAdministrator",
            "POST",
            "/administrators/none/unlock",
            None,
            Administrators,
        ),
        ("listOwnTokens", "GET", "/own/tokens", None, Read),
        ("createToken", "POST", "/own/tokens", Some(token), Read),
        ("revokeOwnToken", "DELETE", "/own/tokens/none", None, Read),
        ("listTokens", "GET", "/tokens", None, Administrators),
        (
            "revokeToken",
            "DELETE",
            "/tokens/none",
            None,
            Administrators,
        ),
        (
            "listAdministratorTokens",
            "GET",
            "/administrators/none/tokens",
            None,
            Administrators,
        ),
        (
            "revokeAdministratorToken",
            "DELETE",
            "/administrators/none/tokens/none",
            None,
            Administrators,
        ),
    ]);
    rows
}

/// The operations for which a token alone is not enough.
const NEEDS_CODE: [&str; 5] = [
    "createGateway",
    "updateGateway",
    "createAdministrator",
    "updateAdministrator",
    "resetAdministrator",
];

/// The document lists exactly the operations of the table above.
#[tokio::test]
async fn every_operation_is_tried() {
    let scene = Scene::start("memory").await;
    let document = scene.get("", "/openapi.json").await.json();
    let paths = document["paths"].as_object().unwrap();
    let of_document: BTreeSet<&str> = paths
        .values()
        .flat_map(|path| path.as_object().unwrap().values())
        .map(|operation| operation["operationId"].as_str().unwrap())
        .collect();
    let rows = requests();
    let tried: BTreeSet<&str> = rows.iter().map(|row| row.0).collect();
    assert_eq!(of_document, tried);
    assert_eq!(rows.len(), tried.len());
}

/// Every cell: allowed for a role that has the permission, and else refused.
#[tokio::test]
async fn every_role_and_operation() {
    for store in STORES {
        let scene = Scene::start(store).await;
        for role in Role::ALL.iter().copied() {
            let bearer = scene.bearer(role.name(), role).await;
            for (id, method, path, body, permission) in requests() {
                let answered = scene.call(&bearer, method, path, body, &[]).await;
                let cell = format!("{store}: {id} as {}: {}", role.name(), answered.text);
                if role.may(permission) {
                    let needs_code = NEEDS_CODE.contains(&id);
                    let problem = answered.problem();
                    assert_eq!(problem == "fresh-totp-required", needs_code, "{cell}");
                    assert!(needs_code || answered.status != 403, "{cell}");
                    assert!(
                        ![400, 401, 405, 415, 500].contains(&answered.status.as_u16()),
                        "{cell}"
                    );
                } else {
                    assert_eq!(answered.problem(), "forbidden", "{cell}");
                    assert_eq!(answered.status, 403, "{cell}");
                }
            }
        }
    }
}

/// A token may do what it was made for, whatever its maker may.
#[tokio::test]
async fn every_permission_and_operation() {
    let scene = Scene::start("memory").await;
    let maker = scene.administrator("anna", Role::Administrator).await;
    for permission in Permission::ALL.iter().copied() {
        let with = scene.token(&maker.account, &[permission]).await;
        let others: Vec<Permission> = Permission::ALL
            .iter()
            .copied()
            .filter(|it| *it != permission)
            .collect();
        let without = scene.token(&maker.account, &others).await;
        for (id, method, path, body, needed) in requests() {
            for (token, has) in [
                (&with, needed == permission),
                (&without, needed != permission),
            ] {
                let answered = scene.call(token, method, path, body.clone(), &[]).await;
                let is_refused = answered.problem() == "forbidden";
                assert_eq!(
                    is_refused,
                    !has,
                    "{id} by {}: {}",
                    permission.name(),
                    answered.text
                );
            }
        }
    }
}
