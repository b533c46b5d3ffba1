//! SHA-1 and SHA-256 by the SHA instructions, one message at a time.
//!
//! These instructions exist in the encoding of SSE only. Where that meets the
//! upper halves of AVX registers in use, every change of side costs hundreds
//! of cycles (llvm/llvm-project#142368), and a compiler that may use AVX, as
//! under `-C target-cpu=native`, mixes the two. So the kernels are assembly in
//! the old encoding throughout, behind a `vzeroupper`, and never inlined.
//!
//! No round constant and no message word has an address or a branch that
//! depends on what is hashed.

use core::arch::asm;

use crate::kernel::sha::{Hash, K256, Sha256};

cpufeatures::new!(cpu, "sha", "sse2", "ssse3", "sse4.1");
cpufeatures::new!(avx, "avx");

/// Proves that the processor has the SHA instructions, SSSE3 and SSE4.1.
#[derive(Clone, Copy)]
pub(in crate::kernel) struct ShaNi {
    /// Whether there are upper halves to be cleared.
    avx: bool,
}

/// Clears the upper halves where there are any.
macro_rules! clear_upper {
    () => {
        "test {avx:e}, {avx:e}
        jz 2f
        vzeroupper
        2:
        "
    };
}

/// SHA-1's rounds on `xmm0` (a to d, a on top) and `xmm1` (e on top) with the
/// block in `xmm3` to `xmm6` (the first word on top). Uses `xmm2`, `xmm7` and
/// `xmm8`.
macro_rules! rounds1 {
    () => {
        concat!(
            "movdqa xmm7, xmm0
            movdqa xmm8, xmm1
            paddd xmm1, xmm3
            movdqa xmm2, xmm0
            sha1rnds4 xmm0, xmm1, 0
            ",
            rounds1!(@kept xmm2 xmm1, xmm4, 0),
            rounds1!(@kept xmm1 xmm2, xmm5, 0),
            rounds1!(@kept xmm2 xmm1, xmm6, 0),
            rounds1!(@four xmm1 xmm2, xmm2 xmm1, 0 1 1 1),
            rounds1!(@four xmm1 xmm2, xmm2 xmm1, 1 1 2 2),
            rounds1!(@four xmm1 xmm2, xmm2 xmm1, 2 2 2 3),
            rounds1!(@four xmm1 xmm2, xmm2 xmm1, 3 3 3 3),
            "sha1nexte xmm1, xmm8
            paddd xmm0, xmm7
            "
        )
    };
    // Four rounds: `e` takes the block's words, `next` keeps a for later.
    (@kept $e:ident $next:ident, $words:ident, $kind:literal) => {
        concat!(
            "sha1nexte ", stringify!($e), ", ", stringify!($words), "
            movdqa ", stringify!($next), ", xmm0
            sha1rnds4 xmm0, ", stringify!($e), ", ", stringify!($kind), "
            "
        )
    };
    // The same with words mixed from the sixteen before them.
    (@mixed $e:ident $next:ident, $a:ident $b:ident $c:ident $d:ident, $kind:literal) => {
        concat!(
            "sha1msg1 ", stringify!($a), ", ", stringify!($b), "
            pxor ", stringify!($a), ", ", stringify!($c), "
            sha1msg2 ", stringify!($a), ", ", stringify!($d), "
            ",
            rounds1!(@kept $e $next, $a, $kind)
        )
    };
    (@four $e:ident $next:ident, $other:ident $after:ident, $k0:literal $k1:literal $k2:literal $k3:literal) => {
        concat!(
            rounds1!(@mixed $e $next, xmm3 xmm4 xmm5 xmm6, $k0),
            rounds1!(@mixed $other $after, xmm4 xmm5 xmm6 xmm3, $k1),
            rounds1!(@mixed $e $next, xmm5 xmm6 xmm3 xmm4, $k2),
            rounds1!(@mixed $other $after, xmm6 xmm3 xmm4 xmm5, $k3),
        )
    };
}

