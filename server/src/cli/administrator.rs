//! `mpass admin`.

use anyhow::bail;
use clap::{Args, Subcommand};
use mpass_core::store::Stamp;

use super::credentials;
use super::data::{Administration, DataArgs, Missing, block_on};
use super::outcome::Outcome;
use super::output::{print_lines, warn};
use super::stamp::stamp;
use crate::admin::{self, AdministratorInfo, AdministratorOperation, Operation};
use crate::administrators::{ResetOf, Role};
use crate::{clock, time};

const NOTES: &str = "\
Administrators use the portal with a password and an authenticator (TOTP), or a
recovery code in its place. A viewer reads settings, statistics and status; an
operator also looks after numbers, stops sends, tests gateways and reads the audit
log; an administrator may do everything.

Credentials are made by the server and shown once. The commands work with and without
a running server and need no login, so that they are the way out when nobody can log
in.

Examples:
  mpass admin create anna --role administrator
  mpass admin unlock anna
  mpass admin reset anna --only second-factor      a lost phone
  mpass admin list";

/// Manage the administrators of the portal and the API
#[derive(Args)]
#[command(after_help = NOTES)]
pub(super) struct AdministratorArgs {
    #[command(subcommand)]
    command: AdministratorCommand,
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
enum AdministratorCommand {
    /// Create an administrator and print the credentials
    #[command(after_help = "\
The password, the key URI of the authenticator and the recovery codes are shown once.
On a terminal, the key URI is shown as a QR code, too.

Example:
  mpass admin create anna --role operator")]
    Create {
        /// Name: 1 to 64 letters, digits, dots, dashes, underscores and at signs
        name: String,
        /// Role: viewer, operator or administrator
        #[arg(long, value_name = "ROLE", value_parser = role)]
        role: Role,
        #[command(flatten)]
        qr: credentials::QrArgs,
        #[command(flatten)]
        common: Common,
    },
    /// List the administrators by name
    #[command(after_help = "Example:\n  mpass admin list --json")]
    List {
        #[command(flatten)]
        common: Common,
    },
    /// Show an administrator
    #[command(after_help = "Example:\n  mpass admin show anna")]
    Show {
        /// Name of the administrator
        name: String,
        #[command(flatten)]
        common: Common,
    },
    /// Change the role of an administrator, or refuse its logins
    #[command(after_help = "\
The sessions of the administrator end. Its API tokens have its new role at once. The
last administrator with the role administrator keeps it.

Example:
  mpass admin set anna --disable")]
    Set {
        /// Name of the administrator
        name: String,
        /// Role: viewer, operator or administrator
        #[arg(long, value_name = "ROLE", value_parser = role)]
        #[arg(required_unless_present_any = ["disable", "enable"])]
        role: Option<Role>,
        /// Refuse logins and API tokens
        #[arg(long, conflicts_with = "enable")]
        disable: bool,
        /// Allow logins again
        #[arg(long)]
        enable: bool,
        #[command(flatten)]
        expected: Expected,
        #[command(flatten)]
        common: Common,
    },
    /// Replace the credentials of an administrator and print the new ones
    #[command(after_help = "\
The sessions of the administrator end. After a lost phone, replace the second factor:
the authenticator and the recovery codes.

Example:
  mpass admin reset anna --only second-factor")]
    Reset {
        /// Name of the administrator
        name: String,
        /// What to replace: password, second-factor or recovery-codes [default: all]
        #[arg(long, value_name = "WHAT", value_parser = reset_of)]
        only: Option<ResetOf>,
        #[command(flatten)]
        qr: credentials::QrArgs,
        #[command(flatten)]
        expected: Expected,
        #[command(flatten)]
        common: Common,
    },
    /// Forget failed logins, so that the next one need not wait
    #[command(after_help = "Example:\n  mpass admin unlock anna")]
    Unlock {
        /// Name of the administrator
        name: String,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Remove an administrator, its sessions and its API tokens
    #[command(after_help = "Example:\n  mpass admin remove anna")]
    Remove {
        /// Name of the administrator
        name: String,
        #[command(flatten)]
        expected: Expected,
        #[command(flatten)]
        data: DataArgs,
    },
}

impl AdministratorArgs {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        block_on(self.command.run())?;
        Ok(Outcome::Done)
    }
}

impl AdministratorCommand {
    async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Create {
                name,
                role,
                qr,
                common,
            } => {
                let operation = AdministratorOperation::Create { name, role };
                let outcome = perform(operation, Missing::Create, &common.data).await?;
                credentials::print(outcome, &qr, common.json)
            }
            Self::List { common } => list(&common).await,
            Self::Show { name, common } => {
                show(AdministratorOperation::Read { name }, &common).await
            }
            Self::Set {
                name,
                role,
                disable,
                enable,
                expected,
                common,
            } => {
                let operation = AdministratorOperation::Update {
                    name,
                    role,
                    disabled: (disable || enable).then_some(disable),
                    stamp: expected.text(),
                };
                show(operation, &common).await
            }
            Self::Reset {
                name,
                only,
                qr,
                expected,
                common,
            } => {
                let operation = AdministratorOperation::Reset {
                    name,
                    what: only.unwrap_or_default(),
                    stamp: expected.text(),
                };
                let outcome = perform(operation, Missing::Refuse, &common.data).await?;
                credentials::print(outcome, &qr, common.json)
            }
            Self::Unlock { name, data } => {
                let operation = AdministratorOperation::Unlock { name: name.clone() };
                perform(operation, Missing::Refuse, &data).await?;
                print_lines([format!("{name} can log in").as_str()])
            }
            Self::Remove {
                name,
                expected,
                data,
            } => {
                let stamp = expected.text();
                let operation = AdministratorOperation::Remove {
                    name: name.clone(),
                    stamp,
                };
                perform(operation, Missing::Refuse, &data).await?;
                print_lines([format!("{name} is removed").as_str()])
            }
        }
    }
}

