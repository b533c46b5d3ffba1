//! SHA-1 and SHA-256 by the SHA instructions.
//!
//! These instructions exist only in the legacy SSE encoding. Mixing that
//! encoding with AVX while the upper halves of registers are in use costs
//! hundreds of cycles per transition (llvm/llvm-project#142368), and a compiler
//! that may use AVX, as under `-C target-cpu=native`, does mix them. The
//! kernels are therefore written in assembly with the legacy encoding
//! throughout, after a `vzeroupper`, and never inlined.
//!
//! No address and no branch depends on the hashed data.

cpufeatures::new!(cpu, "sha", "sse2", "ssse3", "sse4.1");
cpufeatures::new!(avx, "avx");

/// Proof that the processor has the SHA instructions, SSSE3 and SSE4.1.
#[derive(Clone, Copy)]
pub(in crate::kernel) struct ShaNi {
    /// Whether the processor has AVX, so that upper halves must be cleared.
    avx: bool,
}

/// Clears the upper halves of the registers if the processor has AVX.
macro_rules! clear_upper {
    () => {
        "test {avx:e}, {avx:e}
        jz 2f
        vzeroupper
        2:
        "
    };
}

/// The dynamic truncation (RFC 4226 section 5.3) of a digest whose first 16
/// bytes are in one register and the following ones in another. The offset is
/// in the low bits of the operand that receives the result. `pshufb` selects
/// the bytes within registers, so no memory address depends on the offset. An
/// index with its highest bit set selects zero, so each byte comes from exactly
/// one of the two registers.
macro_rules! truncate {
    ($value:expr, $move:ident $slots:literal, [$first:ident $next:ident], [$x:ident $y:ident]) => {
        concat!(
            "and ",
            $value,
            ", 15
            movd ",
            stringify!($x),
            ", ",
            $value,
            "
            pxor ",
            stringify!($y),
            ", ",
            stringify!($y),
            "
            pshufb ",
            stringify!($x),
            ", ",
            stringify!($y),
            "
            mov ",
            $value,
            ", ",
            $slots,
            "
            movd ",
            stringify!($y),
            ", ",
            $value,
            "
            ",
            stringify!($move),
            " ",
            stringify!($y),
            ", ",
            stringify!($x),
            "
            mov ",
            $value,
            ", 0x80808080
            movd ",
            stringify!($x),
            ", ",
            $value,
            "
            pxor ",
            stringify!($x),
            ", ",
            stringify!($y),
            "
            pshufb ",
            stringify!($first),
            ", ",
            stringify!($y),
            "
            pshufb ",
            stringify!($next),
            ", ",
            stringify!($x),
            "
            por ",
            stringify!($first),
            ", ",
            stringify!($next),
            "
            movd ",
            $value,
            ", ",
            stringify!($first),
            "
            and ",
            $value,
            ", 0x7fffffff
            "
        )
    };
}

/// An assembly block that declares all registers as clobbered: those that the
/// kernels use and those that `vzeroupper` changes.
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

/// A byte order for `pshufb`.
#[repr(C, align(16))]
struct Order([u8; 16]);

/// Loads the block at a pointer into `xmm3` to `xmm6` in 8-byte halves, so that
/// the loads can be forwarded from the 8-byte stores that have just written the
/// block.
macro_rules! load_block {
    () => {
        "movq xmm3, qword ptr [{block}]
        movhps xmm3, qword ptr [{block} + 8]
        movq xmm4, qword ptr [{block} + 16]
        movhps xmm4, qword ptr [{block} + 24]
        movq xmm5, qword ptr [{block} + 32]
        movhps xmm5, qword ptr [{block} + 40]
        movq xmm6, qword ptr [{block} + 48]
        movhps xmm6, qword ptr [{block} + 56]
        pshufb xmm3, [{order}]
        pshufb xmm4, [{order}]
        pshufb xmm5, [{order}]
        pshufb xmm6, [{order}]
        "
    };
}

mod sha1;
mod sha256;

impl ShaNi {
    #[inline]
    pub(in crate::kernel) fn new() -> Option<Self> {
        cpu::get().then(|| Self { avx: avx::get() })
    }
}
