//! Access to the data: through the server running on it, or directly.

use core::time::Duration;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, bail};
use clap::Args;
use mpass_core::challenge::Keyring;

use super::config_file::ConfigArgs;
use super::output::warn;
use super::remote::{Connected, RemoteArgs};
use crate::admin::gateways::{Local, LocalGateways};
use crate::admin::{
    Admitted, Client, Listed, Operation, Outcome, TenantInfo, TenantKind, is_in_use, recording,
};
use crate::administrators::Hasher;
use crate::audit::{Actor, Via};
use crate::config::Config;
use crate::keyring_file::Origin;
use crate::keyring_source::{self, KeyringSource};
use crate::store::{AnyStore, StoreDirectory};
use crate::store_config::StoreKind;
use crate::store_node::{self, NodeFile};
use crate::{demo, directories, keyring_file};

/// How long to wait for another process that has the store open.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(20);

/// The locations of the data and the keyring.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct DataArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// Data directory [default: that of the configuration, or
    /// ~/.local/share/mpass]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Keyring file [default: $MPASS_KEYRING_FILE, that of the configuration,
    /// or ~/.config/mpass/keyring]
    #[arg(long, value_name = "FILE")]
    keyring: Option<PathBuf>,
    /// Use the demo's data
    #[arg(long)]
    demo: bool,
    #[command(flatten)]
    remote: RemoteArgs,
}

impl DataArgs {
    pub(super) fn config(&self) -> anyhow::Result<Config> {
        self.config.load(self.demo)
    }

    /// The API that is to be used in place of a data directory.
    pub(super) fn remote(&self) -> anyhow::Result<Option<Connected>> {
        self.remote.open()
    }

    /// The server that is named, or that is running on the data directory.
    pub(super) async fn connect(&self) -> anyhow::Result<Connected> {
        if let Some(api) = self.remote()? {
            return Ok(api);
        }
        let dir = self.data_dir(&self.config()?)?;
        let client = Client::connect(&dir).await?;
        let client = client.with_context(|| format!("no server is running on {}", dir.display()));
        client.map(Connected::Socket)
    }

    pub(super) fn data_dir(&self, config: &Config) -> anyhow::Result<PathBuf> {
        let named = self.data_dir.clone().or_else(|| config.data_dir.clone());
        match (named, self.demo) {
            (Some(dir), _) => Ok(dir),
            (None, true) => demo::default_data_dir(),
            (None, false) => directories::default_data_dir(),
        }
    }

    /// The keyring of the data directory, as the server finds it. Only the demo
    /// has its keyring in the data directory, so a keyring found there is the
    /// demo's.
    pub(super) fn keyring(
        &self,
        config: &Config,
        data_dir: &Path,
    ) -> anyhow::Result<KeyringSource> {
        match &self.keyring {
            Some(path) => keyring_source::open_file(path.clone(), config, data_dir),
            None => keyring_source::open(config, data_dir, self.is_demo(data_dir)),
        }
    }

    /// As [`Self::keyring`], without creating it.
    pub(super) fn existing_keyring(
        &self,
        config: &Config,
        data_dir: &Path,
    ) -> anyhow::Result<Keyring> {
        let path = match &self.keyring {
            Some(path) => path.clone(),
            None => match keyring_file::from_env()? {
                Some(keyring) => return Ok(keyring),
                None => keyring_source::locate(config, data_dir, self.is_demo(data_dir))?,
            },
        };
        keyring_file::load(&path)
    }

    fn is_demo(&self, data_dir: &Path) -> bool {
        self.demo || data_dir.join(keyring_source::DEMO_FILE).exists()
    }
}

/// Performs an administrator's operations on a data directory.
pub(super) struct Administration {
    /// The data directory, or the URL.
    place: String,
    by: By,
}

/// What performs them.
enum By {
    /// A server.
    Server(Connected),
    /// This process, which has the store open.
    Command {
        store: AnyStore,
        keyring: Arc<Keyring>,
        config: Box<Config>,
    },
}

/// What a command may do to a data directory without a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// Create the store, and a keyring if there is none.
    Create,
    /// Refuse it: there is nothing to read or change.
    Refuse,
}

/// How the data of a directory is reached.
pub(super) enum Reached<T> {
    /// Through the server running on it.
    Server(Client),
    /// Directly.
    Store(T),
}

/// Connects to the server running on a data directory, or opens what needs the
/// directory's lock. While another process has the lock, both are tried in turn:
/// it may be a server that is starting, or another command.
pub(super) async fn reach<T>(
    data_dir: &Path,
    open: impl AsyncFn() -> anyhow::Result<T>,
) -> anyhow::Result<Reached<T>> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(client) = Client::connect(data_dir).await? {
            return Ok(Reached::Server(client));
        }
        match open().await {
            Err(error) if !is_in_use(&error) => return Err(error),
            Err(error) if Instant::now() >= deadline => {
                return Err(error.context("no admin socket responds"));
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
            Ok(opened) => return Ok(Reached::Store(opened)),
        }
    }
}

/// Refuses a data directory without a store.
pub(super) fn check_store(data_dir: &Path) -> anyhow::Result<()> {
    let dir = data_dir.display();
    match StoreDirectory::contains_store(data_dir) {
        Ok(true) => Ok(()),
        Ok(false) => bail!("there is no store in {dir}"),
        Err(error) => Err(error).with_context(|| format!("cannot read {dir}")),
    }
}

