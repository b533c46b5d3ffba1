//! The commands on tenants that exist.

use clap::{Args, Subcommand};
use mpass_core::service::Overlap;
use mpass_core::store::Stamp;
use serde_json::json;
use zeroize::Zeroizing;

use super::kind::text;
use super::list::table;
use super::show::print;
use crate::admin::{self, NewKey, Operation, TenantKind};
use crate::cli::data::{Administration, DataArgs, Missing};
use crate::cli::output::{print_lines, warn};
use crate::cli::stamp::stamp;
use crate::cli::value::Hidden;
use crate::setting_text;
use crate::time;

/// A new credential's overlap with the old one.
#[derive(Args)]
pub(super) struct OverlapArgs {
    /// How long the old one stays valid, up to 31 days [default: 24h]
    #[arg(long, value_name = "TIME", value_parser = overlap_ms)]
    overlap: Option<u64>,
    /// The old one has leaked: it stops working immediately
    #[arg(long, conflicts_with = "overlap")]
    leaked: bool,
}

impl OverlapArgs {
    /// The overlap in milliseconds; `None` for the default.
    pub(super) fn ms(&self) -> Option<u64> {
        match self.leaked {
            true => Some(Overlap::NONE.ms()),
            false => self.overlap,
        }
    }
}

fn overlap_ms(text: &str) -> Result<u64, String> {
    let ms =
        setting_text::duration_ms(text).map_err(|like| format!("the overlap is not {like}"))?;
    let overlap = Overlap::from_ms(ms).map_err(|error| error.to_string())?;
    Ok(overlap.ms())
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub(super) struct Name {
    /// Name of the tenant
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Name of the tenant, as an option
    #[arg(long = "name", value_name = "NAME", id = "name_option")]
    option: Option<String>,
}

impl Name {
    pub(super) fn get(self) -> String {
        self.name.or(self.option).unwrap_or_default()
    }
}

/// The commands for tenants of any kind.
#[derive(Subcommand)]
pub(super) enum TenantCommand {
    /// List all
    List {
        #[command(flatten)]
        data: DataArgs,
        /// Print one JSON array with all settings
        #[arg(long)]
        json: bool,
    },
    /// Show one with all settings
    Show {
        #[command(flatten)]
        name: Name,
        #[command(flatten)]
        data: DataArgs,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Replace the credential and print the new one; the old one works for
    /// another 24 hours, and one that it replaced stops working immediately
    Rotate {
        #[command(flatten)]
        name: Name,
        /// Replace it only if the stamp is this one, which show and list --json
        /// print
        #[arg(long = "if", value_name = "STAMP", value_parser = stamp)]
        stamp: Option<Stamp>,
        #[command(flatten)]
        overlap: OverlapArgs,
        #[command(flatten)]
        data: DataArgs,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Revoke access
    Revoke {
        #[command(flatten)]
        name: Name,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Erase the challenge of a number; its limits stay
    Erase {
        #[command(flatten)]
        name: Name,
        /// Phone number, in international form or as in the tenant's requests
        #[arg(long, value_name = "NUMBER")]
        number: Hidden,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Unlock a number that was locked by too many wrong codes
    Unlock {
        #[command(flatten)]
        name: Name,
        /// Phone number, in international form or as in the tenant's requests
        #[arg(long, value_name = "NUMBER")]
        number: Hidden,
        #[command(flatten)]
        data: DataArgs,
    },
}

/// The commands for tenants that have credits.
#[derive(Subcommand)]
pub(super) enum CreditsCommand {
    /// Print a customer's credits, after adding some
    Credits {
        #[command(flatten)]
        name: Name,
        /// Number of credits to add
        #[arg(
            long,
            value_name = "N",
            default_value_t = 0,
            allow_negative_numbers = true
        )]
        add: u64,
        #[command(flatten)]
        data: DataArgs,
    },
}

impl TenantCommand {
    /// An example of the arguments of each command.
    pub(super) const EXAMPLES: &'static [(&'static str, &'static str)] = &[
        ("list", "--json"),
        ("show", "NAME --json"),
        ("rotate", "NAME --overlap 7d"),
        ("revoke", "NAME"),
        ("unlock", "NAME --number +966500000000"),
        ("erase", "NAME --number +966500000000"),
    ];

    pub(super) async fn run(self, kind: TenantKind) -> anyhow::Result<()> {
        match self {
            Self::List { data, json } => list(kind, &data, json).await,
            Self::Show { name, data, json } => {
                let operation = Operation::Read(kind, name.get());
                let mut administration = Administration::open(&data, Missing::Refuse).await?;
                match administration.perform(operation).await? {
                    admin::Outcome::Tenant(info) => print(kind, &info, json),
                    _ => Err(mismatched_response()),
                }
            }
            Self::Rotate {
                name,
                stamp,
                overlap,
                data,
                json,
            } => {
                let operation = Operation::Rotate {
                    kind,
                    name: name.get(),
                    stamp: stamp.map(|stamp| stamp.to_string()),
                    overlap_ms: overlap.ms(),
                };
                new_key(kind, &data, operation, json).await
            }
            Self::Revoke { name, data } => {
                let name = name.get();
                done(&data, Operation::Revoke(kind, name.clone())).await?;
                print_lines([format!("{name} is revoked").as_str()])
            }
            Self::Erase { name, number, data } => {
                let operation = Operation::EraseNumber {
                    kind,
                    name: name.get(),
                    number: number.expose().to_owned(),
                };
                done(&data, operation).await?;
                print_lines(["the number is erased"])
            }
            Self::Unlock { name, number, data } => {
                let operation = Operation::UnlockNumber {
                    kind,
                    name: name.get(),
                    number: number.expose().to_owned(),
                };
                done(&data, operation).await?;
                print_lines(["the number is unlocked"])
            }
        }
    }
}

impl CreditsCommand {
    /// As [`TenantCommand::EXAMPLES`].
    pub(super) const EXAMPLES: &'static [(&'static str, &'static str)] =
        &[("credits", "NAME --add 1000")];

    pub(super) async fn run(self) -> anyhow::Result<()> {
        let Self::Credits { name, add, data } = self;
        let mut administration = Administration::open(&data, Missing::Refuse).await?;
        let operation = Operation::AddCredits {
            name: name.get(),
            credits: add,
        };
        let admin::Outcome::Credits(credits) = administration.perform(operation).await? else {
            return Err(mismatched_response());
        };
        print_lines([credits.to_string().as_str()])
    }
}

async fn done(data: &DataArgs, operation: Operation) -> anyhow::Result<()> {
    let mut administration = Administration::open(data, Missing::Refuse).await?;
    match administration.perform(operation).await? {
        admin::Outcome::Done => Ok(()),
        _ => Err(mismatched_response()),
    }
}

/// Performs an operation that makes a credential, and prints it.
pub(super) async fn new_key(
    kind: TenantKind,
    data: &DataArgs,
    operation: Operation,
    json: bool,
) -> anyhow::Result<()> {
    let missing = match &operation {
        Operation::Create(..) => Missing::Create,
        _ => Missing::Refuse,
    };
    let mut administration = Administration::open(data, missing).await?;
    let admin::Outcome::Key(new) = administration.perform(operation).await? else {
        return Err(mismatched_response());
    };
    let NewKey {
        name,
        key,
        stamp,
        predecessor_until_ms,
        ended_version,
        ended_until_ms,
    } = &new;
    let credential = text(kind).credential;
    if json {
        let mut object = json!({
            "name": name,
            credential: key,
            "stamp": stamp,
            "predecessor_until_ms": predecessor_until_ms,
        });
        if let Some(version) = ended_version {
            object["ended_version"] = json!(version);
            object["ended_until_ms"] = json!(ended_until_ms);
        }
        let object = Zeroizing::new(object.to_string());
        return print_lines([object.as_str()]);
    }
    let kind = kind.name();
    let text = Zeroizing::new(format!("{kind:8} {name}\n{credential:8} {key}"));
    print_lines([text.as_str()])?;
    if let Some(until_ms) = predecessor_until_ms {
        warn(&format!(
            "The old {credential} works until {}.",
            time::seconds(*until_ms)
        ));
    }
    if let (Some(version), Some(until_ms)) = (ended_version, ended_until_ms) {
        warn(&format!(
            "The {credential} of version {version}, which would have worked until {}, has ended.",
            time::seconds(*until_ms)
        ));
    }
    warn(&format!(
        "The {credential} is shown only once: store it for the caller now."
    ));
    Ok(())
}

async fn list(kind: TenantKind, data: &DataArgs, json: bool) -> anyhow::Result<()> {
    let mut administration = Administration::open(data, Missing::Refuse).await?;
    let listed = administration.list(kind).await?;
    if listed.unreadable > 0 {
        warn(&format!(
            "warning: {} tenants cannot be read with this keyring",
            listed.unreadable
        ));
    }
    if json {
        let array = serde_json::to_string(&listed.tenants)?;
        return print_lines([array.as_str()]);
    }
    if listed.tenants.is_empty() {
        let kind = kind.name();
        warn(&format!(
            "No {kind} found: create one with mpass {kind} create."
        ));
        return Ok(());
    }
    print_lines([table(kind, &listed.tenants).trim_end()])
}

pub(super) fn mismatched_response() -> anyhow::Error {
    anyhow::anyhow!("the server's response does not match the request")
}
