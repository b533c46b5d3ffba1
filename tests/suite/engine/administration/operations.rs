//! The operations on one tenant on a simulated host, one by one.

use std::sync::Arc;

use mpass_core::Error;
use mpass_core::service::settings::{Field, Group, Value, Values};
use mpass_core::service::{AnyTenant, Channel, Customer, Overlap, Reason, TenantPatch};
use mpass_core::store::Stamp;
use mpass_tests::sim::Fault;

use super::scene::{NAMES, Scene, named, patch};

fn tries(tenant: &AnyTenant) -> Option<Value> {
    tenant.settings().get(Field::Tries).cloned()
}

#[test]
fn a_tenant_of_each_kind_from_creation_to_revocation() {
    for (group, name) in NAMES {
        let scene = Scene::new();
        let missing = scene.read(group, name).map(drop);
        assert_eq!(missing, Err(Error::TenantMissing));
        let created = scene.create(group, name).unwrap();
        assert_eq!(
            (created.name.as_str(), created.predecessor_until_ms),
            (name, None)
        );
        assert!(scene.works(group, &created));
        assert_eq!(scene.create(group, name).map(drop), Err(Error::NameTaken));

        let entry = scene.read(group, name).unwrap();
        assert_eq!(entry.stamp, created.stamp);
        let changed = scene.update(name, patch(group, Field::Tries, 2)).unwrap();
        assert_eq!(tries(&changed.tenant), Some(Value::Number(2)));
        assert_eq!(changed.tenant.id(), entry.tenant.id());
        assert_ne!(changed.stamp, entry.stamp);
        let again = scene.update(name, patch(group, Field::Tries, 2)).unwrap();
        assert_eq!(again.stamp, changed.stamp, "nothing is written");

        let rotated = scene.rotate(group, name, Overlap::DEFAULT).unwrap();
        let until_ms = scene.world.now() + 24 * 3_600_000;
        assert_eq!(rotated.predecessor_until_ms, Some(until_ms));
        assert!(scene.works(group, &created) && scene.works(group, &rotated));
        let revoked = scene.revoke(group, name).unwrap();
        assert!(revoked.tenant.is_revoked());
        assert!(!scene.works(group, &created), "its predecessor ends, too");
        for refused in [
            scene.revoke(group, name).map(drop),
            scene.rotate(group, name, Overlap::NONE).map(drop),
            scene.update(name, patch(group, Field::Tries, 3)).map(drop),
        ] {
            assert_eq!(refused, Err(Error::TenantRevoked));
        }
        let anew = scene.create(group, name).unwrap();
        let tenant = scene.read(group, name).unwrap().tenant;
        assert_eq!(tenant.key_version(), 3);
        assert_ne!(tenant.id(), entry.tenant.id());
        assert!(scene.works(group, &anew));
    }
}

#[test]
fn a_store_that_stores_and_then_fails_loses_no_credential() {
    for (group, name) in NAMES {
        let scene = Scene::new();
        // Loads and swaps before the tenant's swap: a customer's value is read,
        // and the record of its credits is written.
        let before = if group == Group::Customer { 4 } else { 1 };
        let at_swap = |fault| vec![None; before].into_iter().chain([Some(fault)]);
        scene.world.plan_faults(at_swap(Fault::StoredUnknown));
        let created = scene.create(group, name).unwrap();
        assert!(scene.works(group, &created));
        let before = if group == Group::Customer { 2 } else { 1 };
        let at_swap = |fault| vec![None; before].into_iter().chain([Some(fault)]);
        scene.world.plan_faults(at_swap(Fault::StoredFail));
        let rotated = scene.rotate(group, name, Overlap::NONE).unwrap();
        assert!(scene.works(group, &rotated) && !scene.works(group, &created));
        // Nothing is stored, and the old one stays.
        scene.world.plan_faults(at_swap(Fault::Fail));
        let failed = scene.rotate(group, name, Overlap::NONE);
        assert_eq!(failed.map(drop), Err(Error::StoreFailed));
        assert!(scene.works(group, &rotated));
    }
}

#[test]
fn one_predecessor_is_kept_until_its_end() {
    let scene = Scene::new();
    let group = Group::Channel;
    let first = scene.create(group, "web").unwrap();
    let hour = Overlap::from_ms(3_600_000).unwrap();
    let second = scene.rotate(group, "web", hour).unwrap();
    assert_eq!(scene.verify(&first), Reason::NoChallenge);
    let now_ms = scene.world.now();
    for (at_ms, works) in [
        (now_ms + 3_599_999, true),
        (now_ms + 3_600_000, false),
        // A clock that is set back does not lengthen it.
        (now_ms - 5_000, true),
        (now_ms - 5_001, false),
    ] {
        scene.world.set_clock(at_ms);
        assert_eq!(scene.works(group, &first), works, "{at_ms}");
        assert!(scene.works(group, &second));
    }
    scene.world.set_clock(now_ms);
    let third = scene.rotate(group, "web", hour).unwrap();
    assert_eq!(scene.verify(&first), Reason::UnknownCredential);
    assert!(scene.works(group, &second) && scene.works(group, &third));
    let fourth = scene.rotate(group, "web", Overlap::NONE).unwrap();
    assert!(!scene.works(group, &second) && !scene.works(group, &third));
    assert!(scene.works(group, &fourth));
}

