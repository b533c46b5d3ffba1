//! The assessment of a number: the engine alone determines the canonical form,
//! and the host is not asked about what the engine refuses.

use mpass_core::number::CallingCode;
use mpass_core::service::{
    Answer, Assessment, ChannelSettings, Introspection, Reason, Request, Step,
};
use mpass_core::store::{Kind, Store, StoreKey, Swapped};
use mpass_tests::sim::World;

/// What an exchange did with a host that declares every number valid.
struct Seen {
    /// The numbers of its Assess steps.
    assessed: Vec<String>,
    /// The store keys of the states that it loaded.
    loaded: Vec<StoreKey>,
    /// The numbers that messages were sent to.
    sent: Vec<String>,
    reason: Reason,
}

fn drive(world: &World, request: &Request<'_>) -> Seen {
    let mut exchange = world.begin(request);
    let (mut assessed, mut loaded, mut sent) = (vec![], vec![], vec![]);
    let mut answer = Answer::Begin;
    loop {
        answer = match exchange.next(answer, world.now()) {
            Step::Load { kind, key } => {
                if kind == Kind::State {
                    loaded.push(key);
                }
                Answer::Loaded(world.load(kind, &key).unwrap())
            }
            Step::Swap(swap) => match world.swap(&swap, world.now()).unwrap() {
                Swapped::Stored => Answer::Stored,
                Swapped::Conflict(current) => Answer::Conflict(current),
                Swapped::Expired => Answer::Expired,
            },
            Step::Assess(assess) => {
                assessed.push(assess.number.as_str().to_owned());
                Answer::Assessed(Assessment::Valid { mobile: Some(true) })
            }
            Step::Deliver(sms) => {
                sent.push(sms.to.as_str().to_owned());
                Answer::Delivered
            }
            Step::Introspect(_) => Answer::Introspected(Some(Introspection {
                id: None,
                client: "app".to_owned(),
                scopes: vec!["one-time-password-sms:send-validate".to_owned()],
                number: None,
                is_by_network: false,
                issued_at_ms: None,
                expires_at_ms: Some(world.now() + 60_000),
            })),
            Step::Reply(reply) => {
                let reason = reply.reason;
                // A host that has declared the number valid nevertheless.
                let valid = Answer::Assessed(Assessment::Valid { mobile: Some(true) });
                let Step::Reply(late) = exchange.next(valid, world.now()) else {
                    panic!("a step follows the reply");
                };
                assert_eq!(late.reason, Reason::WrongAnswer);
                return Seen {
                    assessed,
                    loaded,
                    sent,
                    reason,
                };
            }
            step => panic!("{step:?}"),
        };
    }
}

fn request<'a>(path: &'a str, query: &'a str) -> Request<'a> {
    Request {
        method: "GET",
        path,
        query,
        headers: &[],
        body: &[],
        peer: [127, 0, 0, 1].into(),
    }
}

fn channel(world: &World, country: Option<u16>) -> String {
    world.channel(ChannelSettings {
        policy: mpass_tests::sim::generous_policy(),
        country: country.map(|code| CallingCode::new(code).unwrap()),
        ..ChannelSettings::new("web")
    })
}

#[test]
fn every_spelling_is_one_number() {
    let world = World::default();
    let key = channel(&world, Some(966));
    let mut keys = Vec::new();
    for (spelling, operation) in [
        ("%2B966500000000", "msg?"),
        ("+966500000000", "msg?"),
        ("00966-50-000-0000", "msg?"),
        ("0500000000", "msg?"),
        ("500000000", "msg?"),
        ("%2B9660500000000", "msg?"),
        ("%2B966%20(0)50%20000%200000", "msg?"),
        ("(050)%20000.0000", "msg?"),
        (
            "%D9%A0%D9%A5%D9%A0%D9%A0%D9%A0%D9%A0%D9%A0%D9%A0%D9%A0%D9%A0",
            "msg?",
        ),
        ("966500000000", "verify?otp=000000&"),
        ("0500000000", "verify?otp=000000&"),
    ] {
        let target = format!("/mpass-web/rest/mv/{operation}apikey={key}&dest={spelling}");
        let (path, query) = target.split_once('?').unwrap();
        let seen = drive(&world, &request(path, query));
        assert_eq!(seen.assessed, ["+966500000000"], "{spelling}");
        assert!(
            seen.sent.iter().all(|to| to == "+966500000000"),
            "{spelling}"
        );
        keys.extend(seen.loaded);
    }
    assert!(keys.len() >= 11);
    assert!(keys.iter().all(|key| *key == keys[0]), "one record");
}

#[test]
fn the_host_is_not_asked_about_what_the_engine_refuses() {
    let world = World::default();
    let key = channel(&world, Some(966));
    for operation in ["msg?", "verify?otp=000000&"] {
        for spelling in [
            "hello",
            "%2B",
            "%2B999123456789",
            "%2B96600500000000",
            "%2B1234",
            "%2B1234567890123456",
            "%2B966500000000x",
            "00966%2B500000000",
        ] {
            let target = format!("/mpass-web/rest/mv/{operation}apikey={key}&dest={spelling}");
            let (path, query) = target.split_once('?').unwrap();
            let seen = drive(&world, &request(path, query));
            assert_eq!(seen.reason, Reason::InvalidNumber, "{spelling}");
            assert_eq!(seen.assessed, [""; 0], "{spelling}");
            assert!(seen.loaded.is_empty() && seen.sent.is_empty(), "{spelling}");
        }
    }
    // A national number without a country.
    let world = World::default();
    let key = channel(&world, None);
    let query = format!("apikey={key}&dest=0500000000");
    let seen = drive(&world, &request("/mpass-web/rest/mv/msg", &query));
    assert_eq!(
        (seen.reason, seen.assessed.len()),
        (Reason::InvalidNumber, 0)
    );
}

#[test]
fn numbers_that_match_the_pattern_of_camara_are_parsed_too() {
    let world = World::default();
    let headers = [
        ("Authorization", "Bearer token-of-the-host"),
        ("Content-Type", "application/json"),
    ];
    for (number, assessed, expected) in [
        ("+966500000000", 1, Reason::Sent),
        ("+999123456789", 0, Reason::InvalidNumber),
        ("+96600500000000", 0, Reason::InvalidNumber),
    ] {
        let body = format!(r#"{{"phoneNumber": "{number}", "message": "{{{{code}}}} is it"}}"#);
        let seen = drive(
            &world,
            &Request {
                method: "POST",
                headers: &headers,
                body: body.as_bytes(),
                ..request("/one-time-password-sms/v1/send-code", "")
            },
        );
        assert_eq!(
            (seen.assessed.len(), seen.reason),
            (assessed, expected),
            "{number}"
        );
    }
}
