//! What the lane algorithms need of a register.

/// Words side by side in one register, one for each lane.
///
/// A first value takes the token of its instructions, whose existence proves
/// that the processor has them; so whoever holds a value may use them. Every
/// method is inlined into the function that turns the instructions on.
pub(super) trait Vector: Copy {
    /// One lane.
    type Word: Copy;
    /// Proves that the processor has the instructions.
    type Token: Copy;
    /// Words in the register.
    const LANES: usize;

    /// The same word in every lane.
    fn splat(token: Self::Token, word: Self::Word) -> Self;
    /// The first words of `words`, of which there are enough.
    fn load(token: Self::Token, words: &[Self::Word]) -> Self;
    /// Writes the lanes to the front of `words`, which has room for them.
    fn store(self, words: &mut [Self::Word]);

    /// The sum, modulo the word.
    fn add(self, other: Self) -> Self;
    fn xor(self, other: Self) -> Self;
    fn and(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    fn shift_left<const BITS: i32>(self) -> Self;
    fn shift_right<const BITS: i32>(self) -> Self;
    /// All ones in the lanes whose highest bit is one, zeros in the others.
    fn sign(self) -> Self;

    /// Rotation by `LEFT` bits to the left, which is `RIGHT` to the right.
    #[inline(always)]
    fn rotate<const LEFT: i32, const RIGHT: i32>(self) -> Self {
        self.shift_left::<LEFT>().or(self.shift_right::<RIGHT>())
    }

    #[inline(always)]
    fn xor3(self, second: Self, third: Self) -> Self {
        self.xor(second).xor(third)
    }

    /// The bits of `yes` where `self` has ones, and those of `no` elsewhere.
    #[inline(always)]
    fn choose(self, yes: Self, no: Self) -> Self {
        no.xor(self.and(yes.xor(no)))
    }

    /// The bits that at least two of the three have.
    #[inline(always)]
    fn majority(self, second: Self, third: Self) -> Self {
        self.xor(second).choose(third, second)
    }
}
