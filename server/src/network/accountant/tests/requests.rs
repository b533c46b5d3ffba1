//! Accounting-Requests for the tests, captured and built.

use md5::{Digest, Md5};

pub(super) const SECRET: &str = "testing123";
/// The time of [`CAPTURED`].
pub(super) const AT: u32 = 1_700_000_000;
pub(super) const NUMBER: &[u8] = b"966500000000";

/// A Start as FreeRADIUS's radclient 3.2.1 sent it, with a
/// Message-Authenticator: session a1 of 966500000000 at 10.0.0.1 and
/// 2001:db8:1:2::/64.
pub(super) const CAPTURED: &str = "0469005ec5a83ac4524296adf624a0e9173659fa2806000000012c04613108060a000001\
     6114004020010db80001000200000000000000001f0e39363635303030303030303037066553f1005012d0ed323e\
     e01a374f32ff6e8ba7df2b08";

pub(super) fn captured() -> Vec<u8> {
    let digits: Vec<_> = CAPTURED.bytes().filter(u8::is_ascii_hexdigit).collect();
    let octet = |pair: &[u8]| u8::from_str_radix(core::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(octet).collect()
}

pub(super) type Attributes = Vec<(u8, Vec<u8>)>;

pub(super) fn integer(kind: u8, value: u32) -> (u8, Vec<u8>) {
    (kind, value.to_be_bytes().to_vec())
}

pub(super) fn start() -> Attributes {
    vec![
        integer(40, 1),
        (44, b"a1".to_vec()),
        integer(55, AT),
        (8, vec![10, 0, 0, 1]),
        (31, NUMBER.to_vec()),
    ]
}

/// `start()` with all attributes of a type replaced by one.
pub(super) fn with(kind: u8, value: &[u8]) -> Attributes {
    let mut attributes = without(kind);
    attributes.push((kind, value.to_vec()));
    attributes
}

pub(super) fn without(kind: u8) -> Attributes {
    let mut attributes = start();
    attributes.retain(|(other, _)| *other != kind);
    attributes
}

pub(super) fn encode(attributes: &Attributes) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (kind, value) in attributes {
        bytes.push(*kind);
        bytes.push(u8::try_from(value.len() + 2).unwrap());
        bytes.extend_from_slice(value);
    }
    bytes
}

/// A request with a valid authenticator.
pub(super) fn seal(identifier: u8, attributes: &[u8], secret: &str) -> Vec<u8> {
    let [high, low] = u16::try_from(20 + attributes.len()).unwrap().to_be_bytes();
    let mut packet = vec![4, identifier, high, low];
    packet.extend_from_slice(&[0; 16]);
    packet.extend_from_slice(attributes);
    let digest = Md5::new()
        .chain_update(&packet)
        .chain_update(secret)
        .finalize();
    packet[4..20].copy_from_slice(&digest);
    packet
}

pub(super) fn sealed(attributes: &Attributes) -> Vec<u8> {
    seal(7, &encode(attributes), SECRET)
}
