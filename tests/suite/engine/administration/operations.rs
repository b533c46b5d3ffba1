//! The operations on a simulated host, one by one.

use std::sync::Arc;

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::service::settings::{Field, Group, Refused, Value, Values};
use mpass_core::service::{
    AnyTenant, Channel, ChannelSettings, Customer, CustomerSettings, NewCredential, Overlap,
    Reason, Stamp, TenantAdmin, TenantEntry, TenantPatch,
};
use mpass_core::store::{Kind, Operation, Swap, run};
use mpass_tests::sim::{Fault, World};

const ID: &str = "C-0123456789ABCDE";
const NAMES: [(Group, &str); 3] = [
    (Group::Channel, "web"),
    (Group::Customer, ID),
    (Group::Client, "app"),
];

struct Scene {
    world: World,
    admin: TenantAdmin,
}

impl Scene {
    fn new() -> Self {
        let world = World::default();
        Self {
            admin: TenantAdmin::new(world.engine.shared_keyring()),
            world,
        }
    }

    fn run<O>(&self, operation: Result<O, Refused>) -> Result<O::Outcome, Error>
    where
        O: Operation<Error = Refused>,
    {
        let host = (|| self.world.now(), || Ok(self.world.entropy()));
        Ok(run(&self.world, &host, operation?)?)
    }

    fn create(&self, group: Group, name: &str) -> Result<NewCredential, Error> {
        let values = named(group, name);
        self.run(self.admin.create(&values, &self.world.entropy()))
    }

    fn read(&self, group: Group, name: &str) -> Result<TenantEntry, Error> {
        self.run(self.admin.read(group, name))
    }

    fn update(&self, name: &str, patch: TenantPatch) -> Result<TenantEntry, Error> {
        self.run(self.admin.update(name, patch, &self.world.entropy()))
    }

    fn rotate(&self, group: Group, name: &str, overlap: Overlap) -> Result<NewCredential, Error> {
        let entropy = self.world.entropy();
        self.run(self.admin.rotate(group, name, overlap, &entropy))
    }

    fn revoke(&self, group: Group, name: &str) -> Result<TenantEntry, Error> {
        self.run(self.admin.revoke(group, name, &self.world.entropy()))
    }

    fn credits(&self, paid: u64) -> Result<u64, Error> {
        self.run(self.admin.credits(ID, paid, &self.world.entropy()))
    }

    fn works(&self, group: Group, new: &NewCredential) -> bool {
        let tenant = self.read(group, &new.name).unwrap().tenant;
        let keyring = self.world.engine.keyring();
        let now_ms = self.world.now();
        tenant
            .has_credential(keyring, &new.credential, now_ms)
            .unwrap()
    }

    /// The request that reads the parameters of a verification, as a channel.
    fn verify(&self, new: &NewCredential) -> Reason {
        let key = new.credential.as_str();
        let query = format!("apikey={key}&dest=%2B966500000000&otp=123456");
        self.world
            .get(&format!("/mpass-web/rest/mv/verify?{query}"))
            .reason
    }
}

fn named(group: Group, name: &str) -> Values {
    let mut values = Values::new(group);
    values.set(Field::Name, Value::Text(name.into())).unwrap();
    values
}

