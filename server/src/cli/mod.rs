//! The command line.
//!
//! Every command exits with 0 when it is done or the code is accepted, 1 when
//! the code is rejected, and 2 after misuse or failure, with one line on
//! standard error. That line contains no secret, code or phone number.

mod administrator;
mod android_app_hash;
mod audit;
mod caution;
mod config;
mod config_file;
mod credentials;
mod data;
mod gateway;
mod key;
mod misuse;
mod number;
mod oath;
mod outcome;
mod output;
mod reload;
mod remote;
mod secret_file;
mod serve;
mod setting;
mod stamp;
mod statistics;
mod status;
mod stop;
mod store;
mod tenant;
mod token;
mod uri;
mod value;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use outcome::Outcome;
use output::warn;

const EXAMPLES: &str = "\
Examples:
  mpass                                     the demo on http://127.0.0.1:9091/
  mpass serve --config /etc/mpass.toml      the server
  mpass config check                        check its configuration
  mpass channel create --name shop --address 10.1.0.0/16 --app Shop
  mpass gateway list                        list the SMS gateways
  mpass admin create anna --role operator   make an administrator
  mpass key rotate                          switch to a new record key
  mpass store check                         read the whole store
  mpass status                              describe the running server
  mpass stop sends --for 1h                 send nothing for an hour
  mpass totp --secret-base32 GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ
  mpass number normalize 0500000000 --country 966

MPASS_CONFIG names the configuration file of commands without --config.

Exit status: 0 done or accepted, 1 rejected, 2 misuse or failure, with the
reason in one line on standard error.";

/// One-time passwords and phone-number verification: a server, its
/// administration, and OATH codes
///
/// Without a command, start the demo, like `mpass serve --demo`.
#[derive(Parser)]
#[command(name = "mpass", version, after_help = EXAMPLES, max_term_width = 100)]
#[command(args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    Serve(serve::ServeArgs),
    Config(config::ConfigCommand),
    Reload(reload::ReloadArgs),
    #[command(flatten)]
    Tenant(tenant::KindCommand),
    Gateway(gateway::GatewayArgs),
    #[command(name = "admin")]
    Administrator(administrator::AdministratorArgs),
    Token(token::TokenArgs),
    Audit(audit::AuditArgs),
    Key(key::KeyArgs),
    Store(store::StoreArgs),
    Status(status::StatusArgs),
    Statistics(statistics::StatisticsArgs),
    Stop(stop::StopArgs),
    Resume(stop::ResumeArgs),
    Hotp(oath::HotpArgs),
    Totp(oath::TotpArgs),
    Ocra(oath::OcraArgs),
    Number(number::NumberArgs),
    Uri(uri::UriArgs),
    AndroidAppHash(android_app_hash::AndroidAppHashArgs),
}

/// Runs the command of the process's arguments.
#[must_use]
pub fn run() -> ExitCode {
    run_from(std::env::args_os())
}

fn run_from(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let command = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli.command.unwrap_or_else(Command::demo),
        Err(error) => return misuse::end(&error, &Cli::command(), &arguments),
    };
    match command.run() {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Rejected) => ExitCode::from(1),
        Err(error) => {
            warn(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}

impl Command {
    /// The command of `mpass` without arguments.
    fn demo() -> Self {
        Self::Serve(serve::ServeArgs::demo())
    }

    fn run(self) -> anyhow::Result<Outcome> {
        match self {
            Self::Serve(arguments) => arguments.run(),
            Self::Config(arguments) => arguments.run(),
            Self::Reload(arguments) => arguments.run(),
            Self::Tenant(command) => command.run(),
            Self::Gateway(arguments) => arguments.run(),
            Self::Administrator(arguments) => arguments.run(),
            Self::Token(arguments) => arguments.run(),
            Self::Audit(arguments) => arguments.run(),
            Self::Key(arguments) => arguments.run(),
            Self::Store(arguments) => arguments.run(),
            Self::Status(arguments) => arguments.run(),
            Self::Statistics(arguments) => arguments.run(),
            Self::Stop(arguments) => arguments.run(),
            Self::Resume(arguments) => arguments.run(),
            Self::Hotp(arguments) => arguments.run(),
            Self::Totp(arguments) => arguments.run(),
            Self::Ocra(arguments) => arguments.run(),
            Self::Number(arguments) => arguments.run(),
            Self::Uri(arguments) => arguments.run(),
            Self::AndroidAppHash(arguments) => arguments.run(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_valid() {
        Cli::command().debug_assert();
    }

    /// Every option of a tenant's command has its whole sentence, range and
    /// default, however narrow the terminal is.
    #[test]
    fn every_sentence_is_whole() {
        fn check(command: &mut clap::Command, fields: &mut usize) {
            let options: Vec<String> = command
                .get_arguments()
                .filter(|argument| !matches!(argument.get_id().as_str(), "help" | "version"))
                .filter_map(|argument| argument.get_help().map(ToString::to_string))
                .collect();
            let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            for width in [40, 80, 100] {
                let mut narrow = command.clone().term_width(width);
                for help in [narrow.render_help(), narrow.render_long_help()] {
                    let help = words(&help.to_string());
                    for option in &options {
                        assert!(help.contains(&words(option)), "{option}: {help}");
                        let [open, close] = ['(', ')'].map(|c| option.matches(c).count());
                        assert_eq!(open, close, "{option}");
                        *fields += 1;
                    }
                }
            }
            for command in command.get_subcommands_mut() {
                check(command, fields);
            }
        }
        let mut command = Cli::command();
        command.build();
        let mut fields = 0;
        check(&mut command, &mut fields);
        assert!(fields > 500, "{fields}");
    }

    /// The help of every command has an example.
    #[test]
    fn every_help_has_an_example() {
        fn check(command: &mut clap::Command, path: &str) {
            let path = format!("{path} {}", command.get_name());
            let help = command.render_long_help().to_string();
            assert!(help.contains(path.trim()), "{path}: {help}");
            assert!(help.contains("Example"), "{path}: {help}");
            for argument in command.get_arguments() {
                assert!(
                    argument.get_help().is_some(),
                    "{path}: {}",
                    argument.get_id()
                );
            }
            for command in command.get_subcommands_mut() {
                if command.get_name() != "help" {
                    check(command, &path);
                }
            }
        }
        let mut command = Cli::command();
        command.build();
        for command in command.get_subcommands_mut() {
            if command.get_name() != "help" {
                check(command, "mpass");
            }
        }
    }
}
