//! SHA-256.

use core::arch::asm;

use super::{Order, ShaNi};
use crate::kernel::constants::{K256, SHA256_INITIAL};

/// Reverses the bytes of each word.
static ORDER: Order = Order([3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12]);

/// The rounds of SHA-256 on `xmm1` (a b e f) and `xmm2` (c d g h), with the
/// block in `xmm3` to `xmm6`, first word lowest. Clobbers `xmm0` and `xmm7` to
/// `xmm9`.
macro_rules! rounds256 {
    () => {
        concat!(
            "movdqa xmm8, xmm1
            movdqa xmm9, xmm2
            ",
            rounds256!(@kept xmm3, "0"),
            rounds256!(@kept xmm4, "16"),
            rounds256!(@kept xmm5, "32"),
            rounds256!(@kept xmm6, "48"),
            rounds256!(@four "64" "80" "96" "112"),
            rounds256!(@four "128" "144" "160" "176"),
            rounds256!(@four "192" "208" "224" "240"),
            "paddd xmm1, xmm8
            paddd xmm2, xmm9
            "
        )
    };
    (@kept $words:ident, $at:literal) => {
        concat!(
            "movdqu xmm0, [{k} + ", $at, "]
            paddd xmm0, ", stringify!($words), "
            sha256rnds2 xmm2, xmm1
            pshufd xmm0, xmm0, 0x0e
            sha256rnds2 xmm1, xmm2
            "
        )
    };
    (@mixed $a:ident $b:ident $c:ident $d:ident, $at:literal) => {
        concat!(
            "movdqa xmm7, ", stringify!($d), "
            palignr xmm7, ", stringify!($c), ", 4
            sha256msg1 ", stringify!($a), ", ", stringify!($b), "
            paddd ", stringify!($a), ", xmm7
            sha256msg2 ", stringify!($a), ", ", stringify!($d), "
            ",
            rounds256!(@kept $a, $at)
        )
    };
    (@four $k0:literal $k1:literal $k2:literal $k3:literal) => {
        concat!(
            rounds256!(@mixed xmm3 xmm4 xmm5 xmm6, $k0),
            rounds256!(@mixed xmm4 xmm5 xmm6 xmm3, $k1),
            rounds256!(@mixed xmm5 xmm6 xmm3 xmm4, $k2),
            rounds256!(@mixed xmm6 xmm3 xmm4 xmm5, $k3),
        )
    };
}

