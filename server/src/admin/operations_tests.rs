//! Tests of the operations on a store.

use mpass_core::number::PhoneNumber;
use mpass_core::store::MemoryStore;
use serde_json::json;

use super::*;
use crate::admin::OrderedBy;

#[tokio::test]
async fn clients_with_rs256_are_counted() {
    let store = AnyStore::Memory(MemoryStore::new(100));
    let keyring = Arc::new(Keyring::generate(&[7; 32]));
    let kind = TenantKind::Client;
    for (name, algorithm) in [("a", "RS256"), ("b", "ES256"), ("c", "RS256")] {
        let spec = json!({ "name": name, "id_token_alg": algorithm });
        let create = Operation::Create(kind, serde_json::from_value(spec).unwrap());
        assert!(perform(&store, &keyring, create).await.is_ok());
    }
    assert_eq!(count_rs256(&store, &keyring).await.ok(), Some(2));
    let revoke = Operation::Revoke(kind, "c".into());
    assert!(perform(&store, &keyring, revoke).await.is_ok());
    assert_eq!(count_rs256(&store, &keyring).await.ok(), Some(1));
}

/// However many tenants there are, an answer is bounded.
#[tokio::test]
async fn tenants_are_listed_page_by_page() {
    const COUNT: usize = 300;
    let store = AnyStore::Memory(MemoryStore::new(1000));
    let keyring = Arc::new(Keyring::generate(&[7; 32]));
    let kind = TenantKind::Channel;
    for n in 0..COUNT {
        let spec: TenantSpec =
            serde_json::from_value(json!({ "name": format!("shop-{n}") })).unwrap();
        let create = Operation::Create(kind, Box::new(spec));
        assert!(perform(&store, &keyring, create).await.is_ok());
    }
    let (mut names, mut pages, mut after) = (Vec::new(), 0, None);
    loop {
        let list = Operation::List { kind, after };
        let Ok(Outcome::Tenants(page)) = perform(&store, &keyring, list).await else {
            panic!("a page");
        };
        assert!(page.tenants.len() <= 128);
        names.extend(page.tenants.iter().map(|info| info.spec.name().to_owned()));
        pages += 1;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    names.sort();
    names.dedup();
    assert_eq!((names.len(), pages), (COUNT, 3));
    let after = Some("no key".to_owned());
    let refused = perform(&store, &keyring, Operation::List { kind, after }).await;
    assert!(refused.is_err());
}

/// A tenant's own cut-off is named before that of the number.
#[tokio::test]
async fn the_cut_off_of_a_send_is_found() {
    let store = AnyStore::Memory(MemoryStore::new(100));
    let keyring = Arc::new(Keyring::generate(&[7; 32]));
    let kind = TenantKind::Channel;
    let spec = serde_json::from_value(json!({ "name": "shop" })).unwrap();
    let create = Operation::Create(kind, spec);
    assert!(perform(&store, &keyring, create).await.is_ok());
    let number = PhoneNumber::parse("+966500000000", None).unwrap();
    let found = |name| {
        let found = cut_offs::of_send(&store, &keyring, (kind, name), &number).unwrap();
        found.map(|info| info.target.word())
    };
    assert_eq!(found("shop"), None);
    for (target, of_shop, of_other) in [
        (
            json!({ "target": "prefix", "prefix": "+966" }),
            "prefix",
            Some("prefix"),
        ),
        (
            json!({ "target": "tenant", "kind": "channel", "name": "shop" }),
            "tenant",
            Some("prefix"),
        ),
    ] {
        let stop = Operation::Stop {
            target: serde_json::from_value(target).unwrap(),
            life_ms: 60_000,
            why: None,
            by: OrderedBy::default(),
        };
        assert!(perform(&store, &keyring, stop).await.is_ok());
        assert_eq!((found("shop"), found("bank")), (Some(of_shop), of_other));
    }
    assert_eq!(cut_offs::in_effect(&store, &keyring).unwrap().len(), 2);
}
