//! SHA-1 of one message, or of two interleaved: the instructions of one message
//! depend on each other, so those of another run in their latency.
//!
//! Each message uses seven registers, `[a e n w x y z]`: `a` holds the first
//! four words of the state with the first word on top; `e` and `n` alternate in
//! holding the fifth word on top; `w` to `z` hold the 16 words of the block
//! with the first word on top.

use core::arch::asm;

use super::{Order, ShaNi};
use crate::kernel::constants::SHA1_INITIAL;

/// Reverses the bytes of each word, and the words.
static ORDER: Order = Order([15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);

/// An instruction with register operands.
macro_rules! on {
    ($name:ident $first:ident $($more:tt)*) => {
        concat!(stringify!($name), " ", stringify!($first) $(, ", ", stringify!($more))*, "\n")
    };
}

/// The 80 rounds of every message, without the final addition.
macro_rules! rounds {
    ($([$a:ident $e:ident $n:ident $w:ident $x:ident $y:ident $z:ident])+) => {
        concat!(
            $(on!(paddd $e $w),)+
            $(on!(movdqa $n $a),)+
            $(on!(sha1rnds4 $a $e 0),)+
            rounds!(@kept 0, $([$a $n $e $x])+),
            rounds!(@kept 0, $([$a $e $n $y])+),
            rounds!(@kept 0, $([$a $n $e $z])+),
            rounds!(@four 0 1 1 1, $([$a $e $n $w $x $y $z])+),
            rounds!(@four 1 1 2 2, $([$a $e $n $w $x $y $z])+),
            rounds!(@four 2 2 2 3, $([$a $e $n $w $x $y $z])+),
            rounds!(@four 3 3 3 3, $([$a $e $n $w $x $y $z])+),
        )
    };
    // Four rounds: `e` takes the block's words, `n` saves `a` for later.
    (@kept $kind:literal, $([$a:ident $e:ident $n:ident $w:ident])+) => {
        concat!(
            $(on!(sha1nexte $e $w),)+
            $(on!(movdqa $n $a),)+
            $(on!(sha1rnds4 $a $e $kind),)+
        )
    };
    // Four rounds on words computed from the previous sixteen.
    (@mixed $kind:literal, $([$a:ident $e:ident $n:ident $w:ident $x:ident $y:ident $z:ident])+) => {
        concat!(
            $(on!(sha1msg1 $w $x),)+
            $(on!(pxor $w $y),)+
            $(on!(sha1msg2 $w $z),)+
            rounds!(@kept $kind, $([$a $e $n $w])+),
        )
    };
    (
        @four $k0:literal $k1:literal $k2:literal $k3:literal,
        $([$a:ident $e:ident $n:ident $w:ident $x:ident $y:ident $z:ident])+
    ) => {
        concat!(
            rounds!(@mixed $k0, $([$a $e $n $w $x $y $z])+),
            rounds!(@mixed $k1, $([$a $n $e $x $y $z $w])+),
            rounds!(@mixed $k2, $([$a $e $n $y $z $w $x])+),
            rounds!(@mixed $k3, $([$a $n $e $z $w $x $y])+),
        )
    };
}

/// Loads the state at a pointer.
macro_rules! load {
    ($state:literal, [$a:ident $e:ident $($rest:ident)*]) => {
        concat!(
            "movdqu ", stringify!($a), ", [", $state, "]
            movd ", stringify!($e), ", dword ptr [", $state, " + 16]
            ",
            on!(pshufd $a $a 0x1b),
            on!(pslldq $e 12),
        )
    };
}

/// Adds the state at a pointer to the state after the rounds.
macro_rules! add {
    ($state:literal, [$a:ident $e:ident $n:ident $($rest:ident)*]) => {
        concat!(
            "movdqu ", stringify!($n), ", [", $state, "]
            ",
            on!(pshufd $n $n 0x1b),
            on!(paddd $a $n),
            "movd ", stringify!($n), ", dword ptr [", $state, " + 16]
            ",
            on!(pslldq $n 12),
            on!(sha1nexte $e $n),
        )
    };
}

/// Adds a state held in two registers.
macro_rules! add_kept {
    ([$a:ident $e:ident $($rest:ident)*], [$kept_a:ident $kept_e:ident]) => {
        concat!(on!(paddd $a $kept_a), on!(sha1nexte $e $kept_e))
    };
}

/// Turns the key block in `xmm3` to `xmm6` into the inner block, and writes the
/// outer block to `xmm10` to `xmm13`.
macro_rules! key_blocks {
    () => {
        "mov {pad:e}, 0x36363636
        movd xmm14, {pad:e}
        pshufd xmm14, xmm14, 0
        mov {pad:e}, 0x5c5c5c5c
        movd xmm10, {pad:e}
        pshufd xmm10, xmm10, 0
        movdqa xmm11, xmm10
        movdqa xmm12, xmm10
        movdqa xmm13, xmm10
        pxor xmm10, xmm3
        pxor xmm11, xmm4
        pxor xmm12, xmm5
        pxor xmm13, xmm6
        pxor xmm3, xmm14
        pxor xmm4, xmm14
        pxor xmm5, xmm14
        pxor xmm6, xmm14
        "
    };
}

/// Stores the state at a pointer.
macro_rules! store {
    ($state:literal, [$a:ident $e:ident $($rest:ident)*]) => {
        concat!(
            on!(pshufd $a $a 0x1b),
            "movdqu [", $state, "], ", stringify!($a), "
            pextrd dword ptr [", $state, " + 16], ", stringify!($e), ", 3
            "
        )
    };
}

/// The block of a counter: the counter, the padding bit, and the length of 576
/// bits.
macro_rules! counter_block {
    ($counter:expr, [$a:ident $e:ident $n:ident $w:ident $x:ident $y:ident $z:ident]) => {
        concat!(
            "movq ", stringify!($x), ", ", $counter, "
            movd ", stringify!($w), ", {padding:e}
            ",
            on!(psllq $w 32),
            on!(punpcklqdq $w $x),
            on!(pxor $x $x),
            on!(pxor $y $y),
            "movd ", stringify!($z), ", {counter_bits:e}
            "
        )
    };
}

/// The block of the digest in the state: the digest, the padding bit, and the
/// length of 672 bits.
macro_rules! digest_block {
    ([$a:ident $e:ident $n:ident $w:ident $x:ident $y:ident $z:ident]) => {
        concat!(
            on!(movdqa $w $a),
            on!(movdqa $x $e),
            "movd ", stringify!($y), ", {padding:e}
            ",
            on!(pslldq $y 8),
            on!(por $x $y),
            on!(pxor $y $y),
            "movd ", stringify!($z), ", {digest_bits:e}
            "
        )
    };
}

/// The truncation of the digest in the state. The first byte of the digest is
/// the highest byte of `a`, its last word the highest word of `e`.
macro_rules! truncated {
    ($value:expr, [$a:ident $e:ident $n:ident $w:ident $($rest:ident)*]) => {
        concat!(
            "pextrd ", $value, ", ", stringify!($e), ", 3
            ",
            truncate!($value, psubb "0x0f0e0d0c", [$a $e], [$n $w]),
        )
    };
}

/// The truncated MACs of counters under one key. Per message: the name of the
/// counter operand and the counter, the variable for the value, and the
/// registers.
macro_rules! macs_of_counters {
    (
        $token:expr, $inner:expr, $outer:expr,
        $($counter:ident = $of:expr => $value:ident, $registers:tt;)+
    ) => {
        kernel!(
            $token,
            [
                $(load!("{inner}", $registers),)+
                $(counter_block!(concat!("{", stringify!($counter), "}"), $registers),)+
                rounds!($($registers)+),
                $(add!("{inner}", $registers),)+
                $(digest_block!($registers),)+
                $(load!("{outer}", $registers),)+
                rounds!($($registers)+),
                $(add!("{outer}", $registers),)+
                $(truncated!(concat!("{", stringify!($value), ":e}"), $registers),)+
            ],
            inner = in(reg) $inner.as_ptr(),
            outer = in(reg) $outer.as_ptr(),
            padding = in(reg) PADDING,
            counter_bits = in(reg) COUNTER_BITS,
            digest_bits = in(reg) DIGEST_BITS,
            $($counter = in(reg) $of, $value = out(reg) $value,)+
        )
    };
}

/// Length in bits of the key block and a counter.
const COUNTER_BITS: u32 = 8 * (64 + 8);
/// Length in bits of the key block and a digest.
const DIGEST_BITS: u32 = 8 * (64 + 20);
/// The padding bit after a message.
const PADDING: u32 = 1 << 31;

impl ShaNi {
    /// One compression of SHA-1.
    #[inline(never)]
    pub(in crate::kernel) fn compress1(self, state: &mut [u32; 5], block: &[u8; 64]) {
        // SAFETY: the token proves that the processor has the instructions;
        // 20 bytes at `state` are readable and writable, 64 at `block` and 16
        // aligned ones at `order` readable.
        unsafe {
            kernel!(
                self,
                [
                    load_block!(),
                    load!("{state}", [xmm0 xmm1]),
                    rounds!([xmm0 xmm1 xmm2 xmm3 xmm4 xmm5 xmm6]),
                    add!("{state}", [xmm0 xmm1 xmm2]),
                    store!("{state}", [xmm0 xmm1]),
                ],
                state = in(reg) state.as_mut_ptr(),
                block = in(reg) block.as_ptr(),
                order = in(reg) ORDER.0.as_ptr(),
            );
        }
    }

    /// The states after the inner and the outer block of an HMAC key,
    /// compressed interleaved.
    #[inline(never)]
    pub(in crate::kernel) fn compress_key1(
        self,
        inner: &mut [u32; 5],
        outer: &mut [u32; 5],
        key: &[u8; 64],
    ) {
        // SAFETY: the token proves that the processor has the instructions;
        // 20 bytes at `inner` and `outer` are writable, and 20 at `initial`, 64
        // at `block` and 16 aligned ones at `order` readable.
        unsafe {
            kernel!(
                self,
                [
                    load_block!(),
                    key_blocks!(),
                    load!("{initial}", [xmm0 xmm1]),
                    load!("{initial}", [xmm7 xmm8]),
                    rounds!(
                        [xmm0 xmm1 xmm2 xmm3 xmm4 xmm5 xmm6]
                        [xmm7 xmm8 xmm9 xmm10 xmm11 xmm12 xmm13]
                    ),
                    add!("{initial}", [xmm0 xmm1 xmm2]),
                    add!("{initial}", [xmm7 xmm8 xmm9]),
                    store!("{inner}", [xmm0 xmm1]),
                    store!("{outer}", [xmm7 xmm8]),
                ],
                block = in(reg) key.as_ptr(),
                initial = in(reg) SHA1_INITIAL.as_ptr(),
                inner = in(reg) inner.as_mut_ptr(),
                outer = in(reg) outer.as_mut_ptr(),
                order = in(reg) ORDER.0.as_ptr(),
                pad = out(reg) _,
            );
        }
    }

    /// The truncated HMAC-SHA-1 of a counter under a key block. The outer key
    /// block is compressed interleaved with the counter's block, and no state
    /// is written to memory.
    #[inline(never)]
    pub(in crate::kernel) fn truncated_once1(self, key: &[u8; 64], counter: u64) -> u32 {
        let value: u32;
        // SAFETY: the token proves that the processor has the instructions; 64
        // bytes at `block`, 20 at `initial` and 16 aligned ones at `order` are
        // readable.
        unsafe {
            kernel!(
                self,
                [
                    load_block!(),
                    key_blocks!(),
                    load!("{initial}", [xmm0 xmm1]),
                    rounds!([xmm0 xmm1 xmm2 xmm3 xmm4 xmm5 xmm6]),
                    add!("{initial}", [xmm0 xmm1 xmm2]),
                    "movdqa xmm14, xmm0
                    movdqa xmm15, xmm1
                    ",
                    counter_block!("{counter}", [xmm0 xmm1 xmm2 xmm3 xmm4 xmm5 xmm6]),
                    load!("{initial}", [xmm7 xmm8]),
                    rounds!(
                        [xmm0 xmm1 xmm2 xmm3 xmm4 xmm5 xmm6]
                        [xmm7 xmm8 xmm9 xmm10 xmm11 xmm12 xmm13]
                    ),
                    add_kept!([xmm0 xmm1], [xmm14 xmm15]),
                    add!("{initial}", [xmm7 xmm8 xmm9]),
                    digest_block!([xmm0 xmm1 xmm2 xmm3 xmm4 xmm5 xmm6]),
                    "movdqa xmm0, xmm7
                    movdqa xmm1, xmm8
                    ",
                    rounds!([xmm0 xmm1 xmm2 xmm3 xmm4 xmm5 xmm6]),
                    add_kept!([xmm0 xmm1], [xmm7 xmm8]),
                    truncated!("{pad:e}", [xmm0 xmm1 xmm2 xmm3]),
                ],
                block = in(reg) key.as_ptr(),
                initial = in(reg) SHA1_INITIAL.as_ptr(),
                order = in(reg) ORDER.0.as_ptr(),
                counter = in(reg) counter,
                padding = in(reg) PADDING,
                counter_bits = in(reg) COUNTER_BITS,
                digest_bits = in(reg) DIGEST_BITS,
                pad = out(reg) value,
            );
        }
        value
    }

    /// The truncated HMAC-SHA-1 of a counter from a key's states. The inner
    /// digest becomes the outer block within registers, so nothing in memory
    /// needs wiping.
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
            macs_of_counters!(
                self, inner, outer,
                counter = counter => value, [xmm0 xmm1 xmm2 xmm3 xmm4 xmm5 xmm6];
            );
        }
        value
    }

    /// The truncated HMAC-SHA-1 of two counters.
    #[inline(never)]
    pub(in crate::kernel) fn two_truncated1(
        self,
        inner: &[u32; 5],
        outer: &[u32; 5],
        counters: [u64; 2],
    ) -> [u32; 2] {
        let (first, second): (u32, u32);
        // SAFETY: as in `truncated1`.
        unsafe {
            macs_of_counters!(
                self, inner, outer,
                counter = counters[0] => first, [xmm0 xmm1 xmm2 xmm3 xmm4 xmm5 xmm6];
                other = counters[1] => second, [xmm7 xmm8 xmm9 xmm10 xmm11 xmm12 xmm13];
            );
        }
        [first, second]
    }
}
