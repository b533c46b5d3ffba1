//! Files with secrets.

use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::Context;
use zeroize::Zeroizing;

use super::output::warn;
use crate::shown;

/// The maximum size of a file.
const LONGEST: u64 = 16 * 1024;

/// Reads the file of an option, or standard input for `-`. Warns if other users can
/// read it.
pub(super) fn read(path: &Path, option: &str) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(4096));
    let read = match path.to_str() {
        Some("-") => std::io::stdin()
            .lock()
            .take(LONGEST)
            .read_to_end(&mut bytes),
        _ => File::open(path).and_then(|file| {
            warn_of_readers(&file, path)?;
            file.take(LONGEST).read_to_end(&mut bytes)
        }),
    };
    // A name that is no file's may be a secret in the wrong place.
    let is_file = path.to_str() == Some("-") || path.symlink_metadata().is_ok();
    read.with_context(|| match is_file {
        true => format!("cannot read {}", shown::path(path)),
        false => {
            format!("cannot read the file of {option}, which takes a file's name and not a secret")
        }
    })?;
    Ok(bytes)
}

/// Warns if other users can read a file with a secret.
fn warn_of_readers(file: &File, path: &Path) -> std::io::Result<()> {
    let metadata = file.metadata()?;
    if metadata.is_file() && metadata.permissions().mode() & 0o044 != 0 {
        let path = path.display();
        warn(&format!(
            "warning: other users can read the secret in {path}: chmod 600 it"
        ));
    }
    Ok(())
}
