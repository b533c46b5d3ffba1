//! Reading the files that the configuration names: never waiting for a writer, and
//! never more than their content can be.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;
use zeroize::Zeroizing;

/// Opens a file for reading. A pipe that nobody writes to is not waited for.
///
/// # Errors
/// Also when it is a directory, a pipe, a socket or a device.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let flags = i32::from_ne_bytes(OFlags::NONBLOCK.bits().to_ne_bytes());
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(flags)
        .open(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    if !kind.is_file() {
        return Err(io::Error::other("it is a pipe, a socket or a device"));
    }
    Ok(file)
}

/// Reads a file of at most `longest` bytes.
///
/// # Errors
/// Those of [`open`]; when the file is longer.
pub(crate) fn read(path: &Path, longest: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    read_all(open(path)?, longest)
}

/// Reads a text of at most `longest` bytes.
///
/// # Errors
/// Those of [`read`]; when it is not UTF-8.
pub(crate) fn read_text(path: &Path, longest: u64) -> io::Result<Zeroizing<String>> {
    text_of(open(path)?, longest)
}

/// The text of an open file, of at most `longest` bytes.
///
/// # Errors
/// When it is longer or not UTF-8.
pub(crate) fn text_of(file: File, longest: u64) -> io::Result<Zeroizing<String>> {
    text(read_all(file, longest)?)
}

/// Reads a text of at most `longest` bytes from whatever a path names, also from a
/// pipe, which is waited for.
///
/// # Errors
/// Those of [`read_text`].
pub(crate) fn read_stream(path: &Path, longest: u64) -> io::Result<Zeroizing<String>> {
    text_of(File::open(path)?, longest)
}

fn read_all(file: File, longest: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    file.take(longest + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > longest {
        true => Err(io::Error::other(format!(
            "it is longer than {longest} bytes"
        ))),
        false => Ok(bytes),
    }
}

fn text(bytes: Zeroizing<Vec<u8>>) -> io::Result<Zeroizing<String>> {
    let text = core::str::from_utf8(&bytes).map_err(|_| io::Error::other("it is not UTF-8"))?;
    Ok(Zeroizing::new(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use rustix::fs::{CWD, FileType, Mode, mknodat};

    use super::*;

    #[test]
    fn only_files_and_no_more_than_their_length() {
        let dir = tempfile::tempdir().unwrap();
        let [file, pipe] = ["file", "pipe"].map(|name| dir.path().join(name));
        std::fs::write(&file, "four").unwrap();
        mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        assert_eq!(*read_text(&file, 4).unwrap(), "four");
        let error = |path: &Path, longest| read_text(path, longest).unwrap_err().to_string();
        assert_eq!(error(&file, 3), "it is longer than 3 bytes");
        for odd in [&pipe, Path::new("/dev/zero")] {
            assert_eq!(error(odd, 3), "it is a pipe, a socket or a device");
        }
        assert!(read(dir.path(), 3).is_err());
        assert!(read_stream(Path::new("/dev/zero"), 3).is_err());
        std::fs::write(&file, b"\xff").unwrap();
        assert_eq!(error(&file, 4), "it is not UTF-8");
        assert_eq!(*read(&file, 4).unwrap(), b"\xff");
    }
}