/// Loads the state at a pointer into `xmm1` and `xmm2`.
macro_rules! load256 {
    ($state:literal) => {
        concat!(
            "movdqu xmm1, [",
            $state,
            "]
            movdqu xmm2, [",
            $state,
            " + 16]
            pshufd xmm1, xmm1, 0xb1
            pshufd xmm2, xmm2, 0x1b
            movdqa xmm7, xmm1
            palignr xmm1, xmm2, 8
            pblendw xmm2, xmm7, 0xf0
            "
        )
    };
}

/// Reorders `xmm1` and `xmm2` to the order of the state, which is also that of
/// a block's words.
macro_rules! straighten256 {
    () => {
        "pshufd xmm1, xmm1, 0x1b
        pshufd xmm2, xmm2, 0xb1
        movdqa xmm7, xmm1
        pblendw xmm1, xmm2, 0xf0
        palignr xmm2, xmm7, 8
        "
    };
}

impl ShaNi {
    /// One compression of SHA-256.
    #[inline(never)]
    pub(in crate::kernel) fn compress256(self, state: &mut [u32; 8], block: &[u8; 64]) {
        // SAFETY: as in `compress1`, with 32 bytes at `state`; at `k` are the
        // 256 of the table.
        unsafe {
            kernel!(
                self,
                [
                    load_block!(),
                    load256!("{state}"),
                    rounds256!(),
                    straighten256!(),
                    "movdqu [{state}], xmm1
                    movdqu [{state} + 16], xmm2",
                ],
                state = in(reg) state.as_mut_ptr(),
                block = in(reg) block.as_ptr(),
                order = in(reg) ORDER.0.as_ptr(),
                k = in(reg) K256.as_ptr(),
            );
        }
    }

    /// SHA-256 of a message of at most 16 bytes: `low` and `high` are its bytes
    /// as little-endian integers including the padding bit; `next` holds the
    /// padding bit if it follows all 16 bytes. They are passed in
    /// general-purpose registers because loading a block just written piecewise
    /// would stall.
    #[inline(never)]
    pub(in crate::kernel) fn short256(
        self,
        [low, high]: [u64; 2],
        next: u32,
        bits: u32,
    ) -> [u8; 32] {
        let mut digest = [0; 32];
        // SAFETY: the token proves that the processor has the instructions; at
        // `initial` 32 bytes are readable, at `digest` writable, and at `k` are
        // the 256 of the table.
        unsafe {
            kernel!(
                self,
                [
                    "movq xmm3, {low}
                    movq xmm7, {high}
                    punpcklqdq xmm3, xmm7
                    pshufb xmm3, [{order}]
                    movd xmm4, {next:e}
                    pxor xmm5, xmm5
                    movd xmm6, {bits:e}
                    pslldq xmm6, 12
                    ",
                    load256!("{initial}"),
                    rounds256!(),
                    straighten256!(),
                    "pshufb xmm1, [{order}]
                    pshufb xmm2, [{order}]
                    movdqu [{digest}], xmm1
                    movdqu [{digest} + 16], xmm2",
                ],
                low = in(reg) low,
                high = in(reg) high,
                next = in(reg) next,
                bits = in(reg) bits,
                initial = in(reg) SHA256_INITIAL.as_ptr(),
                digest = in(reg) digest.as_mut_ptr(),
                order = in(reg) ORDER.0.as_ptr(),
                k = in(reg) K256.as_ptr(),
            );
        }
        digest
    }

    /// The truncated HMAC-SHA-256 of a counter from a key's states.
    #[inline(never)]
    pub(in crate::kernel) fn truncated256(
        self,
        inner: &[u32; 8],
        outer: &[u32; 8],
        counter: u64,
    ) -> u32 {
        let value: u32;
        // SAFETY: as in `truncated1`, with 32 bytes each; 16 aligned ones at
        // `order` are readable, and at `k` the 256 of the table.
        unsafe {
            kernel!(
                self,
                [
                    load256!("{inner}"),
                    // The counter, the padding bit, and the length of 576 bits.
                    "movq xmm3, {counter}
                    movd xmm4, {padding:e}
                    punpcklqdq xmm3, xmm4
                    pxor xmm4, xmm4
                    pxor xmm5, xmm5
                    mov {value:e}, 576
                    movd xmm6, {value:e}
                    pslldq xmm6, 12
                    ",
                    rounds256!(),
                    straighten256!(),
                    // The digest, the padding bit, and the length of 768 bits.
                    "movdqa xmm3, xmm1
                    movdqa xmm4, xmm2
                    movd xmm5, {padding:e}
                    mov {value:e}, 768
                    movd xmm6, {value:e}
                    pslldq xmm6, 12
                    ",
                    load256!("{outer}"),
                    rounds256!(),
                    straighten256!(),
                    // With the bytes of each word reversed, the first byte of
                    // the digest is the lowest byte of xmm1.
                    "pextrd {value:e}, xmm2, 3
                    pshufb xmm1, [{order}]
                    pshufb xmm2, [{order}]
                    ",
                    truncate!("{value:e}", paddb "0x70717273", [xmm1 xmm2], [xmm3 xmm4]),
                ],
                inner = in(reg) inner.as_ptr(),
                outer = in(reg) outer.as_ptr(),
                counter = in(reg) counter.rotate_left(32),
                padding = in(reg) 1_u32 << 31,
                value = out(reg) value,
                order = in(reg) ORDER.0.as_ptr(),
                k = in(reg) K256.as_ptr(),
            );
        }
        value
    }
}
