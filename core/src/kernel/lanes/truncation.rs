//! The dynamic truncation of RFC 4226 section 5.3, in every lane at once.
//!
//! The offset of the four bytes is secret: words are selected by masks, and no
//! address or branch depends on it.

use crate::kernel::vector::Vector;

/// The 31 bits at the offset in the lowest four bits of `last`, the digest's
/// last word; `words` are its first five.
#[inline(always)]
pub(crate) fn of_32<V: Vector<Word = u32>>(token: V::Token, words: [V; 5], last: V) -> V {
    let bit8 = last.shift_left::<28>().sign();
    let bit4 = last.shift_left::<29>().sign();
    let bit2 = last.shift_left::<30>().sign();
    let bit1 = last.shift_left::<31>().sign();
    let kept = [
        bit8.choose(words[2], words[0]),
        bit8.choose(words[3], words[1]),
        bit8.choose(words[4], words[2]),
    ];
    let high = bit4.choose(kept[1], kept[0]);
    let low = bit4.choose(kept[2], kept[1]);
    let shifted = high.shift_left::<16>().or(low.shift_right::<16>());
    let high = bit2.choose(shifted, high);
    let low = bit2.choose(low.shift_left::<16>(), low);
    let shifted = high.shift_left::<8>().or(low.shift_right::<24>());
    bit1.choose(shifted, high).and(V::splat(token, 0x7fff_ffff))
}

/// As [`of_32`] for 64-bit words, three of which cover every offset.
#[inline(always)]
pub(crate) fn of_64<V: Vector<Word = u64>>(token: V::Token, words: [V; 3], last: V) -> V {
    let bit8 = last.shift_left::<60>().sign();
    let bit4 = last.shift_left::<61>().sign();
    let bit2 = last.shift_left::<62>().sign();
    let bit1 = last.shift_left::<63>().sign();
    let high = bit8.choose(words[1], words[0]);
    let low = bit8.choose(words[2], words[1]);
    let shifted = high.shift_left::<32>().or(low.shift_right::<32>());
    let high = bit4.choose(shifted, high);
    // From here on the four bytes are in the upper half.
    let high = bit2.choose(high.shift_left::<16>(), high);
    let high = bit1.choose(high.shift_left::<8>(), high);
    high.shift_right::<32>().and(V::splat(token, 0x7fff_ffff))
}
