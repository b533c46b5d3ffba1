//! `mpass store`.

mod copy;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use super::data::{
    Administration, DataArgs, Missing, Reached, block_on, check_store, created, reach,
};
use super::outcome::Outcome;
use super::output::{print_lines, warn};
use crate::admin::{self, Operation, RestoredTenant, StoreReport, store};
use crate::config::Config;
use crate::store::{AnyStore, StoreDirectory};
use crate::store_config::StoreKind;
use crate::{store_node, time};

const EXAMPLES: &str = "\
A store has a header, which belongs to its keyring: with another keyring, or one
with a changed digit, the server and every command refuse to open the store.

After a backup of the data was put back:
  mpass store restored               close the store and list its tenants
  mpass channel revoke shop          what was revoked after the backup, again
  mpass store restored --confirm     serve again

To another store, such as Redis or PostgreSQL:
  mpass store copy --config mpass.toml --to new.toml

Examples:
  mpass store init                   before the first start, if at all
  mpass store check --json
  mpass store restored";

/// Initialize, check and copy the store, and open it after a backup was put back
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct StoreArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the header of a new store, which the first start would also do
    #[command(after_help = "Example:\n  mpass store init --data-dir /var/lib/mpass")]
    Init {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Read the whole store and compare it with the keyring, without changing it
    #[command(after_help = "\
Exits with 1 if something cannot be read, with 2 if the store belongs to another
keyring.

Example:
  mpass store check --json")]
    Check {
        #[command(flatten)]
        data: DataArgs,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Create the tables of a store in PostgreSQL, or bring them to this version
    #[command(after_help = "\
The user that is configured needs the right to create tables.

Example:
  mpass store migrate --config /etc/mpass.toml")]
    Migrate {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Copy the store to another one, and close it
    #[command(after_help = copy::EXAMPLES)]
    Copy(copy::CopyArgs),
    /// Raise the formats that are written, once every machine reads them
    #[command(after_help = "\
After an upgrade, the machines go on writing what the version before reads, so that it
can be put back. This ends with it: refused while a machine that runs is older.

Example:
  mpass store upgrade")]
    Upgrade {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Close the store after a backup was put back, and list its tenants
    #[command(after_help = "\
Codes, tokens and logins from before are void. Counts, locks and credits are those
of the backup. Until the tenants are confirmed, every request is answered with its
contract's internal error; commands work, so that tenants can be revoked again.

Examples:
  mpass store restored
  mpass store restored --confirm")]
    Restored {
        #[command(flatten)]
        data: DataArgs,
        /// Serve the tenants that were listed
        #[arg(long)]
        confirm: bool,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
}

impl StoreArgs {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        block_on(async {
            match self.command {
                Command::Init { data } => init(&data).await,
                Command::Migrate { data } => migrate(&data).await,
                Command::Check { data, json } => check(&data, json).await,
                Command::Copy(copy) => copy.run().await,
                Command::Upgrade { data } => upgrade(&data).await,
                Command::Restored {
                    data,
                    confirm: true,
                    json,
                } => confirm(&data, json).await,
                Command::Restored { data, json, .. } => restored(&data, json).await,
            }
        })
    }
}

fn embedded(config: &Config) -> anyhow::Result<()> {
    match &config.store {
        StoreKind::Embedded => Ok(()),
        _ => bail!("the configured store is in memory: start the server first"),
    }
}

async fn init(data: &DataArgs) -> anyhow::Result<Outcome> {
    let config = data.config()?;
    let dir = data.data_dir(&config)?;
    if config.store.is_remote() {
        return init_remote(data, &config).await;
    }
    embedded(&config)?;
    let lock = async || {
        let keyring = created(data.keyring(&config, &dir)?);
        Ok((StoreDirectory::lock(&dir)?, keyring))
    };
    let Reached::Store((directory, keyring)) = reach(&dir, lock).await? else {
        bail!(
            "the store in {} is not empty: it is initialized",
            dir.display()
        );
    };
    if let Some(present) = directory.read_only()? {
        store::check_empty(&present)?;
    }
    let store = AnyStore::Embedded(directory.open()?);
    store::ensure(&store, &keyring).await?;
    print_lines([format!("initialized the store in {}", dir.display()).as_str()])?;
    Ok(Outcome::Done)
}

/// Creates the tables, if there are any, and writes the header.
async fn init_remote(data: &DataArgs, config: &Config) -> anyhow::Result<Outcome> {
    let dir = data.data_dir(config)?;
    let keyring = created(data.keyring(config, &dir)?);
    store_node::create_tables(&config.store).await?;
    let store = store_node::open(&config.store)?;
    let node = store_node::node(&store).await?;
    // Nothing is in it that could be decided on.
    store_node::admit(&store, &node);
    store::check_empty(&store)?;
    store::ensure(&store, &keyring).await?;
    for finding in &node.findings {
        warn(&finding.to_string());
    }
    print_lines(["initialized the store"])?;
    Ok(Outcome::Done)
}

/// Brings the tables to the layout of this version.
async fn migrate(data: &DataArgs) -> anyhow::Result<Outcome> {
    let config = data.config()?;
    if !config.store.is_remote() {
        bail!("the embedded store is migrated when it is opened");
    }
    store_node::create_tables(&config.store).await?;
    print_lines(["the tables are of this version's layout"])?;
    Ok(Outcome::Done)
}

async fn check(data: &DataArgs, json: bool) -> anyhow::Result<Outcome> {
    let config = data.config()?;
    let dir = data.data_dir(&config)?;
    if config.store.is_remote() && data.remote()?.is_none() {
        let keyring = data.existing_keyring(&config, &dir)?;
        let (store, _, node) = store_node::open_to_read(&config.store, &keyring).await?;
        for finding in &node.findings {
            warn(&finding.to_string());
        }
        return report(&store::check::check(&store, &keyring).await?, json);
    }
    let lock = async || {
        embedded(&config)?;
        check_store(&dir)?;
        let keyring = data.existing_keyring(&config, &dir)?;
        Ok((StoreDirectory::lock(&dir)?, keyring))
    };
    let report = match reach(&dir, lock).await? {
        Reached::Server(mut client) => match client.perform(Operation::CheckStore).await?? {
            admin::Outcome::Checked(report) => report,
            _ => bail!("the server's response does not match the request"),
        },
        Reached::Store((directory, keyring)) => {
            let store = directory.read_only()?;
            let store = store.with_context(|| format!("there is no store in {}", dir.display()))?;
            store::compare(&store, &keyring).with_context(|| dir.display().to_string())?;
            store::check::check(&store, &keyring).await?
        }
    };
    self::report(&report, json)
}

fn report(report: &StoreReport, json: bool) -> anyhow::Result<Outcome> {
    match json {
        true => print_lines([serde_json::to_string(report)?.as_str()])?,
        false => print_lines(lines(report).iter().map(String::as_str))?,
    }
    Ok(match report.is_sound() {
        true => Outcome::Done,
        false => Outcome::Rejected,
    })
}

/// A report for the terminal.
fn lines(report: &StoreReport) -> Vec<String> {
    let layout = match report.layout {
        Some(layout) => format!("layout {layout}"),
        None => "in memory".to_owned(),
    };
    let mut lines = vec![format!("store      {layout}")];
    match &report.header {
        None => lines.push("header     none: the next start writes it".to_owned()),
        Some(header) => {
            let keys: Vec<String> = header.keys.iter().map(u16::to_string).collect();
            let active = header.active_key;
            lines.push(format!(
                "header     of this keyring: record keys {}, {active} active",
                keys.join(", ")
            ));
            if let Some(at_ms) = header.restored_at_ms {
                let closed = match header.is_closed {
                    true => ", closed until mpass store restored --confirm",
                    false => "",
                };
                lines.push(format!("restored   {}{closed}", time::seconds(at_ms)));
            }
            if let Some(to) = &header.moved_to {
                lines.push(format!("moved to   {to}"));
            }
        }
    }
    let (channels, clients, customers) = (report.channels, report.clients, report.customers);
    lines.push(format!(
        "tenants    {channels} channels, {clients} clients, {customers} customers, {} unreadable",
        report.unreadable_documents
    ));
    if report.layout.is_some() {
        lines.push(format!(
            "records    {}, {} of them unreadable",
            report.states, report.unreadable_states
        ));
    }
    lines
}

async fn restored(data: &DataArgs, json: bool) -> anyhow::Result<Outcome> {
    let mut administration = Administration::open(data, Missing::Refuse).await?;
    let admin::Outcome::Restored(restored) =
        administration.perform(Operation::RestoreStore).await?
    else {
        bail!("the server's response does not match the request");
    };
    match json {
        true => {
            print_lines([serde_json::to_string(&restored)?.as_str()])?;
        }
        false => print_lines(
            restored
                .tenants
                .iter()
                .map(line)
                .collect::<Vec<_>>()
                .iter()
                .map(String::as_str),
        )?,
    }
    if restored.before_ms > Some(restored.at_ms) {
        let (before, at) = (restored.before_ms.unwrap_or(0), restored.at_ms);
        warn(&format!(
            "the time of the restore was {} and is now {}: this machine's clock must be right",
            time::seconds(before),
            time::seconds(at)
        ));
    }
    if restored.is_ahead() {
        warn(&format!(
            "the store has values from later than this machine's clock ({}), and nothing can be \
             issued before {}: set the clock and run mpass store restored again",
            time::seconds(restored.now_ms),
            time::seconds(restored.at_ms)
        ));
    }
    warn(
        "the store is closed: revoke again what was revoked after the backup, then run \
         mpass store restored --confirm",
    );
    Ok(Outcome::Done)
}

/// A tenant for the terminal.
fn line(tenant: &RestoredTenant) -> String {
    let Some(kind) = tenant.kind else {
        return "unreadable".to_owned();
    };
    let state = match tenant.is_revoked {
        true => "revoked",
        false => "active",
    };
    let version = tenant.key_version;
    format!(
        "{:8}  {:16}  credential {version}  {state}",
        kind.name(),
        tenant.name
    )
}

async fn upgrade(data: &DataArgs) -> anyhow::Result<Outcome> {
    let mut administration = Administration::open(data, Missing::Refuse).await?;
    administration.perform(Operation::UpgradeStore).await?;
    print_lines(["the newest formats are written"])?;
    Ok(Outcome::Done)
}

async fn confirm(data: &DataArgs, json: bool) -> anyhow::Result<Outcome> {
    let mut administration = Administration::open(data, Missing::Refuse).await?;
    administration.perform(Operation::ConfirmStore).await?;
    print_lines([match json {
        true => r#"{"closed":false}"#,
        false => "the store is open",
    }])?;
    Ok(Outcome::Done)
}
