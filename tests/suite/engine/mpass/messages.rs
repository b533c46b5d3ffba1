//! Results of sends and verifications, and the text of messages.

use mpass_core::service::{Alphabet, AndroidApps, ChannelSettings, Reason, Texts};
use mpass_tests::coverage::RUST;
use mpass_tests::sim::{World, generous_policy};

use super::{ACCEPT, expect, send, verify};

#[test]
fn accept_send_and_verify() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.generous_channel("web");
    expect(&send(&world, &key, ""), ACCEPT, Reason::Sent);
    let sms = world.outbox().pop().unwrap();
    assert_eq!(sms.to.as_str(), "+966500000000");
    let code = world.last_code();
    assert_eq!(
        *sms.text,
        format!("{code} is your verification code. It expires in 5 min. Do not share it.")
    );
    expect(&verify(&world, &key, &code, ""), ACCEPT, Reason::Accepted);
}

#[test]
fn arabic_digits_fold() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.generous_channel("web");
    for zero in ['\u{660}', '\u{6f0}'] {
        send(&world, &key, "&lang=ar_SA");
        let typed: String = world
            .last_code()
            .chars()
            .filter_map(|digit| char::from_u32(u32::from(zero) + digit.to_digit(10)?))
            .flat_map(|letter| {
                let mut buffer = [0; 4];
                let bytes = letter.encode_utf8(&mut buffer).as_bytes().to_vec();
                bytes
                    .into_iter()
                    .map(|byte| format!("%{byte:02X}"))
                    .collect::<Vec<_>>()
            })
            .collect();
        expect(&verify(&world, &key, &typed, ""), ACCEPT, Reason::Accepted);
    }
}

#[test]
fn languages_and_the_application() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.channel(ChannelSettings {
        policy: generous_policy(),
        host: Some("login.example.com".into()),
        ..ChannelSettings::new("web")
    });
    send(&world, &key, "&lang=ar_SA&app=Cool+App");
    let code = world.last_code();
    let text = world.outbox().pop().unwrap().text;
    assert_eq!(
        *text,
        format!("{code} رمز التحقق من Cool App. لا تشاركه.\n@login.example.com #{code}")
    );
    let reply = verify(&world, &key, &code, "&app=Cool+App");
    expect(&reply, ACCEPT, Reason::Accepted);
    send(&world, &key, "&lang=en_US&app=Cool+App");
    let sms = world.outbox().pop().unwrap();
    assert!(sms.text.contains("is your Cool App verification code"));
    assert_eq!(sms.segments, 1);
}

#[test]
fn own_texts_and_sender() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.channel(ChannelSettings {
        policy: generous_policy(),
        texts: Texts::from_pairs([("en", "{{app}}: {{code}}, {{minutes}} minutes")]).unwrap(),
        sender: Some("ACME".into()),
        ..ChannelSettings::new("web")
    });
    send(&world, &key, "&app=Shop");
    let sms = world.outbox().pop().unwrap();
    assert_eq!(*sms.text, format!("Shop: {}, 5 minutes", world.last_code()));
    assert_eq!(sms.sender.as_deref(), Some("ACME"));
    send(&world, &key, "");
    assert!(world.outbox().pop().unwrap().text.starts_with("web: "));
}

/// SMS Retriever's line is before the origin-bound one, which must be the last.
#[test]
fn the_application_chooses_the_hash() {
    let _counted = RUST.scenario();
    let world = World::default();
    let apps = ["965mn/jzPaJ", "Shop=FA+9qCX9VSu"].map(|app| app.parse().unwrap());
    let key = world.channel(ChannelSettings {
        policy: generous_policy(),
        host: Some("app.example".into()),
        android_apps: AndroidApps::from_apps(apps.into()).unwrap(),
        ..ChannelSettings::new("web")
    });
    for (rest, hash) in [
        ("", "965mn/jzPaJ"),
        ("&app=", "965mn/jzPaJ"),
        ("&app=Bank", "965mn/jzPaJ"),
        ("&app=Shop", "FA+9qCX9VSu"),
        ("&app=Shop&lang=ar-SA", "FA+9qCX9VSu"),
    ] {
        expect(&send(&world, &key, rest), ACCEPT, Reason::Sent);
        let sms = world.outbox().pop().unwrap();
        let code = world.last_code();
        let end = format!("\n{hash}\n@app.example #{code}");
        assert!(sms.text.ends_with(&end), "{}", *sms.text);
        assert_eq!(sms.segments, 1);
    }
}

/// Persian with ZWNJ, lines of another system, and where they are sent: none of
/// these characters is in GSM 7-bit.
#[test]
fn orthography_is_sent_as_it_was_written() {
    let _counted = RUST.scenario();
    let world = World::default();
    let texts = [
        ("en_US", "Code\u{200e}: {{code}}\r\n{{app}}\r\n"),
        ("ar", "\u{200f}خانه\u{200c}ها: {{code}}"),
    ];
    let key = world.channel(ChannelSettings {
        policy: generous_policy(),
        host: Some("app.example".into()),
        texts: Texts::from_pairs(texts).unwrap(),
        ..ChannelSettings::new("web")
    });
    let app = "%E0%A4%B9%E0%A4%BF%E0%A4%A8%E0%A5%8D%E0%A4%A6%E0%A5%80";
    for (lang, before, after) in [
        ("en_US", "Code\u{200e}: ", "\nहिन्दी\n"),
        ("ar_SA", "\u{200f}خانه\u{200c}ها: ", ""),
    ] {
        let rest = format!("&lang={lang}&app={app}");
        expect(&send(&world, &key, &rest), ACCEPT, Reason::Sent);
        let sms = world.outbox().pop().unwrap();
        let code = world.last_code();
        let expected = format!("{before}{code}{after}\n@app.example #{code}");
        assert_eq!(*sms.text, expected);
        assert_eq!((sms.alphabet, sms.segments), (Alphabet::Ucs2, 1));
    }
}
