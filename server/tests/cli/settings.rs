//! The options of settings against the table of settings.

use mpass_core::service::settings::{Field, Group, Kind, Settings, Value, Values};
use mpass_core::service::{ChannelSettings, ClientSettings, CustomerSettings};
use serde_json::{Value as Json, json};

use crate::support::{run, run_anywhere};

/// The generator of P-256 (SEC 2 section 2.4.2).
const POINT: &str = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
    4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

/// The kinds of tenants with their defaults.
fn kinds() -> [Values; 3] {
    [
        ChannelSettings::new("").to_values(),
        ClientSettings::new("").to_values(),
        CustomerSettings::new("").to_values(),
    ]
}

fn flag(field: Field) -> String {
    let item = field.description().item;
    format!("--{}", item.trim_end_matches("_ms").replace('_', "-"))
}

/// A value that is not the default, as an option has it and as it is listed.
fn another(field: Field, defaults: &Values) -> (String, Json) {
    let default = match defaults.get(field) {
        Some(Value::Number(number)) => *number,
        _ => 0,
    };
    let text = |text: &str| (text.to_owned(), json!(text));
    let one_of_many = |text: &str| (text.to_owned(), json!([text]));
    match field {
        Field::Digits => ("8".into(), json!(8)),
        Field::Name => text("C-0123456789ABCDE"),
        Field::Host => text("shop.example"),
        Field::Country => ("+966".into(), json!(966)),
        Field::CallingCodes => ("+966".into(), json!([966])),
        Field::Addresses => one_of_many("10.0.0.0/8"),
        Field::AndroidAppHashes => one_of_many("965mn/jzPaJ"),
        Field::Scopes => one_of_many("number-verification:device-phone-number:read"),
        Field::RedirectUris => one_of_many("https://app.example/back"),
        Field::PublicKey => text(POINT),
        _ => match field.description().kind {
            Kind::Flag => {
                let flag = defaults.get(field) != Some(&Value::Flag(true));
                (flag.to_string(), json!(flag))
            }
            Kind::Number { most, .. } => {
                let number = if default < most {
                    default + 1
                } else {
                    default - 1
                };
                (number.to_string(), json!(number))
            }
            Kind::Duration { .. } => {
                let ms = default + 2000;
                (format!("{ms}ms"), json!(ms))
            }
            Kind::Limit => (
                "5/1d/2".into(),
                json!({ "events": 5, "window_ms": 86_400_000, "burst": 2 }),
            ),
            Kind::Text => text("Shop"),
            Kind::Choice(names) => text(names.last().unwrap()),
            Kind::Bytes { least, .. } => text(&"ab".repeat(least)),
            Kind::Numbers => ("7".into(), json!([7])),
            Kind::Texts => one_of_many("Shop"),
            Kind::Map => (
                "ar-sa=رمز {{code}}".into(),
                json!({ "ar-SA": "رمز {{code}}" }),
            ),
        },
    }
}

#[test]
fn every_setting_is_an_option_and_is_listed() {
    let home = tempfile::tempdir().unwrap();
    for defaults in kinds() {
        let group = defaults.group();
        let given: Vec<(Field, (String, Json))> = group
            .fields()
            .map(|field| (field, another(field, &defaults)))
            .collect();
        let mut arguments = vec![group.name().to_owned(), "create".into()];
        arguments.extend(
            given
                .iter()
                .map(|(field, (text, _))| format!("{}={text}", flag(*field))),
        );
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        run(home.path(), &arguments).done();
        let listed = run(home.path(), &[group.name(), "list", "--json"]).done();
        let listed: Json = serde_json::from_str(&listed).unwrap();
        let tenant = listed[0].as_object().unwrap();
        for (field, (_, json)) in &given {
            let name = field.name();
            assert_eq!(tenant[name], *json, "{name} of a {}", group.name());
        }
        // And what is not a setting.
        assert_eq!(tenant.len(), given.len() + 5, "{tenant:?}");
    }
}

/// What is listed of a tenant that nothing is said of: every field, those
/// without a value as `null`.
#[test]
fn every_default_is_listed() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), &["channel", "create", "--name", "a"]).done();
    let listed = run(home.path(), &["channel", "list", "--json"]).done();
    let listed: Json = serde_json::from_str(&listed).unwrap();
    for field in Group::Channel.fields() {
        assert!(listed[0].get(field.name()).is_some(), "{}", field.name());
    }
    assert_eq!(listed[0]["spend"], Json::Null);
    assert_eq!(listed[0]["lock_ms"], 86_400_000);
    assert_eq!(listed[0]["apps"], json!([]));
}

