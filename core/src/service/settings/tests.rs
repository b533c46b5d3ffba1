//! Tests of the table against the settings structs: every field of a group is
//! read and written, and its range is the one that the engine enforces.

use alloc::string::ToString;
use alloc::vec;

use super::{Field, Group, Kind, Refused, Settings, Value, Values};
use crate::Error;
use crate::challenge::{PolicySettings, TokenPolicy};
use crate::service::{ChannelSettings, ClientSettings, CustomerSettings, EngineSettings};

/// The generator of P-256 (SEC 2 section 2.4.2), uncompressed.
const POINT: &str = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
    4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

/// A value that differs from the default of every group.
fn another(field: Field) -> Value {
    let text = |text: &str| Value::Text(text.into());
    let texts = |text: &str| Value::Texts(vec![text.into()]);
    match field {
        Field::Digits => Value::Number(8),
        Field::LifetimeMs => Value::Number(90_000),
        Field::Sends | Field::Spend => Value::Limit {
            events: 7,
            window_ms: 60_000,
            burst: 3,
        },
        Field::Guesses => Value::Limit {
            events: 5,
            window_ms: 86_400_000,
            burst: 2,
        },
        Field::CallingCodes => Value::Numbers(vec![34, 966]),
        Field::AllowWeak => Value::Flag(true),
        Field::Name => text("C-0123456789ABCDE"),
        Field::Addresses => texts("10.0.0.0/8"),
        Field::Apps => texts("Shop"),
        Field::Country => Value::Number(966),
        Field::Host => text("shop.example"),
        Field::Texts => Value::Map(
            [("ar", "رمز {{code}}"), ("en", "Code {{code}}")]
                .map(|(tag, text)| (tag.to_string(), text.to_string()))
                .into(),
        ),
        Field::Sender => text("Shop"),
        Field::AndroidAppHashes => texts("965mn/jzPaJ"),
        Field::Scopes => texts("number-verification:verify"),
        Field::RedirectUris => texts("https://app.example/back"),
        Field::PublicKey => {
            let mut point = [0; 65];
            base16ct::lower::decode(POINT, &mut point).unwrap();
            Value::Bytes(point.into())
        }
        Field::Issuer => text("https://verify.example"),
        Field::TokenUse => text("within_life"),
        Field::IdTokenAlg => text("RS256"),
        Field::Tries
        | Field::ResendIntervalMs
        | Field::FailuresToLock
        | Field::LockMs
        | Field::LookAhead
        | Field::Past
        | Field::Future
        | Field::ResyncWindow
        | Field::DelayMs
        | Field::TestCredits => Value::Number(7),
    }
}

/// Converts values to the group's struct and back.
fn through_the_struct(values: &Values) -> Result<Values, Refused> {
    fn through<S: Settings>(values: &Values) -> Result<Values, Refused> {
        S::from_values(values).map(|settings| settings.to_values())
    }
    match values.group() {
        Group::Policy => through::<PolicySettings>(values),
        Group::Token => through::<TokenPolicy>(values),
        Group::Engine => through::<EngineSettings>(values),
        Group::Channel => through::<ChannelSettings>(values),
        Group::Customer => through::<CustomerSettings>(values),
        Group::Client => through::<ClientSettings>(values),
    }
}

/// Values without any field except the name, which tenants require.
fn named(group: Group) -> Values {
    let mut values = Values::new(group);
    if Field::Name.is_of(group) {
        values.set(Field::Name, another(Field::Name)).unwrap();
    }
    values
}

#[test]
fn every_field_of_a_group_is_read_and_written() {
    for group in Group::ALL {
        let defaults = through_the_struct(&named(*group)).unwrap();
        for field in group.fields() {
            let mut values = named(*group);
            values.set(field, another(field)).unwrap();
            let through = through_the_struct(&values).unwrap();
            let name = field.name();
            assert_eq!(
                through.get(field),
                Some(&another(field)),
                "{group:?} {name}"
            );
            // Every other field keeps its default.
            for other in group.fields().filter(|other| *other != field) {
                assert_eq!(through.get(other), defaults.get(other), "{group:?} {name}");
            }
        }
    }
}

#[test]
fn a_field_of_another_group_is_refused() {
    for field in Field::ALL {
        for group in Group::ALL.iter().filter(|group| !field.is_of(**group)) {
            let mut values = Values::new(*group);
            let refused = values.set(*field, another(*field)).unwrap_err();
            assert_eq!(
                (refused.error, refused.field),
                (Error::UnknownSetting, Some(*field))
            );
            assert!(values.clear(*field).is_err());
        }
    }
}

#[test]
fn a_value_of_another_type_is_refused() {
    let values = [
        Value::Flag(true),
        Value::Number(7),
        Value::Text("x".into()),
        Value::Bytes(vec![7]),
        Value::Numbers(vec![7]),
        Value::Texts(vec!["x".into()]),
        Value::Map([("en".to_string(), "x".to_string())].into()),
        Value::Limit {
            events: 1,
            window_ms: 1,
            burst: 1,
        },
    ];
    for field in Field::ALL {
        let group = field.description().groups[0];
        let own = core::mem::discriminant(&another(*field));
        for value in values
            .iter()
            .filter(|value| core::mem::discriminant(*value) != own)
        {
            let refused = Values::new(group).set(*field, value.clone()).unwrap_err();
            assert_eq!(
                refused.error,
                Error::InvalidSetting,
                "{} {value:?}",
                field.name()
            );
        }
    }
}

