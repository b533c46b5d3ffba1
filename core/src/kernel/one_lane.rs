//! Single blocks by the compression functions in loops, each in one lane.

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
use super::arch::portable::Portable as Token;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use super::arch::wasm32::{Simd128 as Token, Words32, Words64};
use super::rolled::{compress1, compress256, compress512};
use super::vector::Vector;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
type Words32 = u32;
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
type Words64 = u64;

/// One block, in one lane.
macro_rules! block {
    ($name:ident, $compress:ident, $word:ty, $Words:ty, $length:literal) => {
        #[inline(never)]
        pub(super) fn $name(state: &mut [$word; $length], words: &[$word; 16]) {
            let token = Token::new();
            let mut lanes = state.map(|word| <$Words>::splat(token, word));
            let mut words = words.map(|word| <$Words>::splat(token, word));
            $compress(token, &mut lanes, &mut words);
            for (word, lane) in state.iter_mut().zip(lanes) {
                let mut out = [0; <$Words>::LANES];
                lane.store(&mut out);
                *word = out[0];
            }
        }
    };
}

block!(block1, compress1, u32, Words32, 5);
block!(block256, compress256, u32, Words32, 8);
block!(block512, compress512, u64, Words64, 8);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::constants::{SHA1_INITIAL, SHA256_INITIAL, SHA512_INITIAL};

    /// The words of a block of other bytes in each round.
    fn bytes<const N: usize>(round: u8) -> [u8; N] {
        core::array::from_fn(|at| round.wrapping_mul(29) ^ at.to_le_bytes()[0].wrapping_mul(7))
    }

    #[test]
    fn loops_compute_what_the_crates_do() {
        let (mut own1, mut own256, mut own512) = (SHA1_INITIAL, SHA256_INITIAL, SHA512_INITIAL);
        let (mut one, mut two, mut three) = (own1, own256, own512);
        for round in 0..20 {
            let (short, long) = (bytes::<64>(round), bytes::<128>(round));
            let words = core::array::from_fn(|at| u32::from_be_bytes(short.as_chunks().0[at]));
            block1(&mut own1, &words);
            block256(&mut own256, &words);
            block512(
                &mut own512,
                &core::array::from_fn(|at| u64::from_be_bytes(long.as_chunks().0[at])),
            );
            sha1::block_api::compress(&mut one, &[short]);
            sha2::block_api::compress256(&mut two, &[short]);
            sha2::block_api::compress512(&mut three, &[long]);
            assert_eq!((own1, own256, own512), (one, two, three));
        }
    }
}
