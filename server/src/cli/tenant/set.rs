//! The command that changes the settings of a tenant. Its options are the fields
//! of the kind in the table of settings.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use mpass_core::service::settings::{Field, Group};
use mpass_core::store::Stamp;

use super::commands::{Name, OverlapArgs, mismatched_response};
use super::create::{Given, given, values_of};
use super::kind::text;
use super::show::print;
use crate::admin::{Operation, Outcome, TenantKind, TenantSpec, in_order};
use crate::cli::data::{Administration, DataArgs, Missing};
use crate::cli::setting;
use crate::cli::stamp::stamp;

/// The id of the option that names fields to clear.
const CLEAR: &str = "clear";

/// Changes a tenant.
pub(super) struct Set {
    kind: TenantKind,
    given: Given,
    cleared: Vec<Field>,
    overlap: Option<OverlapArgs>,
    more: More,
}

#[derive(Args)]
struct More {
    #[command(flatten)]
    name: Name,
    /// Change the settings only if the stamp is this one, which show and list
    /// --json print
    #[arg(long = "if", value_name = "STAMP", value_parser = stamp)]
    stamp: Option<Stamp>,
    #[command(flatten)]
    data: DataArgs,
    /// Print one JSON object with all settings
    #[arg(long)]
    json: bool,
}

/// The command with an option for each field except the name, which is fixed.
pub(super) fn command(kind: TenantKind) -> Command {
    let (group, name) = (kind.group(), kind.name());
    let mut command = Command::new("set").after_help(after_help(kind));
    for field in changeable(group) {
        let option = setting::option(group, field, None);
        command = command.arg(match field.is_of(Group::Policy) {
            true => option.help_heading("Rules of its codes"),
            false => option,
        });
    }
    command = command.arg(
        Arg::new(CLEAR)
            .long(CLEAR)
            .value_name("SETTING")
            .help("Setting to return to its default, named as its option; may be repeated")
            .action(ArgAction::Append)
            .value_parser(move |text: &str| cleared(group, text)),
    );
    if has_overlap(kind) {
        command = OverlapArgs::augment_args(command);
    }
    // After the derived part, whose own description would replace it.
    More::augment_args(command).about(format!("Change the settings of a {name}"))
}

fn after_help(kind: TenantKind) -> String {
    let (name, example) = (kind.name(), text(kind).name);
    let note = match has_overlap(kind) {
        true => {
            "\n\nA public key that is replaced stays valid for the overlap, 24h unless --overlap or
--leaked is set."
        }
        false => "",
    };
    format!(
        "\
Settings that are not mentioned keep their values; the first member of a list
replaces the whole list. Key, locks and counts stay.{note}

Examples:
  mpass {name} set {example} --address 10.1.0.0/16
  mpass {name} set {example} --clear addresses --if 0123456789abcdef"
    )
}

impl Set {
    /// Reads the options of [`command`].
    pub(super) fn from(kind: TenantKind, matches: &ArgMatches) -> Result<Self, clap::Error> {
        let cleared = matches.get_many(CLEAR);
        let overlap = has_overlap(kind).then(|| OverlapArgs::from_arg_matches(matches));
        Ok(Self {
            kind,
            given: given(changeable(kind.group()), matches),
            cleared: cleared.into_iter().flatten().copied().collect(),
            overlap: overlap.transpose()?,
            more: More::from_arg_matches(matches)?,
        })
    }

    pub(super) async fn run(self) -> anyhow::Result<()> {
        let More {
            name,
            stamp,
            data,
            json,
        } = self.more;
        let values = values_of(self.kind, self.given)?;
        let twice = |field: &&Field| values.get(**field).is_some();
        if let Some(field) = self.cleared.iter().find(twice) {
            let flag = setting::flag(*field);
            anyhow::bail!("--{flag} and --clear {flag} exclude each other");
        }
        if values.iter().next().is_none() && self.cleared.is_empty() {
            anyhow::bail!(
                "no setting is given: see mpass {} set --help",
                self.kind.name()
            );
        }
        let mut administration = Administration::open(&data, Missing::Refuse).await?;
        let operation = Operation::Update {
            kind: self.kind,
            name: name.get(),
            patch: Box::new(TenantSpec::of_patch(&values, &self.cleared)),
            stamp: stamp.map(|stamp| stamp.to_string()),
            overlap_ms: self.overlap.and_then(|overlap| overlap.ms()),
        };
        match administration.perform(operation).await? {
            Outcome::Tenant(info) => print(self.kind, &info, json),
            _ => Err(mismatched_response()),
        }
    }
}

/// Only a public key overlaps when its settings change.
fn has_overlap(kind: TenantKind) -> bool {
    Field::PublicKey.is_of(kind.group())
}

fn changeable(group: Group) -> Vec<Field> {
    let mut fields = in_order(group);
    fields.retain(|field| *field != Field::Name);
    fields
}

/// The field of an option's name, or of the name in the table.
fn cleared(group: Group, text: &str) -> Result<Field, String> {
    let named = |field: &Field| field.name() == text || setting::flag(*field) == text;
    let field = changeable(group).into_iter().find(named);
    field.ok_or_else(|| "expected the name of a setting, as its option without dashes".to_owned())
}
