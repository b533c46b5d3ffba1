//! The commands shared by all kinds of tenants.

use core::fmt::Write;

use clap::{Args, Subcommand};
use mpass_core::challenge::Policy;
use serde_json::json;
use zeroize::Zeroizing;

use super::data::{Administration, DataArgs};
use super::output::{print_lines, warn};
use super::value::Hidden;
use crate::admin::{
    self, Listed, NewKey, Operation, PolicySpec, TenantInfo, TenantKind, TenantSpec,
};

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
    #[command(after_help = "Example:\n  mpass client list --json")]
    List {
        #[command(flatten)]
        data: DataArgs,
        /// Print one JSON array with all settings
        #[arg(long)]
        json: bool,
    },
    /// Replace the credential and print the new one; the old one stops working
    /// immediately
    #[command(after_help = "Example:\n  mpass client rotate shop")]
    Rotate {
        #[command(flatten)]
        name: Name,
        #[command(flatten)]
        data: DataArgs,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Revoke access
    #[command(after_help = "Example:\n  mpass client revoke shop")]
    Revoke {
        #[command(flatten)]
        name: Name,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Unlock a number that was locked by too many wrong codes
    #[command(after_help = "Example:\n  mpass client unlock shop --number +966500000000")]
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

/// How a kind of tenant is shown.
pub(super) trait Shown: TenantSpec {
    /// The kind.
    const TENANT: TenantKind;
    /// The name of a credential.
    const CREDENTIAL: &'static str;
    /// The headings of the columns specific to this kind.
    const COLUMNS: [&'static str; 2];

    /// The cells under these headings.
    fn cells(&self) -> [String; 2];
    /// The policy of its challenges.
    fn policy(&self) -> &PolicySpec;
    /// The tenants of this kind in an outcome.
    fn listed(outcome: admin::Outcome) -> Option<Listed<Self>>;
}

impl TenantCommand {
    pub(super) async fn run<S: Shown>(self) -> anyhow::Result<()> {
        match self {
            Self::List { data, json } => list::<S>(&data, json).await,
            Self::Rotate { name, data, json } => {
                let operation = Operation::Rotate(S::TENANT, name.get());
                new_key::<S>(&data, operation, json).await
            }
            Self::Revoke { name, data } => {
                let name = name.get();
                done(&data, Operation::Revoke(S::TENANT, name.clone())).await?;
                print_lines([format!("{name} is revoked").as_str()])
            }
            Self::Unlock { name, number, data } => {
                let operation = Operation::UnlockNumber {
                    kind: S::TENANT,
                    name: name.get(),
                    number: number.expose().to_owned(),
                };
                done(&data, operation).await?;
                print_lines(["the number is unlocked"])
            }
        }
    }
}

/// Checks the settings before anything is opened.
pub(super) fn checked<S: TenantSpec>(spec: S) -> anyhow::Result<S> {
    match spec.settings() {
        Err(error @ mpass_core::Error::PolicyTooWeak) => {
            anyhow::bail!("{error}; --allow-weak permits it")
        }
        settings => settings.map(|_| spec).map_err(Into::into),
    }
}

async fn done(data: &DataArgs, operation: Operation) -> anyhow::Result<()> {
    let mut administration = Administration::open(data).await?;
    match administration.perform(operation).await? {
        admin::Outcome::Done => Ok(()),
        _ => Err(mismatched_response()),
    }
}

pub(super) async fn new_key<S: Shown>(
    data: &DataArgs,
    operation: Operation,
    json: bool,
) -> anyhow::Result<()> {
    let mut administration = Administration::open(data).await?;
    let admin::Outcome::Key(new) = administration.perform(operation).await? else {
        return Err(mismatched_response());
    };
    let NewKey { name, key } = &new;
    let (kind, credential) = (S::KIND, S::CREDENTIAL);
    if json {
        let object = Zeroizing::new(json!({ "name": name, credential: key }).to_string());
        return print_lines([object.as_str()]);
    }
    let text = Zeroizing::new(format!("{kind:8} {name}\n{credential:8} {key}"));
    print_lines([text.as_str()])?;
    warn(&format!(
        "The {credential} is shown only once: store it for the caller now."
    ));
    Ok(())
}

async fn list<S: Shown>(data: &DataArgs, json: bool) -> anyhow::Result<()> {
    let kind = S::KIND;
    let mut administration = Administration::open(data).await?;
    let outcome = administration.perform(Operation::List(S::TENANT)).await?;
    let listed = S::listed(outcome).ok_or_else(mismatched_response)?;
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
        warn(&format!(
            "No {kind} found: create one with mpass {kind} create."
        ));
        return Ok(());
    }
    print_lines([table(&listed.tenants).trim_end()])
}

pub(super) fn mismatched_response() -> anyhow::Error {
    anyhow::anyhow!("the server's response does not match the request")
}

fn table<S: Shown>(tenants: &[TenantInfo<S>]) -> String {
    let [first, second] = S::COLUMNS;
    let heading = [
        "NAME",
        "STATE",
        "CREATED",
        first,
        second,
        "CODES",
        "GUESSED IN A DAY",
    ]
    .map(String::from);
    let rows: Vec<[String; 7]> = core::iter::once(heading)
        .chain(tenants.iter().map(row))
        .collect();
    let mut widths = [0; 7];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut table = String::new();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            // Writing to a string does not fail.
            let _ = write!(line, "{cell:width$}  ");
        }
        let _ = writeln!(table, "{}", line.trim_end());
    }
    table
}

fn row<S: Shown>(info: &TenantInfo<S>) -> [String; 7] {
    let [first, second] = info.spec.cells();
    let policy = info.spec.policy();
    let lifetime = core::time::Duration::from_millis(policy.lifetime_ms.unwrap_or_default());
    let created = std::time::UNIX_EPOCH + core::time::Duration::from_millis(info.created_at_ms);
    [
        info.spec.name().to_owned(),
        match info.is_revoked {
            true => "revoked".into(),
            false => format!("{} {}", S::CREDENTIAL, info.key_version),
        },
        humantime::format_rfc3339_seconds(created).to_string(),
        first,
        second,
        format!(
            "{} digits, {} tries, {}",
            policy.digits.unwrap_or_default(),
            policy.tries.unwrap_or_default(),
            humantime::format_duration(lifetime)
        ),
        odds(policy),
    ]
}

/// The chance that an attacker who uses all guesses for a number guesses a code
/// within a day.
fn odds(policy: &PolicySpec) -> String {
    match policy.policy(&Policy::default()) {
        Ok(policy) => format!("1 in {:.0}", 1.0 / policy.guess_probability_per_day()),
        Err(_) => "-".to_owned(),
    }
}

/// A list in one cell; an empty one means any.
pub(super) fn any(texts: &[String]) -> String {
    match texts.is_empty() {
        true => "any".to_owned(),
        false => texts.join(","),
    }
}
