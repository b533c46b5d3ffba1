//! Every operation with what it needs: a table that a new operation does not leave
//! out unnoticed.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::administrators::{AdministratorOperation as A, OwnStep};
use super::audit::AuditOperation;
use super::gateway::GatewayOperation as G;
use super::keys::KeyOperation;
use super::protocol::Operation;
use super::tokens::TokenOperation as T;
use crate::administrators::{Permission, Role};

/// The name of an operation. Without a wildcard: whoever adds an operation adds it here,
/// and then to the table.
fn variant(operation: &Operation) -> &'static str {
    match operation {
        Operation::Create(..) => "create",
        Operation::Read(..) => "read",
        Operation::List { .. } => "list",
        Operation::Update { .. } => "update",
        Operation::Rotate { .. } => "rotate",
        Operation::Revoke(..) => "revoke",
        Operation::AddCredits { credits: 0, .. } => "read credits",
        Operation::AddCredits { .. } => "add credits",
        Operation::UnlockNumber { .. } => "unlock number",
        Operation::EraseNumber { .. } => "erase number",
        Operation::ReloadKeyring => "reload keyring",
        Operation::Reload => "reload",
        Operation::CheckStore => "check store",
        Operation::RestoreStore => "restore store",
        Operation::ConfirmStore => "confirm store",
        Operation::UpgradeStore => "upgrade store",
        Operation::Status => "status",
        Operation::Statistics(_) => "statistics",
        Operation::ExplainNumber(_) => "explain number",
        Operation::Stop { .. } => "stop",
        Operation::Resume { .. } => "resume",
        Operation::ListCutOffs => "list cut-offs",
        Operation::Gateway(gateway) => match gateway {
            G::Create { .. } => "create gateway",
            G::Update { .. } => "update gateway",
            G::Read { .. } => "read gateway",
            G::List => "list gateways",
            G::Test { .. } => "test gateway",
            G::Remove { .. } => "remove gateway",
            G::Order { .. } => "order gateways",
        },
        Operation::Administrator(administrator) => match administrator {
            A::Create { .. } => "create administrator",
            A::Read { .. } => "read administrator",
            A::List { .. } => "list administrators",
            A::Update { .. } => "update administrator",
            A::Reset { .. } => "reset administrator",
            A::Own {
                step: OwnStep::RecoveryCodes,
                ..
            } => "own recovery codes",
            A::Own {
                step: OwnStep::BeginAuthenticator,
                ..
            } => "begin own authenticator",
            A::Own {
                step: OwnStep::ConfirmAuthenticator { .. },
                ..
            } => "confirm own authenticator",
            A::Bind { .. } => "bind administrator",
            A::Unlock { .. } => "unlock administrator",
            A::Remove { .. } => "remove administrator",
        },
        Operation::Token(token) => match token {
            T::Create { maker: None, .. } => "create own token",
            T::Create { .. } => "create token",
            T::List { .. } => "list tokens",
            T::Revoke { .. } => "revoke token",
        },
        Operation::Audit(audit) => match audit {
            AuditOperation::List(_) => "list audit",
            AuditOperation::Verify { .. } => "verify audit",
            AuditOperation::Head => "audit head",
        },
        Operation::Key(KeyOperation::List) => "list keys",
        Operation::Key(KeyOperation::Activate { .. }) => "activate key",
        Operation::Key(KeyOperation::CheckUnused { .. }) => "check key",
    }
}

/// How many names [`variant`] has.
const VARIANTS: usize = 50;

