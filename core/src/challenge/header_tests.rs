//! Tests of the header.

use super::*;

const NOW_MS: u64 = 1_800_000_000_000;

fn keyring() -> Keyring {
    let mut keyring = Keyring::generate(&[7; 32]);
    keyring.add(&[8; 32]).unwrap();
    keyring
}

/// The keyring with a digit of a line of its text changed, and without the
/// checksum.
fn with_changed_digit(keyring: &Keyring, line: &str, at: usize) -> Keyring {
    use std::string::ToString;

    let text = keyring.expose().to_string();
    let (text, _) = text.rsplit_once("check ").unwrap();
    let mut text = text.replace("keyring 2", "keyring 1");
    let at = text.find(line).unwrap() + line.len() + at;
    let digit = if &text[at..=at] == "0" { "1" } else { "0" };
    text.replace_range(at..=at, digit);
    text.parse().unwrap()
}

#[test]
fn a_header_comes_back_as_it_was_written() {
    let keyring = keyring();
    let header = Header::new(&keyring).unwrap();
    assert_eq!(header.known_keys().collect::<Vec<_>>(), [1, 2]);
    assert_eq!((header.active_key(), header.write_format()), (1, 1));
    for header in [
        header.clone(),
        header.clone().restored(NOW_MS),
        header.clone().restored(NOW_MS).confirmed(NOW_MS + 1),
        header.clone().moved(&"n".repeat(64)).unwrap(),
        header.clone().on_node(&"n".repeat(8192)).unwrap(),
        header.clone().activated(&keyring, 2).unwrap(),
        header.without_key(2).unwrap(),
    ] {
        let value = header.seal(&keyring, [5; 8]);
        assert_eq!(value[..11], [0x71, 0, 0, 5, 5, 5, 5, 5, 5, 5, 5]);
        assert_eq!(Header::open(&value, &keyring), Ok(header));
    }
}

#[test]
fn another_keyring_is_found() {
    let keyring = keyring();
    let value = Header::new(&keyring).unwrap().seal(&keyring, [5; 8]);
    for at in [0, 31, 63] {
        let other = with_changed_digit(&keyring, "locator ", at);
        assert_eq!(Header::open(&value, &other), Err(Error::OtherKeyring));
    }
    let other = Keyring::generate(&[9; 32]);
    assert_eq!(Header::open(&value, &other), Err(Error::OtherKeyring));
    let later = Header::new(&keyring).unwrap().restored(NOW_MS);
    let later = later.seal(&keyring, [6; 8]);
    assert_eq!(Header::open(&later, &other), Err(Error::OtherKeyring));
}

#[test]
fn another_record_key_of_the_same_id_is_found() {
    let keyring = keyring();
    let value = Header::new(&keyring).unwrap().seal(&keyring, [5; 8]);
    for line in ["record 1 ", "record 2 "] {
        for at in [0, 31, 63] {
            let other = with_changed_digit(&keyring, line, at);
            assert_eq!(Header::open(&value, &other), Err(Error::OtherRecordKey));
        }
    }
}

#[test]
fn keys_may_be_added_and_the_active_one_must_be_there() {
    let mut keyring = keyring();
    let header = Header::new(&keyring).unwrap();
    let value = header.seal(&keyring, [5; 8]);
    assert_eq!(keyring.add(&[9; 32]), Ok(3));
    assert!(Header::open(&value, &keyring).is_ok());
    // The keyring's own choice does not matter.
    keyring.activate(3).unwrap();
    assert_eq!(Header::open(&value, &keyring).unwrap().active_key(), 1);
    let unknown = Err(Error::UnknownRecordKey);
    assert_eq!(header.clone().activated(&keyring, 4), unknown);
    assert_eq!(header.clone().without_key(1), Err(Error::ActiveRecordKey));
    let header = header.activated(&keyring, 3).unwrap();
    assert_eq!(header.known_keys().collect::<Vec<_>>(), [1, 2, 3]);
    let value = header.seal(&keyring, [6; 8]);
    keyring.remove(1).unwrap();
    assert!(Header::open(&value, &keyring).is_ok());
    keyring.activate(2).unwrap();
    keyring.remove(3).unwrap();
    assert_eq!(Header::open(&value, &keyring), unknown);
}

