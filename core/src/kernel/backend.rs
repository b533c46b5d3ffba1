//! Selection of the backend at run time.
//!
//! The widest backend that the processor supports is used; detection runs once
//! and is cached in an atomic. `--cfg mpass_backend="…"` in `RUSTFLAGS` forces
//! a backend: `portable` disables all special instructions, the other values
//! only limit the lanes.

use core::fmt;

use super::arch::portable::Portable;
use super::crossover::Table;
use super::lanes::{Blocks256, LANES_32, LANES_64, Macs1, Macs256, Macs512};

#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
use super::arch::aarch64::Neon;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use super::arch::wasm32::Simd128;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
use super::arch::x86_64::{avx2::Avx2, avx512::Avx512, sse2::Sse2};

/// The backends in use, returned by [`backend`]. For tests and diagnostics;
/// `Display` prints for example `single sha-ni, lanes avx512`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backend {
    single: &'static str,
    lanes: &'static str,
}

impl Backend {
    /// The backend for single hashes: `sha-ni`, `crates` (the crates `sha1` and
    /// `sha2`, which use the SHA instructions of AArch64) or `portable`. On a
    /// processor without SHA instructions, single codes use the portable code
    /// also with `crates`.
    #[must_use]
    pub fn single(&self) -> &'static str {
        self.single
    }

    /// The backend for windows and batches: `avx512`, `avx2`, `sse2`, `neon`,
    /// `simd128` or `portable`.
    #[must_use]
    pub fn lanes(&self) -> &'static str {
        self.lanes
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "single {}, lanes {}", self.single, self.lanes)
    }
}

/// The backends in use on this processor with this build.
///
/// ```
/// let backend = mpass_core::backend();
/// assert!(!backend.lanes().is_empty());
/// ```
#[must_use]
pub fn backend() -> Backend {
    Backend {
        single: super::sha::single(),
        lanes: Lanes::chosen().name(),
    }
}

/// A lane backend, as its token.
#[derive(Clone, Copy)]
pub(super) enum Lanes {
    Portable(Portable),
    #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
    Sse2(Sse2),
    #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
    Avx2(Avx2),
    #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
    Avx512(Avx512),
    #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
    Neon(Neon),
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    Simd128(Simd128),
}

macro_rules! run {
    ($name:ident($($argument:ident: $type:ty),*), half $half:literal) => {
        pub(super) fn $name(self, $($argument: $type,)* count: usize) {
            match self {
                Self::Portable(token) => token.$name($($argument,)* count),
                #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
                Self::Sse2(token) => token.$name($($argument,)* count),
                #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
                Self::Avx2(token) => token.$name($($argument,)* count),
                #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
                Self::Avx512(token) if count <= $half => token.half().$name($($argument,)* count),
                #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
                Self::Avx512(token) => token.$name($($argument,)* count),
                #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
                Self::Neon(token) => token.$name($($argument,)* count),
                #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
                Self::Simd128(token) => token.$name($($argument,)* count),
            }
        }
    };
}

impl Lanes {
    /// The widest available backend, or the forced one if it is available.
    #[inline]
    pub(super) fn chosen() -> Self {
        Self::offered()
            .into_iter()
            .flatten()
            .find(|lanes| forced().is_none_or(|name| name == lanes.name()))
            .unwrap_or(Self::Portable(Portable))
    }

    /// The backends of this processor, widest first.
    #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
    #[inline]
    pub(super) fn offered() -> [Option<Self>; 3] {
        [
            Avx512::new().map(Self::Avx512),
            Avx2::new().map(Self::Avx2),
            Some(Self::Sse2(Sse2::new())),
        ]
    }

    /// The backends of this processor.
    #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
    #[inline]
    pub(super) fn offered() -> [Option<Self>; 1] {
        [Some(Self::Neon(Neon::new()))]
    }

    /// The backends of this build.
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    #[inline]
    pub(super) fn offered() -> [Option<Self>; 1] {
        [Some(Self::Simd128(Simd128::new()))]
    }

    /// No backend besides the portable one.
    #[cfg(not(any(
        all(target_arch = "x86_64", target_feature = "sse2"),
        all(target_arch = "aarch64", target_feature = "neon"),
        all(target_arch = "wasm32", target_feature = "simd128"),
    )))]
    #[inline]
    pub(super) fn offered() -> [Option<Self>; 1] {
        [None]
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Portable(_) => "portable",
            #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
            Self::Sse2(_) => "sse2",
            #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
            Self::Avx2(_) => "avx2",
            #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
            Self::Avx512(_) => "avx512",
            #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
            Self::Neon(_) => "neon",
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Self::Simd128(_) => "simd128",
        }
    }

    /// The crossover points of this backend. They depend on whether single
    /// codes use SHA instructions, which make them three times as fast.
    pub(super) fn crossover(self) -> Table {
        let sha = super::sha::has_instructions();
        match self {
            Self::Portable(token) => token.crossover(sha),
            #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
            Self::Sse2(token) => token.crossover(sha),
            #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
            Self::Avx2(token) => token.crossover(sha),
            #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
            Self::Avx512(token) => token.crossover(sha),
            #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
            Self::Neon(token) => token.crossover(sha),
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Self::Simd128(token) => token.crossover(sha),
        }
    }

    run!(hotp1(macs: Macs1<'_>, values: &mut [u32; LANES_32]), half 8);
    run!(hotp256(macs: Macs256<'_>, values: &mut [u32; LANES_32]), half 8);
    run!(hotp512(macs: Macs512<'_>, values: &mut [u64; LANES_64]), half 4);
    run!(blocks256(blocks: &mut Blocks256), half 8);
}

/// The backend forced by the build, if any.
pub(super) const fn forced() -> Option<&'static str> {
    if cfg!(mpass_backend = "portable") {
        Some("portable")
    } else if cfg!(mpass_backend = "sse2") {
        Some("sse2")
    } else if cfg!(mpass_backend = "avx2") {
        Some("avx2")
    } else if cfg!(mpass_backend = "avx512") {
        Some("avx512")
    } else if cfg!(mpass_backend = "neon") {
        Some("neon")
    } else if cfg!(mpass_backend = "simd128") {
        Some("simd128")
    } else {
        None
    }
}