/// Loads the state at a pointer into `xmm0` and `xmm1`.
macro_rules! load1 {
    ($state:literal) => {
        concat!(
            "movdqu xmm0, [",
            $state,
            "]
            pshufd xmm0, xmm0, 0x1b
            movd xmm1, dword ptr [",
            $state,
            " + 16]
            pslldq xmm1, 12
            "
        )
    };
}

/// Stores `xmm0` and `xmm1` as a state at a pointer.
macro_rules! store1 {
    ($state:literal) => {
        concat!(
            "pshufd xmm0, xmm0, 0x1b
            movdqu [",
            $state,
            "], xmm0
            psrldq xmm1, 12
            movd dword ptr [",
            $state,
            " + 16], xmm1
            "
        )
    };
}

/// SHA-256's rounds on `xmm1` (a b e f) and `xmm2` (c d g h) with the block in
/// `xmm3` to `xmm6`, the first word lowest. Uses `xmm0` and `xmm7` to `xmm9`.
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

/// Puts `xmm1` and `xmm2` in the order of the state, which is also the order of
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

/// The dynamic truncation (RFC 4226 section 5.3) of a digest whose first 16
/// bytes are in one register and the next ones in another, by the offset in the
/// lowest bits of `value`, which takes the result: `pshufb` picks the bytes, as
/// its places are those of registers and not of memory. A place with the
/// highest bit set picks nothing, so a byte comes from one of the two.
macro_rules! truncate {
    ($move:literal, $places:literal, $first:literal, $next:literal) => {
        concat!(
            "and {value:e}, 15
            movd xmm3, {value:e}
            pxor xmm4, xmm4
            pshufb xmm3, xmm4
            mov {value:e}, ", $places, "
            movd xmm4, {value:e}
            ", $move, " xmm4, xmm3
            mov {value:e}, 0x80808080
            movd xmm3, {value:e}
            pxor xmm3, xmm4
            pshufb ", $first, ", xmm4
            pshufb ", $next, ", xmm3
            por ", $first, ", ", $next, "
            movd {value:e}, ", $first, "
            and {value:e}, 0x7fffffff
            "
        )
    };
}

/// An assembly block over the registers that the kernels use, with every other
/// whose upper half `vzeroupper` clears.
macro_rules! kernel {
    ($token:expr, [$($text:expr),* $(,)?], $($operands:tt)*) => {
        asm!(
            clear_upper!(),
            $($text,)*
            avx = in(reg) u32::from($token.avx),
            $($operands)*
            out("xmm0") _, out("xmm1") _, out("xmm2") _, out("xmm3") _,
            out("xmm4") _, out("xmm5") _, out("xmm6") _, out("xmm7") _,
            out("xmm8") _, out("xmm9") _, out("xmm10") _, out("xmm11") _,
            out("xmm12") _, out("xmm13") _, out("xmm14") _, out("xmm15") _,
            options(nostack),
        )
    };
}

/// Reverses the bytes of each word, and the words themselves for SHA-1.
#[repr(C, align(16))]
struct Order([u8; 16]);
static ORDER_1: Order = Order([15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
static ORDER_256: Order = Order([3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12]);

/// Loads the block at a pointer into `xmm3` to `xmm6`.
macro_rules! load_block {
    () => {
        "movdqa xmm7, [{order}]
        movdqu xmm3, [{block}]
        movdqu xmm4, [{block} + 16]
        movdqu xmm5, [{block} + 32]
        movdqu xmm6, [{block} + 48]
        pshufb xmm3, xmm7
        pshufb xmm4, xmm7
        pshufb xmm5, xmm7
        pshufb xmm6, xmm7
        "
    };
}

impl ShaNi {
    #[inline]
    pub(in crate::kernel) fn new() -> Option<Self> {
        cpu::get().then(|| Self { avx: avx::get() })
    }

    /// One compression of SHA-1.
    #[inline(never)]
    pub(in crate::kernel) fn compress1(self, state: &mut [u32; 5], block: &[u8; 64]) {
        // SAFETY: the token proves that the processor has the instructions;
        // 20 bytes at `state` are readable and writable, 64 at `block` and 16
        // aligned ones at `order` readable.
        unsafe {
            kernel!(
                self,
                [load_block!(), load1!("{state}"), rounds1!(), store1!("{state}")],
                state = in(reg) state.as_mut_ptr(),
                block = in(reg) block.as_ptr(),
                order = in(reg) ORDER_1.0.as_ptr(),
            );
        }
    }

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
                order = in(reg) ORDER_256.0.as_ptr(),
                k = in(reg) K256.as_ptr(),
            );
        }
    }

    /// SHA-256 of a message of at most 16 bytes, which are `low` and `high` as
    /// little-endian numbers with the padding's bit after them; `next` is the
    /// bit where it comes after all 16. They come in ordinary registers, as a
    /// block in memory that was just written in parts would be waited for.
    #[inline(never)]
    pub(in crate::kernel) fn short256(
        self,
        [low, high]: [u64; 2],
        next: u32,
        bits: u32,
    ) -> [u32; 8] {
        let mut state = [0; 8];
        // SAFETY: the token proves that the processor has the instructions; at
        // `initial` 32 bytes are readable, at `state` writable, and at `k` are
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
                    "movdqu [{state}], xmm1
                    movdqu [{state} + 16], xmm2",
                ],
                low = in(reg) low,
                high = in(reg) high,
                next = in(reg) next,
                bits = in(reg) bits,
                initial = in(reg) Sha256::INITIAL.as_ptr(),
                state = in(reg) state.as_mut_ptr(),
                order = in(reg) ORDER_256.0.as_ptr(),
                k = in(reg) K256.as_ptr(),
            );
        }
        state
    }

    /// The truncated HMAC-SHA-1 of a counter from a key's states: the inner
    /// digest becomes the outer block within the registers, and nothing is in
    /// memory that would have to be wiped.
    #[inline(never)]
    pub(in crate::kernel) fn truncated1(
        self,
        inner: &[u32; 5],
        outer: &[u32; 5],
        counter: u64,
    ) -> u32 {
        let value: u32;
        // SAFETY: the token proves that the processor has the instructions;
        // 20 bytes at `inner` and `outer` are readable.
        unsafe {
            kernel!(
                self,
                [
                    load1!("{inner}"),
                    // The counter, the padding's bit, and 576 bits in all.
                    "movq xmm7, {counter}
                    movd xmm3, {padding:e}
                    psllq xmm3, 32
                    punpcklqdq xmm3, xmm7
                    pxor xmm4, xmm4
                    pxor xmm5, xmm5
                    mov {value:e}, 576
                    movd xmm6, {value:e}
                    ",
                    rounds1!(),
                    // The digest, the padding's bit, and 672 bits in all.
                    "movdqa xmm3, xmm0
                    movdqa xmm4, xmm1
                    movd xmm7, {padding:e}
                    pslldq xmm7, 8
                    por xmm4, xmm7
                    pxor xmm5, xmm5
                    mov {value:e}, 672
                    movd xmm6, {value:e}
                    ",
                    load1!("{outer}"),
                    rounds1!(),
                    // The digest's first byte is the highest one of xmm0, and
                    // its last word the highest one of xmm1.
                    "pextrd {value:e}, xmm1, 3
                    ",
                    truncate!("psubb", "0x0f0e0d0c", "xmm0", "xmm1"),
                ],
                inner = in(reg) inner.as_ptr(),
                outer = in(reg) outer.as_ptr(),
                counter = in(reg) counter,
                padding = in(reg) 1_u32 << 31,
                value = out(reg) value,
            );
        }
        value
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
                    // The counter, the padding's bit, and 576 bits in all.
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
                    // The digest, the padding's bit, and 768 bits in all.
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
                    // With each word's bytes turned, the digest's first byte
                    // is the lowest one of xmm1.
                    "pextrd {value:e}, xmm2, 3
                    pshufb xmm1, [{order}]
                    pshufb xmm2, [{order}]
                    ",
                    truncate!("paddb", "0x70717273", "xmm1", "xmm2"),
                ],
                inner = in(reg) inner.as_ptr(),
                outer = in(reg) outer.as_ptr(),
                counter = in(reg) counter.rotate_left(32),
                padding = in(reg) 1_u32 << 31,
                value = out(reg) value,
                order = in(reg) ORDER_256.0.as_ptr(),
                k = in(reg) K256.as_ptr(),
            );
        }
        value
    }
}
