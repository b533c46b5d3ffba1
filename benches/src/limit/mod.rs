//! The least that the work can cost on this machine: the compressions alone,
//! written for it by hand, without a key object, a code or a caller.
//!
//! They are what results are held against, not code to use: nothing is wiped,
//! and each is there for x86-64 with the instructions that it names.

// Each limit is for the processor's own instructions.
#![allow(unsafe_code)]
// An intrinsic takes the bits of an unsigned word as a signed one.
#![allow(clippy::cast_possible_wrap, clippy::cast_sign_loss)]

pub mod lanes;
pub mod sha_ni;

/// The SHA-1 states after the padded key block: inner and outer. For at most
/// 64 bytes of key.
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

/// The halves of a counter, the high one first.
fn halves(counter: u64) -> [u32; 2] {
    let [a, b, c, d, e, f, g, h] = counter.to_be_bytes();
    [
        u32::from_be_bytes([a, b, c, d]),
        u32::from_be_bytes([e, f, g, h]),
    ]
}
