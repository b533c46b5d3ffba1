//! The keyring's storage: a file that only its owner can read, or the
//! environment.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::oath::exposed;
use mpass_stores::access;
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use crate::{entropy, plain_file, shown};

/// The environment variable that contains the keyring.
pub const TEXT_VARIABLE: &str = "MPASS_KEYRING";
/// The environment variable with the path of the keyring file.
pub const FILE_VARIABLE: &str = "MPASS_KEYRING_FILE";

/// A keyring of eight keys has some 700 bytes; there may be comments as well.
const LONGEST_FILE: u64 = 64 * 1024;
/// The names of temporary files: this, and random letters.
const TEMPORARY: &str = ".keyring-";
const RANDOM: usize = 6;
/// Permissions beyond the owner's.
const OTHERS: u32 = 0o077;

/// Whether [`load_or_create`] found the keyring or created it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It existed.
    Found,
    /// It is new.
    Created,
}

/// Reads the keyring in `MPASS_KEYRING`, if the variable is set.
///
/// # Errors
/// When its value is malformed.
pub fn from_env() -> anyhow::Result<Option<Keyring>> {
    let Some(text) = std::env::var_os(TEXT_VARIABLE) else {
        return Ok(None);
    };
    let text = Zeroizing::new(text.into_encoded_bytes());
    let text =
        core::str::from_utf8(&text).with_context(|| format!("{TEXT_VARIABLE} is not UTF-8"))?;
    let keyring = text
        .parse()
        .with_context(|| format!("{TEXT_VARIABLE} is malformed"))?;
    Ok(Some(keyring))
}

/// The path in `MPASS_KEYRING_FILE`, if the variable is set.
#[must_use]
pub fn path_from_env() -> Option<PathBuf> {
    std::env::var_os(FILE_VARIABLE).map(PathBuf::from)
}

/// Reads a keyring file.
///
/// # Errors
/// When the file cannot be read or is malformed, when it does not belong to the
/// current user, or when other users can read or write it.
pub fn load(path: &Path) -> anyhow::Result<Keyring> {
    let name = shown::path(path);
    let file = plain_file::open(path).with_context(|| format!("cannot read the keyring {name}"))?;
    // Of the open file, so that it cannot be replaced in between.
    let metadata = file
        .metadata()
        .with_context(|| format!("cannot read the keyring {name}"))?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & OTHERS != 0 {
        bail!(
            "the keyring {name} has mode {mode:04o}, so other users can access it: chmod 600 it, \
             and rotate the keys if anyone may have read it"
        );
    }
    ensure!(
        metadata.uid() == rustix::process::geteuid().as_raw(),
        "the keyring {name} belongs to user {}: run mpass as that user",
        metadata.uid()
    );
    let text = plain_file::text_of(file, LONGEST_FILE)
        .with_context(|| format!("cannot read the keyring {name}"))?;
    text.parse()
        .with_context(|| format!("the keyring {name} is malformed"))
}

/// Reads a keyring file, or creates a new one. The file is created atomically
/// with mode 0600, in a directory created with mode 0700, and never replaces
/// another.
///
/// # Errors
/// As [`load`]; when the file cannot be written.
pub fn load_or_create(path: &Path) -> anyhow::Result<(Keyring, Origin)> {
    let exists = path.try_exists();
    if exists.with_context(|| format!("cannot read the keyring {}", shown::path(path)))? {
        remove_leftovers(path);
        return Ok((load(path)?, Origin::Found));
    }
    let keyring = Keyring::generate(&*entropy::fresh()?);
    make_directory(path)?;
    let _lock = lock(path)?;
    let file = written(path, &keyring)?;
    match file.persist_noclobber(path) {
        Ok(_) => {
            sync_directory(path)?;
            Ok((keyring, Origin::Created))
        }
        // Another process was first; use its keyring.
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {
            Ok((load(path)?, Origin::Found))
        }
        Err(error) => Err(error.error)
            .with_context(|| format!("cannot write the keyring {}", shown::path(path))),
    }
}

/// Changes a keyring file, one process at a time.
///
/// # Errors
/// Those of `change`, and when the file cannot be read or replaced. It is unchanged
/// then.
pub fn change<T>(
    path: &Path,
    change: impl FnOnce(&mut Keyring) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let _lock = lock(path)?;
    let mut keyring = load(path)?;
    let changed = change(&mut keyring)?;
    save(path, &keyring)?;
    Ok(changed)
}

/// Makes a record key the one that seals.
///
/// # Errors
/// When the keyring does not have it.
pub fn activate(keyring: &mut Keyring, id: u16) -> anyhow::Result<()> {
    keyring.activate(id).map_err(|error| unknown(error, id))
}

/// Names the record key that a keyring does not have.
pub(crate) fn unknown(error: Error, id: u16) -> anyhow::Error {
    match error {
        Error::UnknownRecordKey => {
            anyhow::anyhow!("the keyring has no record key {id}: see mpass key list")
        }
        other => other.into(),
    }
}

/// Replaces a keyring file, durably and atomically.
///
/// # Errors
/// When the file cannot be written; the old one is kept.
pub fn save(path: &Path, keyring: &Keyring) -> anyhow::Result<()> {
    written(path, keyring)?
        .persist(path)
        .map_err(|error| error.error)
        .with_context(|| format!("cannot write the keyring {}", shown::path(path)))?;
    sync_directory(path)
}

