//! What NASes send beside, or in place of, what the specifications ask for.

use super::in_part::and;
use super::requests::without;
use super::*;

/// An attribute of length zero is as good as absent, also beside one that is
/// there (RFC 2865 section 5).
#[test]
fn attributes_of_length_zero() {
    for (kind, _) in start() {
        let mut bench = Bench::new();
        assert_eq!(outcome_in(&mut bench, &and(kind, &[])), Outcome::Taken);
        assert_eq!(bench.resolve("10.0.0.1"), number(), "{kind}");
    }
    // It is no name either.
    for kind in [32, 4, 95] {
        let mut bench = Bench::new();
        assert_eq!(outcome_in(&mut bench, &and(kind, &[])), Outcome::Taken);
        let mut stop = without(40);
        stop.push(integer(40, 2));
        assert_eq!(outcome_in(&mut bench, &stop), Outcome::Taken);
        assert_eq!(bench.resolve("10.0.0.1"), Resolved::Unknown, "{kind}");
    }
}

/// A NAS that has restarted, and whose clock has not been set yet.
#[test]
fn the_end_of_what_was_before_by_a_clock_that_is_not_set() {
    for end in [2_u32, 7, 8] {
        for at in [0, 12, 86_400, 1_014_940_800] {
            for delay in [None, Some(u32::MAX), Some(AT - 5)] {
                let mut bench = Bench::new();
                let begun = with(55, &(AT - 5).to_be_bytes());
                assert_eq!(outcome_in(&mut bench, &begun), Outcome::Taken);
                let mut ended = with(40, &end.to_be_bytes());
                ended.retain(|(kind, _)| *kind != 55);
                ended.push(integer(55, at));
                ended.extend(delay.map(|delay| integer(41, delay)));
                assert_eq!(outcome_in(&mut bench, &ended), Outcome::Taken);
                let resolved = bench.resolve("10.0.0.1");
                assert_eq!(resolved, Resolved::Unknown, "{end} {at} {delay:?}");
            }
        }
    }
}

/// A prefix that is delegated belongs to one subscriber (RFC 4818); of an address
/// (RFC 6911), the rest of its /64 does not.
#[test]
fn delegated_prefixes_and_single_addresses() {
    let network = [0x20, 1, 0xd, 0xb8, 0, 1, 0, 2];
    let here = "2001:db8:1:2::9";
    for (kind, head, resolved) in [
        (123, &[0, 64][..], number()),
        (123, &[0, 56], Resolved::Unknown),
        (168, &[], Resolved::Unknown),
    ] {
        let mut value = [head, &network].concat();
        value.resize(head.len() + 16, 0);
        let mut bench = Bench::new();
        assert_eq!(outcome_in(&mut bench, &and(kind, &value)), Outcome::Taken);
        assert_eq!(bench.resolve("10.0.0.1"), number());
        assert_eq!(bench.resolve(here), resolved, "{kind} {head:?}");
    }
}

/// What tells sessions of one NAS apart is Acct-Session-Id: neither
/// Acct-Multi-Session-Id nor 3GPP-IMSI nor Class does.
#[test]
fn a_session_id_at_two_addresses() {
    let mut bench = Bench::new();
    let with_more = |status: u32, last: u8| {
        let mut attributes = with(40, &status.to_be_bytes());
        attributes.retain(|(kind, _)| *kind != 8);
        attributes.extend([
            (8, vec![10, 0, 0, last]),
            (50, vec![b'm', last]),
            (25, vec![b'c', last]),
            (
                26,
                [&b"\x00\x00\x28\xaf\x01\x11"[..], b"310150123456789"].concat(),
            ),
        ]);
        attributes
    };
    assert_eq!(outcome_in(&mut bench, &with_more(1, 1)), Outcome::Taken);
    assert_eq!(outcome_in(&mut bench, &with_more(3, 2)), Outcome::Taken);
    // It has moved.
    assert_eq!(bench.resolve("10.0.0.1"), Resolved::Unknown);
    assert_eq!(bench.resolve("10.0.0.2"), number());
    assert_eq!(outcome_in(&mut bench, &with_more(2, 9)), Outcome::Taken);
    assert_eq!(bench.resolve("10.0.0.2"), Resolved::Unknown);
}
