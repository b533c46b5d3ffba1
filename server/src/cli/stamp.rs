//! Stamps on the command line.

use mpass_core::store::Stamp;

pub(super) fn stamp(text: &str) -> Result<Stamp, String> {
    let stamp = text.parse();
    stamp.map_err(|_| "expected 16 hexadecimal digits".to_owned())
}