async fn perform(
    operation: AdministratorOperation,
    missing: Missing,
    data: &DataArgs,
) -> anyhow::Result<admin::Outcome> {
    let mut administration = Administration::open(data, missing).await?;
    let operation = Operation::Administrator(operation);
    administration.perform(operation).await
}

/// Performs what yields an administrator, and prints it.
async fn show(operation: AdministratorOperation, common: &Common) -> anyhow::Result<()> {
    let outcome = perform(operation, Missing::Refuse, &common.data).await?;
    let admin::Outcome::Administrator(info) = outcome else {
        bail!("the server's response does not match the request");
    };
    let lines = match common.json {
        true => vec![serde_json::to_string(&info)?],
        false => lines(&info),
    };
    print_lines(lines.iter().map(String::as_str))
}

async fn list(common: &Common) -> anyhow::Result<()> {
    let mut administration = Administration::open(&common.data, Missing::Refuse).await?;
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let operation = AdministratorOperation::List { after };
        let outcome = administration.perform(Operation::Administrator(operation));
        let admin::Outcome::Administrators(page) = outcome.await? else {
            bail!("the server's response does not match the request");
        };
        all.extend(page.administrators);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    if common.json {
        return print_lines([serde_json::to_string(&all)?.as_str()]);
    }
    if all.is_empty() {
        warn("there is no administrator: create one with mpass admin create");
    }
    let lines: Vec<String> = all.iter().map(line).collect();
    print_lines(lines.iter().map(String::as_str))
}

/// An administrator in one line.
fn line(info: &AdministratorInfo) -> String {
    let role = info.role.name();
    let line = format!("{:20}  {role:13}  {}", info.name, state(info));
    line.trim_end().to_owned()
}

fn lines(info: &AdministratorInfo) -> Vec<String> {
    let row = |name: &str, value: &str| format!("{name:14}  {value}").trim_end().to_owned();
    vec![
        row("name", &info.name),
        row("role", info.role.name()),
        row("state", &state(info)),
        row(
            "recovery codes",
            &format!("{} left", info.recovery_codes_left),
        ),
        row("created", &time::seconds(info.created_at_ms)),
        row("stamp", &info.stamp),
    ]
}

fn state(info: &AdministratorInfo) -> String {
    let now_ms = clock::now_ms();
    match info.locked_until_ms.filter(|until_ms| *until_ms > now_ms) {
        _ if info.is_disabled => "disabled".to_owned(),
        Some(until_ms) => format!("locked until {}", time::seconds(until_ms)),
        None => "active".to_owned(),
    }
}

fn role(text: &str) -> Result<Role, String> {
    Role::from_name(text).ok_or_else(|| "expected viewer, operator or administrator".to_owned())
}

fn reset_of(text: &str) -> Result<ResetOf, String> {
    let all = ResetOf::ALL.iter().copied();
    let mut named = all.filter(|it| it.name().replace('_', "-") == text);
    named
        .next()
        .ok_or_else(|| "expected all, password, second-factor or recovery-codes".to_owned())
}
