//! Authorization: keys, addresses, applications and rules of a channel.

use mpass_core::challenge::{Keyring, Policy, PolicySettings};
use mpass_core::number::CallingCode;
use mpass_core::oath::Digits;
use mpass_core::service::settings::{Group, Settings as _};
use mpass_core::service::{
    App, Channel, ChannelKey, ChannelSettings, Reason, Request, reseal_document,
};
use mpass_core::store::{Kind, Store};
use mpass_tests::coverage::RUST;
use mpass_tests::sim::{NOON, World, generous_policy};

use super::{ACCEPT, DENIED, DEST, EXPIRED, INVALID, REJECT, SEND, expect, send, verify, wrong};

#[test]
fn access_denied_comes_first() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.channel(ChannelSettings {
        addresses: vec!["10.0.0.0/8".parse().unwrap()],
        ..ChannelSettings::new("inside")
    });
    let from = |peer: &str, query: &str| {
        world.request(&Request {
            method: "GET",
            path: SEND,
            query,
            headers: &[("X-Forwarded-For", "10.0.0.1")],
            body: &[],
            peer: peer.parse().unwrap(),
        })
    };
    let good = format!("apikey={key}&dest={DEST}");
    expect(&from("10.9.8.7", &good), ACCEPT, Reason::Sent);
    for peer in ["127.0.0.1", "::1", "11.0.0.1"] {
        expect(&from(peer, &good), DENIED, Reason::AddressNotAllowed);
    }
    // Even with invalid data.
    expect(
        &from("::1", &format!("apikey={key}")),
        DENIED,
        Reason::AddressNotAllowed,
    );
    let mapped = from("::ffff:10.1.1.1", &format!("apikey={key}"));
    expect(&mapped, INVALID, Reason::MissingParameter);
    let flipped = if key.ends_with('A') { "B" } else { "A" };
    let other = format!("{}{flipped}", &key[..63]);
    for query in [
        String::new(),
        "apikey=".into(),
        format!("dest={DEST}"),
        format!("apikey=x&dest={DEST}"),
        format!("apikey={key}&apikey={key}&dest={DEST}"),
        format!("apikey={other}&dest={DEST}"),
        format!("apikey={}&dest={DEST}", "A".repeat(64)),
        format!("apikey={}&dest={DEST}", "A".repeat(5000)),
    ] {
        expect(&from("10.9.8.7", &query), DENIED, Reason::UnknownCredential);
    }
}

#[test]
fn applications_of_a_channel() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.channel(ChannelSettings {
        apps: vec![App::new("shop").unwrap(), App::new("bank").unwrap()],
        policy: generous_policy(),
        ..ChannelSettings::new("web")
    });
    expect(
        &send(&world, &key, "&app=other"),
        DENIED,
        Reason::AppNotAllowed,
    );
    expect(&send(&world, &key, "&app=bank"), ACCEPT, Reason::Sent);
    let code = world.last_code();
    for rest in ["", "&app=shop", "&app=BANK", "&app=bank+", "&app=other"] {
        let reply = verify(&world, &key, &code, rest);
        let expected = if rest == "&app=other" {
            Reason::Exhausted
        } else {
            Reason::WrongCode
        };
        expect(&reply, REJECT, expected);
    }
    expect(&send(&world, &key, "&app=bank"), ACCEPT, Reason::Sent);
    let reply = verify(&world, &key, &world.last_code(), "&app=bank");
    expect(&reply, ACCEPT, Reason::Accepted);
}

#[test]
fn policy_of_a_channel() {
    let _counted = RUST.scenario();
    let world = World::default();
    let mut settings = PolicySettings {
        digits: Digits::EIGHT,
        tries: 1,
        lifetime_ms: 60_000,
        ..generous_policy().settings().clone()
    };
    settings
        .calling_codes
        .insert(CallingCode::new(966).unwrap());
    let key = world.channel(ChannelSettings {
        policy: Policy::new(settings).unwrap(),
        ..ChannelSettings::new("web")
    });
    let reply = world.get(&format!("{SEND}?apikey={key}&dest=%2B34600000000"));
    expect(&reply, INVALID, Reason::NumberNotAllowed);
    send(&world, &key, "");
    let code = world.last_code();
    assert_eq!(code.len(), 8);
    expect(
        &verify(&world, &key, &wrong(&code), ""),
        REJECT,
        Reason::Exhausted,
    );
    send(&world, &key, "");
    world.pass(60_000);
    let reply = verify(&world, &key, &world.last_code(), "");
    expect(&reply, EXPIRED, Reason::Expired);
}

#[test]
fn rotated_and_revoked_channels() {
    let _counted = RUST.scenario();
    let world = World::default();
    let old = world.generous_channel("web");
    send(&world, &old, "");
    let code = world.last_code();
    let new = world.rotate(Group::Channel, "web");
    expect(&send(&world, &old, ""), DENIED, Reason::UnknownCredential);
    // It is the same channel: its challenges continue.
    expect(&verify(&world, &new, &code, ""), ACCEPT, Reason::Accepted);
    let entry = world.administer(|admin, _| admin.read(Group::Channel, "web"));
    assert_eq!(entry.unwrap().tenant.key_version(), 2);

    let values = ChannelSettings::new("web").to_values();
    let again = world.administer(|admin, entropy| admin.create(&values, entropy));
    assert_eq!(again.err(), Some(mpass_core::Error::NameTaken));
    world.revoke(Group::Channel, "web");
    expect(&send(&world, &new, ""), DENIED, Reason::Revoked);

    // The name is free again, for a different channel with a different key.
    let newest = world.channel(ChannelSettings::new("web"));
    expect(&send(&world, &new, ""), DENIED, Reason::UnknownCredential);
    expect(
        &verify(&world, &newest, &code, ""),
        REJECT,
        Reason::NoChallenge,
    );
}

#[test]
fn a_channel_outlives_its_record_key_when_sealed_anew() {
    let _counted = RUST.scenario();
    let mut keyring = Keyring::generate(&[8; 32]);
    let world = World::new(keyring.clone());
    let key = ChannelKey::parse(&world.generous_channel("web")).unwrap();
    let store_key = key.store_key();
    let current = world.load(Kind::Document, &store_key).unwrap().unwrap();
    let reseal = |keyring: &Keyring| reseal_document(keyring, &store_key, &current, NOON, &[1; 32]);
    assert_eq!(reseal(&keyring), Ok(None));
    keyring.add(&[9; 32]).unwrap();
    keyring.activate(2).unwrap();
    let swap = reseal(&keyring).unwrap().unwrap();
    assert_eq!(swap.expected.as_deref(), Some(&current[..]));
    keyring.remove(1).unwrap();
    assert_eq!(reseal(&keyring), Err(mpass_core::Error::UnknownRecordKey));
    let channel = Channel::open(&keyring, &store_key, &swap.value).unwrap();
    assert!(channel.has_key(&keyring, &key, 1));
}
