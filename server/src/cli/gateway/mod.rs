//! `mpass gateway`: the gateways that are defined in the store.

mod settings;
mod shown;

use anyhow::bail;
use clap::{Args, Subcommand};
use mpass_core::store::Stamp;

use self::settings::SettingArgs;
use super::data::{Administration, DataArgs, Missing, block_on};
use super::outcome::Outcome;
use super::output::{print_lines, warn};
use super::stamp::stamp;
use super::value::Hidden;
use crate::admin::{self, GatewayInfo, GatewayOperation, Operation};

const NOTES: &str = "\
The commands work with and without a running server, which uses a change within a
second. Messages go to the gateways of the configuration first, then to those that
are defined here, in their order: to the next one after a definite refusal or if no
connection is established, never after an unknown outcome.

Secrets are read from files or standard input, and never shown. A change of the
host, the port, TLS, the kind or a template clears them.

Examples:
  mpass gateway create main --url https://sms.example/v1 --secret token=token.txt \\
      --header 'Authorization: Bearer {{secret.token}}' \\
      --body '{\"to\": \"{{to}}\", \"text\": \"{{text}}\"}'
  mpass gateway test main --to +966500000000
  mpass gateway list";

/// Define, change, test and order SMS gateways
#[derive(Args)]
#[command(after_help = NOTES)]
pub(super) struct GatewayArgs {
    #[command(subcommand)]
    command: GatewayCommand,
}

