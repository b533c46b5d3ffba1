//! SHA-1 (FIPS 180-4, section 6.1.2).

use crate::kernel::constants::K1;
use crate::kernel::vector::Vector;

/// One compression in each lane. `words` is the block and is overwritten.
#[inline(always)]
pub(crate) fn compress<V: Vector<Word = u32>>(
    token: V::Token,
    state: &mut [V; 5],
    words: &mut [V; 16],
) {
    let [mut a, mut b, mut c, mut d, mut e] = *state;
    // Hidden from the compiler, which would otherwise add the constants last,
    // on the critical path.
    let constants = K1.map(|word| V::splat(token, core::hint::black_box(word)));
    // The message word of a round, from the 17th on computed from four earlier
    // ones.
    macro_rules! word {
        ($round:expr) => {
            if $round < 16 {
                words[$round & 15]
            } else {
                let mixed = words[($round + 13) & 15]
                    .xor3(words[($round + 8) & 15], words[($round + 2) & 15])
                    .xor(words[$round & 15])
                    .rotate::<1, 31>();
                words[$round & 15] = mixed;
                mixed
            }
        };
    }
    macro_rules! round {
        ($a:ident $b:ident $c:ident $d:ident $e:ident, $round:expr) => {
            let mixed = match $round / 20 {
                0 => $b.choose($c, $d),
                2 => $b.majority($c, $d),
                _ => $b.xor3($c, $d),
            };
            $e = $e.add(constants[$round / 20]).add(word!($round)).add(mixed);
            $e = $e.add($a.rotate::<5, 27>());
            $b = $b.rotate::<30, 2>();
        };
    }
    macro_rules! rounds {
        ($($first:literal)*) => {$(
            round!(a b c d e, $first);
            round!(e a b c d, $first + 1);
            round!(d e a b c, $first + 2);
            round!(c d e a b, $first + 3);
            round!(b c d e a, $first + 4);
        )*};
    }
    rounds!(0 5 10 15 20 25 30 35 40 45 50 55 60 65 70 75);
    *state = [
        state[0].add(a),
        state[1].add(b),
        state[2].add(c),
        state[3].add(d),
        state[4].add(e),
    ];
}
