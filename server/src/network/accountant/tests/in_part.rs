//! Packets that are understood in part: all are answered, and what is understood
//! is taken.

use super::requests::without;
use super::*;

/// `start()` with an attribute added.
pub(super) fn and(kind: u8, value: &[u8]) -> Attributes {
    let mut attributes = start();
    attributes.push((kind, value.to_vec()));
    attributes
}

#[test]
fn missing_and_repeated_attributes() {
    assert_eq!(outcome(&start()), Outcome::Taken);
    for (kind, expected) in [
        (40, Outcome::OtherStatus),
        (44, Outcome::NoSession),
        (55, Outcome::NoTimestamp),
        (31, Outcome::NoNumber),
        (8, Outcome::Taken),
    ] {
        assert_eq!(outcome(&without(kind)), expected, "{kind}");
        // The same twice is as good as once; two that differ are none.
        let twice = start().into_iter().find(|(other, _)| *other == kind);
        let (_, mut value) = twice.unwrap();
        assert_eq!(outcome(&and(kind, &value)), Outcome::Taken, "{kind}");
        value[0] ^= 1;
        assert_eq!(outcome(&and(kind, &value)), expected, "{kind}");
    }
    let mut bench = Bench::new();
    assert_eq!(
        outcome_in(&mut bench, &and(8, &[10, 0, 0, 2])),
        Outcome::Taken
    );
    for address in ["10.0.0.1", "10.0.0.2"] {
        assert_eq!(bench.resolve(address), Resolved::Unknown);
    }
}

/// Calling-Station-Id is compared as a number, not as a text.
#[test]
fn a_number_in_two_spellings() {
    for (second, expected) in [
        (&b"+966500000000"[..], Outcome::Taken),
        (b"00966 50 000 0000", Outcome::Taken),
        (b"+9660500000000", Outcome::Taken),
        (b"966500000001", Outcome::NoNumber),
        (b"00-10-A4-23-19-C0", Outcome::NoNumber),
    ] {
        assert_eq!(outcome(&and(31, second)), expected, "{second:?}");
    }
}

#[test]
fn wrong_lengths_of_values() {
    for (kind, value, expected) in [
        (40, &[0, 0, 1][..], Outcome::OtherStatus),
        (40, &[0, 0, 0, 0, 1], Outcome::OtherStatus),
        (44, &[], Outcome::NoSession),
        (55, &[0, 0, 0], Outcome::NoTimestamp),
        (8, &[10, 0, 0], Outcome::Taken),
        (8, &[10, 0, 0, 1, 0], Outcome::Taken),
        (4, &[10], Outcome::Taken),
        (41, &[10], Outcome::Taken),
        (31, &[], Outcome::NoNumber),
        (97, &[], Outcome::Taken),
    ] {
        assert_eq!(outcome(&with(kind, value)), expected, "{kind}");
    }
}

#[test]
fn other_status_types() {
    // 9 to 14 are of tunnels (RFC 2867 section 3), and 15 is Failed.
    for status in [0, 4, 6, 9, 10, 11, 12, 13, 14, 15, u32::MAX] {
        let mut bench = Bench::new();
        let attributes = with(40, &status.to_be_bytes());
        let outcome = outcome_in(&mut bench, &attributes);
        assert_eq!(outcome, Outcome::OtherStatus, "{status}");
        assert_eq!(bench.resolve("10.0.0.1"), Resolved::Unknown);
    }
}

#[test]
fn unknown_attributes() {
    // A vendor's, one of RFC 6911, an extended one of RFC 6929, and one without
    // a value.
    for (kind, value) in [
        (26, &b"\x00\x00\x28\xaf\x01\x06abcd"[..]),
        (168, &[0x20; 16]),
        (241, &[1, 2, 3]),
        (200, &[]),
    ] {
        let mut bench = Bench::new();
        assert_eq!(outcome_in(&mut bench, &and(kind, value)), Outcome::Taken);
        assert_eq!(bench.resolve("10.0.0.1"), number());
    }
}

#[test]
fn a_session_is_required_only_for_its_events() {
    for (status, expected) in [
        (1_u32, Outcome::NoSession),
        (2, Outcome::NoSession),
        (3, Outcome::NoSession),
        (7, Outcome::Taken),
        (8, Outcome::Taken),
    ] {
        let attributes = vec![integer(40, status), integer(55, AT)];
        assert_eq!(outcome(&attributes), expected, "{status}");
        let attributes = vec![integer(40, status)];
        assert_eq!(outcome(&attributes), expected, "{status}");
    }
    let mut stop = with(40, &2_u32.to_be_bytes());
    stop.push((97, vec![0, 56, 0x20, 1]));
    assert_eq!(outcome(&stop), Outcome::Taken);
}