/// The store behind a network that is configured, with its node compared.
pub(super) async fn remote(
    config: &Config,
    data_dir: &Path,
    keyring: &Keyring,
) -> anyhow::Result<Admitted> {
    let store = store_node::open(&config.store)?;
    let file = NodeFile::of(data_dir, &config.store);
    let covers = config.store.covers_promotion();
    let compared = store_node::compare(&store, keyring, covers, &file, |_| ());
    Ok(Admitted {
        header: compared.await?,
        store,
        notes: Vec::new(),
    })
}

impl Administration {
    /// Connects to the server running on the data directory, or opens the store
    /// if there is none.
    pub(super) async fn open(arguments: &DataArgs, missing: Missing) -> anyhow::Result<Self> {
        if let Some(api) = arguments.remote()? {
            let place = arguments.remote.url().unwrap_or_default().to_owned();
            let by = By::Server(api);
            return Ok(Self { place, by });
        }
        let config = arguments.config()?;
        let data_dir = arguments.data_dir(&config)?;
        let open = async || {
            if config.store == StoreKind::Memory {
                bail!("the configured store is in memory: start the server first");
            }
            if config.store.is_remote() {
                let keyring = Arc::new(arguments.existing_keyring(&config, &data_dir)?);
                let admitted = remote(&config, &data_dir, &keyring).await?;
                return Ok((admitted, keyring));
            }
            let keyring = match missing {
                Missing::Create => created(arguments.keyring(&config, &data_dir)?),
                Missing::Refuse => {
                    check_store(&data_dir)?;
                    arguments.existing_keyring(&config, &data_dir)?
                }
            };
            let keyring = Arc::new(keyring);
            Ok((Admitted::open(&data_dir, &keyring).await?, keyring))
        };
        let by = match reach(&data_dir, open).await? {
            Reached::Server(client) => By::Server(client.into()),
            Reached::Store((admitted, keyring)) => {
                for note in &admitted.notes {
                    warn(note);
                }
                By::Command {
                    store: admitted.store,
                    keyring,
                    config: Box::new(config),
                }
            }
        };
        // A relative path is right only where the command runs.
        let place = std::path::absolute(&data_dir).unwrap_or(data_dir);
        let place = place.display().to_string();
        Ok(Self { place, by })
    }

    /// Whether a server performs them.
    pub(super) fn has_server(&self) -> bool {
        matches!(self.by, By::Server(_))
    }

    /// The tenants of a kind, by name.
    pub(super) async fn list(&mut self, kind: TenantKind) -> anyhow::Result<Listed> {
        let mut all = Listed {
            tenants: Vec::new(),
            unreadable: 0,
            next: None,
        };
        let mut after = None;
        loop {
            let Outcome::Tenants(page) = self.perform(Operation::List { kind, after }).await?
            else {
                bail!("the server's response does not match the request");
            };
            all.tenants.extend(page.tenants);
            all.unreadable += page.unreadable;
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let by_name =
            |left: &TenantInfo, right: &TenantInfo| left.spec.name().cmp(right.spec.name());
        all.tenants.sort_by(by_name);
        Ok(all)
    }

    /// Performs an operation. One that writes names the directory on standard
    /// error.
    pub(super) async fn perform(&mut self, operation: Operation) -> anyhow::Result<Outcome> {
        let writes = operation.writes();
        let (outcome, by) = match &mut self.by {
            By::Server(client) => (client.perform(operation).await??, " (by its server)"),
            By::Command {
                store,
                keyring,
                config,
            } => {
                let has_signing_keys = !config.login.signing_keys.is_empty();
                let lacks_key = operation.sets_rs256() && !has_signing_keys;
                let actor = Actor {
                    user: Some(rustix::process::getuid().as_raw()),
                    ..Actor::of(Via::Command)
                };
                let hasher = Hasher::default();
                let local = Local {
                    hasher: &hasher,
                    egress: &config.egress,
                    numbers: &config.numbers,
                    gateways: LocalGateways::Configured(&config.gateways),
                };
                let performed = recording::perform(store, keyring, &actor, operation, &local).await;
                let outcome = performed?;
                if lacks_key {
                    // A running server refuses it. This process may have been
                    // started with another configuration than the server's.
                    warn(
                        "the client cannot log in until login.signing_keys is set in the \
                         server's configuration: id_token_alg is RS256",
                    );
                }
                (outcome, "")
            }
        };
        if writes {
            warn(&format!("wrote to {}{by}", self.place));
        }
        Ok(outcome)
    }
}

/// Names what a command has written to.
pub(super) fn wrote(path: &Path, by: &str) {
    // A relative path is right only where the command runs.
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    warn(&format!("wrote to {}{by}", path.display()));
}

/// A keyring; names its file if it is new.
pub(super) fn created(source: KeyringSource) -> Keyring {
    if let (Origin::Created, Some(file)) = (source.origin, &source.file) {
        warn(&format!("created the keyring {}", file.display()));
    }
    source.keyring
}

/// Runs an asynchronous command on one thread.
pub(super) fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?
        .block_on(work)
}
