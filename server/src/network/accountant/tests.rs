//! Tests of the accountant, datagram by datagram.

mod requests;

use core::net::IpAddr;
use core::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use mpass_core::number::PhoneNumber;
use proptest::prelude::*;

use self::requests::{
    AT, Attributes, SECRET, captured, encode, integer, seal, sealed, start, with, without,
};
use super::super::table::Resolved;
use super::*;

const NOW_MS: u64 = 1_700_000_000_900;

struct Bench {
    table: NetworkTable,
    accountant: Accountant,
}

impl Bench {
    fn new() -> Self {
        let config = NetworkConfig::default();
        let source = Source {
            network: "192.0.2.0/24".parse().unwrap(),
            realm: "".into(),
            secret: SECRET.to_owned().into(),
            interim_interval: Duration::from_secs(600),
        };
        Self {
            table: NetworkTable::new(config.limits()),
            accountant: Accountant {
                sources: vec![source],
                remembered: Remembered::default(),
            },
        }
    }

    fn take(&mut self, datagram: &[u8]) -> (Outcome, Option<Vec<u8>>) {
        let peer = "192.0.2.1:4000".parse().unwrap();
        self.accountant.take(&self.table, datagram, peer, NOW_MS)
    }

    fn resolve(&self, address: &str) -> Resolved {
        let address: IpAddr = address.parse().unwrap();
        self.table.resolve("", address, NOW_MS)
    }
}

fn number() -> Resolved {
    Resolved::Number(PhoneNumber::parse("+966500000000", None).unwrap())
}

/// The outcome of attributes. Also checks that exactly the accepted ones have a
/// response.
fn outcome(attributes: &Attributes) -> Outcome {
    let (outcome, answer) = Bench::new().take(&sealed(attributes));
    let is_taken = matches!(outcome, Outcome::Taken | Outcome::NoNumber);
    assert_eq!(answer.is_some(), is_taken, "{outcome:?}");
    outcome
}

#[test]
fn a_captured_request() {
    let mut bench = Bench::new();
    let (outcome, answer) = bench.take(&captured());
    assert_eq!(outcome, Outcome::Taken);
    assert_eq!(bench.resolve("10.0.0.1"), number());
    assert_eq!(bench.resolve("2001:db8:1:2:3::4"), number());
    assert_eq!(bench.resolve("2001:db8:1:3::4"), Resolved::Unknown);
    let answer = answer.unwrap();
    assert_eq!(answer[..4], [5, 0x69, 0, 20]);
    let digest = Md5::new()
        .chain_update(&answer[..4])
        .chain_update(&captured()[4..20])
        .chain_update(SECRET)
        .finalize();
    assert_eq!(answer[4..], digest[..]);
}

#[test]
fn no_bit_of_a_packet_can_be_changed() {
    let packet = captured();
    for index in 0..packet.len() {
        for bit in 0..8 {
            let mut changed = packet.clone();
            changed[index] ^= 1 << bit;
            let mut bench = Bench::new();
            let (outcome, answer) = bench.take(&changed);
            assert_eq!(
                answer, None,
                "{outcome:?} with bit {bit} of {index} changed"
            );
            assert_eq!(bench.resolve("10.0.0.1"), Resolved::Unknown);
        }
    }
}

#[test]
fn truncated_and_padded() {
    let packet = captured();
    for length in 0..packet.len() {
        let (outcome, _) = Bench::new().take(&packet[..length]);
        assert_eq!(outcome, Outcome::Malformed, "{length} octets");
    }
    let padded = [packet, vec![1; 9]].concat();
    assert_eq!(Bench::new().take(&padded).0, Outcome::Taken);
}

