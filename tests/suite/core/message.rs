//! The texts of messages, and the hashes of Android apps.

use mpass_core::service::settings::{Field, Group, Refused, Settings, Value, Values};
use mpass_core::service::{AppHash, ChannelSettings};
use mpass_tests::coverage::RUST;
use mpass_tests::vectors;

/// What a channel keeps of a text: its tag, if it has one, and the text.
fn kept(field: Field, tag: Option<&str>, text: &str) -> Result<(Option<String>, String), Refused> {
    let mut values = Values::new(Group::Channel);
    values.set(Field::Name, Value::Text("web".into()))?;
    match (field, tag) {
        (Field::Sender, None) => values.set(field, Value::Text(text.into()))?,
        (_, None) => values.add(field, Value::Text(text.into()))?,
        (_, Some(tag)) => values.add(field, Value::Map([(tag.into(), text.into())].into()))?,
    }
    let values = ChannelSettings::from_values(&values)?.to_values();
    Ok(match values.get(field) {
        Some(Value::Text(text)) => (None, text.clone()),
        Some(Value::Texts(texts)) => (None, texts[0].clone()),
        Some(Value::Map(texts)) => {
            let (tag, text) = texts.first_key_value().unwrap();
            (Some(tag.clone()), text.clone())
        }
        other => panic!("{other:?}"),
    })
}

#[test]
fn texts_of_a_channel() {
    let vectors = vectors::message().vectors;
    RUST.vectors("message.json", &vectors, |vector| {
        let field = Field::from_name(&vector.field).unwrap();
        let tag = vector.tag.as_deref();
        let read = kept(field, tag, &vector.text);
        if let Some(error) = &vector.error {
            assert_eq!(read.unwrap_err().error.name(), error, "{}", vector.source);
            return;
        }
        let text = vector.kept.as_deref().unwrap_or(&vector.text);
        let tag_kept = vector.kept_tag.as_deref().or(tag);
        let expected = (tag_kept.map(Into::into), text.into());
        assert_eq!(read.unwrap(), expected, "{}", vector.source);
        let tampered = format!("{}\u{202e}", vector.text);
        assert!(kept(field, tag, &tampered).is_err(), "{}", vector.source);
    });
}

#[test]
fn hashes_of_android_apps() {
    let vectors = vectors::android_app().vectors;
    RUST.vectors("android-app.json", &vectors, |vector| {
        let certificate = base16ct::lower::decode_vec(&vector.certificate_hex).unwrap();
        let hash = AppHash::of(&vector.package, &certificate);
        let Some(expected) = &vector.hash else {
            let error = hash.unwrap_err();
            assert_eq!(Some(error.name()), vector.error.as_deref());
            return;
        };
        assert_eq!(hash.as_ref().map(AppHash::as_str), Ok(expected.as_str()));
        let other = AppHash::of(&format!("{}x", vector.package), &certificate);
        assert_ne!(other, hash);
    });
}