fn patch(group: Group, field: Field, value: u64) -> TenantPatch {
    let mut patch = TenantPatch::new(group);
    patch.set(field, Value::Number(value)).unwrap();
    patch
}

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
fn pages_hold_the_tenants_of_a_group() {
    let scene = Scene::new();
    for (group, name) in NAMES {
        scene.create(group, name).unwrap();
    }
    for at in 0..9 {
        scene.create(Group::Channel, &format!("web{at}")).unwrap();
    }
    // The store's header, and a document of another keyring.
    let foreign = Keyring::generate(&[43; 32]);
    let settings = ChannelSettings::new("foreign");
    let write = Channel::create(&foreign, None, settings, 1, &[1; 32]).unwrap();
    let header = Swap {
        key: mpass_core::store::StoreKey([0; 16]),
        ..write.swap().clone()
    };
    scene.world.store(&header);
    scene.world.store(write.swap());
    let mut names = Vec::new();
    let (mut unreadable, mut pages, mut after) = (0, 0, None);
    loop {
        let page = scene
            .run(scene.admin.list(Group::Channel, after, 4))
            .unwrap();
        names.extend(page.tenants.iter().map(|entry| entry.tenant.settings()));
        (unreadable, pages) = (unreadable + page.unreadable, pages + 1);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    // 14 documents.
    assert_eq!((names.len(), unreadable, pages), (10, 1, 4));
    let list = scene.admin.list(Group::Policy, None, 4).map(drop);
    assert_eq!(list.unwrap_err().error, Error::UnknownSetting);
}

#[test]
fn credits_are_begun_before_the_customer() {
    let scene = Scene::new();
    scene.create(Group::Customer, ID).unwrap();
    assert_eq!(scene.credits(0), Ok(100));
    assert_eq!(scene.credits(5), Ok(105));
    let AnyTenant::Customer(customer) = scene.read(Group::Customer, ID).unwrap().tenant else {
        panic!("a customer");
    };
    assert!(customer.has_credits());
    // The store loses the record: an error, not the initial balance.
    scene.world.lose(
        Kind::State,
        customer.credits(scene.world.engine.keyring()).key(),
    );
    assert_eq!(scene.credits(0), Err(Error::RecordMissing));
    assert_eq!(scene.credits(5), Err(Error::RecordMissing));
    assert_eq!(scene.create(Group::Channel, "web").map(drop), Ok(()));
    let unknown = scene.run(scene.admin.credits("C-000000000000000", 1, &[1; 32]));
    assert_eq!(unknown, Err(Error::TenantMissing));
}

#[test]
fn a_creation_that_dies_leaves_no_customer() {
    let scene = Scene::new();
    // The record of credits is stored, the customer is not.
    let faults = vec![None; 4].into_iter().chain([Some(Fault::Fail)]);
    scene.world.plan_faults(faults);
    let died = scene.create(Group::Customer, ID).map(drop);
    assert_eq!(died, Err(Error::StoreFailed));
    assert_eq!(scene.world.stored().len(), 1);
    assert_eq!(
        scene.read(Group::Customer, ID).map(drop),
        Err(Error::TenantMissing)
    );
    scene.create(Group::Customer, ID).unwrap();
    assert_eq!(scene.credits(0), Ok(100));
    assert_eq!(scene.world.stored().len(), 3);
}

#[test]
fn a_customer_of_before_gets_its_statement_when_it_is_changed() {
    let scene = Scene::new();
    let keyring = scene.world.engine.keyring();
    let settings = CustomerSettings::new(ID);
    let write = Customer::create(keyring, None, settings, 1, &[1; 32]).unwrap();
    scene.world.store(write.swap());
    let has_credits = || match scene.read(Group::Customer, ID).unwrap().tenant {
        AnyTenant::Customer(customer) => customer.has_credits(),
        _ => false,
    };
    assert_eq!(scene.credits(5), Ok(105));
    assert!(!has_credits());
    scene.rotate(Group::Customer, ID, Overlap::NONE).unwrap();
    assert!(has_credits());
    assert_eq!(scene.credits(0), Ok(105));
}

#[test]
fn an_amount_is_added_at_most_once() {
    let scene = Scene::new();
    scene.create(Group::Customer, ID).unwrap();
    let add = |fault| {
        scene.world.plan_faults([None, None, Some(fault)]);
        scene.credits(5)
    };
    assert_eq!(add(Fault::StoredUnknown), Ok(105));
    assert_eq!(add(Fault::StoredFail), Ok(110));
    assert_eq!(add(Fault::LostUnknown), Ok(115));
    assert_eq!(add(Fault::Fail), Err(Error::StoreFailed));
    assert_eq!(scene.credits(0), Ok(115));
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

#[test]
fn resealing_leaves_nothing_under_the_old_key() {
    let scene = Scene::new();
    for at in 0..70 {
        scene.create(Group::Channel, &format!("web{at}")).unwrap();
    }
    let foreign = Keyring::generate(&[43; 32]);
    let settings = ChannelSettings::new("foreign");
    let write = Channel::create(&foreign, None, settings, 1, &[1; 32]).unwrap();
    scene.world.store(write.swap());
    let mut keyring = scene.world.engine.keyring().clone();
    let id = keyring.add(&[9; 32]).unwrap();
    keyring.activate(id).unwrap();
    let admin = TenantAdmin::new(Arc::new(keyring));
    let resealed = scene.run(Ok(admin.reseal(&[2; 32]))).unwrap();
    assert_eq!((resealed.resealed, resealed.unreadable), (70, 1));
    let again = scene.run(Ok(admin.reseal(&[3; 32]))).unwrap();
    assert_eq!((again.resealed, again.unreadable), (0, 1));
}

#[test]
fn unlocking_requires_a_record() {
    let scene = Scene::new();
    let created = scene.create(Group::Channel, "web").unwrap();
    let unlock = |number: &str| {
        let entropy = scene.world.entropy();
        scene.run(scene.admin.unlock(Group::Channel, "web", number, &entropy))
    };
    assert_eq!(unlock("+966500000000"), Err(Error::NumberMissing));
    assert_eq!(unlock("0500000000"), Err(Error::CountryMissing));
    let key = created.credential.as_str();
    let query = format!("apikey={key}&dest=%2B966500000000");
    scene.world.get(&format!("/mpass-web/rest/mv/msg?{query}"));
    assert_eq!(unlock("+966500000000"), Ok(()));
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
