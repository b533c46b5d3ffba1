//! What the process may do to files and directories, asked without doing it.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::Access;

/// The permission of everybody to write.
const OF_EVERYBODY: u32 = 0o002;
/// Only the owner of an entry may rename or remove it.
const STICKY: u32 = 0o1000;

/// Whether a file can be read and written.
///
/// # Errors
/// The reason why not.
pub fn read_write(file: &Path) -> io::Result<()> {
    allowed(file, Access::READ_OK | Access::WRITE_OK)
}

/// Whether files can be created in a directory, which is created itself if it does
/// not exist.
///
/// # Errors
/// The reason why not.
pub fn create_in(directory: &Path) -> io::Result<()> {
    let Some(existing) = existing(directory)? else {
        return Ok(());
    };
    match existing.is_dir() {
        true => allowed(&existing, Access::WRITE_OK | Access::EXEC_OK),
        false => Err(io::ErrorKind::NotADirectory.into()),
    }
}

fn allowed(path: &Path, access: Access) -> io::Result<()> {
    // For the real user, which is also the effective one: mpass is not set-user-ID.
    Ok(rustix::fs::access(path, access)?)
}

/// A directory above this one, through symbolic links, in which everybody may
/// replace what it contains, with its mode.
///
/// # Errors
/// When one cannot be examined.
pub fn above_that_everybody_changes(directory: &Path) -> io::Result<Option<(PathBuf, u32)>> {
    let Some(existing) = existing(directory)? else {
        return Ok(None);
    };
    let real = existing.canonicalize()?;
    // The directory itself has stricter rules, but one that is to be created does not
    // have its mode yet.
    let is_there = existing == std::path::absolute(directory)?;
    for above in real.ancestors().skip(usize::from(is_there)) {
        let mode = fs::metadata(above)?.permissions().mode() & 0o7777;
        if mode & OF_EVERYBODY != 0 && mode & STICKY == 0 {
            return Ok(Some((above.to_owned(), mode)));
        }
    }
    Ok(None)
}

/// The nearest existing path at or above this one.
fn existing(path: &Path) -> io::Result<Option<PathBuf>> {
    let path = std::path::absolute(path)?;
    for above in path.ancestors() {
        match above.symlink_metadata() {
            Ok(_) => return Ok(Some(above.to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn directories_that_can_be_created() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(create_in(&dir.path().join("a/b")).is_ok());
        assert!(!dir.path().join("a").exists(), "nothing is created");
        for odd in [file.clone(), file.join("below")] {
            let error = create_in(&odd).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::NotADirectory);
        }
        assert!(read_write(&file).is_ok());
        assert!(read_write(&dir.path().join("none")).is_err());
        assert!(create_in(Path::new("")).is_err());
        // Root may do everything, except on a file system that nobody may write to.
        if !rustix::process::geteuid().is_root() {
            mode(dir.path(), 0o500);
            assert!(create_in(&dir.path().join("a")).is_err());
            mode(dir.path(), 0o700);
        }
    }

    #[test]
    fn directories_above() {
        let dir = tempfile::tempdir().unwrap();
        let (above, data) = (dir.path().join("above"), dir.path().join("above/data"));
        fs::create_dir_all(&data).unwrap();
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(&data, &link).unwrap();
        let real = above.canonicalize().unwrap();
        let paths = [&data, &link, &data.join("none"), &above.join("none/none")];
        for (mode_of_above, is_found) in [(0o755, false), (0o1777, false), (0o777, true)] {
            mode(&above, mode_of_above);
            for path in paths {
                let found = above_that_everybody_changes(path).unwrap();
                let expected = is_found.then(|| (real.clone(), mode_of_above));
                assert_eq!(found, expected, "{}", path.display());
            }
        }
        // Its own mode is another matter.
        mode(&above, 0o755);
        mode(&data, 0o777);
        assert_eq!(above_that_everybody_changes(&data).unwrap(), None);
    }
}
