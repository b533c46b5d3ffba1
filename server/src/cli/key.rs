//! `mpass key`.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use mpass_core::Error;
use mpass_core::challenge::Keyring;
use serde_json::json;

use super::data::{Administration, DataArgs, Missing, block_on, wrote};
use super::outcome::Outcome;
use super::output::{print_lines, warn};
use crate::admin::{Client, KeyList, KeyOperation, Operation, store};
use crate::store::{OpenError, StoreDirectory};
use crate::store_config::StoreKind;
use crate::{entropy, keyring_file};

const EXAMPLES: &str = "\
A keyring has a locator key, which never changes, and record keys, of which the
newest one seals records. A running server applies changes immediately. If several
machines share a store, distribute a new key to all of them (add, copy the file)
before any of them uses it (activate).

Examples:
  mpass key rotate                   add a record key and activate it
  mpass key list
  mpass key add                      on one of several machines
  mpass key activate 2               once every machine has it
  mpass key remove 1                 31 days later, when no record needs it";

/// Manage the record keys of the keyring
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct KeyArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Print the ids and fingerprints of the record keys
    #[command(after_help = "Example:\n  mpass key list --json")]
    List {
        #[command(flatten)]
        data: DataArgs,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Add a record key without activating it, and print its id
    #[command(after_help = "Example:\n  mpass key add --keyring /etc/mpass/keyring")]
    Add {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Seal new records with a record key
    #[command(after_help = "Example:\n  mpass key activate 2")]
    Activate {
        /// Id of the record key
        id: u16,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Add a record key, activate it and print its id
    #[command(after_help = "Example:\n  mpass key rotate --data-dir /var/lib/mpass")]
    Rotate {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Remove a record key that seals nothing any more
    #[command(after_help = "\
Refused while a stored value needs the key. Challenges, limits and tokens are sealed
with the active key when they are next written; most end by themselves within 31 days.

Example:
  mpass key remove 1")]
    Remove {
        /// Id of the record key
        id: u16,
        #[command(flatten)]
        data: DataArgs,
    },
}

impl KeyArgs {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        match self.command {
            Command::List { data, json } => list(&data, json)?,
            Command::Add { data } => {
                let id = change(&data, add)?;
                print_lines([id.to_string().as_str()])?;
            }
            Command::Activate { id, data } if is_shared(&data)? => {
                block_on(activate_shared(&data, id))?;
            }
            Command::Activate { id, data } => {
                change(&data, |keyring| keyring_file::activate(keyring, id))?;
            }
            Command::Rotate { data } if is_shared(&data)? => {
                let id = change(&data, add)?;
                block_on(activate_shared(&data, id))?;
                print_lines([id.to_string().as_str()])?;
            }
            Command::Rotate { data } => {
                let id = change(&data, |keyring| {
                    let id = add(keyring)?;
                    keyring.activate(id)?;
                    Ok(id)
                })?;
                print_lines([id.to_string().as_str()])?;
            }
            Command::Remove { id, data } => remove(&data, id)?,
        }
        Ok(Outcome::Done)
    }
}

/// Tenants do not expire, so those sealed with the key are resealed first.
fn remove(data: &DataArgs, id: u16) -> anyhow::Result<()> {
    let without = |keyring: &mut Keyring| {
        if keyring.newest() == id {
            bail!("record key {id} is the active one: activate another first");
        }
        keyring
            .remove(id)
            .map_err(|error| keyring_file::unknown(error, id))
    };
    without(&mut keyring_file::load(&keyring_path(data)?)?)?;
    block_on(async {
        apply(data).await?;
        check_unused(data, id).await
    })?;
    change(data, without)
}

/// Refuses a key that a stored value needs, if there is a store.
async fn check_unused(data: &DataArgs, id: u16) -> anyhow::Result<()> {
    let config = data.config()?;
    let data_dir = data.data_dir(&config)?;
    let is_running = Client::connect(&data_dir).await?.is_some();
    let has_store = match config.store {
        StoreKind::Embedded => StoreDirectory::contains_store(&data_dir)?,
        StoreKind::Memory => false,
        StoreKind::Redis(_) | StoreKind::Postgres(_) => true,
    };
    if !is_running && !has_store {
        return Ok(());
    }
    let mut administration = Administration::open(data, Missing::Refuse).await?;
    let check = Operation::Key(KeyOperation::CheckUnused { id });
    administration.perform(check).await.map(|_| ())
}

/// Whether machines share the store, so that its header has the active key.
fn is_shared(data: &DataArgs) -> anyhow::Result<bool> {
    Ok(data.config()?.store.is_remote())
}

/// Activates a key in the header of the store; every machine must have it.
async fn activate_shared(data: &DataArgs, id: u16) -> anyhow::Result<()> {
    let mut administration = Administration::open(data, Missing::Refuse).await?;
    let activate = Operation::Key(KeyOperation::Activate { id });
    administration.perform(activate).await.map(|_| ())
}

fn add(keyring: &mut Keyring) -> anyhow::Result<u16> {
    let added = keyring.add(&*entropy::fresh()?);
    added.map_err(|error| match error {
        Error::KeyringFull => anyhow::anyhow!(
            "{error}: remove a record key that no record needs (see mpass key remove --help)"
        ),
        other => other.into(),
    })
}

/// The path of the keyring file.
fn keyring_path(data: &DataArgs) -> anyhow::Result<PathBuf> {
    let config = data.config()?;
    let data_dir = data.data_dir(&config)?;
    match data.keyring(&config, &data_dir)?.file {
        Some(path) => Ok(path),
        None => bail!(
            "the keyring is in the environment ({}): change it there",
            keyring_file::TEXT_VARIABLE
        ),
    }
}

fn list(data: &DataArgs, json: bool) -> anyhow::Result<()> {
    let config = data.config()?;
    let data_dir = data.data_dir(&config)?;
    let keyring = data.existing_keyring(&config, &data_dir)?;
    if json {
        let ids: Vec<u16> = keyring.ids().collect();
        let list = KeyList::of(&keyring);
        let object = json!({
            "active": keyring.newest(),
            "ids": ids,
            "keys": list.keys,
            "locator_fingerprint": list.locator_fingerprint,
        });
        return print_lines([object.to_string().as_str()]);
    }
    let lines: Vec<String> = KeyList::of(&keyring)
        .keys
        .iter()
        .map(|key| {
            let note = match key.is_active {
                true => "  active: seals records",
                false => "",
            };
            format!("{}  {}{note}", key.id, key.fingerprint)
        })
        .collect();
    print_lines(lines.iter().map(String::as_str))
}

/// Changes the keyring file and has a running server reload it.
fn change<T>(
    data: &DataArgs,
    change: impl FnOnce(&mut Keyring) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let path = keyring_path(data)?;
    let changed = keyring_file::change(&path, |keyring| {
        compare_store(data, keyring)?;
        change(keyring)
    })?;
    wrote(&path, "");
    if !block_on(apply(data))? {
        warn(
            "no server is running and there is no store: the change takes effect at the next start",
        );
    }
    Ok(changed)
}

/// Refuses a keyring that does not belong to the store. A running server compares
/// it when it reloads it.
fn compare_store(data: &DataArgs, keyring: &Keyring) -> anyhow::Result<()> {
    let config = data.config()?;
    let dir = data.data_dir(&config)?;
    if config.store != StoreKind::Embedded || !StoreDirectory::contains_store(&dir)? {
        return Ok(());
    }
    let directory = match StoreDirectory::lock(&dir) {
        Err(OpenError::InUse(_)) => return Ok(()),
        locked => locked?,
    };
    if let Some(present) = directory.read_only()? {
        store::compare(&present, keyring).with_context(|| dir.display().to_string())?;
    }
    Ok(())
}

/// Has a running server reload the keyring, and reseals the tenants with its
/// newest key. Returns whether there was a server or a store.
async fn apply(data: &DataArgs) -> anyhow::Result<bool> {
    let config = data.config()?;
    let data_dir = data.data_dir(&config)?;
    let is_running = Client::connect(&data_dir).await?.is_some();
    let has_store =
        config.store == StoreKind::Embedded && StoreDirectory::contains_store(&data_dir)?;
    if !is_running && !has_store {
        return Ok(false);
    }
    let mut administration = Administration::open(data, Missing::Refuse).await?;
    administration
        .perform(Operation::ReloadKeyring)
        .await
        .context("the keyring was changed, but the tenants are not yet sealed with it")?;
    Ok(true)
}
