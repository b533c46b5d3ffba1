//! Documents of the host among those of the engine.

use std::sync::Arc;

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::documents::{Contents, Family, HostDocument, Next};
use mpass_core::service::TenantAdmin;
use mpass_core::service::settings::Group;
use mpass_core::store::{MemoryStore, run};

type Parts = (fn() -> u64, fn() -> Result<[u8; 32], Error>);

const ENVIRONMENT: Parts = (|| 1_800_000_000_000, || Ok([1; 32]));

fn write(document: &HostDocument<&Keyring>, byte: u8, store: &MemoryStore) {
    let change = document.changing(|_, _| {
        let contents = Contents::new(vec![byte]);
        Ok::<_, Error>(Next::Write(contents, ()))
    });
    change.run(store, &ENVIRONMENT).unwrap();
}

/// A list of tenants passes over them, and a rotation seals them.
#[test]
fn documents_are_resealed_and_are_no_tenants() {
    let (mut keyring, store) = (Keyring::generate(&[42; 32]), MemoryStore::new(100));
    for family in Family::ALL {
        let document = HostDocument::new(&keyring, *family, [b"part"]);
        write(&document, *family as u8 + 1, &store);
    }
    keyring.add(&[9; 32]).unwrap();
    keyring.activate(2).unwrap();
    let admin = TenantAdmin::new(Arc::new(keyring.clone()));
    let list = admin.list(Group::Channel, None, 100).unwrap();
    let page = run(&store, &ENVIRONMENT, list).unwrap();
    assert_eq!((page.tenants.len(), page.unreadable), (0, 0));
    let resealed = run(&store, &ENVIRONMENT, admin.reseal(&[3; 32])).unwrap();
    let every = u64::try_from(Family::ALL.len()).unwrap();
    assert_eq!((resealed.resealed, resealed.unreadable), (every, 0));
    keyring.remove(1).unwrap();
    for family in Family::ALL {
        let document = HostDocument::new(&keyring, *family, [b"part"]);
        let read = document.reading().run(&store, &ENVIRONMENT).unwrap();
        assert_eq!(read.unwrap().bytes(), [*family as u8 + 1]);
    }
}