#[test]
fn wrong_lengths() {
    for attributes in [
        &[40][..],
        &[40, 0],
        &[40, 1, 0, 0, 0, 1],
        &[40, 7, 0, 0, 0, 1],
        &[40, 255, 0, 0, 0, 1],
        &[1, 2, 40],
    ] {
        let (outcome, _) = Bench::new().take(&seal(1, attributes, SECRET));
        assert_eq!(outcome, Outcome::Malformed, "{attributes:?}");
    }
    let mut long = vec![4, 0, 0x10, 0x01];
    long.resize(4097, 0);
    assert_eq!(Bench::new().take(&long).0, Outcome::Malformed);
    let empty = [vec![4, 0, 0, 19], vec![0; 16]].concat();
    assert_eq!(Bench::new().take(&empty).0, Outcome::Malformed);
}

#[test]
fn sources_secrets_and_codes() {
    let mut bench = Bench::new();
    let attributes = encode(&start());
    let packet = seal(7, &attributes, SECRET);
    let elsewhere = "192.0.3.1:4000".parse().unwrap();
    let (outcome, answer) = bench
        .accountant
        .take(&bench.table, &packet, elsewhere, NOW_MS);
    assert_eq!((outcome, answer), (Outcome::UnknownSource, None));
    let other = seal(7, &attributes, "testing124");
    assert_eq!(bench.take(&other), (Outcome::WrongSecret, None));
    let mut access = packet.clone();
    access[0] = 1;
    assert_eq!(bench.take(&access), (Outcome::OtherCode, None));
    assert_eq!(bench.resolve("10.0.0.1"), Resolved::Unknown);
    let mapped = "[::ffff:192.0.2.1]:4000".parse().unwrap();
    let (outcome, _) = bench.accountant.take(&bench.table, &packet, mapped, NOW_MS);
    assert_eq!(outcome, Outcome::Taken);
}

#[test]
fn message_authenticators() {
    let mac = |attributes: &Attributes| {
        let mut packet = sealed(attributes);
        packet[4..20].fill(0);
        let mut mac = Hmac::<Md5>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(&packet);
        mac.finalize().into_bytes().to_vec()
    };
    let right = mac(&with(80, &[0; 16]));
    assert_eq!(outcome(&with(80, &right)), Outcome::Taken);
    let mut wrong = right.clone();
    wrong[15] ^= 1;
    assert_eq!(outcome(&with(80, &wrong)), Outcome::WrongSecret);
    assert_eq!(outcome(&with(80, &right[..15])), Outcome::WrongSecret);
    assert_eq!(outcome(&with(80, &[])), Outcome::WrongSecret);
    let mut twice = with(80, &[0; 16]);
    twice.push((80, vec![0; 16]));
    let both = mac(&twice);
    for index in [5, 6] {
        twice[index].1.clone_from(&both);
    }
    assert_eq!(outcome(&twice), Outcome::WrongSecret);
}

#[test]
fn required_and_repeated_attributes() {
    assert_eq!(outcome(&start()), Outcome::Taken);
    assert_eq!(outcome(&without(40)), Outcome::Malformed);
    assert_eq!(outcome(&without(44)), Outcome::Malformed);
    assert_eq!(outcome(&without(55)), Outcome::NoTimestamp);
    assert_eq!(outcome(&without(31)), Outcome::NoNumber);
    assert_eq!(outcome(&without(8)), Outcome::Taken);
    for attribute in start() {
        let mut twice = start();
        twice.push(attribute);
        assert_eq!(outcome(&twice), Outcome::Malformed, "{twice:?}");
    }
    for (kind, value) in [
        (40, &[0, 0, 1][..]),
        (40, &[0, 0, 0, 0, 1]),
        (44, &[]),
        (55, &[0, 0, 0]),
        (8, &[10, 0, 0]),
        (8, &[10, 0, 0, 1, 0]),
    ] {
        assert_eq!(outcome(&with(kind, value)), Outcome::Malformed, "{kind}");
    }
    for status in [0, 4, 6, 9, 15, u32::MAX] {
        let attributes = with(40, &status.to_be_bytes());
        assert_eq!(outcome(&attributes), Outcome::OtherStatus, "{status}");
    }
}

