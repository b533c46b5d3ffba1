//! What identifies a machine.

use std::fs;
use std::path::Path;

use base16ct::lower;
use ring::digest;

/// An identifier of the server on this machine with this data directory, which stays
/// the same over restarts, and in containers whatever their host names. Nothing of the
/// machine can be read from it. Two machines with the same one share a shard, and lose
/// nothing.
#[must_use]
pub fn machine_id(data_dir: &Path) -> String {
    let mut hash = digest::Context::new(&digest::SHA256);
    let id = fs::read("/etc/machine-id").unwrap_or_default();
    let path = fs::canonicalize(data_dir).unwrap_or_else(|_| data_dir.to_owned());
    for part in [&id, path.as_os_str().as_encoded_bytes()] {
        hash.update(&part.len().to_be_bytes());
        hash.update(part);
    }
    lower::encode_string(&hash.finish().as_ref()[..8])
}
