//! The command that creates a tenant. Its options are the fields of the kind
//! in the table of settings.

use clap::{ArgMatches, Args, Command, FromArgMatches};
use mpass_core::service::settings::{Field, Group, Kind, Value, Values};

use super::commands::new_key;
use super::kind::text;
use crate::admin::{Operation, TenantKind, TenantSpec, in_order};
use crate::cli::data::DataArgs;
use crate::cli::setting;

/// The values of options, field by field: one, or the members of a list.
pub(super) type Given = Vec<(Field, Vec<Value>)>;

/// Creates a tenant.
pub(super) struct Create {
    kind: TenantKind,
    given: Given,
    more: More,
}

#[derive(Args)]
struct More {
    #[command(flatten)]
    data: DataArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// The command with an option for each field.
pub(super) fn command(kind: TenantKind) -> Command {
    let (name, credential) = (kind.name(), text(kind).credential);
    let defaults = Values::defaults(kind.group());
    let mut command = Command::new("create").after_help(after_help(kind));
    for field in in_order(kind.group()) {
        let option = setting::option(kind.group(), field, defaults.get(field));
        let is_required = field == Field::Name && kind.fresh_name().is_none();
        command = command.arg(match field.is_of(Group::Policy) {
            true => option.help_heading("Rules of its codes"),
            false => option.required(is_required),
        });
    }
    // After the derived part, whose own description would replace it.
    More::augment_args(command).about(format!("Create a {name} and print its {credential}"))
}

fn after_help(kind: TenantKind) -> String {
    let text = text(kind);
    let credential = text.credential;
    let note = match text.note {
        "" => String::new(),
        note => format!("{note}\n\n"),
    };
    let examples = text.examples.join("\n  ");
    format!(
        "{note}\
The {credential} is shown only once: the store keeps only its hash. With --json the
output is one object, {{\"name\":…,\"{credential}\":…}}.

A limit such as 10/1h allows 10 in any hour, half of them at once; 10/1h/3
allows three at once.

Examples:
  {examples}"
    )
}

impl Create {
    /// Reads the options of [`command`].
    pub(super) fn from(kind: TenantKind, matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Self {
            kind,
            given: given(kind.group().fields(), matches),
            more: More::from_arg_matches(matches)?,
        })
    }

    pub(super) async fn run(self) -> anyhow::Result<()> {
        let spec = spec(self.kind, self.given)?;
        let operation = Operation::Create(self.kind, Box::new(spec));
        new_key(self.kind, &self.more.data, operation, self.more.json).await
    }
}

/// The values of the options of fields.
pub(super) fn given(fields: impl IntoIterator<Item = Field>, matches: &ArgMatches) -> Given {
    let given = |field: Field| {
        let values = matches.get_many(field.name())?;
        Some((field, values.cloned().collect()))
    };
    fields.into_iter().filter_map(given).collect()
}

/// The values of the options, each checked against its field.
pub(super) fn values_of(kind: TenantKind, given: Given) -> anyhow::Result<Values> {
    let mut values = Values::new(kind.group());
    for (field, members) in given {
        for value in members {
            if let Some(tag) = given_twice(values.get(field), &value) {
                anyhow::bail!("--{} {tag}=… is given twice", setting::flag(field));
            }
            let set = match field.description().kind {
                Kind::Numbers | Kind::Texts | Kind::Map => values.add(field, value),
                _ => values.set(field, value),
            };
            set.map_err(|refused| anyhow::anyhow!(setting::refused(&refused, &values)))?;
        }
    }
    Ok(values)
}

/// The language of a text that the map already has, in whichever case.
fn given_twice<'v>(map: Option<&Value>, member: &'v Value) -> Option<&'v str> {
    let (Some(Value::Map(map)), Value::Map(entries)) = (map, member) else {
        return None;
    };
    let is_there = |tag: &&String| map.keys().any(|known| known.eq_ignore_ascii_case(tag));
    entries.keys().find(is_there).map(String::as_str)
}

/// The settings, checked as a whole before anything is opened.
fn spec(kind: TenantKind, given: Given) -> anyhow::Result<TenantSpec> {
    let values = values_of(kind, given)?;
    let mut named = values.clone();
    if let (None, Some(fresh)) = (values.get(Field::Name), kind.fresh_name()) {
        // Any name passes the check.
        named.set(Field::Name, Value::Text(fresh(0, &[0; 32])))?;
    }
    match named.check() {
        Err(refused) => anyhow::bail!(setting::refused(&refused, &named)),
        Ok(()) => Ok(TenantSpec::from(&values)),
    }
}
