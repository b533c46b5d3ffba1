//! The schemas of what the types do not describe themselves.

use std::borrow::Cow;

use mpass_core::service::settings::{Description, Field, Group, Kind};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value as Json, json};

use super::route::{MOST, MakeSchema};
use crate::admin::{StopTarget, TenantKind, TenantSpec, in_order};

/// The schemas of a new tenant, and of a change.
pub(super) fn tenant(kind: TenantKind) -> (MakeSchema, MakeSchema) {
    match kind {
        TenantKind::Channel => (new::<0>, patch::<0>),
        TenantKind::Client => (new::<1>, patch::<1>),
        TenantKind::Customer => (new::<2>, patch::<2>),
    }
}

const GROUPS: [Group; 3] = [Group::Channel, Group::Client, Group::Customer];

/// The schema of a tenant by kind and name.
pub(super) fn tenant_name(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "string",
        "pattern": "^(channel|client|customer):.+$",
        "description": "A tenant, such as channel:shop",
    })
}

fn new<const GROUP: usize>(_: &mut SchemaGenerator) -> Schema {
    let group = GROUPS[GROUP];
    let mut schema = settings(in_order(group).into_iter());
    // A customer's name is assigned.
    if group != Group::Customer {
        schema.insert("required".to_owned(), json!(["name"]));
    }
    schema.insert("additionalProperties".to_owned(), false.into());
    schema
}

fn patch<const GROUP: usize>(_: &mut SchemaGenerator) -> Schema {
    let fields = in_order(GROUPS[GROUP]).into_iter();
    let mut schema = settings(fields.filter(|field| *field != Field::Name));
    schema.insert("additionalProperties".to_owned(), false.into());
    schema
}

fn settings(fields: impl Iterator<Item = Field>) -> Schema {
    let members = fields.map(|field| (field.name().to_owned(), setting(field.description())));
    let members: Map<String, Json> = members.collect();
    json_schema!({ "type": "object", "properties": members })
}

/// The schema of a setting, which may be `null` for its default.
fn setting(description: &Description) -> Json {
    let mut schema = match description.kind {
        Kind::Flag => json!({ "type": ["boolean", "null"] }),
        Kind::Number { least, most } | Kind::Duration { least, most } => {
            json!({ "type": ["integer", "null"], "minimum": least, "maximum": most.min(MOST) })
        }
        Kind::Limit => json!({
            "type": ["object", "null"],
            "properties": {
                "events": { "type": "integer", "minimum": 0, "maximum": u32::MAX },
                "window_ms": { "type": "integer", "minimum": 0, "maximum": MOST },
                "burst": { "type": "integer", "minimum": 0, "maximum": u32::MAX },
            },
            "required": ["events", "window_ms", "burst"],
            "additionalProperties": false,
        }),
        Kind::Text | Kind::Bytes { .. } => json!({ "type": ["string", "null"] }),
        Kind::Choice(names) => {
            let mut names: Vec<Json> = names.iter().map(|name| json!(name)).collect();
            names.push(Json::Null);
            json!({ "enum": names })
        }
        Kind::Numbers => json!({
            "type": ["array", "null"],
            "items": { "type": "integer", "minimum": 0, "maximum": u16::MAX },
        }),
        Kind::Texts => json!({ "type": ["array", "null"], "items": { "type": "string" } }),
        Kind::Map => json!({
            "type": ["object", "null"],
            "additionalProperties": { "type": "string" },
        }),
    };
    let range = match description.range {
        "" => String::new(),
        range => format!(" ({range})"),
    };
    schema["description"] = format!("{}{range}.", description.meaning).into();
    schema
}

impl JsonSchema for TenantSpec {
    fn schema_name() -> Cow<'static, str> {
        "TenantSettings".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let of_tenants = |field: &Field| GROUPS.iter().any(|group| field.is_of(*group));
        settings(Field::ALL.iter().copied().filter(of_tenants))
    }
}

/// The settings of a gateway, as in the configuration file.
pub(super) fn gateway_settings(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "description": "The settings of `[[gateway]]` in the configuration file; \
                        `ca_certificates` is text in PEM. Null is the default.",
        "examples": [{ "url": "https://gateway.example/send" }],
    })
}

/// The secrets of a gateway.
pub(super) fn gateway_secrets(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "description": "Secrets by name, which are never returned. Null removes one.",
        "additionalProperties": { "type": ["string", "null"] },
        "writeOnly": true,
    })
}

/// A number in international form.
pub(super) fn number(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "string",
        "description": "A phone number in international form.",
        "examples": ["+966500000001"],
    })
}

/// The length of a page of the audit log.
pub(super) fn page(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "integer",
        "minimum": 1,
        "maximum": crate::admin::MOST_ENTRIES,
    })
}

/// What to stop, without other members.
pub(super) fn stop_target(generator: &mut SchemaGenerator) -> Schema {
    let mut schema = StopTarget::json_schema(generator);
    if let Some(Json::Array(kinds)) = schema.get_mut("oneOf") {
        for kind in kinds {
            kind["additionalProperties"] = false.into();
        }
    }
    schema
}
