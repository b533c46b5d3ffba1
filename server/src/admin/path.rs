//! The path of the admin socket.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// The socket's name in the data directory.
const NAME: &str = "admin.sock";
/// The longest path that a socket address holds (`sun_path` without its NUL).
const LONGEST: usize = 107;

/// A path for binding or reaching the socket of a data directory, short enough
/// for a socket address.
pub(super) struct SocketPath {
    /// The path in the data directory.
    pub(super) real: PathBuf,
    /// The path in the socket address.
    pub(super) short: PathBuf,
    /// Kept open for as long as the short path goes through it.
    _directory: Option<File>,
}

impl SocketPath {
    pub(super) fn of(data_dir: &Path) -> io::Result<Self> {
        let real = data_dir.join(NAME);
        if real.as_os_str().len() <= LONGEST {
            return Ok(Self {
                short: real.clone(),
                real,
                _directory: None,
            });
        }
        Self::through_directory(data_dir, real)
    }

    /// On Linux an open directory has a short path under `/proc/self/fd`.
    #[cfg(target_os = "linux")]
    fn through_directory(data_dir: &Path, real: PathBuf) -> io::Result<Self> {
        use std::os::fd::AsRawFd;
        let directory = File::open(data_dir)?;
        let short = PathBuf::from(format!("/proc/self/fd/{}/{NAME}", directory.as_raw_fd()));
        Ok(Self {
            real,
            short,
            _directory: Some(directory),
        })
    }

    #[cfg(not(target_os = "linux"))]
    fn through_directory(_: &Path, _: PathBuf) -> io::Result<Self> {
        Err(io::Error::new(
            io::ErrorKind::InvalidFilename,
            "the path of the data directory is too long for the admin socket",
        ))
    }
}
