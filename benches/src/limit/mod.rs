//! Lower bounds for this machine: hand-written compressions alone, without key
//! objects, codes or API.
//!
//! They are references for results, not for use: nothing is wiped, and each
//! requires x86-64 with particular instructions.

// Each bound uses processor-specific instructions.
#![allow(unsafe_code)]
// Intrinsics take unsigned words as signed ones.
#![allow(clippy::cast_possible_wrap, clippy::cast_sign_loss)]

pub mod lanes;
pub mod sha_ni;

/// The inner and outer SHA-1 states after the padded key block, for keys of at
/// most 64 bytes.
#[must_use]
pub fn sha1_states(key: &[u8]) -> [[u32; 5]; 2] {
    [0x36, 0x5c].map(|pad| {
        let mut block = [pad; 64];
        for (byte, key) in block.iter_mut().zip(key) {
            *byte ^= key;
        }
        let mut state = SHA1_INITIAL;
        sha1::block_api::compress(&mut state, &[block]);
        state
    })
}

const SHA1_INITIAL: [u32; 5] = [
    0x6745_2301,
    0xefcd_ab89,
    0x98ba_dcfe,
    0x1032_5476,
    0xc3d2_e1f0,
];

/// The halves of a counter, upper half first.
fn halves(counter: u64) -> [u32; 2] {
    let [a, b, c, d, e, f, g, h] = counter.to_be_bytes();
    [
        u32::from_be_bytes([a, b, c, d]),
        u32::from_be_bytes([e, f, g, h]),
    ]
}
