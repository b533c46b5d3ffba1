//! Warnings about files: who can access them, and when certificates end.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tokio_rustls::rustls::pki_types::CertificateDer;

use super::Check;
use crate::certificate::{self, Left};
use crate::{clock, shown, time};

/// Permissions that a secret's file should not have: those of all others, and of the
/// group to write. A group may read it, such as that of a tool that renews it, or
/// because the group's bits show the mask of an access control list.
const OTHERS: u32 = 0o027;

impl Check<'_> {
    /// Warns of a secret's file that others can access. One that does not exist is
    /// reported where it is read, and so is one that is no file.
    pub(super) fn private(&mut self, setting: &str, path: &Path) {
        let Some(metadata) = fs::metadata(path).ok().filter(fs::Metadata::is_file) else {
            return;
        };
        let mode = metadata.permissions().mode() & 0o777;
        if mode & OTHERS != 0 {
            let name = shown::path(path);
            self.warning(format!(
                "{setting}: {name} has mode {mode:04o}, so other users can access it: chmod 600 it"
            ));
        }
    }

    /// Warns of certificates that end soon or have ended.
    pub(super) fn ends(&mut self, setting: &str, chain: &[CertificateDer<'_>]) {
        for (index, one) in (1..).zip(chain) {
            let what = match certificate::ends_at_ms(one) {
                None => "has an end that cannot be read".to_owned(),
                Some(ends_at_ms) => {
                    let when = time::seconds(ends_at_ms);
                    match certificate::left(ends_at_ms, clock::now_ms()) {
                        Left::Enough => continue,
                        Left::Weeks(days) | Left::Days(days) => {
                            format!("ends in {days} days, on {when}")
                        }
                        Left::Nothing => format!("has ended on {when}"),
                    }
                }
            };
            self.warning(format!("{setting}: certificate {index} of the file {what}"));
        }
    }
}
