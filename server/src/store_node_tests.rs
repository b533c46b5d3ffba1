//! Tests of what a change of the node does to the header.

use mpass_stores::remote::{Identity, Part};

use super::*;

const NOW_MS: u64 = 1_800_000_000_000;

fn node(id: &str, predecessor: Option<&str>, survives_restart: bool) -> Node {
    Node {
        link: 1,
        identity: Identity::new(vec![Part {
            id: id.to_owned(),
            predecessor: predecessor.map(str::to_owned),
        }]),
        survives_restart,
        findings: Vec::new(),
        used_until_ms: None,
    }
}

fn header() -> Header {
    Header::new(&Keyring::generate(&[7; 32])).unwrap()
}

fn last(id: &str, until_ms: u64) -> Last {
    Last {
        id: id.to_owned(),
        until_ms: Some(until_ms),
    }
}

#[test]
fn the_first_machine_voids_and_the_others_follow() {
    let (first, second) = (node("a", None, true), node("b", Some("a"), true));
    let header = settled(header(), &first, None, false, NOW_MS).unwrap();
    assert_eq!((header.node(), header.restored_at_ms()), (Some("a"), None));
    let used = |until_ms| last("a", until_ms);
    let own = used(NOW_MS + 500);
    let voided = settled(header, &second, Some(&own), false, NOW_MS + 3000).unwrap();
    assert_eq!(voided.node(), Some("b"));
    assert_eq!(voided.restored_at_ms(), Some(NOW_MS + 3000));
    assert!(voided.admit().is_ok());
    // Machines that left the former node before that, and one that never used it.
    for own in [Some(used(NOW_MS + 3000)), Some(used(0)), None] {
        let again = settled(voided.clone(), &second, own.as_ref(), false, NOW_MS + 9000);
        assert_eq!(again.unwrap(), voided);
    }
    // One that was answered by the former node later, and one that does not know.
    let late = [
        used(NOW_MS + 3001),
        Last {
            until_ms: None,
            ..used(0)
        },
    ];
    for own in late {
        let again = settled(voided.clone(), &second, Some(&own), false, NOW_MS + 9000);
        assert_eq!(again.unwrap().restored_at_ms(), Some(NOW_MS + 9000));
    }
}

#[test]
fn what_is_covered_leaves_codes_valid() {
    let on = |id| header().on_node(id).unwrap();
    let of = |header: Header, node: Node, covers_promotion| {
        let own = last("a", NOW_MS);
        let settled = settled(header, &node, Some(&own), covers_promotion, NOW_MS).unwrap();
        assert_eq!(settled.node(), Some(&*text(&node)));
        settled.restored_at_ms()
    };
    let promoted = || node("b", Some("a"), true);
    assert_eq!(of(on("a"), promoted(), true), None);
    assert_eq!(of(on("a"), promoted(), false), Some(NOW_MS));
    // A header of a version that did not write it.
    assert_eq!(of(header(), promoted(), true), None);
    assert_eq!(of(header(), promoted(), false), Some(NOW_MS));
    // Another machine has seen a change in between.
    assert_eq!(of(on("x"), promoted(), true), Some(NOW_MS));
    assert_eq!(of(on("a"), node("b", None, true), false), None);
    assert_eq!(of(on("a"), node("b", None, false), true), Some(NOW_MS));
    // The former one may have lost records before it was configured otherwise.
    assert_eq!(of(on("a*"), node("b", None, true), false), Some(NOW_MS));
    let own = last("a*", NOW_MS);
    let same = settled(header(), &node("a", None, true), Some(&own), false, NOW_MS);
    assert_eq!(
        same.unwrap().restored_at_ms(),
        None,
        "configured otherwise since"
    );
}

/// A restored store that an administrator has not confirmed stays closed.
#[test]
fn a_closed_store_stays_closed() {
    let closed = header().on_node("a").unwrap().restored(NOW_MS);
    let voided = settled(closed, &node("b", None, false), None, false, NOW_MS + 1);
    assert_eq!(voided.unwrap().admit(), Err(Error::StoreClosed));
}

#[test]
fn the_file_says_until_when_a_node_is_used() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let of = |url: &str| {
        let table = format!("kind = 'redis'\nurl = '{url}'");
        NodeFile::of(&data, &toml::from_str(&table).unwrap())
    };
    let file = of("redis://user:secret@localhost/");
    assert_eq!(file.read(), None);
    file.renew("a").unwrap();
    let first = file.read().unwrap();
    let until_ms = first.until_ms.unwrap();
    assert!(until_ms > clock::now_ms() && first.id == "a");
    file.renew("a").unwrap();
    assert_eq!(file.read(), Some(first), "it is not written again");
    file.write("a", until_ms - LEASE_MS).unwrap();
    file.renew("a").unwrap();
    assert!(file.read().unwrap().until_ms >= Some(until_ms));
    file.renew("b").unwrap();
    assert_eq!(file.read().unwrap().id, "b");
    assert_eq!(of("redis://other/").read(), None, "of another store");
    assert_eq!(of("redis://localhost/").read(), file.read());
    // Of a version that wrote the identity alone.
    fs::write(data.join(FILE), "c\n").unwrap();
    let old = Last {
        id: "c".to_owned(),
        until_ms: None,
    };
    assert_eq!(file.read(), Some(old));
}