#[test]
fn an_update_is_a_patch() {
    let scene = Scene::new();
    let group = Group::Channel;
    scene.create(group, "web").unwrap();
    let mut change = patch(group, Field::Tries, 2);
    change
        .set(Field::Host, Value::Text("app.example".into()))
        .unwrap();
    let changed = scene.update("web", change).unwrap();
    let mut change = TenantPatch::new(group);
    change.clear(Field::Host).unwrap();
    let changed = scene
        .update("web", change.expecting(changed.stamp))
        .unwrap();
    assert_eq!(changed.tenant.settings().get(Field::Host), None);
    assert_eq!(tries(&changed.tenant), Some(Value::Number(2)));

    let stale = patch(group, Field::Tries, 3).expecting(Stamp([0; 8]));
    assert_eq!(scene.update("web", stale).map(drop), Err(Error::Changed));
    let stale = TenantPatch::new(group).expecting(Stamp([0; 8]));
    assert_eq!(scene.update("web", stale).map(drop), Err(Error::Changed));
    let mut renamed = TenantPatch::new(group);
    renamed
        .set(Field::Name, Value::Text("other".into()))
        .unwrap();
    assert_eq!(
        scene.update("web", renamed).map(drop),
        Err(Error::NameFixed)
    );
    let mut named = patch(group, Field::Tries, 4);
    named.set(Field::Name, Value::Text("web".into())).unwrap();
    assert!(scene.update("web", named).is_ok());
    let unnamed = TenantPatch::new(group).clear(Field::Name);
    assert_eq!(unnamed.unwrap_err().error, Error::NameFixed);
    // The settings are checked as a whole.
    let weak = scene.update("web", patch(group, Field::Digits, 4));
    assert_eq!(weak.map(drop), Err(Error::PolicyTooWeak));
    let unchanged = scene.read(group, "web").unwrap().tenant;
    assert_eq!(tries(&unchanged), Some(Value::Number(4)));
}

#[test]
fn provisioning_yields_exactly_these_settings_and_this_credential() {
    let scene = Scene::new();
    let keyring = Arc::clone(&scene.world.engine.shared_keyring());
    for (group, name) in NAMES {
        let key = || match group {
            Group::Channel => Channel::derive_key(&keyring, name, "test"),
            Group::Customer => Customer::derive_key(&keyring, name, "test"),
            _ => mpass_core::service::Client::derive_key(&keyring, name, "test"),
        };
        let provision = |values: &Values| {
            let entropy = scene.world.entropy();
            scene
                .run(scene.admin.provision(values, key(), &entropy))
                .unwrap()
        };
        let mut values = named(group, name);
        assert!(provision(&values).is_changed);
        let before = scene.read(group, name).unwrap();
        assert!(!provision(&values).is_changed);
        scene.rotate(group, name, Overlap::DEFAULT).unwrap();
        assert!(provision(&values).is_changed);
        let after = scene.read(group, name).unwrap().tenant;
        assert_eq!(after.predecessor_until_ms(), None);
        assert_eq!(after.id(), before.tenant.id());
        // The same credential keeps its version, and with it its tokens.
        values.set(Field::Tries, Value::Number(2)).unwrap();
        assert!(provision(&values).is_changed);
        let changed = scene.read(group, name).unwrap().tenant;
        assert_eq!(changed.key_version(), after.key_version());
        assert_eq!(tries(&changed), Some(Value::Number(2)));
        scene.revoke(group, name).unwrap();
        assert!(provision(&values).is_changed);
        assert!(!scene.read(group, name).unwrap().tenant.is_revoked());
    }
    let key = Channel::derive_key(&keyring, "other", "test");
    let refused = scene
        .admin
        .provision(&named(Group::Channel, "web"), key, &[1; 32]);
    assert_eq!(
        refused.map(drop).unwrap_err().error,
        Error::InvalidCredential
    );
}

/// The largest tenant that can be created can be rotated with an overlap, and its
/// public key replaced.
#[test]
fn a_large_tenant_has_room_for_its_predecessors() {
    let scene = Scene::new();
    // The generator of P-256 and its negative (SEC 2 section 2.4.2).
    let x = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";
    let ys = [
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
        "b01cbd1c01e58065711814b583f061e9d431cca994cea1313449bf97c840ae0a",
    ];
    let points = ys.map(|y| {
        let point = base16ct::lower::decode_vec(format!("04{x}{y}"));
        Value::Bytes(point.unwrap())
    });
    let values = |name: &str, networks: usize| {
        let mut values = named(Group::Client, name);
        let network = |n: usize| format!("10.{}.{}.0/24", n / 256, n % 256);
        let networks = (0..networks).map(network).collect();
        values
            .set(Field::Addresses, Value::Texts(networks))
            .unwrap();
        values.set(Field::PublicKey, points[0].clone()).unwrap();
        values
    };
    let create = |networks: usize| {
        let name = format!("app-{networks:04}");
        let values = values(&name, networks);
        let created = scene.run(scene.admin.create(&values, &scene.world.entropy()));
        created.map(|_| name)
    };
    let (mut least, mut most) = (1, 16_384);
    while most - least > 1 {
        let middle = usize::midpoint(least, most);
        match create(middle) {
            Ok(_) => least = middle,
            Err(error) => {
                assert_eq!(error, Error::TenantTooLarge);
                most = middle;
            }
        }
    }
    let name = format!("app-{least:04}");
    scene
        .rotate(Group::Client, &name, Overlap::DEFAULT)
        .unwrap();
    let mut patch = TenantPatch::new(Group::Client);
    patch.set(Field::PublicKey, points[1].clone()).unwrap();
    scene.update(&name, patch).unwrap();
    scene
        .rotate(Group::Client, &name, Overlap::DEFAULT)
        .unwrap();
}
