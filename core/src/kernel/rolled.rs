//! The compression functions in loops: a sixth of the code of those without, and
//! slower. WebAssembly modules without `lanes` have them for everything: four codes
//! take as long as one, and a block is one lane.

use super::constants::{K1, K512};
use super::vector::Vector;

/// Whether the build has these alone.
pub(super) const ROLLED: bool = cfg!(all(
    not(feature = "lanes"),
    target_arch = "wasm32",
    target_feature = "simd128"
));

/// SHA-1 (FIPS 180-4, section 6.1.2) in each lane. `words` is the block and is
/// overwritten.
#[inline(never)]
pub(super) fn compress1<V: Vector<Word = u32>>(
    token: V::Token,
    state: &mut [V; 5],
    words: &mut [V; 16],
) {
    let [mut a, mut b, mut c, mut d, mut e] = *state;
    macro_rules! rounds {
        ($($mix:ident $part:literal)*) => {$(
            for round in 20 * $part..20 * $part + 20 {
                if round >= 16 {
                    let mixed = words[(round + 13) % 16]
                        .xor3(words[(round + 8) % 16], words[(round + 2) % 16])
                        .xor(words[round % 16]);
                    words[round % 16] = mixed.rotate::<1, 31>();
                }
                let sum = e
                    .add(b.$mix(c, d))
                    .add(V::splat(token, K1[$part]))
                    .add(words[round % 16])
                    .add(a.rotate::<5, 27>());
                (a, b, c, d, e) = (sum, a, b.rotate::<30, 2>(), c, d);
            }
        )*};
    }
    rounds!(choose 0 xor3 1 majority 2 xor3 3);
    for (sum, word) in state.iter_mut().zip([a, b, c, d, e]) {
        *sum = sum.add(word);
    }
}

macro_rules! rotated {
    ($vector:expr, ($left:literal $right:literal)) => {
        $vector.rotate::<$left, $right>()
    };
}

/// SHA-2 (FIPS 180-4, sections 6.2.2 and 6.4.2) in each lane. A rotation is given
/// as its distances to the left and to the right.
macro_rules! sha2 {
    (
        $name:ident, $word:ty, $rounds:literal, $constant:ident,
        big0 $a0:tt $a1:tt $a2:tt, big1 $b0:tt $b1:tt $b2:tt,
        small0 $c0:tt $c1:tt $c2:literal, small1 $d0:tt $d1:tt $d2:literal
    ) => {
        #[inline(never)]
        pub(super) fn $name<V: Vector<Word = $word>>(
            token: V::Token,
            state: &mut [V; 8],
            words: &mut [V; 16],
        ) {
            let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
            for round in 0..$rounds {
                if round >= 16 {
                    let (near, far) = (words[(round + 14) % 16], words[(round + 1) % 16]);
                    let near =
                        rotated!(near, $d0).xor3(rotated!(near, $d1), near.shift_right::<$d2>());
                    let far = rotated!(far, $c0).xor3(rotated!(far, $c1), far.shift_right::<$c2>());
                    let sum = words[round % 16].add(words[(round + 9) % 16]);
                    words[round % 16] = sum.add(far).add(near);
                }
                let sum = h
                    .add(rotated!(e, $b0).xor3(rotated!(e, $b1), rotated!(e, $b2)))
                    .add(e.choose(f, g))
                    .add(V::splat(token, $constant(round)))
                    .add(words[round % 16]);
                (h, g, f, e, d) = (g, f, e, d.add(sum), c);
                let sum = sum
                    .add(rotated!(a, $a0).xor3(rotated!(a, $a1), rotated!(a, $a2)))
                    .add(a.majority(b, d));
                (c, b, a) = (b, a, sum);
            }
            for (sum, word) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
                *sum = sum.add(word);
            }
        }
    };
}

/// The constant of a round of SHA-512.
#[inline(always)]
fn whole(round: usize) -> u64 {
    K512.as_flattened()[round]
}

/// That of SHA-256, the upper half.
#[inline(always)]
#[allow(clippy::cast_possible_truncation)]
fn upper(round: usize) -> u32 {
    (whole(round) >> 32) as u32
}

sha2!(
    compress256, u32, 64, upper,
    big0 (30 2) (19 13) (10 22), big1 (26 6) (21 11) (7 25),
    small0 (25 7) (14 18) 3, small1 (15 17) (13 19) 10
);
sha2!(
    compress512, u64, 80, whole,
    big0 (36 28) (30 34) (25 39), big1 (50 14) (46 18) (23 41),
    small0 (63 1) (56 8) 7, small1 (45 19) (3 61) 6
);
