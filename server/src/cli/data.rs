//! Where the data is, and the way to it: through the server that runs on it,
//! or straight.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use mpass_core::challenge::Keyring;

use crate::admin::{Client, Operation, Outcome, operations};
use crate::config::{Config, StoreKind};
use crate::keyring_source::{self, KeyringSource};
use crate::store::{AnyStore, EmbeddedStore, OpenError};
use crate::{demo, directories, keyring_file};

/// Where the data and the keyring are.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct DataArgs {
    /// The configuration file of the server
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The directory of the store; that of the configuration, or
    /// ~/.local/share/mpass, if it is not given
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// The keyring's file; $MPASS_KEYRING_FILE, that of the configuration, or
    /// ~/.config/mpass/keyring, if it is not given
    #[arg(long, value_name = "FILE")]
    keyring: Option<PathBuf>,
    /// The data of the demo
    #[arg(long)]
    demo: bool,
}

impl DataArgs {
    pub(super) fn config(&self) -> anyhow::Result<Config> {
        match &self.config {
            Some(path) => Config::load(path),
            None => Ok(Config::default()),
        }
    }

    pub(super) fn data_dir(&self, config: &Config) -> anyhow::Result<PathBuf> {
        let named = self.data_dir.clone().or_else(|| config.data_dir.clone());
        match (named, self.demo) {
            (Some(dir), _) => Ok(dir),
            (None, true) => demo::default_data_dir(),
            (None, false) => directories::default_data_dir(),
        }
    }

    /// The keyring of the data directory, as the server finds it. Only the
    /// demo keeps its keyring with its data, so one that is there is that.
    pub(super) fn keyring(
        &self,
        config: &Config,
        data_dir: &Path,
    ) -> anyhow::Result<KeyringSource> {
        let Some(path) = &self.keyring else {
            let is_demo = self.demo || data_dir.join(keyring_source::DEMO_FILE).exists();
            return keyring_source::open(config, data_dir, is_demo);
        };
        let (keyring, origin) = keyring_file::load_or_create(path)?;
        Ok(KeyringSource {
            keyring,
            file: Some(path.clone()),
            origin,
        })
    }
}

/// Who carries out what an administrator asks for.
pub(super) enum Administration {
    /// The server that runs on the directory.
    Running(Client),
    /// Nobody else: the store is opened here.
    Direct {
        store: AnyStore,
        keyring: Box<Keyring>,
    },
}

impl Administration {
    /// Finds out whether a server runs on the directory, and opens the store
    /// if none does.
    pub(super) async fn open(arguments: &DataArgs) -> anyhow::Result<Self> {
        let config = arguments.config()?;
        let data_dir = arguments.data_dir(&config)?;
        if let Some(client) = Client::connect(&data_dir).await? {
            return Ok(Self::Running(client));
        }
        if config.store == StoreKind::Memory {
            bail!("the configuration keeps channels in memory: start the server first");
        }
        let keyring = Box::new(arguments.keyring(&config, &data_dir)?.keyring);
        let store = match EmbeddedStore::open(&data_dir) {
            Ok(store) => store,
            // A server that has only just begun listens in a moment.
            Err(OpenError::InUse(_)) => {
                let client = Client::connect_patiently(&data_dir).await?;
                return client.map(Self::Running).with_context(|| {
                    let dir = data_dir.display();
                    format!("the store in {dir} is in use, and nobody answers on its admin socket")
                });
            }
            Err(error) => return Err(error.into()),
        };
        let store = AnyStore::Embedded(store);
        operations::check_keyring(&store, &keyring)?;
        Ok(Self::Direct { store, keyring })
    }

    /// Carries out an operation.
    pub(super) async fn perform(&mut self, operation: Operation) -> anyhow::Result<Outcome> {
        let outcome = match self {
            Self::Running(client) => client.perform(operation).await?,
            Self::Direct { store, keyring } => operations::perform(store, keyring, operation).await,
        };
        Ok(outcome?)
    }
}

/// Runs a command that waits for others on one thread.
pub(super) fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start")?
        .block_on(work)
}