#[test]
fn former_names_of_options() {
    let home = tempfile::tempdir().unwrap();
    let create = [
        "customer",
        "create",
        "--credits",
        "7",
        "--lock-time",
        "2h",
        "--allow-weak",
    ];
    run(home.path(), &create).done();
    let listed = run(home.path(), &["customer", "list", "--json"]).done();
    let listed: Json = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed[0]["test_credits"], 7);
    assert_eq!(listed[0]["lock_ms"], 7_200_000);
    assert_eq!(listed[0]["allow_weak"], true);
}

/// The help of the creating command, by option.
fn help(group: Group) -> Vec<String> {
    let help = run_anywhere(&[group.name(), "create", "--help"]).done();
    let options = help.split("\n      --").skip(1);
    options
        .map(|option| {
            let words: Vec<&str> = option.split_whitespace().collect();
            format!("--{}", words.join(" "))
        })
        .collect()
}

#[test]
fn help_shows_each_setting_with_its_default() {
    for defaults in kinds() {
        let help = help(defaults.group());
        for field in defaults.group().fields() {
            let flag = flag(field);
            let is_it = |option: &&String| {
                let rest = option.strip_prefix(&flag);
                rest.is_some_and(|rest| rest.starts_with([' ', '[']))
            };
            let option = help.iter().find(is_it).expect(&flag);
            assert!(option.contains(field.description().meaning), "{option}");
            let has_default = match defaults.get(field) {
                None => false,
                Some(Value::Texts(texts)) => !texts.is_empty(),
                Some(Value::Numbers(numbers)) => !numbers.is_empty(),
                Some(Value::Map(texts)) => !texts.is_empty(),
                Some(_) => field != Field::Name,
            };
            assert_eq!(option.contains("[default: "), has_default, "{option}");
        }
    }
    for (group, flag, shown) in [
        (Group::Channel, "--digits", "[default: 6]"),
        (Group::Channel, "--lifetime", "[default: 5m]"),
        (Group::Channel, "--sends", "[default: 10/1h]"),
        (Group::Channel, "--lock", "[default: 1d]"),
        (Group::Channel, "--lock", "--lock-time"),
        (Group::Channel, "--lifetime", "20s to 1d"),
        (
            Group::Client,
            "--scope",
            "[default: number-verification:verify,",
        ),
        (Group::Customer, "--digits", "[default: 4]"),
        (Group::Customer, "--lifetime", "[default: 1m]"),
        (Group::Customer, "--guesses", "[default: 9/1d]"),
        (Group::Customer, "--test-credits", "[default: 100]"),
        (Group::Customer, "--allow-weak", "[default: true]"),
    ] {
        let help = help(group);
        let of_flag = format!("{flag} ");
        let mut options = help.iter();
        let option = options
            .find(|option| option.starts_with(&of_flag) || option.starts_with(&format!("{flag}[")));
        assert!(option.unwrap().contains(shown), "{option:?}");
    }
}

#[test]
fn a_refused_value_is_named_with_its_option_and_range() {
    let long = "x".repeat(33);
    for (kind, option, value, said) in [
        ("channel", "--sender", long.as_str(), "1 to 32 bytes"),
        (
            "channel",
            "--resend-interval",
            "2d",
            "2d is out of range: 0s to 1d",
        ),
        ("channel", "--tries", "101", "101 is out of range: 1 to 100"),
        ("channel", "--tries", "few", "\"few\" is not a whole number"),
        ("channel", "--digits", "4", "--allow-weak"),
        ("channel", "--host", "a b", "a DNS name"),
        ("channel", "--spend", "5/1h/6", "5/1h/6 is out of range"),
        ("channel", "--lock-time", "40d", "at most 31 days"),
        ("client", "--public-key", "xy", "not hexadecimal or a JWK"),
        ("client", "--scope", "openid", "the scope is"),
        ("customer", "--name", "shop", "15 upper-case"),
        ("customer", "--lifetime", "6m", "at most 5 minutes"),
    ] {
        let mut arguments = vec![kind, "create", option, value];
        if kind != "customer" {
            arguments.extend(["--name", "a"]);
        }
        let line = run_anywhere(&arguments).misuse();
        let option = option.trim_end_matches("-time");
        assert!(line.contains(option) && line.contains(said), "{line}");
    }
}