#[test]
fn a_changed_header_is_refused() {
    let keyring = keyring();
    let header = Header::new(&keyring).unwrap().restored(NOW_MS);
    let value = header.seal(&keyring, [5; 8]);
    for at in 0..value.len() {
        for bit in [0x01, 0x80] {
            let mut changed = value.clone();
            changed[at] ^= bit;
            let expected = match at {
                0 => Error::RecordFormat,
                11..27 => Error::OtherKeyring,
                _ => Error::RecordForged,
            };
            assert_eq!(Header::open(&changed, &keyring), Err(expected), "{at}");
        }
    }
    for len in 0..value.len() {
        assert!(Header::open(&value[..len], &keyring).is_err(), "{len}");
    }
    let longer = [&value[..], &[0]].concat();
    assert_eq!(Header::open(&longer, &keyring), Err(Error::RecordForged));
}

#[test]
fn newer_stores_are_refused() {
    let keyring = keyring();
    let header = Header::new(&keyring).unwrap();
    let mut value = header.seal(&keyring, [5; 8]);
    value[0] = 0x72;
    assert_eq!(Header::open(&value, &keyring), Err(Error::StoreTooNew));
    let changes: [fn(&mut Content); 3] = [
        |content| content.layout += 1,
        |content| content.write_format += 1,
        |content| content.number_table += 1,
    ];
    for change in changes {
        let mut newer = header.clone();
        change(&mut newer.0);
        let value = newer.seal(&keyring, [5; 8]);
        assert_eq!(Header::open(&value, &keyring), Err(Error::StoreTooNew));
    }
}

#[test]
fn a_restored_or_moved_store_is_not_in_use() {
    let header = Header::new(&keyring()).unwrap();
    assert_eq!(header.admit(), Ok(()));
    let restored = header.clone().restored(NOW_MS);
    assert_eq!(restored.admit(), Err(Error::StoreClosed));
    let confirmed = restored.confirmed(NOW_MS + 1);
    assert_eq!(confirmed.admit(), Ok(()));
    assert_eq!(confirmed.restored_at_ms(), Some(NOW_MS));
    // Again, by a machine whose clock is behind.
    let again = confirmed.restored(NOW_MS - 5);
    assert_eq!(again.restored_at_ms(), Some(NOW_MS));
    assert_eq!(again.admit(), Err(Error::StoreClosed));
    let moved = header.clone().on_node("a").unwrap().moved("other").unwrap();
    assert_eq!(moved.node(), None);
    assert_eq!(moved.admit(), Err(Error::StoreMoved));
    assert_eq!(moved.moved_to(), Some("other"));
    assert_eq!(moved.not_moved(), header);
    for name in ["", &"n".repeat(65)] {
        assert_eq!(header.clone().moved(name), Err(Error::InvalidName));
    }
    let there = header.clone().on_node("there").unwrap();
    assert_eq!(there.on_no_node(), header);
    for node in ["", &"n".repeat(8193)] {
        assert_eq!(header.clone().on_node(node), Err(Error::InvalidName));
    }
}

#[test]
fn a_restore_is_later_than_every_record_and_can_be_corrected() {
    let header = || Header::new(&keyring()).unwrap();
    let at = |header: Header| header.restored_at_ms();
    // The clock is behind the newest record, at it, or ahead of it.
    let newest = Some(NOW_MS + 5);
    assert_eq!(
        at(header().restored_after(newest, NOW_MS)),
        Some(NOW_MS + 6)
    );
    assert_eq!(
        at(header().restored_after(newest, NOW_MS + 5)),
        Some(NOW_MS + 6)
    );
    assert_eq!(
        at(header().restored_after(newest, NOW_MS + 7)),
        Some(NOW_MS + 7)
    );
    assert_eq!(at(header().restored_after(None, NOW_MS)), Some(NOW_MS));
    // A restore by a clock that was ahead.
    let ahead = header().restored(NOW_MS + 1000).confirmed(NOW_MS + 1000);
    assert!(ahead.is_ahead(NOW_MS + 999) && !ahead.is_ahead(NOW_MS + 1000));
    let corrected = ahead.restored_after(newest, NOW_MS);
    assert!(corrected.is_closed());
    assert_eq!(at(corrected), Some(NOW_MS + 6));
}
