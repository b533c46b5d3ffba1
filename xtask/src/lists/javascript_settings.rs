//! The types of the npm package's settings, and of what `facts()` returns of
//! them.

use anyhow::Result;
use mpass_core::service::settings::{Field, Group, Kind, Values};

use super::fields::{is_optional, list_of, range};
use super::javascript::{documentation, quoted};
use super::settings::default;
use super::words::camel;
use super::written::{HEAD, Written};

const IMPORTS: &str = "import { Bytes } from './bytes.js';
import { Limit, Policy, U64 } from './index.js';
import { Scope, SignatureAlgorithm, TokenUse } from './lists.js';
";

/// The kinds of tenants, with the beginning of their types' names.
const TENANTS: &[(Group, &str)] = &[
    (Group::Channel, "Channel"),
    (Group::Customer, "Customer"),
    (Group::Client, "Client"),
];

/// What a tenant's value holds beside its settings.
const RECORD: &str = "  /** The rules of its challenges. */
  policy: PolicyFacts;
  /** 16 bytes that its records are kept under; a rotation does not change them. */
  id: Bytes;
  /** How many credentials tenants of its name have had. */
  keyVersion: number;
  createdAtMs: number;
  isRevoked: boolean;
  /**
   * When the credential that was replaced last stops working, which may be in the past;
   * `null` if there is none.
   */
  predecessorUntilMs: number | null;
  /** Identifies this state of the tenant: every write has another one. */
  stamp: string;
";

/// Whether a type is of settings that are given, or of facts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Settings,
    Facts,
}

pub(super) fn types() -> Result<Written> {
    let mut text = format!(
        "// {HEAD}\n{IMPORTS}\n{}{}\n{}{}\n{}{}\n{}{}",
        documentation("", "The rules of challenges."),
        interface(Side::Settings, "PolicySettings", Group::Policy)?,
        documentation("", "Every field of a policy."),
        interface(Side::Facts, "PolicyFacts", Group::Policy)?,
        documentation("", "The rules of an OATH token."),
        interface(Side::Settings, "TokenPolicy", Group::Token)?,
        documentation("", "The settings of an engine."),
        interface(Side::Settings, "EngineSettings", Group::Engine)?,
    );
    text += &tenants()?;
    Ok(Written::new("wasm/js/settings.d.ts", text))
}

/// The interface of all fields of a group.
fn interface(side: Side, name: &str, group: Group) -> Result<String> {
    let members = members(side, group.fields(), &Values::defaults(group))?;
    Ok(format!("export interface {name} {{\n{members}}}\n"))
}

/// The interfaces of tenants: of what they share, and of each kind.
fn tenants() -> Result<String> {
    let is_shared = |field: &Field| TENANTS.iter().all(|(group, _)| field.is_of(*group));
    let is_rule = |field: &Field| field.is_of(Group::Policy);
    let shared = |field: &Field| is_shared(field) && !is_rule(field);
    // Their defaults are the same in every kind.
    let defaults = Values::defaults(Group::Channel);
    let fields = || Group::Channel.fields().filter(shared);
    let mut text = format!(
        "\n{}export interface TenantSettings {{\n{}{}}}\n",
        documentation("", "The settings of every kind of tenant."),
        members(Side::Settings, fields(), &defaults)?,
        policy(Group::Channel)?,
    );
    text += &format!(
        "\n{}export interface TenantFacts {{\n{}{RECORD}}}\n",
        documentation("", "What the value of every kind of tenant holds."),
        members(Side::Facts, fields(), &defaults)?,
    );
    for (group, name) in TENANTS {
        let defaults = Values::defaults(*group);
        let fields = || group.fields().filter(|field| !is_shared(field));
        let mut own = members(Side::Settings, fields(), &defaults)?;
        let policy = policy(*group)?;
        if !text.contains(&policy) {
            own += &policy;
        }
        text += &format!(
            "\nexport interface {name}Settings extends TenantSettings {{\n{own}}}\n\n\
             export interface {name}Facts extends TenantFacts {{\n{}}}\n",
            members(Side::Facts, fields(), &defaults)?,
        );
    }
    Ok(text)
}

/// A tenant's member for its policy, with what its defaults are.
fn policy(group: Group) -> Result<String> {
    let (own, general) = (Values::defaults(group), Values::defaults(Group::Policy));
    let differing: Vec<String> = Group::Policy
        .fields()
        .filter(|field| own.get(*field) != general.get(*field))
        .map(|field| {
            Ok(format!(
                "`{}` {}",
                camel(field.name()),
                default(field, &own)?
            ))
        })
        .collect::<Result<_>>()?;
    let mut doc = "The rules of its challenges. Default: those of `new Policy()`".to_owned();
    if !differing.is_empty() {
        doc += &format!(" except: {}", differing.join("; "));
    }
    let doc = documentation("  ", &format!("{doc}."));
    Ok(format!("{doc}  policy?: Policy;\n"))
}

fn members(
    side: Side,
    mut fields: impl Iterator<Item = Field>,
    defaults: &Values,
) -> Result<String> {
    fields.try_fold(String::new(), |text, field| {
        Ok(text + &member(side, field, defaults)?)
    })
}

fn member(side: Side, field: Field, defaults: &Values) -> Result<String> {
    let (name, kind) = (camel(field.name()), kind(side, field));
    let meaning = field.description().meaning;
    let is_optional = is_optional(field, defaults);
    let (doc, declared) = match side {
        Side::Settings => {
            let doc = format!("{meaning}. {}", range(field, defaults)?);
            let mark = if field == Field::Name { "" } else { "?" };
            (doc, format!("{name}{mark}: {kind}"))
        }
        Side::Facts if is_optional => (
            format!("{meaning}; `null` if not set."),
            format!("{name}: {kind} | null"),
        ),
        Side::Facts => (format!("{meaning}."), format!("{name}: {kind}")),
    };
    Ok(format!(
        "{}  {declared};\n",
        documentation("  ", doc.trim_end())
    ))
}

/// The type of a field's value.
fn kind(side: Side, field: Field) -> String {
    let is_given = side == Side::Settings;
    match (field.description().kind, list_of(field)) {
        (Kind::Flag, _) => "boolean".into(),
        (Kind::Number { most, .. }, _) if u32::try_from(most).is_ok() => "number".into(),
        (Kind::Number { .. } | Kind::Duration { .. }, _) if is_given => "U64".into(),
        (Kind::Number { .. }, _) => "bigint".into(),
        (Kind::Duration { .. }, _) => "number".into(),
        (Kind::Limit, _) if is_given => "Limit".into(),
        (Kind::Limit, _) => "Required<Limit>".into(),
        (Kind::Text | Kind::Choice(_), Some(list)) => list.into(),
        (Kind::Text, None) => "string".into(),
        (Kind::Choice(names), None) => {
            let names: Vec<_> = names.iter().map(|name| quoted(name)).collect();
            names.join(" | ")
        }
        (Kind::Bytes { .. }, _) if is_given => "Uint8Array".into(),
        (Kind::Bytes { .. }, _) => "Bytes".into(),
        (Kind::Numbers, _) => "number[]".into(),
        (Kind::Texts, Some(list)) => format!("{list}[]"),
        (Kind::Texts, None) => "string[]".into(),
        (Kind::Map, _) => "Record<string, string>".into(),
    }
}