/// Each operation as it is requested, what it needs, whether it is recorded, and whether
/// a session must have proved its second factor a short time ago.
fn table() -> Vec<(Json, Permission, bool, bool)> {
    use Permission as P;
    let of = |name: &str, with: Json| json!({ "name": name, "with": with });
    let number = || json!({ "kind": "channel", "name": "a", "number": "+966500000000" });
    let gateway = |with| of("gateway", with);
    let administrator = |with| of("administrator", with);
    let token = |with| of("token", with);
    let audit = |with| of("audit", with);
    vec![
        (
            of("create", json!(["channel", { "name": "a" }])),
            P::Tenants,
            true,
            true,
        ),
        (of("read", json!(["channel", "a"])), P::Read, false, false),
        (
            of("list", json!({ "kind": "channel" })),
            P::Read,
            false,
            false,
        ),
        (
            of(
                "update",
                json!({ "kind": "channel", "name": "a", "patch": { "name": "a" } }),
            ),
            P::Tenants,
            true,
            false,
        ),
        (
            of("rotate", json!({ "kind": "channel", "name": "a" })),
            P::Tenants,
            true,
            true,
        ),
        (
            of("revoke", json!(["channel", "a"])),
            P::Tenants,
            true,
            false,
        ),
        (
            of("add_credits", json!({ "name": "a", "credits": 0 })),
            P::Read,
            false,
            false,
        ),
        (
            of("add_credits", json!({ "name": "a", "credits": 1 })),
            P::Tenants,
            true,
            false,
        ),
        (of("unlock_number", number()), P::Numbers, true, false),
        (of("erase_number", number()), P::Numbers, true, false),
        (json!({ "name": "reload_keyring" }), P::Server, true, true),
        (json!({ "name": "reload" }), P::Server, true, false),
        (json!({ "name": "check_store" }), P::Server, false, false),
        (json!({ "name": "restore_store" }), P::Server, true, true),
        (json!({ "name": "confirm_store" }), P::Server, true, true),
        (json!({ "name": "upgrade_store" }), P::Server, true, false),
        (json!({ "name": "status" }), P::Read, false, false),
        (of("statistics", json!({})), P::Read, false, false),
        (
            of("explain_number", json!({ "text": "0500000000" })),
            P::Numbers,
            false,
            false,
        ),
        (
            of(
                "stop",
                json!({ "target": { "target": "sends" }, "life_ms": 60_000 }),
            ),
            P::Stop,
            true,
            false,
        ),
        (of("resume", json!({})), P::Stop, true, false),
        (json!({ "name": "list_cut_offs" }), P::Read, false, false),
        (
            gateway(json!({ "gateway": "create", "name": "a", "settings": {} })),
            P::Gateways,
            true,
            true,
        ),
        (
            gateway(json!({ "gateway": "update", "name": "a" })),
            P::Gateways,
            true,
            true,
        ),
        (
            gateway(json!({ "gateway": "read", "name": "a" })),
            P::Read,
            false,
            false,
        ),
        (gateway(json!({ "gateway": "list" })), P::Read, false, false),
        (
            gateway(json!({ "gateway": "test", "name": "a", "to": "+966500000000" })),
            P::TestGateway,
            true,
            false,
        ),
        (
            gateway(json!({ "gateway": "remove", "name": "a" })),
            P::Gateways,
            true,
            true,
        ),
        (
            gateway(json!({ "gateway": "order", "names": [] })),
            P::Gateways,
            true,
            true,
        ),
        (
            administrator(json!({ "administrator": "create", "name": "a", "role": "viewer" })),
            P::Administrators,
            true,
            true,
        ),
        (
            administrator(json!({ "administrator": "read", "name": "a" })),
            P::Administrators,
            false,
            false,
        ),
        (
            administrator(json!({ "administrator": "list" })),
            P::Administrators,
            false,
            false,
        ),
        (
            administrator(json!({ "administrator": "update", "name": "a", "role": "viewer" })),
            P::Administrators,
            true,
            true,
        ),
        (
            administrator(json!({ "administrator": "reset", "name": "a" })),
            P::Administrators,
            true,
            true,
        ),
        (
            administrator(json!({ "administrator": "own", "step": "recovery_codes" })),
            P::Read,
            true,
            true,
        ),
        (
            administrator(json!({ "administrator": "own", "step": "begin_authenticator" })),
            P::Read,
            true,
            true,
        ),
        (
            administrator(json!({
                "administrator": "own",
                "step": { "confirm_authenticator": { "code": "123456" } },
            })),
            P::Read,
            true,
            true,
        ),
        (
            administrator(json!({ "administrator": "bind", "name": "a" })),
            P::Administrators,
            true,
            true,
        ),
        (
            administrator(json!({ "administrator": "unlock", "name": "a" })),
            P::Administrators,
            true,
            true,
        ),
        (
            administrator(json!({ "administrator": "remove", "name": "a" })),
            P::Administrators,
            true,
            true,
        ),
        (
            token(json!({ "token": "create", "name": "a", "permissions": [], "life_ms": 1 })),
            P::Read,
            true,
            true,
        ),
        (
            token(json!({
                "token": "create", "name": "a", "permissions": [], "life_ms": 1, "maker": "b",
            })),
            P::Administrators,
            true,
            true,
        ),
        (token(json!({ "token": "list" })), P::Read, false, false),
        (
            token(json!({ "token": "list", "of": "all" })),
            P::Administrators,
            false,
            false,
        ),
        (
            token(json!({ "token": "list", "of": { "administrator": "b" } })),
            P::Administrators,
            false,
            false,
        ),
        (
            token(json!({ "token": "revoke", "id": "0" })),
            P::Read,
            true,
            false,
        ),
        (
            token(json!({ "token": "revoke", "id": "0", "of": "all" })),
            P::Administrators,
            true,
            false,
        ),
        (audit(json!({ "audit": "list" })), P::Audit, false, false),
        (audit(json!({ "audit": "verify" })), P::Audit, false, false),
        (audit(json!({ "audit": "head" })), P::Audit, false, false),
        (of("key", json!({ "key": "list" })), P::Read, false, false),
        (
            of("key", json!({ "key": "activate", "id": 2 })),
            P::Server,
            true,
            true,
        ),
        (
            of("key", json!({ "key": "check_unused", "id": 2 })),
            P::Server,
            false,
            false,
        ),
    ]
}

#[test]
fn every_operation_is_in_the_table() {
    let (mut variants, mut codes) = (BTreeSet::new(), BTreeSet::new());
    for (request, permission, is_recorded, is_fresh) in table() {
        let operation: Operation = serde_json::from_value(request.clone()).unwrap();
        assert_eq!(operation.permission(), permission, "{request}");
        assert_eq!(operation.is_recorded(), is_recorded, "{request}");
        assert_eq!(operation.needs_fresh_factor(), is_fresh, "{request}");
        assert!(!operation.writes() || operation.is_recorded(), "{request}");
        variants.insert(variant(&operation));
        codes.insert(operation.code());
        // The request is the same after a trip.
        let again = serde_json::to_value(&operation).unwrap();
        let again: Operation = serde_json::from_value(again).unwrap();
        assert_eq!(variant(&again), variant(&operation));
        // Nobody without the permission's role has it, and administrators have all.
        assert!(Role::Administrator.may(permission));
        if operation.writes() && permission != Permission::Read {
            assert!(!Role::Viewer.may(permission), "{request}");
        }
    }
    assert_eq!(variants.len(), VARIANTS);
    assert!(codes.len() >= VARIANTS - 3, "{codes:?}");
}
