//! The configuration file of a command.

use std::ffi::OsString;
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
    /// The configuration file, and whether the environment names it. The demo
    /// takes none from there, so that it does not use the data of a server.
    pub(super) fn path(&self, is_demo: bool) -> Option<(PathBuf, bool)> {
        if let Some(path) = &self.config {
            return Some((path.clone(), false));
        }
        let named = |path: &OsString| !is_demo && !path.is_empty();
        let path = std::env::var_os(VARIABLE).filter(named)?;
        Some((path.into(), true))
    }

    /// The configuration, or the defaults without a file. Errors name the
    /// variable if the file is from there.
    pub(super) fn load(&self, is_demo: bool) -> anyhow::Result<Config> {
        match self.path(is_demo) {
            None => Ok(Config::default()),
            Some((path, false)) => Config::load(&path),
            Some((path, true)) => Config::load(&path).context(VARIABLE),
        }
    }
}
