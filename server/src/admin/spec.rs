//! The settings of a tenant as they go over the admin socket.

use std::collections::BTreeMap;

use mpass_core::service::settings::{Field, Group, Kind, Refused, Value, Values};
use mpass_core::service::{SignatureAlgorithm, TenantPatch};
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value as Json;

/// The settings of a tenant: a JSON object with the names of the table of
/// settings; a field that is absent or `null` is not set. Byte strings are in
/// hexadecimal.
///
/// Values are checked by [`Self::values`] only, so that what is wrong with one
/// is answered with the engine's error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TenantSpec(Vec<(Field, Option<Value>)>);

impl TenantSpec {
    /// Every field of the group; those that have no value are `null`.
    #[must_use]
    pub fn all(values: &Values) -> Self {
        let fields = in_order(values.group()).into_iter();
        Self(
            fields
                .map(|field| (field, values.get(field).cloned()))
                .collect(),
        )
    }

    /// The value of a field that is set.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&Value> {
        let mut fields = self.0.iter();
        let (_, value) = fields.find(|(name, _)| *name == field)?;
        value.as_ref()
    }

    /// The names of the fields, set or `null`.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|(field, _)| field.name())
    }

    /// Whether the ID tokens of the client are signed with RS256.
    pub(crate) fn has_rs256(&self) -> bool {
        let rs256 = SignatureAlgorithm::Rs256.name();
        matches!(self.get(Field::IdTokenAlg), Some(Value::Text(name)) if name == rs256)
    }

    /// The tenant's name; empty if it is not set.
    #[must_use]
    pub fn name(&self) -> &str {
        match self.get(Field::Name) {
            Some(Value::Text(name)) => name,
            _ => "",
        }
    }

    /// The fields that are set, checked.
    ///
    /// # Errors
    /// As [`Values::set`].
    pub fn values(&self, group: Group) -> Result<Values, Refused> {
        let mut values = Values::new(group);
        for (field, value) in &self.0 {
            if let Some(value) = value {
                values.set(*field, value.clone())?;
            }
        }
        Ok(values)
    }
}

impl TenantSpec {
    /// A change that sets these fields and returns others to their defaults.
    #[must_use]
    pub fn of_patch(set: &Values, cleared: &[Field]) -> Self {
        let mut spec = Self::from(set);
        spec.0.extend(cleared.iter().map(|field| (*field, None)));
        spec
    }

    /// The change that sets the fields with a value and returns those that are
    /// `null` to their defaults.
    ///
    /// # Errors
    /// As [`TenantPatch::set`] and [`TenantPatch::clear`].
    pub fn patch(&self, group: Group) -> Result<TenantPatch, Refused> {
        let mut patch = TenantPatch::new(group);
        for (field, value) in &self.0 {
            match value {
                Some(value) => patch.set(*field, value.clone())?,
                None => patch.clear(*field)?,
            }
        }
        Ok(patch)
    }
}

impl From<&Values> for TenantSpec {
    fn from(values: &Values) -> Self {
        let set = values.iter();
        Self(
            set.map(|(field, value)| (field, Some(value.clone())))
                .collect(),
        )
    }
}

/// The fields of a group: its own, then the rules of challenges.
pub(crate) fn in_order(group: Group) -> Vec<Field> {
    let mut fields: Vec<Field> = group.fields().collect();
    fields.sort_by_key(|field| field.is_of(Group::Policy));
    fields
}

impl Serialize for TenantSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (field, value) in &self.0 {
            map.serialize_entry(field.name(), &value.as_ref().map(write))?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for TenantSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Vec::new();
        for (name, json) in BTreeMap::<String, Json>::deserialize(deserializer)? {
            let field = Field::from_name(&name);
            match (field, json) {
                (None, Json::Null) => {}
                (None, _) => return Err(D::Error::custom("an unknown setting")),
                (Some(field), Json::Null) => fields.push((field, None)),
                (Some(field), json) => {
                    let value = read(field.description().kind, json);
                    fields.push((field, Some(value.map_err(D::Error::custom)?)));
                }
            }
        }
        Ok(Self(fields))
    }
}

/// A rate.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitJson {
    events: u32,
    window_ms: u64,
    burst: u32,
}

fn read(kind: Kind, json: Json) -> serde_json::Result<Value> {
    use serde_json::from_value as from;
    Ok(match kind {
        Kind::Flag => Value::Flag(from(json)?),
        Kind::Number { .. } | Kind::Duration { .. } => Value::Number(from(json)?),
        Kind::Limit => {
            let LimitJson {
                events,
                window_ms,
                burst,
            } = from(json)?;
            Value::Limit {
                events,
                window_ms,
                burst,
            }
        }
        Kind::Text | Kind::Choice(_) => Value::Text(from(json)?),
        Kind::Bytes { .. } => {
            let read = Value::bytes_of_text(&from::<String>(json)?);
            read.ok_or_else(|| serde_json::Error::custom("neither hexadecimal nor JSON"))?
        }
        Kind::Numbers => Value::Numbers(from(json)?),
        Kind::Texts => Value::Texts(from(json)?),
        Kind::Map => Value::Map(from(json)?),
    })
}

