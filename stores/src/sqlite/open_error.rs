//! Why a store was not opened.

use core::fmt;
use std::io;
use std::path::PathBuf;

use super::layout::LAYOUT;

/// Why a store was not opened. The cause is the source of the error and not in
/// its text.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// The directory is in use by another process, or by another store of this
    /// process.
    InUse(PathBuf),
    /// Other users can write to the directory, which has this mode.
    Shared(PathBuf, u32),
    /// Everybody can write to a directory above it, which has this mode.
    SharedAbove(PathBuf, u32),
    /// The directory belongs to another user, with this id.
    Foreign(PathBuf, u32),
    /// The file is not a store.
    Format(PathBuf),
    /// The file is a store of a layout that this version does not know.
    Layout(PathBuf, i32),
    /// The directory or a file in it cannot be created, opened or locked.
    Io(PathBuf, io::Error),
    /// The database failed.
    Database(PathBuf, rusqlite::Error),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse(dir) => {
                write!(f, "the store in {} is in use", dir.display())
            }
            Self::Shared(dir, mode) => write!(
                f,
                "the data directory {} has mode {mode:04o}, so other users can write to it: \
                 chmod 700 it",
                dir.display()
            ),
            Self::SharedAbove(dir, mode) => write!(
                f,
                "{} is above the data directory and has mode {mode:04o}, so every user can \
                 replace the data directory: chmod o-w it",
                dir.display()
            ),
            Self::Foreign(dir, user) => write!(
                f,
                "the data directory {} belongs to user {user}: run mpass as that user",
                dir.display()
            ),
            Self::Format(file) => {
                write!(f, "{} is not a store", file.display())
            }
            Self::Layout(file, layout) => write!(
                f,
                "the store {} has layout {layout}, and this version supports layouts up to {LAYOUT}: \
                 use a newer version",
                file.display()
            ),
            Self::Io(path, _) => write!(f, "cannot open {}", path.display()),
            Self::Database(path, _) => write!(f, "the database {} failed", path.display()),
        }
    }
}

impl core::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::InUse(_)
            | Self::Shared(..)
            | Self::SharedAbove(..)
            | Self::Foreign(..)
            | Self::Format(_)
            | Self::Layout(..) => None,
            Self::Io(_, error) => Some(error),
            Self::Database(_, error) => Some(error),
        }
    }
}