/// What most commands have.
#[derive(Args)]
struct Common {
    #[command(flatten)]
    data: DataArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct Expected {
    /// Change it only if the stamp is this one, which show and list --json print
    #[arg(long = "if", value_name = "STAMP", value_parser = stamp)]
    stamp: Option<Stamp>,
}

impl Expected {
    fn text(&self) -> Option<String> {
        self.stamp.map(|stamp| stamp.to_string())
    }
}

#[derive(Subcommand)]
enum GatewayCommand {
    /// Define a gateway, the last one in the order
    #[command(after_help = "\
Example:
  mpass gateway create main --url 'https://sms.example/?to={{to}}&text={{text}}'")]
    Create {
        /// Name of the gateway
        name: String,
        #[command(flatten)]
        settings: Box<SettingArgs>,
        #[command(flatten)]
        common: Common,
    },
    /// Change a gateway
    #[command(after_help = "\
A change of the host, the port, TLS, the kind or a template clears the secrets:
give them again with --secret in the same command.

Example:
  mpass gateway set main --timeout 3s")]
    Set {
        /// Name of the gateway
        name: String,
        #[command(flatten)]
        settings: Box<SettingArgs>,
        /// Return a setting to its default, such as sender; repeat it for several
        #[arg(long, value_name = "SETTING")]
        clear: Vec<Hidden>,
        /// Remove a secret; repeat it for several
        #[arg(long, value_name = "NAME")]
        clear_secret: Vec<Hidden>,
        #[command(flatten)]
        expected: Expected,
        #[command(flatten)]
        common: Common,
    },
    /// List the gateways in the order in which they are tried
    #[command(after_help = "Example:\n  mpass gateway list --json")]
    List {
        #[command(flatten)]
        common: Common,
    },
    /// Show a gateway, and which of its secrets are set
    #[command(after_help = "Example:\n  mpass gateway show main")]
    Show {
        /// Name of the gateway
        name: String,
        #[command(flatten)]
        common: Common,
    },
    /// Send a test message through a gateway
    #[command(after_help = "\
The text is fixed. Of the response, the class of its status and the time are shown.
At most 10 test messages are sent in an hour. The command ends with 1 if the message
was not accepted.

Example:
  mpass gateway test main --to +966500000000")]
    Test {
        /// Name of the gateway
        name: String,
        /// Phone number in international form
        #[arg(long, value_name = "NUMBER")]
        to: Hidden,
        #[command(flatten)]
        common: Common,
    },
    /// Remove a gateway
    #[command(after_help = "Example:\n  mpass gateway remove main")]
    Remove {
        /// Name of the gateway
        name: String,
        #[command(flatten)]
        expected: Expected,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Put gateways first in this order; others follow as before
    #[command(after_help = "Example:\n  mpass gateway order main second")]
    Order {
        /// Names of gateways
        #[arg(required = true, value_name = "NAME")]
        names: Vec<String>,
        #[command(flatten)]
        expected: Expected,
        #[command(flatten)]
        common: Common,
    },
}

impl GatewayArgs {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        block_on(self.command.run())
    }
}

impl GatewayCommand {
    async fn run(self) -> anyhow::Result<Outcome> {
        match self {
            Self::Create {
                name,
                settings,
                common,
            } => {
                let operation = GatewayOperation::Create {
                    name,
                    settings: settings.settings()?,
                    secrets: settings.secrets()?,
                };
                changed(operation, Missing::Create, &common).await
            }
            Self::Set {
                name,
                settings,
                clear,
                clear_secret,
                expected,
                common,
            } => {
                let mut patch = settings.settings()?;
                let cleared = clear.iter().map(|name| name.expose().replace('-', "_"));
                patch.extend(cleared.map(|name| (name, serde_json::Value::Null)));
                let mut secrets = settings.secrets()?;
                let cleared = clear_secret.iter().map(|name| name.expose().to_owned());
                secrets.extend(cleared.map(|name| (name, None)));
                let operation = GatewayOperation::Update {
                    name,
                    settings: patch,
                    secrets,
                    stamp: expected.text(),
                };
                changed(operation, Missing::Refuse, &common).await
            }
            Self::List { common } => listed(GatewayOperation::List, &common).await,
            Self::Show { name, common } => {
                let operation = GatewayOperation::Read { name };
                changed(operation, Missing::Refuse, &common).await
            }
            Self::Test { name, to, common } => tested(name, &to, &common).await,
            Self::Remove {
                name,
                expected,
                data,
            } => {
                let stamp = expected.text();
                let operation = GatewayOperation::Remove { name, stamp };
                perform(operation, Missing::Refuse, &data).await?;
                Ok(Outcome::Done)
            }
            Self::Order {
                names,
                expected,
                common,
            } => {
                let stamp = expected.text();
                listed(GatewayOperation::Order { names, stamp }, &common).await
            }
        }
    }
}

async fn perform(
    operation: GatewayOperation,
    missing: Missing,
    data: &DataArgs,
) -> anyhow::Result<admin::Outcome> {
    let mut administration = Administration::open(data, missing).await?;
    administration.perform(Operation::Gateway(operation)).await
}

/// Performs what yields a gateway, and prints it.
async fn changed(
    operation: GatewayOperation,
    missing: Missing,
    common: &Common,
) -> anyhow::Result<Outcome> {
    let admin::Outcome::Gateway(info) = perform(operation, missing, &common.data).await? else {
        bail!("the server's response does not match the request");
    };
    warn_of_secrets(&info);
    let lines = match common.json {
        true => vec![serde_json::to_string(&info)?],
        false => shown::lines(&info),
    };
    print_lines(lines.iter().map(String::as_str))?;
    Ok(Outcome::Done)
}

fn warn_of_secrets(info: &GatewayInfo) {
    if !info.cleared.is_empty() {
        warn(&format!(
            "the change has cleared the secrets, which belong to the target and the templates: {}",
            info.cleared.join(", ")
        ));
    }
    for name in shown::not_set(info) {
        warn(&format!(
            "the gateway is not used until the secret is set: mpass gateway set {} --secret \
             {name}=FILE",
            info.name
        ));
    }
}

async fn listed(operation: GatewayOperation, common: &Common) -> anyhow::Result<Outcome> {
    let outcome = perform(operation, Missing::Refuse, &common.data).await?;
    let admin::Outcome::Gateways(list) = outcome else {
        bail!("the server's response does not match the request");
    };
    let lines = match common.json {
        true => vec![serde_json::to_string(&list)?],
        false => list.gateways.iter().map(shown::line).collect(),
    };
    print_lines(lines.iter().map(String::as_str))?;
    if list.gateways.is_empty() {
        warn("there is no gateway");
    }
    Ok(Outcome::Done)
}

async fn tested(name: String, to: &Hidden, common: &Common) -> anyhow::Result<Outcome> {
    let to = to.expose().to_owned();
    let operation = GatewayOperation::Test { name, to };
    let outcome = perform(operation, Missing::Refuse, &common.data).await?;
    let admin::Outcome::Tested(test) = outcome else {
        bail!("the server's response does not match the request");
    };
    let line = match common.json {
        true => serde_json::to_string(&test)?,
        false => {
            let class = test.status_class.as_deref().unwrap_or("no response");
            format!("{}: {class}, after {} ms", test.outcome, test.took_ms)
        }
    };
    print_lines([line.as_str()])?;
    Ok(match test.outcome.as_str() {
        "delivered" => Outcome::Done,
        _ => Outcome::Rejected,
    })
}
