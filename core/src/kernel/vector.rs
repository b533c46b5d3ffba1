//! The operations that the lane algorithms need from a SIMD register.

/// A SIMD register of words, one per lane.
///
/// The constructors take a token that proves that the processor has the
/// instructions, so holding a value is proof as well. Every method is inlined
/// into a function that enables the instructions with `target_feature`.
pub(super) trait Vector: Copy {
    /// The word of one lane.
    type Word: Copy;
    /// Proof that the processor has the instructions.
    type Token: Copy;
    /// Words per register.
    const LANES: usize;

    /// `word` in every lane.
    fn splat(token: Self::Token, word: Self::Word) -> Self;
    /// Loads the first `LANES` words. `words` must not be shorter.
    fn load(token: Self::Token, words: &[Self::Word]) -> Self;
    /// Stores the lanes to the front of `words`, which must not be shorter.
    fn store(self, words: &mut [Self::Word]);

    /// Wrapping addition.
    fn add(self, other: Self) -> Self;
    fn xor(self, other: Self) -> Self;
    fn and(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    fn shift_left<const BITS: i32>(self) -> Self;
    fn shift_right<const BITS: i32>(self) -> Self;
    /// All ones in the lanes whose highest bit is set, zeros in the others.
    fn sign(self) -> Self;

    /// Rotates left by `LEFT` bits. `RIGHT` is the word size less `LEFT`.
    #[inline(always)]
    fn rotate<const LEFT: i32, const RIGHT: i32>(self) -> Self {
        self.shift_left::<LEFT>().or(self.shift_right::<RIGHT>())
    }

    #[inline(always)]
    fn xor3(self, second: Self, third: Self) -> Self {
        self.xor(second).xor(third)
    }

    /// Bitwise selection: `yes` where `self` has ones, `no` elsewhere.
    #[inline(always)]
    fn choose(self, yes: Self, no: Self) -> Self {
        no.xor(self.and(yes.xor(no)))
    }

    /// Bitwise majority of the three.
    #[inline(always)]
    fn majority(self, second: Self, third: Self) -> Self {
        self.xor(second).choose(third, second)
    }
}
