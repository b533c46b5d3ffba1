//! Which of the backends computes.
//!
//! The widest that the processor has, found out once and remembered in an
//! atomic byte. `--cfg mpass_backend="…"` in `RUSTFLAGS` forces one: `portable`
//! turns off every special instruction, the others the wider lanes.

use core::fmt;

use super::arch::portable::Portable;
use super::lanes::{Blocks256, LANES_32, LANES_64, Macs1, Macs256, Macs512};
use super::pays::Table;

#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
use super::arch::aarch64::Neon;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use super::arch::wasm32::Simd128;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
use super::arch::x86_64::{avx2::Avx2, avx512::Avx512, sse2::Sse2};

/// The backends in use, as [`backend`] tells them: for tests, and for what a
/// program says about itself. Its `Display` is `single sha-ni, lanes avx512`
/// or the like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backend {
    single: &'static str,
    lanes: &'static str,
}

impl Backend {
    /// What computes one hash: `sha-ni`, `crates` (the crates `sha1` and
    /// `sha2`, which have instructions of their own for AArch64) or
    /// `portable`. Without instructions for it, a code is computed portably
    /// beside the crates, too.
    #[must_use]
    pub fn single(&self) -> &'static str {
        self.single
    }

    /// What computes windows and batches: `avx512`, `avx2`, `sse2`, `neon`,
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

/// The backends that this processor and this build use.
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

/// A lane backend, by its token.
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
    /// The widest backend that there is, or the forced one.
    #[inline]
    pub(super) fn chosen() -> Self {
        Self::offered()
            .into_iter()
            .flatten()
            .find(|lanes| forced().is_none_or(|name| name == lanes.name()))
            .unwrap_or(Self::Portable(Portable))
    }

    /// What this processor has, the widest first.
    #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
    #[inline]
    pub(super) fn offered() -> [Option<Self>; 3] {
        [
            Avx512::new().map(Self::Avx512),
            Avx2::new().map(Self::Avx2),
            Some(Self::Sse2(Sse2::new())),
        ]
    }

    /// What this processor has.
    #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
    #[inline]
    pub(super) fn offered() -> [Option<Self>; 1] {
        [Some(Self::Neon(Neon::new()))]
    }

    /// What this engine has.
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    #[inline]
    pub(super) fn offered() -> [Option<Self>; 1] {
        [Some(Self::Simd128(Simd128::new()))]
    }

    /// Nothing but the portable one.
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

    /// What pays in lanes here; single codes are three times as fast where
    /// there are SHA instructions.
    pub(super) fn pays(self) -> Table {
        let sha = super::sha::has_instructions();
        match self {
            Self::Portable(token) => token.pays(sha),
            #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
            Self::Sse2(token) => token.pays(sha),
            #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
            Self::Avx2(token) => token.pays(sha),
            #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
            Self::Avx512(token) => token.pays(sha),
            #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
            Self::Neon(token) => token.pays(sha),
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Self::Simd128(token) => token.pays(sha),
        }
    }

    run!(hotp1(macs: Macs1<'_>, values: &mut [u32; LANES_32]), half 8);
    run!(hotp256(macs: Macs256<'_>, values: &mut [u32; LANES_32]), half 8);
    run!(hotp512(macs: Macs512<'_>, values: &mut [u64; LANES_64]), half 4);
    run!(blocks256(blocks: &mut Blocks256), half 8);
}

/// The backend that the build names.
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
