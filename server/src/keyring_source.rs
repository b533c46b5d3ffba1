//! The source of a server's keyring: the environment, the configured file, or
//! the default file.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use mpass_core::challenge::Keyring;

use crate::config::Config;
use crate::directories::default_keyring_file;
use crate::keyring_file::{self, FILE_VARIABLE, Origin, TEXT_VARIABLE};
use crate::shown;
use crate::store_config::StoreKind;

/// The name of the demo's keyring in its data directory.
pub(crate) const DEMO_FILE: &str = "keyring";

/// A keyring with its source.
#[derive(Debug)]
pub struct KeyringSource {
    /// The keyring.
    pub keyring: Keyring,
    /// Its file; `None` when it is in the environment.
    pub file: Option<PathBuf>,
    /// Whether the file is new.
    pub origin: Origin,
}

/// Opens the keyring of the server whose data is in `data_dir`, and creates it
/// if there is neither a keyring nor data yet. In order of precedence:
/// `MPASS_KEYRING`, the file in `MPASS_KEYRING_FILE`, the configured file, the
/// demo's in its data directory, the default file.
///
/// # Errors
/// Those of [`keyring_file::load_or_create`]; when the file would be in the
/// data directory of a server other than the demo, where one backup would
/// contain both; when there is data but no keyring.
pub fn open(config: &Config, data_dir: &Path, is_demo: bool) -> anyhow::Result<KeyringSource> {
    if let Some(keyring) = keyring_file::from_env()? {
        return Ok(KeyringSource {
            keyring,
            file: None,
            origin: Origin::Found,
        });
    }
    let file = located_apart(config, data_dir, is_demo)?;
    open_file(file, config, data_dir)
}

/// Whether the keyring is the file that the configuration names.
pub(crate) fn is_of_configuration(config: &Config) -> bool {
    let variables = [TEXT_VARIABLE, FILE_VARIABLE];
    config.keyring.file.is_some()
        && variables
            .iter()
            .all(|name| std::env::var_os(name).is_none())
}

/// The keyring that [`open`] would open; `None` if it would create one.
///
/// # Errors
/// As [`open`], also when it could not create one.
pub(crate) fn present(
    config: &Config,
    data_dir: &Path,
    is_demo: bool,
) -> anyhow::Result<Option<Keyring>> {
    if let Some(keyring) = keyring_file::from_env()? {
        return Ok(Some(keyring));
    }
    let file = located_apart(config, data_dir, is_demo)?;
    match exists(&file, config, data_dir)? {
        true => keyring_file::load(&file).map(Some),
        false => keyring_file::check_directory(&file).map(|()| None),
    }
}

/// The file of the keyring, outside of the data directory.
fn located_apart(config: &Config, data_dir: &Path, is_demo: bool) -> anyhow::Result<PathBuf> {
    let file = locate(config, data_dir, is_demo)?;
    if !is_demo && is_inside(&file, data_dir)? {
        bail!(
            "the keyring {} is inside the data directory, where one backup would contain both: move it elsewhere",
            shown::path(&file)
        );
    }
    Ok(file)
}

/// Opens a keyring file, and creates it if there is no data yet.
///
/// # Errors
/// Those of [`keyring_file::load_or_create`]; when there is data but no keyring.
pub fn open_file(file: PathBuf, config: &Config, data_dir: &Path) -> anyhow::Result<KeyringSource> {
    exists(&file, config, data_dir)?;
    let (keyring, origin) = keyring_file::load_or_create(&file)?;
    Ok(KeyringSource {
        keyring,
        file: Some(file),
        origin,
    })
}

/// Whether there is a keyring file. There must be one if there is data.
fn exists(file: &Path, config: &Config, data_dir: &Path) -> anyhow::Result<bool> {
    // In this order: a server that starts at the same time creates the keyring
    // before the data.
    let has_data = config.store == StoreKind::Embedded && has_data(data_dir)?;
    let exists = file.try_exists();
    let exists =
        exists.with_context(|| format!("cannot read the keyring {}", shown::path(file)))?;
    if has_data && !exists {
        bail!(
            "{} contains data, but there is no keyring at {}, and a new one could not read it: \
             restore the keyring, set --keyring, keyring.file or {TEXT_VARIABLE}, or remove the data",
            data_dir.display(),
            shown::path(file)
        );
    }
    Ok(exists)
}

/// The file of the keyring, which may not exist yet.
///
/// # Errors
/// When no file is named and there is no home directory.
pub fn locate(config: &Config, data_dir: &Path, is_demo: bool) -> anyhow::Result<PathBuf> {
    let named = keyring_file::path_from_env().or_else(|| config.keyring.file.clone());
    match named {
        Some(file) => Ok(file),
        None if is_demo => Ok(data_dir.join(DEMO_FILE)),
        None => default_keyring_file(),
    }
}

/// Whether the directory contains a file. Other entries, such as the demo's
/// directory or a stale socket, are not data.
fn has_data(data_dir: &Path) -> anyhow::Result<bool> {
    if !data_dir.try_exists()? {
        return Ok(false);
    }
    let context = || format!("cannot read {}", data_dir.display());
    for entry in std::fs::read_dir(data_dir).with_context(context)? {
        if entry
            .with_context(context)?
            .file_type()
            .with_context(context)?
            .is_file()
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a file, existing or not, is inside a directory.
fn is_inside(file: &Path, directory: &Path) -> anyhow::Result<bool> {
    Ok(resolved(file)?.starts_with(resolved(directory)?))
}

/// Resolves symbolic links in the existing part of a path.
fn resolved(path: &Path) -> anyhow::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    for existing in path.ancestors() {
        if let Ok(real) = existing.canonicalize() {
            return Ok(real.join(path.strip_prefix(existing)?));
        }
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(file: &Path) -> Config {
        let mut config = Config::default();
        config.keyring.file = Some(file.to_owned());
        config
    }

    #[test]
    fn only_the_demo_keeps_the_keyring_in_the_data_directory() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        std::fs::create_dir(&data).unwrap();
        std::os::unix::fs::symlink(&data, dir.path().join("link")).unwrap();
        for inside in [
            "data/keyring",
            "data/a/keyring",
            "link/keyring",
            "data/../data/k",
        ] {
            let error = open(&config(&dir.path().join(inside)), &data, false).unwrap_err();
            assert!(
                error.to_string().contains("inside the data directory"),
                "{error}"
            );
        }
        let opened = open(&config(&dir.path().join("keyring")), &data, false).unwrap();
        assert_eq!(opened.origin, Origin::Created);
        let opened = open(&Config::default(), &data, true).unwrap();
        assert_eq!(opened.file, Some(data.join("keyring")));
    }

    #[test]
    fn no_new_keyring_for_existing_data() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        std::fs::create_dir(&data).unwrap();
        std::fs::write(data.join("store"), "x").unwrap();
        let config = config(&dir.path().join("keyring"));
        let error = open(&config, &data, false).unwrap_err().to_string();
        assert!(error.contains("restore"), "{error}");
        assert!(!dir.path().join("keyring").exists());
        let memory = Config {
            store: StoreKind::Memory,
            ..config
        };
        assert!(open(&memory, &data, false).is_ok());
    }
}