#[test]
fn a_session_is_required_only_for_its_events() {
    for (status, expected) in [
        (1_u32, Outcome::Malformed),
        (2, Outcome::Malformed),
        (3, Outcome::Malformed),
        (7, Outcome::Taken),
        (8, Outcome::Taken),
    ] {
        let attributes = vec![integer(40, status), integer(55, AT)];
        assert_eq!(outcome(&attributes), expected, "{status}");
    }
    // A Stop is accepted with an address that a Start is refused for.
    let mut stop = with(40, &2_u32.to_be_bytes());
    stop.push((97, vec![0, 56, 0x20, 1]));
    assert_eq!(outcome(&stop), Outcome::Taken);
}

#[test]
fn stale_times() {
    for (at, expected) in [
        (AT - 301, Outcome::Stale),
        (AT - 299, Outcome::Taken),
        (AT + 300, Outcome::Taken),
        (AT + 301, Outcome::Stale),
        (0, Outcome::Stale),
        (u32::MAX, Outcome::Stale),
    ] {
        assert_eq!(outcome(&with(55, &at.to_be_bytes())), expected, "{at}");
    }
}

#[test]
fn prefixes() {
    let network = [0x20, 1, 0xd, 0xb8, 0, 1, 0, 2];
    let prefix = |head: [u8; 2], more: usize| {
        let mut value = [&head[..], &network].concat();
        value.resize(10 + more, 0);
        value
    };
    for more in 0..=8 {
        assert_eq!(outcome(&with(97, &prefix([0, 64], more))), Outcome::Taken);
    }
    for bits in [0, 48, 56, 63, 65, 128, 255] {
        let value = prefix([0, bits], 8);
        assert_eq!(outcome(&with(97, &value)), Outcome::NotSlash64, "{bits}");
    }
    assert_eq!(
        outcome(&with(97, &[0, 56, 0x20, 1, 0xd, 0xb8, 0, 1, 0])),
        Outcome::NotSlash64
    );
    let mut host = prefix([0, 64], 8);
    host[17] = 1;
    for value in [&host, &prefix([0, 64], 9), &prefix([1, 64], 8)] {
        assert_eq!(outcome(&with(97, value)), Outcome::Malformed, "{value:?}");
    }
    assert_eq!(outcome(&with(97, &[0, 64, 0x20, 1])), Outcome::Malformed);
    assert_eq!(outcome(&with(97, &[0])), Outcome::Malformed);
    for (count, expected) in [(4, Outcome::Taken), (5, Outcome::Malformed)] {
        let mut attributes = start();
        attributes.resize(5 + count, (97, prefix([0, 64], 0)));
        assert_eq!(outcome(&attributes), expected);
    }
}

#[test]
fn addresses_that_are_not_assigned() {
    for octets in [[0; 4], [255; 4], [255, 255, 255, 254]] {
        let mut bench = Bench::new();
        assert_eq!(bench.take(&sealed(&with(8, &octets))).0, Outcome::Taken);
        let address = IpAddr::from(octets).to_string();
        assert_eq!(bench.resolve(&address), Resolved::Unknown);
    }
}

#[test]
fn numbers() {
    for (text, resolved) in [
        ("966500000000", number()),
        ("+966500000000", number()),
        ("9660500000000", number()),
        ("++966500000000", Resolved::Unknown),
        ("00966500000000", Resolved::Unknown),
        ("0500000000", Resolved::Unknown),
        ("966-500-000000", Resolved::Unknown),
        ("٩٦٦٥٠٠٠٠٠٠٠٠", Resolved::Unknown),
        ("00-10-A4-23-19-C0", Resolved::Unknown),
        ("966500000000\0", Resolved::Unknown),
        ("", Resolved::Unknown),
        ("+", Resolved::Unknown),
        // Not numbers by the engine's table, so they are not keyed by it.
        ("96600500000000", Resolved::Unknown),
        ("999500000000", Resolved::Unknown),
    ] {
        let mut bench = Bench::new();
        let (outcome, answer) = bench.take(&sealed(&with(31, text.as_bytes())));
        assert_eq!(bench.resolve("10.0.0.1"), resolved, "{text}");
        let taken = resolved != Resolved::Unknown;
        let expected = if taken {
            Outcome::Taken
        } else {
            Outcome::NoNumber
        };
        assert_eq!((outcome, answer.is_some()), (expected, true), "{text}");
    }
}