fn write(value: &Value) -> Json {
    match value {
        Value::Flag(flag) => Json::from(*flag),
        Value::Number(number) => Json::from(*number),
        Value::Limit {
            events,
            window_ms,
            burst,
        } => serde_json::json!({ "events": events, "window_ms": window_ms, "burst": burst }),
        Value::Text(text) => Json::from(text.as_str()),
        Value::Bytes(bytes) => Json::from(Value::text_of_bytes(bytes)),
        Value::Numbers(numbers) => Json::from(numbers.as_slice()),
        Value::Texts(texts) => Json::from(texts.as_slice()),
        Value::Map(texts) => serde_json::json!(texts),
        // `Value` may get further types; a test goes through the whole table.
        _ => Json::Null,
    }
}

#[cfg(test)]
mod tests {
    use mpass_core::Error;
    use mpass_core::service::settings::Settings;
    use mpass_core::service::{ChannelSettings, ClientSettings, CustomerSettings};
    use serde_json::json;

    use super::*;

    /// The generator of P-256 (SEC 2 section 2.4.2).
    const POINT: &str = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
        4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

    /// What is listed of a tenant with these settings.
    fn listed<S: Settings>(json: Json) -> Result<Json, Refused> {
        let spec: TenantSpec = serde_json::from_value(json).unwrap();
        let settings = S::from_values(&spec.values(S::GROUP)?)?;
        let spec = TenantSpec::all(&settings.to_values());
        Ok(serde_json::to_value(spec).unwrap())
    }

    #[test]
    fn a_channel_round_trips() {
        let json = json!({
            "name": "shop",
            "addresses": ["10.0.0.0/8", "::1/128"],
            "apps": ["Shop"],
            "digits": 8,
            "lifetime_ms": 120_000,
            "tries": 3,
            "resend_interval_ms": 10_000,
            "sends": { "events": 4, "window_ms": 60_000, "burst": 2 },
            "guesses": { "events": 9, "window_ms": 60_000, "burst": 3 },
            "spend": { "events": 100, "window_ms": 60_000, "burst": 50 },
            "failures_to_lock": 50,
            "lock_ms": 3_600_000,
            "calling_codes": [34, 966],
            "allow_weak": false,
            "android_app_hashes": ["Shop=965mn/jzPaJ"],
            "country": 966,
            "host": "shop.example",
            "texts": { "ar": "رمز {{code}}", "en": "Code {{code}}" },
            "sender": "Shop",
        });
        assert_eq!(listed::<ChannelSettings>(json.clone()), Ok(json));
    }

    #[test]
    fn a_client_round_trips() {
        let json = json!({
            "name": "app",
            "scopes": ["number-verification:verify"],
            "redirect_uris": ["https://app.example/back"],
            "public_key": POINT,
        });
        let listed = listed::<ClientSettings>(json.clone()).unwrap();
        for (name, value) in json.as_object().unwrap() {
            assert_eq!(listed[name], *value, "{name}");
        }
        assert_eq!(listed["addresses"], json!([]));
        assert_eq!(listed["spend"], Json::Null);
    }

    #[test]
    fn omitted_and_null_fields_take_the_default() {
        let named = json!({ "name": "C-0123456789ABCDE" });
        let defaults = listed::<CustomerSettings>(named.clone()).unwrap();
        assert_eq!(defaults["digits"], 4);
        let mut nulls = named;
        for field in Group::Customer
            .fields()
            .filter(|field| *field != Field::Name)
        {
            nulls[field.name()] = Json::Null;
        }
        assert_eq!(listed::<CustomerSettings>(nulls), Ok(defaults));
    }

    #[test]
    fn invalid_values_are_refused() {
        for (name, value, error) in [
            ("digits", json!(4), Error::PolicyTooWeak),
            ("digits", json!(3), Error::InvalidDigits),
            ("tries", json!(0), Error::InvalidTries),
            ("addresses", json!(["10.0.0.0/40"]), Error::InvalidAddress),
            ("apps", json!(["1234"]), Error::InvalidApp),
            ("texts", json!({ "en": "none" }), Error::InvalidTemplate),
            (
                "texts",
                json!({ "en_US.UTF-8": "{{code}}" }),
                Error::InvalidLanguageTag,
            ),
            ("scopes", json!([]), Error::UnknownSetting),
        ] {
            let refused = listed::<ChannelSettings>(json!({ "name": "shop", name: value }));
            let refused = refused.unwrap_err();
            assert_eq!(refused.error, error, "{refused}");
            assert_eq!(refused.field.map(Field::name), Some(name), "{refused}");
        }
        for (name, value, error) in [
            ("public_key", json!("04"), Error::InvalidPublicKey),
            ("scopes", json!(["openid"]), Error::UnknownScope),
        ] {
            let refused = listed::<ClientSettings>(json!({ "name": "app", name: value }));
            assert_eq!(refused.unwrap_err().error, error);
        }
        for json in [json!({ "digit": 6 }), json!({ "digits": "6" })] {
            assert!(serde_json::from_value::<TenantSpec>(json).is_err());
        }
    }
}
