//! Unambiguous MACs over lists of parts.

use crate::kernel::{Digest, Prepared};
use crate::labels::Label;

/// The MAC of `parts` under a label. Label and parts are prefixed with their
/// lengths, so that different lists never produce the same input.
pub(crate) fn framed_mac<R, const N: usize>(
    key: &Prepared,
    label: Label<R>,
    parts: [&[u8]; N],
) -> Digest {
    let label = label.bytes();
    let lengths = parts.map(|part| (part.len() as u64).to_be_bytes());
    let mut framed: [[&[u8]; 2]; N] = [[&[]; 2]; N];
    for ((slot, length), part) in framed.iter_mut().zip(&lengths).zip(parts) {
        *slot = [length, part];
    }
    let head: [&[u8]; 2] = [&label_length(label), label];
    key.mac_iter(
        head.into_iter()
            .chain(framed.as_flattened().iter().copied()),
    )
}

/// As [`framed_mac`], for any number of parts.
#[cfg(feature = "alloc")]
pub(crate) fn framed_mac_of_all(key: &Prepared, label: &[u8], parts: &[&[u8]]) -> Digest {
    let lengths: alloc::vec::Vec<_> = parts
        .iter()
        .map(|part| (part.len() as u64).to_be_bytes())
        .collect();
    let framed = lengths.iter().zip(parts);
    let framed = framed.flat_map(|(length, part)| [&length[..], *part]);
    let head: [&[u8]; 2] = [&label_length(label), label];
    key.mac_iter(head.into_iter().chain(framed))
}

/// The length of a label. Labels have at most 255 bytes.
fn label_length(label: &[u8]) -> [u8; 1] {
    [u8::try_from(label.len()).unwrap_or(u8::MAX)]
}
