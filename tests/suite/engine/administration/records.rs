//! Lists, and the operations on the records of a tenant, on a simulated host.

use std::sync::Arc;

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::service::settings::Group;
use mpass_core::service::{AnyTenant, Channel, Overlap, TenantAdmin};
use mpass_core::store::{Kind, Store as _, Swap};
use mpass_tests::sim::Fault;
use mpass_tests::tenants::of_before;

use super::ID;
use super::scene::{NAMES, Scene};

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
    scene.create_foreign(&foreign);
    let key = Channel::store_key(&foreign, "foreign");
    let value = scene.world.load(Kind::Document, &key).unwrap().unwrap();
    scene.world.store(&Swap {
        kind: Kind::Document,
        key: mpass_core::store::StoreKey([0; 16]),
        expected: None,
        value,
        expires_at_ms: None,
    });
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
    scene.world.store(&of_before(ID).swap);
    let has_credits = || match scene.read(Group::Customer, ID).unwrap().tenant {
        AnyTenant::Customer(customer) => customer.has_credits(),
        _ => false,
    };
    assert_eq!(scene.credits(5), Ok(12));
    assert!(!has_credits());
    scene.rotate(Group::Customer, ID, Overlap::NONE).unwrap();
    assert!(has_credits());
    assert_eq!(scene.credits(0), Ok(12));
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
fn resealing_leaves_nothing_under_the_old_key() {
    let scene = Scene::new();
    for at in 0..70 {
        scene.create(Group::Channel, &format!("web{at}")).unwrap();
    }
    let foreign = Keyring::generate(&[43; 32]);
    scene.create_foreign(&foreign);
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