#[test]
fn events_without_a_time() {
    let ends = [integer(40, 2), integer(40, 7), integer(40, 8)];
    for (accept_undated, expected) in [(false, Outcome::NoTimestamp), (true, Outcome::Taken)] {
        for end in &ends {
            let mut bench = Bench::new();
            bench.rules.sources[0].accept_undated = accept_undated;
            let mut undated = without(55);
            undated.push(integer(41, 20));
            assert_eq!(outcome_in(&mut bench, &undated), expected);
            let resolved = match expected {
                Outcome::Taken => number(),
                _ => Resolved::Unknown,
            };
            assert_eq!(bench.resolve("10.0.0.1"), resolved);
            // The end of a session needs no time.
            assert_eq!(outcome_in(&mut bench, &without(31)), Outcome::NoNumber);
            let mut end = vec![end.clone(), (44, b"a1".to_vec())];
            assert_eq!(outcome_in(&mut bench, &end), Outcome::Taken);
            end.push(integer(41, 400));
            assert_eq!(outcome_in(&mut bench, &end), Outcome::Taken);
            assert_eq!(bench.resolve("10.0.0.1"), Resolved::Unknown);
        }
    }
}

#[test]
fn a_delay_is_the_age_of_an_event_without_a_time() {
    let at_delay = |delay: u32| {
        let mut bench = Bench::new();
        bench.rules.sources[0].accept_undated = true;
        let mut undated = without(55);
        undated.push(integer(41, delay));
        (outcome_in(&mut bench, &undated), bench)
    };
    assert_eq!(at_delay(301).0, Outcome::Stale);
    assert_eq!(at_delay(u32::MAX).0, Outcome::Stale);
    let (outcome, mut bench) = at_delay(20);
    assert_eq!(outcome, Outcome::Taken);
    // A restart that is older, and one that is younger.
    for (delay, resolved) in [(21, number()), (19, Resolved::Unknown)] {
        let on = vec![integer(40, 7), integer(41, delay)];
        assert_eq!(outcome_in(&mut bench, &on), Outcome::Taken);
        assert_eq!(bench.resolve("10.0.0.1"), resolved, "{delay}");
    }
}

#[test]
fn nases_behind_one_proxy() {
    let named = |kind: u8, name: &[u8], more: Attributes| {
        let mut attributes = more;
        attributes.push((kind, name.to_vec()));
        attributes
    };
    for (kind, one, other) in [
        (32, &b"one"[..], &b"other"[..]),
        (4, &[192, 0, 2, 1], &[192, 0, 2, 2]),
        (95, &[1; 16], &[2; 16]),
    ] {
        let mut bench = Bench::new();
        let session = named(kind, one, with(55, &(AT - 5).to_be_bytes()));
        assert_eq!(outcome_in(&mut bench, &session), Outcome::Taken);
        let on = vec![integer(40, 7), integer(55, AT)];
        let on = |name| named(kind, name, on.clone());
        assert_eq!(outcome_in(&mut bench, &on(other)), Outcome::Taken);
        assert_eq!(bench.resolve("10.0.0.1"), number(), "{kind}");
        assert_eq!(outcome_in(&mut bench, &on(one)), Outcome::Taken);
        assert_eq!(bench.resolve("10.0.0.1"), Resolved::Unknown, "{kind}");
    }
}

