//! Access to the data: through the server running on it, or directly.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Args;
use mpass_core::challenge::Keyring;

use super::output::warn;
use crate::admin::{Admitted, Client, Operation, Outcome, is_in_use, operations};
use crate::config::{Config, StoreKind};
use crate::keyring_source::{self, KeyringSource};
use crate::store::AnyStore;
use crate::{demo, directories, keyring_file};

/// The locations of the data and the keyring.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct DataArgs {
    /// Configuration file of the server
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
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

/// What performs an administrator's operations.
pub(super) enum Administration {
    /// The server running on the data directory.
    Running(Client),
    /// This process, which has the store open.
    Direct {
        store: AnyStore,
        keyring: Arc<Keyring>,
    },
}

impl Administration {
    /// Connects to the server running on the data directory, or opens the store
    /// if there is none.
    pub(super) async fn open(arguments: &DataArgs) -> anyhow::Result<Self> {
        let config = arguments.config()?;
        let data_dir = arguments.data_dir(&config)?;
        if let Some(client) = Client::connect(&data_dir).await? {
            return Ok(Self::Running(client));
        }
        if config.store == StoreKind::Memory {
            bail!("the configured store is in memory: start the server first");
        }
        let keyring = Arc::new(arguments.keyring(&config, &data_dir)?.keyring);
        let admitted = match Admitted::open(&data_dir, &keyring).await {
            Ok(admitted) => admitted,
            // A starting server is about to listen.
            Err(error) if is_in_use(&error) => {
                let client = Client::connect_patiently(&data_dir).await?;
                return client.map(Self::Running).with_context(|| {
                    let dir = data_dir.display();
                    format!("the store in {dir} is in use, but its admin socket does not respond")
                });
            }
            Err(error) => return Err(error),
        };
        for note in &admitted.notes {
            warn(note);
        }
        let store = admitted.store;
        Ok(Self::Direct { store, keyring })
    }

    /// Performs an operation.
    pub(super) async fn perform(&mut self, operation: Operation) -> anyhow::Result<Outcome> {
        let outcome = match self {
            Self::Running(client) => client.perform(operation).await?,
            Self::Direct { store, keyring } => operations::perform(store, keyring, operation).await,
        };
        Ok(outcome?)
    }
}

/// Runs an asynchronous command on one thread.
pub(super) fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?
        .block_on(work)
}
