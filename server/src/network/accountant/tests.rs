//! Tests of the accountant, datagram by datagram.

mod in_part;
mod other_nases;
mod requests;

use core::net::IpAddr;
use core::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use mpass_core::number::PhoneNumber;
use proptest::prelude::*;

use self::requests::{
    AT, Attributes, SECRET, captured, encode, integer, seal, sealed, start, with,
};
use super::super::table::Resolved;
use super::*;

const NOW_MS: u64 = 1_700_000_000_900;

/// A Start with a valid authenticator, of this time.
pub(in crate::network) fn start_at(at: u32) -> Vec<u8> {
    sealed(&with(55, &at.to_be_bytes()))
}

struct Bench {
    table: NetworkTable,
    accountant: Accountant,
    rules: Rules,
}

impl Bench {
    fn new() -> Self {
        let config = NetworkConfig::default();
        let source = Source {
            network: "192.0.2.0/24".parse().unwrap(),
            realm: "".into(),
            secret: SECRET.to_owned().into(),
            interim_interval: Duration::from_secs(600),
            message_authenticator: MessageAuthenticator::OnceSent,
            accept_undated: false,
        };
        Self {
            table: NetworkTable::new(config.limits()),
            accountant: Accountant::new(config.freshness),
            rules: Rules {
                sources: vec![source],
                numbers: NumbersConfig::default(),
            },
        }
    }

    fn take(&mut self, datagram: &[u8]) -> (Outcome, Option<Vec<u8>>) {
        self.take_from(datagram, "192.0.2.1:4000")
    }

    fn take_from(&mut self, datagram: &[u8], peer: &str) -> (Outcome, Option<Vec<u8>>) {
        let peer = peer.parse().unwrap();
        let taken = self
            .accountant
            .take(&self.rules, &self.table, datagram, peer, NOW_MS);
        self.accountant.stored(taken.receipt, NOW_MS);
        (taken.outcome, taken.answer)
    }

    fn resolve(&self, address: &str) -> Resolved {
        let address: IpAddr = address.parse().unwrap();
        self.table.resolve("", address, NOW_MS)
    }
}

fn number() -> Resolved {
    Resolved::Number(PhoneNumber::parse("+966500000000", None).unwrap())
}

/// The outcome of attributes. Also checks that there is a response unless the
/// sender is not authenticated.
fn outcome(attributes: &Attributes) -> Outcome {
    outcome_in(&mut Bench::new(), attributes)
}

fn outcome_in(bench: &mut Bench, attributes: &Attributes) -> Outcome {
    let (outcome, answer) = bench.take(&sealed(attributes));
    let is_unknown = matches!(
        outcome,
        Outcome::WrongSecret | Outcome::NoMessageAuthenticator
    );
    assert_eq!(answer.is_none(), is_unknown, "{outcome:?}");
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
    let elsewhere = bench.take_from(&packet, "192.0.3.1:4000");
    assert_eq!(elsewhere, (Outcome::UnknownSource, None));
    let other = seal(7, &attributes, "testing124");
    assert_eq!(bench.take(&other), (Outcome::WrongSecret, None));
    let mut access = packet.clone();
    access[0] = 1;
    assert_eq!(bench.take(&access), (Outcome::OtherCode, None));
    assert_eq!(bench.resolve("10.0.0.1"), Resolved::Unknown);
    let (mapped, _) = bench.take_from(&packet, "[::ffff:192.0.2.1]:4000");
    assert_eq!(mapped, Outcome::Taken);
}

/// The Message-Authenticator of a packet in which zeros are in its place.
fn mac(packet: &[u8], authenticator: [u8; 16]) -> Vec<u8> {
    let mut packet = packet.to_vec();
    packet[4..20].copy_from_slice(&authenticator);
    let mut mac = Hmac::<Md5>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(&packet);
    mac.finalize().into_bytes().to_vec()
}