#[test]
fn stale_times() {
    for (at, expected) in [
        (AT - 301, Outcome::Stale),
        (AT - 299, Outcome::Taken),
        (AT + 300, Outcome::Taken),
        (AT + 301, Outcome::Stale),
        (1_577_836_800, Outcome::Stale),
        (u32::MAX, Outcome::Stale),
        // Clocks that were never set: of Linux, RouterOS and Cisco IOS.
        (0, Outcome::NoTimestamp),
        (86_400 + 17, Outcome::NoTimestamp),
        (731_030_400, Outcome::NoTimestamp),
        (1_014_940_800, Outcome::NoTimestamp),
        (1_577_836_799, Outcome::NoTimestamp),
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
    let here = "2001:db8:1:2::9";
    for more in 0..=8 {
        let mut bench = Bench::new();
        let attributes = and(97, &prefix([0, 64], more));
        assert_eq!(outcome_in(&mut bench, &attributes), Outcome::Taken);
        assert_eq!(bench.resolve(here), number());
        assert_eq!(bench.resolve("10.0.0.1"), number());
    }
    let mut host = prefix([0, 64], 8);
    host[17] = 1;
    let mut others = [0, 48, 56, 63, 65, 128, 255]
        .map(|bits| prefix([0, bits], 8))
        .to_vec();
    others.extend([
        vec![0, 56, 0x20, 1, 0xd, 0xb8, 0, 1, 0],
        host,
        prefix([0, 64], 9),
        prefix([1, 64], 8),
        vec![0, 64, 0x20, 1],
        vec![0],
    ]);
    for value in others {
        let mut bench = Bench::new();
        let mut alone = without(8);
        alone.push((97, value.clone()));
        assert_eq!(
            outcome_in(&mut bench, &alone),
            Outcome::NotSlash64,
            "{value:?}"
        );
        assert_eq!(bench.resolve(here), Resolved::Unknown, "{value:?}");
        // An address or a /64 beside it is taken.
        let mut bench = Bench::new();
        let mut beside = and(97, &value);
        beside.push((97, prefix([0, 64], 0)));
        assert_eq!(outcome_in(&mut bench, &beside), Outcome::Taken);
        for address in ["10.0.0.1", here] {
            assert_eq!(bench.resolve(address), number(), "{value:?}");
        }
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
        ("00966500000000", number()),
        ("966-500-000000", number()),
        ("+966 50 000 0000", number()),
        ("٩٦٦٥٠٠٠٠٠٠٠٠", number()),
        ("++966500000000", number()),
        ("0500000000", Resolved::Unknown),
        (" 966500000000 ", number()),
        ("966500000000\0", number()),
        ("966500000000\0\0", number()),
        ("966500\x00000000", Resolved::Unknown),
        ("", Resolved::Unknown),
        ("+", Resolved::Unknown),
        // Hardware addresses, some of digits only.
        ("00-10-A4-23-19-C0", Resolved::Unknown),
        ("96-65-00-00-00-00", Resolved::Unknown),
        ("96:65:00:00:00:00", Resolved::Unknown),
        ("9665.0000.0000", Resolved::Unknown),
        ("9665-0000-0000", Resolved::Unknown),
        ("9660500000000", number()),
        // A hardware address without separators, IMSIs, and too short a number.
        ("001122334455", Resolved::Unknown),
        ("310150123456789", Resolved::Unknown),
        ("404450123456789", Resolved::Unknown),
        ("204046000000001", Resolved::Unknown),
        ("12345", Resolved::Unknown),
        // Addresses that tunnels come from: RouterOS and VPN gateways send them.
        // Without the dots they are numbers of Germany, Greece and Sweden.
        ("49.30.123.45", Resolved::Unknown),
        ("49.30.123.45/32", Resolved::Unknown),
        ("30.210.123.123", Resolved::Unknown),
        ("46.81.234.56", Resolved::Unknown),
        ("2001:db8::1", Resolved::Unknown),
        // Other forms that are no number in the written form of one.
        ("sip:+966500000000@ims.example", Resolved::Unknown),
        ("tel:+966500000000", Resolved::Unknown),
        ("966500000000@realm", Resolved::Unknown),
        ("3936363530303030303030303030", Resolved::Unknown),
        // Not numbers by the engine's table, so they are not keyed by it.
        ("96600500000000", Resolved::Unknown),
        ("999500000000", Resolved::Unknown),
    ] {
        let mut bench = Bench::new();
        let expected = if resolved == Resolved::Unknown {
            Outcome::NoNumber
        } else {
            Outcome::Taken
        };
        let outcome = outcome_in(&mut bench, &with(31, text.as_bytes()));
        assert_eq!(outcome, expected, "{text}");
        assert_eq!(bench.resolve("10.0.0.1"), resolved, "{text}");
    }
    let bytes = [0xff, 0xfe];
    assert_eq!(outcome(&with(31, &bytes)), Outcome::NoNumber);
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
        outcome_in(&mut bench, &with(31, text.as_bytes()));
        let number = Resolved::Number(PhoneNumber::parse(e164, None).unwrap());
        assert_eq!(bench.resolve("10.0.0.1"), number, "{text}");
    }
}