#[test]
fn a_range_ends_where_the_table_says() {
    for field in Field::ALL {
        let (Kind::Number { least, most } | Kind::Duration { least, most }) =
            field.description().kind
        else {
            continue;
        };
        let set = |number: u64| {
            let mut values = named(field.description().groups[0]);
            if Field::AllowWeak.is_of(values.group()) {
                values.set(Field::AllowWeak, Value::Flag(true)).unwrap();
            }
            // The two sides of a token's window are checked together.
            for side in [Field::Past, Field::Future] {
                if side.is_of(values.group()) {
                    values.set(side, Value::Number(0)).unwrap();
                }
            }
            values.set(*field, Value::Number(number)).map(|()| values)
        };
        let name = field.name();
        // A country code within the range may be unassigned; the longest lock
        // of a number is shorter than that of a token.
        if *field != Field::Country {
            through_the_struct(&set(least).unwrap()).expect(name);
            if most != u64::MAX {
                through_the_struct(&set(most).unwrap()).expect(name);
            }
        }
        let error = field.description().error;
        if let Some(below) = least.checked_sub(1) {
            assert_eq!(set(below).unwrap_err().error, error, "{name}");
        }
        if let Some(above) = most.checked_add(1) {
            assert_eq!(set(above).unwrap_err().error, error, "{name}");
        }
    }
}

#[test]
fn an_invalid_combination_names_the_field() {
    let refused = |group, field, value| {
        let mut values = named(group);
        values.set(field, value).unwrap();
        through_the_struct(&values).unwrap_err()
    };
    let weak = refused(Group::Policy, Field::Digits, Value::Number(4));
    assert_eq!(
        (weak.error, weak.field),
        (Error::PolicyTooWeak, Some(Field::Digits))
    );
    let long = refused(Group::Channel, Field::LifetimeMs, Value::Number(1_200_000));
    assert_eq!(
        (long.error, long.field),
        (Error::PolicyTooWeak, Some(Field::LifetimeMs))
    );
    let lock = refused(Group::Client, Field::LockMs, Value::Number(u64::MAX));
    assert_eq!(
        (lock.error, lock.field),
        (Error::InvalidLimit, Some(Field::LockMs))
    );
    let name = refused(Group::Customer, Field::Name, Value::Text("x".into()));
    assert_eq!(
        (name.error, name.field),
        (Error::InvalidName, Some(Field::Name))
    );
    let nameless = through_the_struct(&Values::new(Group::Channel)).unwrap_err();
    assert_eq!(
        (nameless.error, nameless.field),
        (Error::InvalidName, Some(Field::Name))
    );
}

#[test]
fn members_are_added_one_by_one() {
    let mut values = named(Group::Channel);
    values.add(Field::CallingCodes, Value::Number(34)).unwrap();
    values.add(Field::CallingCodes, Value::Number(966)).unwrap();
    values.add(Field::Apps, Value::Text("Shop".into())).unwrap();
    assert_eq!(
        values.get(Field::CallingCodes),
        Some(&Value::Numbers(vec![34, 966]))
    );
    let refused = values
        .add(Field::Apps, Value::Text("1234".into()))
        .unwrap_err();
    assert_eq!(refused.error, Error::InvalidApp);
    // Members that were added before are kept.
    assert_eq!(
        values.get(Field::Apps),
        Some(&Value::Texts(vec!["Shop".into()]))
    );
    assert!(
        values
            .add(Field::Host, Value::Text("a.example".into()))
            .is_err()
    );
    values.clear(Field::Apps).unwrap();
    assert_eq!(values.get(Field::Apps), None);
    let text = |tag: &str| Value::Map([(tag.to_string(), "{{code}}".to_string())].into());
    values.add(Field::Texts, text("en")).unwrap();
    values.add(Field::Texts, text("ar")).unwrap();
    for again in ["en", "EN"] {
        let refused = values.add(Field::Texts, text(again)).unwrap_err();
        assert_eq!(refused.error, Error::InvalidLanguageTag);
    }
    let Some(Value::Map(texts)) = values.get(Field::Texts) else {
        panic!("a map");
    };
    assert!(texts.keys().eq(["ar", "en"]));
}

#[test]
fn a_refusal_shows_the_value() {
    let mut values = Values::new(Group::Channel);
    let refused = values.set(Field::Tries, Value::Number(0)).unwrap_err();
    assert_eq!(refused.to_string(), "tries: 0 is out of range: 1 to 100");
    let refused = values
        .set(Field::Sender, Value::Text("\u{7}".into()))
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "sender: \"\\u{7}\" is not valid: 1 to 32 bytes without control characters \
         or direction overrides, and without spaces at the ends or @ at the beginning"
    );
}
