//! The configuration file of a command.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use crate::config::Config;

/// Names the configuration file of commands without `--config`.
const VARIABLE: &str = "MPASS_CONFIG";

/// The option `--config` of every command that reads the configuration.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct ConfigArgs {
    /// Configuration file (TOML) [default: $MPASS_CONFIG, except with --demo]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl ConfigArgs {
    /// The configuration file. The demo takes none from the environment, so that it
    /// does not use the data of a server.
    pub(super) fn path(&self, is_demo: bool) -> Option<PathBuf> {
        self.config.clone().or_else(|| from_env(is_demo))
    }

    /// The configuration, or the defaults without a file.
    pub(super) fn load(&self, is_demo: bool) -> anyhow::Result<Config> {
        match self.path(is_demo) {
            None => Ok(Config::default()),
            Some(path) => self.named(is_demo, Config::load(&path)),
        }
    }

    /// Names the variable in an error about a file that is from there.
    pub(super) fn named<T>(&self, is_demo: bool, read: anyhow::Result<T>) -> anyhow::Result<T> {
        match self.config.is_none() && from_env(is_demo).is_some() {
            true => read.context(VARIABLE),
            false => read,
        }
    }
}

fn from_env(is_demo: bool) -> Option<PathBuf> {
    let path = std::env::var_os(VARIABLE);
    let path = path.filter(|path| !is_demo && !path.is_empty());
    path.map(PathBuf::from)
}
