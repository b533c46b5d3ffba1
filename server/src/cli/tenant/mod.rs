//! The commands on tenants: one for each kind, all alike.

mod commands;
mod create;
mod kind;
mod list;
mod set;
mod show;

use clap::{ArgMatches, Command, FromArgMatches, Subcommand};
use mpass_core::service::settings::Field;

use super::data::block_on;
use super::outcome::Outcome;
use crate::admin::TenantKind;
use commands::{CreditsCommand, TenantCommand};
use create::Create;
use set::Set;

/// A command on the tenants of one kind: `mpass channel list`.
pub(super) struct KindCommand {
    kind: TenantKind,
    action: Action,
}

enum Action {
    Create(Create),
    Set(Box<Set>),
    Tenant(TenantCommand),
    Credits(CreditsCommand),
}

impl KindCommand {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        block_on(async {
            match self.action {
                Action::Create(create) => create.run().await,
                Action::Set(set) => set.run().await,
                Action::Tenant(command) => command.run(self.kind).await,
                Action::Credits(command) => command.run().await,
            }
        })?;
        Ok(Outcome::Done)
    }
}

fn command(kind: TenantKind) -> Command {
    let text = kind::text(kind);
    let (name, example) = (kind.name(), text.examples.first().copied());
    let command = Command::new(name)
        .after_help(format!(
            "\
The commands work with and without a running server: a server running on the
data directory performs them itself.

Examples:
  {}
  mpass {name} list
  mpass {name} set {} --tries 3
  mpass {name} rotate {}",
            example.unwrap_or_default(),
            text.name,
            text.name
        ))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(create::command(kind))
        .subcommand(set::command(kind));
    let mut command = TenantCommand::augment_subcommands(command);
    let mut examples = TenantCommand::EXAMPLES.to_vec();
    if Field::TestCredits.is_of(kind.group()) {
        command = CreditsCommand::augment_subcommands(command);
        examples.extend(CreditsCommand::EXAMPLES);
    }
    // After the derived parts, whose own descriptions would replace it.
    let command = command.about(text.about);
    examples
        .iter()
        .fold(command, |command, (action, arguments)| {
            let arguments = arguments.replace("NAME", text.name);
            let example = format!("Example:\n  mpass {name} {action} {arguments}");
            command.mut_subcommand(action, |action| action.after_help(example))
        })
}

impl Subcommand for KindCommand {
    fn augment_subcommands(command: Command) -> Command {
        command.subcommands(TenantKind::ALL.iter().copied().map(self::command))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        TenantKind::from_name(name).is_some()
    }
}

impl FromArgMatches for KindCommand {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let missing = || clap::Error::new(clap::error::ErrorKind::MissingSubcommand);
        let (name, matches) = matches.subcommand().ok_or_else(missing)?;
        let kind = TenantKind::from_name(name).ok_or_else(missing)?;
        let action = match matches.subcommand() {
            Some(("create", matches)) => Action::Create(Create::from(kind, matches)?),
            Some(("set", matches)) => Action::Set(Box::new(Set::from(kind, matches)?)),
            Some((name, _)) if CreditsCommand::has_subcommand(name) => {
                Action::Credits(CreditsCommand::from_arg_matches(matches)?)
            }
            _ => Action::Tenant(TenantCommand::from_arg_matches(matches)?),
        };
        Ok(Self { kind, action })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
