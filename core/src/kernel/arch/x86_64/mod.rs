//! x86-64: SSE2 (the baseline), AVX2, AVX-512 and the SHA instructions.

pub(in crate::kernel) mod avx2;
pub(in crate::kernel) mod avx512;
pub(in crate::kernel) mod sha_ni;
pub(in crate::kernel) mod sse2;

/// Defines a register type from the names of its intrinsics. Shifts use the
/// intrinsics with the count in a register, which the compiler folds into an
/// immediate: the immediate forms would need arithmetic on const generics for
/// rotations.
macro_rules! vector {
    (
        $(#[$doc:meta])*
        $name:ident($register:ty) of $lanes:literal $word:ty, $token:ty,
        $splat:ident $load:ident $store:ident $add:ident $xor:ident $and:ident $or:ident
        $left:ident $right:ident, sign |$x:ident| $sign:expr
        $(, rotate $rotate:ident, ternary $ternary:ident)?
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub(in crate::kernel) struct $name($register);

        impl Vector for $name {
            type Word = $word;
            type Token = $token;
            const LANES: usize = $lanes;

            #[inline(always)]
            fn splat(_: $token, word: $word) -> Self {
                // SAFETY: the token proves that the processor has the
                // instruction.
                Self(unsafe { $splat(word.cast_signed()) })
            }
            #[inline(always)]
            fn load(_: $token, words: &[$word]) -> Self {
                assert!(words.len() >= $lanes);
                // SAFETY: as in `splat`; the length was checked, and unaligned
                // loads are allowed.
                Self(unsafe { $load(words.as_ptr().cast()) })
            }
            #[inline(always)]
            fn store(self, words: &mut [$word]) {
                assert!(words.len() >= $lanes);
                // SAFETY: values come from `splat` or `load`, so the processor
                // has the instruction; the length was checked, and unaligned
                // stores are allowed.
                unsafe { $store(words.as_mut_ptr().cast(), self.0) }
            }
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                // SAFETY: a value proves that the processor has the
                // instruction.
                Self(unsafe { $add(self.0, other.0) })
            }
            #[inline(always)]
            fn xor(self, other: Self) -> Self {
                // SAFETY: as in `add`.
                Self(unsafe { $xor(self.0, other.0) })
            }
            #[inline(always)]
            fn and(self, other: Self) -> Self {
                // SAFETY: as in `add`.
                Self(unsafe { $and(self.0, other.0) })
            }
            #[inline(always)]
            fn or(self, other: Self) -> Self {
                // SAFETY: as in `add`.
                Self(unsafe { $or(self.0, other.0) })
            }
            #[inline(always)]
            fn shift_left<const BITS: i32>(self) -> Self {
                // SAFETY: as in `add`.
                Self(unsafe { $left(self.0, _mm_cvtsi32_si128(BITS)) })
            }
            #[inline(always)]
            fn shift_right<const BITS: i32>(self) -> Self {
                // SAFETY: as in `add`.
                Self(unsafe { $right(self.0, _mm_cvtsi32_si128(BITS)) })
            }
            #[inline(always)]
            fn sign(self) -> Self {
                let $x = self.0;
                // SAFETY: as in `add`.
                Self(unsafe { $sign })
            }
            $(
                #[inline(always)]
                fn rotate<const LEFT: i32, const RIGHT: i32>(self) -> Self {
                    // SAFETY: as in `add`.
                    Self(unsafe { $rotate::<LEFT>(self.0) })
                }
                #[inline(always)]
                fn xor3(self, second: Self, third: Self) -> Self {
                    // SAFETY: as in `add`.
                    Self(unsafe { $ternary::<0x96>(self.0, second.0, third.0) })
                }
                #[inline(always)]
                fn choose(self, yes: Self, no: Self) -> Self {
                    // SAFETY: as in `add`.
                    Self(unsafe { $ternary::<0xca>(self.0, yes.0, no.0) })
                }
                #[inline(always)]
                fn majority(self, second: Self, third: Self) -> Self {
                    // SAFETY: as in `add`.
                    Self(unsafe { $ternary::<0xe8>(self.0, second.0, third.0) })
                }
            )?
        }
    };
}
use vector;
