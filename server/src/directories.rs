//! The default locations of the data and the keyring.

use std::path::PathBuf;

use anyhow::Context;
use etcetera::BaseStrategy;
use etcetera::base_strategy::Xdg;

/// The default data directory: `$XDG_DATA_HOME/mpass` or
/// `~/.local/share/mpass`.
///
/// # Errors
/// When there is no home directory.
pub(crate) fn default_data_dir() -> anyhow::Result<PathBuf> {
    let base = Xdg::new().context("no home directory: set --data-dir")?;
    Ok(base.data_dir().join("mpass"))
}

/// The default keyring file: `$XDG_CONFIG_HOME/mpass/keyring` or
/// `~/.config/mpass/keyring`.
///
/// # Errors
/// When there is no home directory.
pub(crate) fn default_keyring_file() -> anyhow::Result<PathBuf> {
    let base = Xdg::new().context("no home directory: set keyring.file in the configuration")?;
    Ok(base.config_dir().join("mpass").join("keyring"))
}