#[test]
fn message_authenticators() {
    let mac = |attributes: &Attributes| mac(&sealed(attributes), [0; 16]);
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
fn a_source_that_has_signed_must_always_sign() {
    let mut bench = Bench::new();
    let other = integer(41, 1);
    let mut unsigned = start();
    unsigned.push(other);
    assert_eq!(outcome_in(&mut bench, &unsigned), Outcome::Taken);
    assert_eq!(bench.take(&captured()).0, Outcome::Taken);
    for name in [None, Some((32, b"another NAS".to_vec()))] {
        let mut attributes = unsigned.clone();
        attributes.extend(name);
        let unsigned = outcome_in(&mut bench, &attributes);
        assert_eq!(unsigned, Outcome::NoMessageAuthenticator);
    }
    // One that must sign from the beginning.
    let mut bench = Bench::new();
    bench.rules.sources[0].message_authenticator = MessageAuthenticator::Required;
    let unsigned = outcome_in(&mut bench, &start());
    assert_eq!(unsigned, Outcome::NoMessageAuthenticator);
    assert_eq!(bench.resolve("10.0.0.1"), Resolved::Unknown);
    assert_eq!(bench.take(&captured()).0, Outcome::Taken);
}

#[test]
fn a_status_server() {
    // RFC 5997 section 3: the authenticator is random, and the
    // Message-Authenticator proves the secret.
    let authenticator = *b"0123456789abcdef";
    let mut packet = vec![12, 9, 0, 43];
    packet.extend_from_slice(&authenticator);
    packet.extend_from_slice(b"\x50\x12");
    packet.extend_from_slice(&[0; 16]);
    packet.extend_from_slice(b"\x21\x05one");
    let signature = mac(&packet, authenticator);
    let mut unsigned = packet[..20].to_vec();
    unsigned[3] = 20;
    assert_eq!(Bench::new().take(&packet).0, Outcome::WrongSecret);
    assert_eq!(Bench::new().take(&unsigned), (Outcome::WrongSecret, None));
    packet[22..38].copy_from_slice(&signature);
    let (outcome, answer) = Bench::new().take(&packet);
    assert_eq!(outcome, Outcome::Status);
    let mut answer = answer.unwrap();
    assert_eq!(answer[..4], [5, 9, 0, 43]);
    assert_eq!(answer[38..], *b"\x21\x05one");
    let digest = Md5::new()
        .chain_update(&answer[..4])
        .chain_update(authenticator)
        .chain_update(&answer[20..])
        .chain_update(SECRET)
        .finalize();
    assert_eq!(answer[4..20], digest[..]);
    let signature = answer[22..38].to_vec();
    answer[22..38].fill(0);
    assert_eq!(mac(&answer, authenticator), signature);
}

#[test]
fn a_retransmission() {
    let mut bench = Bench::new();
    let on = sealed(&vec![integer(40, 7), integer(55, AT)]);
    let (first, answer) = bench.take(&on);
    assert_eq!(first, Outcome::Taken);
    assert_eq!(bench.take(&sealed(&start())).0, Outcome::Taken);
    assert_eq!(bench.take(&on), (Outcome::Repeated, answer));
    // It may come from another port.
    let (again, _) = bench.take_from(&on, "192.0.2.1:4001");
    assert_eq!(again, Outcome::Repeated);
    assert_eq!(bench.resolve("10.0.0.1"), number());
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
        let (outcome, answer) = Bench::new().take(&seal(1, &bytes, SECRET));
        let is_unknown = matches!(outcome, Outcome::Malformed | Outcome::WrongSecret);
        prop_assert_eq!(answer.is_none(), is_unknown);
    }

    #[test]
    fn no_attributes_panic(
        mut attributes in prop::collection::vec(attribute(), 0..=8),
        status in 0..10_u32,
    ) {
        attributes.extend([integer(40, status), integer(55, AT)]);
        outcome(&attributes);
    }
}