/// Locks the directory of a keyring file against concurrent changes, and removes
/// the temporary files of changes that were interrupted.
///
/// # Errors
/// When the directory cannot be opened or locked.
pub fn lock(path: &Path) -> anyhow::Result<File> {
    let directory = File::open(directory_of(path));
    let locked = directory.and_then(|directory| directory.lock().map(|()| directory));
    let locked =
        locked.with_context(|| format!("cannot lock the keyring {}", shown::path(path)))?;
    remove_unlocked(path);
    Ok(locked)
}

/// Removes the temporary files of interrupted changes, which contain every key,
/// unless a change is in progress.
fn remove_leftovers(path: &Path) {
    if let Ok(directory) = File::open(directory_of(path))
        && directory.try_lock().is_ok()
    {
        remove_unlocked(path);
    }
}

/// A failure is no reason not to start: the directory may be read-only.
fn remove_unlocked(path: &Path) {
    let Ok(entries) = fs::read_dir(directory_of(path)) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let random = name.to_str().and_then(|name| name.strip_prefix(TEMPORARY));
        // A word such as `backup` is a name that somebody chose.
        let is_temporary = random.is_some_and(|random| {
            random.len() == RANDOM
                && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && !random.bytes().all(|byte| byte.is_ascii_lowercase())
        });
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_temporary && is_file && fs::remove_file(entry.path()).is_ok() {
            tracing::warn!("removed a temporary file of an interrupted change of the keyring");
        }
    }
}

/// Refuses a file that could not be created, without creating it.
///
/// # Errors
/// When its directory cannot be created or written.
pub(crate) fn check_directory(path: &Path) -> anyhow::Result<()> {
    access::create_in(directory_of(path))
        .with_context(|| format!("cannot write the keyring {}", shown::path(path)))
}

fn make_directory(path: &Path) -> anyhow::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory_of(path))
        .with_context(|| format!("cannot write the keyring {}", shown::path(path)))
}

/// Writes the keyring to a temporary file next to `path` and syncs it. The caller
/// has locked the directory.
fn written(path: &Path, keyring: &Keyring) -> anyhow::Result<NamedTempFile> {
    let context = || format!("cannot write the keyring {}", shown::path(path));
    make_directory(path)?;
    let mut file = tempfile::Builder::new()
        .prefix(TEMPORARY)
        .rand_bytes(RANDOM)
        .permissions(fs::Permissions::from_mode(0o600))
        .tempfile_in(directory_of(path))
        .with_context(context)?;
    let text = exposed(keyring.expose());
    file.write_all(text.as_bytes()).with_context(context)?;
    file.as_file().sync_all().with_context(context)?;
    Ok(file)
}

fn sync_directory(path: &Path) -> anyhow::Result<()> {
    let directory = directory_of(path);
    File::open(directory)
        .and_then(|directory| directory.sync_all())
        .with_context(|| format!("cannot sync {}", directory.display()))
}

fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(keyring: &Keyring) -> String {
        keyring.expose().to_string()
    }

    #[test]
    fn created_once_for_its_owner() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b/keyring");
        let (made, origin) = load_or_create(&path).unwrap();
        assert_eq!(origin, Origin::Created);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(&dir.path().join("a/b")), 0o700);
        let (found, origin) = load_or_create(&path).unwrap();
        assert_eq!((text(&found), origin), (text(&made), Origin::Found));
        let names = fs::read_dir(dir.path().join("a/b")).unwrap().count();
        assert_eq!(names, 1, "nothing else is left behind");
    }

    #[test]
    fn saved_in_place() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keyring");
        let (mut keyring, _) = load_or_create(&path).unwrap();
        let id = keyring.add(&[1; 32]).unwrap();
        keyring.activate(id).unwrap();
        save(&path, &keyring).unwrap();
        assert_eq!(text(&load(&path).unwrap()), text(&keyring));
    }

    /// As a rotation leaves it that is killed before the rename.
    #[test]
    fn temporary_files_of_killed_changes_are_removed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keyring");
        let (keyring, _) = load_or_create(&path).unwrap();
        let leave = || {
            let temporary = written(&path, &keyring).unwrap().keep().unwrap().1;
            let left = dir.path().join(".keyring-aB3xY9");
            fs::rename(temporary, &left).unwrap();
            left
        };
        let kept = [".keyring-", ".keyring-backup", ".keyring-a.bcde", "x"];
        for name in kept {
            fs::write(dir.path().join(name), "").unwrap();
        }
        let left = leave();
        load_or_create(&path).unwrap();
        assert!(!left.exists(), "the next start");
        let left = leave();
        let locked = lock(&path).unwrap();
        assert!(!left.exists(), "the next change");
        let left = leave();
        load_or_create(&path).unwrap();
        assert!(left.exists(), "a change is in progress");
        drop(locked);
        for name in kept {
            assert!(dir.path().join(name).exists(), "{name}");
        }
    }

    #[test]
    fn files_that_others_can_access_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keyring");
        load_or_create(&path).unwrap();
        for mode in [0o604, 0o640, 0o602, 0o660, 0o610] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = load(&path).unwrap_err().to_string();
            assert!(error.contains(&format!("{mode:04o}")), "{error}");
            assert!(!error.contains('\n'), "{error}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        assert!(load(&path).is_ok());
    }

    #[test]
    fn malformed_files_are_left_unchanged() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keyring");
        fs::write(&path, "something else").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(load_or_create(&path).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "something else");
        assert!(load_or_create(dir.path()).is_err());
    }
}
