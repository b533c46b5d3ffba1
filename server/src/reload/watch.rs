//! Renewed PEM files: those of the certificate of all listeners, and of the
//! gateway's authorities.

use core::time::Duration;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use crate::options::ServeOptions;

/// How often the files are looked at. Files that have not changed since the last
/// time are read, so that those that are being written are not. It is not shorter
/// than the precision of the times in file systems.
pub(super) const POLL: Duration = Duration::from_secs(2);
/// After how many times a failed renewal is tried again if the files do not change.
const RETRY: u32 = 30;

/// PEM files that are renewed together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pem {
    /// `tls.certificates` and `tls.key`.
    Tls,
    /// `gateway.ca_certificates`.
    Authorities,
}

impl Pem {
    pub(super) const ALL: [Self; 2] = [Self::Tls, Self::Authorities];

    /// The files of a configuration.
    pub(super) fn files(self, options: &ServeOptions) -> Vec<PathBuf> {
        let config = &options.config;
        match self {
            Self::Tls => config
                .tls
                .iter()
                .flat_map(|tls| [&tls.certificates, &tls.key])
                .cloned()
                .collect(),
            Self::Authorities if options.demo => Vec::new(),
            Self::Authorities => {
                let gateways = config.gateways.iter();
                gateways
                    .filter_map(|gateway| gateway.ca_certificates.clone())
                    .collect()
            }
        }
    }

    /// The setting of what is renewed.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Tls => "tls.certificates",
            Self::Authorities => "gateway.ca_certificates",
        }
    }
}

/// What identifies a state of a file, also of one that a symbolic link now names;
/// `None` for one that is not there.
type Stamp = Option<[i64; 7]>;

/// What was seen of files.
#[derive(Debug, Default)]
pub(super) struct Seen {
    last: Option<Vec<Stamp>>,
    read: Option<Vec<Stamp>>,
    /// How often a failed renewal was not tried again since.
    waited: Option<u32>,
}

impl Seen {
    /// Looks at the files. Whether they are to be read now.
    pub(super) fn look(&mut self, files: &[PathBuf]) -> bool {
        let stamps: Vec<Stamp> = files.iter().map(stamp).collect();
        let is_settled = self.last.as_ref() == Some(&stamps);
        let is_read = self.read.as_ref() == Some(&stamps);
        self.last = Some(stamps);
        if let Some(waited) = &mut self.waited {
            *waited += 1;
        }
        let is_due = !is_read || self.waited >= Some(RETRY);
        if is_settled && is_due {
            self.read.clone_from(&self.last);
            self.waited = None;
        }
        is_settled && is_due
    }

    /// They could not be used.
    pub(super) fn failed(&mut self) {
        self.waited = Some(0);
    }
}

fn stamp(path: &PathBuf) -> Stamp {
    let metadata = std::fs::metadata(path).ok()?;
    let unsigned = |number: u64| i64::from_ne_bytes(number.to_ne_bytes());
    Some([
        unsigned(metadata.dev()),
        unsigned(metadata.ino()),
        unsigned(metadata.size()),
        metadata.mtime(),
        metadata.mtime_nsec(),
        metadata.ctime(),
        metadata.ctime_nsec(),
    ])
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn files_are_read_once_they_have_settled() {
        let dir = tempfile::tempdir().unwrap();
        let [one, other] = ["one", "other"].map(|name| dir.path().join(name));
        fs::write(&one, "1").unwrap();
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(&one, &link).unwrap();
        let files = [link.clone()];
        let mut seen = Seen::default();
        let mut looks = |count| -> Vec<bool> { (0..count).map(|_| seen.look(&files)).collect() };
        assert_eq!(looks(4), [false, true, false, false], "the first time");
        fs::write(&one, "22").unwrap();
        assert_eq!(looks(1), [false], "it is being written");
        fs::write(&one, "333").unwrap();
        assert_eq!(looks(3), [false, true, false], "written in place");
        fs::write(&other, "333").unwrap();
        let next = dir.path().join("next");
        std::os::unix::fs::symlink(&other, &next).unwrap();
        fs::rename(&next, &link).unwrap();
        assert_eq!(looks(3), [false, true, false], "another file");
        fs::remove_file(&other).unwrap();
        assert_eq!(looks(3), [false, true, false], "gone");
    }

    #[test]
    fn a_failure_is_tried_again() {
        let dir = tempfile::tempdir().unwrap();
        let files = [dir.path().join("one")];
        let mut seen = Seen::default();
        assert!(!seen.look(&files) && seen.look(&files));
        seen.failed();
        let looks: Vec<bool> = (0..RETRY).map(|_| seen.look(&files)).collect();
        assert_eq!(
            looks.iter().position(|is_due| *is_due),
            Some(looks.len() - 1)
        );
        assert!(!(0..RETRY * 2).any(|_| seen.look(&files)), "it succeeded");
    }
}
