use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use mpass_core::challenge::Keyring;
use serde_json::json;

use super::data::{Administration, DataArgs, block_on};
use super::outcome::Outcome;
use super::output::{print_lines, warn};
use crate::admin::{Client, Operation};
use crate::config::StoreKind;
use crate::{entropy, keyring_file};

const EXAMPLES: &str = "\
A keyring holds a locator key, which never changes, and record keys, the newest
of which seals the records. A server that runs takes a change at once. Where
several machines share a store, give a new key to all of them (add, copy the
file) before any of them uses it (activate).

Examples:
  mpass key rotate                   add a record key and use it from now on
  mpass key list
  mpass key add                      on one machine of several
  mpass key activate 2               once every machine has it
  mpass key remove 1                 31 days later, when no record needs it";

/// The record keys of the keyring
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct KeyArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Print the ids of the record keys
    #[command(after_help = "Example:\n  mpass key list --json")]
    List {
        #[command(flatten)]
        data: DataArgs,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Add a record key, which is not used yet, and print its id
    #[command(after_help = "Example:\n  mpass key add --keyring /etc/mpass/keyring")]
    Add {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Seal records with a record key from now on
    #[command(after_help = "Example:\n  mpass key activate 2")]
    Activate {
        /// The id of the record key
        id: u16,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Add a record key and seal records with it from now on
    #[command(after_help = "Example:\n  mpass key rotate --data-dir /var/lib/mpass")]
    Rotate {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Drop a record key; records that it sealed can no longer be read
    #[command(after_help = "Example:\n  mpass key remove 1")]
    Remove {
        /// The id of the record key
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
            Command::Activate { id, data } => change(&data, |keyring| Ok(keyring.activate(id)?))?,
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

/// Channels do not expire: those that the key sealed are sealed anew first.
fn remove(data: &DataArgs, id: u16) -> anyhow::Result<()> {
    let without = |keyring: &mut Keyring| {
        if keyring.newest() == id {
            bail!("record key {id} is the one that seals records: activate another first");
        }
        Ok(keyring.remove(id)?)
    };
    without(&mut keyring_file::load(&keyring_path(data)?)?)?;
    block_on(take_over(data))?;
    change(data, without)
}

fn add(keyring: &mut Keyring) -> anyhow::Result<u16> {
    Ok(keyring.add(&*entropy::fresh()?)?)
}

/// The keyring's file.
fn keyring_path(data: &DataArgs) -> anyhow::Result<PathBuf> {
    let config = data.config()?;
    let data_dir = data.data_dir(&config)?;
    match data.keyring(&config, &data_dir)?.file {
        Some(path) => Ok(path),
        None => bail!(
            "the keyring is in the environment ({}) and is changed there",
            keyring_file::TEXT_VARIABLE
        ),
    }
}

fn list(data: &DataArgs, json: bool) -> anyhow::Result<()> {
    let config = data.config()?;
    let data_dir = data.data_dir(&config)?;
    let keyring = data.keyring(&config, &data_dir)?.keyring;
    if json {
        let ids: Vec<u16> = keyring.ids().collect();
        let object = json!({ "newest": keyring.newest(), "ids": ids });
        return print_lines([object.to_string().as_str()]);
    }
    let lines: Vec<String> = keyring
        .ids()
        .map(|id| match id == keyring.newest() {
            true => format!("{id}  newest: seals records"),
            false => format!("{id}"),
        })
        .collect();
    print_lines(lines.iter().map(String::as_str))
}

/// Changes the keyring's file and lets a server that runs take it.
fn change<T>(
    data: &DataArgs,
    change: impl FnOnce(&mut Keyring) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let path = keyring_path(data)?;
    let lock = lock(&path)?;
    let mut keyring = keyring_file::load(&path)?;
    let changed = change(&mut keyring)?;
    keyring_file::save(&path, &keyring)?;
    drop(lock);
    if !block_on(take_over(data))? {
        warn("no server runs and there is no store; the next server takes the change");
    }
    Ok(changed)
}

/// Keeps another change of the same file waiting.
fn lock(path: &Path) -> anyhow::Result<File> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let lock = File::open(directory)
        .and_then(|directory| directory.lock().map(|()| directory))
        .with_context(|| format!("cannot read the keyring {}", path.display()))?;
    Ok(lock)
}

/// Lets whoever works on the data directory take the keyring as it is now,
/// and seals the channels with its newest key; whether there was anybody or
/// anything to do so.
async fn take_over(data: &DataArgs) -> anyhow::Result<bool> {
    let config = data.config()?;
    let data_dir = data.data_dir(&config)?;
    let is_running = Client::connect(&data_dir).await?.is_some();
    if !is_running && (config.store == StoreKind::Memory || !data_dir.try_exists()?) {
        return Ok(false);
    }
    let mut administration = Administration::open(data).await?;
    administration
        .perform(Operation::ReloadKeyring)
        .await
        .context("the keyring is changed, but the channels are not yet sealed with it")?;
    Ok(true)
}