/// Numbers of a network that uses a former form are keyed as all others.
#[test]
fn numbers_in_former_forms() {
    for (text, e164) in [
        ("5215512345678", "+525512345678"),
        ("54111523456789", "+5491123456789"),
        ("378886377", "+3780549886377"),
    ] {
        let mut bench = Bench::new();
        bench.take(&sealed(&with(31, text.as_bytes())));
        let number = PhoneNumber::parse(e164, None).unwrap();
        assert_eq!(
            bench.resolve("10.0.0.1"),
            Resolved::Number(number),
            "{text}"
        );
    }
}

#[test]
fn a_retransmission() {
    let mut bench = Bench::new();
    let on = sealed(&vec![integer(40, 7), integer(55, AT)]);
    let (first, answer) = bench.take(&on);
    assert_eq!(first, Outcome::Taken);
    assert_eq!(bench.take(&sealed(&start())).0, Outcome::Taken);
    // If it were applied, it would end the session.
    assert_eq!(bench.take(&on), (Outcome::Repeated, answer));
    assert_eq!(bench.resolve("10.0.0.1"), number());
    // From another port it is a new request.
    let peer = "192.0.2.1:4001".parse().unwrap();
    let (again, _) = bench.accountant.take(&bench.table, &on, peer, NOW_MS);
    assert_eq!(again, Outcome::Taken);
    assert_eq!(bench.resolve("10.0.0.1"), Resolved::Unknown);
}

#[test]
fn only_recent_requests_are_remembered() {
    let mut remembered = Remembered::default();
    let peer = "192.0.2.1:4000".parse().unwrap();
    let key = |index: usize| {
        let mut authenticator = [0; 16];
        authenticator[..8].copy_from_slice(&index.to_be_bytes());
        (peer, 0, authenticator)
    };
    for index in 0..=REMEMBERED {
        remembered.push(key(index));
    }
    assert!(!remembered.contains(&key(0)) && remembered.contains(&key(1)));
    assert_eq!(remembered.known.len(), REMEMBERED);
}

#[test]
fn proxy_states_are_returned_in_order() {
    let mut attributes = vec![(33, b"one".to_vec())];
    attributes.extend(start());
    attributes.push((33, Vec::new()));
    attributes.push((33, b"two".to_vec()));
    let (_, answer) = Bench::new().take(&sealed(&attributes));
    let answer = answer.unwrap();
    assert_eq!(answer[20..], *b"\x21\x05one\x21\x02\x21\x05two");
    assert_eq!(usize::from(answer[3]), answer.len());
}

fn attribute() -> impl Strategy<Value = (u8, Vec<u8>)> {
    let kind = prop_oneof![
        prop::sample::select(vec![8, 31, 33, 40, 44, 55, 80, 97]),
        any::<u8>()
    ];
    (kind, prop::collection::vec(any::<u8>(), 0..=20))
}

proptest! {
    #[test]
    fn no_datagram_panics(datagram in prop::collection::vec(any::<u8>(), 0..=4200)) {
        let (_, answer) = Bench::new().take(&datagram);
        prop_assert_eq!(answer, None);
    }

    #[test]
    fn no_attribute_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..=300)) {
        Bench::new().take(&seal(1, &bytes, SECRET));
    }

    #[test]
    fn no_attributes_panic(
        mut attributes in prop::collection::vec(attribute(), 0..=8),
        status in 0..10_u32,
    ) {
        attributes.extend([integer(40, status), integer(55, AT)]);
        Bench::new().take(&sealed(&attributes));
    }
}
