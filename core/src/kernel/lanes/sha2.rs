//! SHA-256 and SHA-512 (FIPS 180-4, sections 6.2.2 and 6.4.2): one algorithm
//! over 32-bit and 64-bit words.

use crate::kernel::constants::{K256, K512};
use crate::kernel::vector::Vector;

macro_rules! rotated {
    ($vector:expr, ($left:literal $right:literal)) => {
        $vector.rotate::<$left, $right>()
    };
}

/// The compression function of either. A rotation is given as its distances to
/// the left and to the right.
macro_rules! sha2 {
    (
        $name:ident, $word:ty, $table:ident,
        big0 $a0:tt $a1:tt $a2:tt, big1 $b0:tt $b1:tt $b2:tt,
        small0 $c0:tt $c1:tt $c2:literal, small1 $d0:tt $d1:tt $d2:literal
    ) => {
        /// One compression in each lane. `words` is the block and is
        /// overwritten.
        #[inline(always)]
        pub(crate) fn $name<V: Vector<Word = $word>>(
            token: V::Token,
            state: &mut [V; 8],
            words: &mut [V; 16],
        ) {
            let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
            macro_rules! mix {
                ($index:literal) => {{
                    let (near, far) = (words[($index + 14) & 15], words[($index + 1) & 15]);
                    let near = rotated!(near, $d0).xor3(rotated!(near, $d1), near.shift_right::<$d2>());
                    let far = rotated!(far, $c0).xor3(rotated!(far, $c1), far.shift_right::<$c2>());
                    let sum = words[$index].add(words[($index + 9) & 15]);
                    words[$index] = sum.add(far).add(near);
                }};
            }
            macro_rules! round {
                ($a:ident $b:ident $c:ident $d:ident $e:ident $f:ident $g:ident $h:ident, $index:literal, $constants:expr) => {
                    let sum = $h.add(V::splat(token, $constants[$index])).add(words[$index]);
                    let sum = sum.add($e.choose($f, $g));
                    let sum = sum.add(rotated!($e, $b0).xor3(rotated!($e, $b1), rotated!($e, $b2)));
                    $d = $d.add(sum);
                    let sum = sum.add($a.majority($b, $c));
                    $h = sum.add(rotated!($a, $a0).xor3(rotated!($a, $a1), rotated!($a, $a2)));
                };
            }
            macro_rules! rounds {
                ($constants:expr) => {
                    round!(a b c d e f g h, 0, $constants);
                    round!(h a b c d e f g, 1, $constants);
                    round!(g h a b c d e f, 2, $constants);
                    round!(f g h a b c d e, 3, $constants);
                    round!(e f g h a b c d, 4, $constants);
                    round!(d e f g h a b c, 5, $constants);
                    round!(c d e f g h a b, 6, $constants);
                    round!(b c d e f g h a, 7, $constants);
                    round!(a b c d e f g h, 8, $constants);
                    round!(h a b c d e f g, 9, $constants);
                    round!(g h a b c d e f, 10, $constants);
                    round!(f g h a b c d e, 11, $constants);
                    round!(e f g h a b c d, 12, $constants);
                    round!(d e f g h a b c, 13, $constants);
                    round!(c d e f g h a b, 14, $constants);
                    round!(b c d e f g h a, 15, $constants);
                };
            }
            rounds!($table[0]);
            for constants in &$table[1..] {
                mix!(0);
                mix!(1);
                mix!(2);
                mix!(3);
                mix!(4);
                mix!(5);
                mix!(6);
                mix!(7);
                mix!(8);
                mix!(9);
                mix!(10);
                mix!(11);
                mix!(12);
                mix!(13);
                mix!(14);
                mix!(15);
                rounds!(constants);
            }
            *state = [
                state[0].add(a),
                state[1].add(b),
                state[2].add(c),
                state[3].add(d),
                state[4].add(e),
                state[5].add(f),
                state[6].add(g),
                state[7].add(h),
            ];
        }
    };
}

sha2!(
    compress256, u32, K256,
    big0 (30 2) (19 13) (10 22), big1 (26 6) (21 11) (7 25),
    small0 (25 7) (14 18) 3, small1 (15 17) (13 19) 10
);
sha2!(
    compress512, u64, K512,
    big0 (36 28) (30 34) (25 39), big1 (50 14) (46 18) (23 41),
    small0 (63 1) (56 8) 7, small1 (45 19) (3 61) 6
);
