//! Implementations of `Vector` for each instruction set, and the tokens that
//! prove that the processor has them.

/// The kernels of a token: the lane algorithms instantiated for its registers,
/// each in a function that enables the instructions.
macro_rules! kernels {
    ($token:ident, $words_32:ty, $words_64:ty $(, $features:literal)?) => {
        impl $token {
            kernels!(@one hotp1, $words_32, (
                macs: lanes::Macs1<'_>,
                values: &mut [u32; lanes::LANES_32],
            ) $(, $features)?);
            kernels!(@one hotp256, $words_32, (
                macs: lanes::Macs256<'_>,
                values: &mut [u32; lanes::LANES_32],
            ) $(, $features)?);
            kernels!(@one hotp512, $words_64, (
                macs: lanes::Macs512<'_>,
                values: &mut [u64; lanes::LANES_64],
            ) $(, $features)?);
            kernels!(@one blocks256, $words_32, (
                blocks: &mut lanes::Blocks256,
            ) $(, $features)?);
        }
    };
    (@one $name:ident, $words:ty, ($($argument:ident: $type:ty,)*)) => {
        pub(in crate::kernel) fn $name(self, $($argument: $type,)* count: usize) {
            lanes::$name::<$words>(self, $($argument,)* count);
        }
    };
    (@one $name:ident, $words:ty, ($($argument:ident: $type:ty,)*), $features:literal) => {
        pub(in crate::kernel) fn $name(self, $($argument: $type,)* count: usize) {
            #[target_feature(enable = $features)]
            fn run(token: <$words as Vector>::Token, $($argument: $type,)* count: usize) {
                lanes::$name::<$words>(token, $($argument,)* count);
            }
            // SAFETY: the token proves that the processor has the features.
            unsafe { run(self, $($argument,)* count) }
        }
    };
}

#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
pub(super) mod aarch64;
pub(super) mod portable;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) mod wasm32;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
pub(super) mod x86_64;
