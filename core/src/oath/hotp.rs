//! HOTP (RFC 4226).

use super::attempt::{Attempt, Keeps};
use super::code::write_ascii;
use super::key::check_secret;
use super::window::{LARGEST_WINDOW, MOST_CODES, Matches, Window, search};
use super::{Code, Digits, Key};
use crate::Error;
use crate::kernel::{Values, truncated_once, wipe};

/// The most codes passed to a callback at a time.
const PIECE: usize = 512;

/// HMAC-based one-time passwords (RFC 4226) under one key.
#[derive(Clone, Debug)]
pub struct Hotp {
    key: Key,
    digits: Digits,
}

impl Hotp {
    /// Creates a generator and verifier of codes of `digits` digits.
    #[must_use]
    pub fn new(key: Key, digits: Digits) -> Self {
        Self { key, digits }
    }

    /// The number of digits of the codes.
    #[must_use]
    pub fn digits(&self) -> Digits {
        self.digits
    }

    /// The hash of the codes.
    #[must_use]
    pub fn algorithm(&self) -> super::Algorithm {
        self.key.algorithm()
    }

    /// Generates the code of a counter (RFC 4226 section 5.3).
    #[must_use]
    pub fn generate(&self, counter: u64) -> Code {
        Code::of(self.key.prepared().truncated(counter), self.digits)
    }

    /// Generates the code of a counter under a secret of 16 to 1,024 bytes that
    /// is used only once, without preparing a [`Key`]. With a `Key`, every code
    /// after the first costs half as much.
    ///
    /// ```
    /// # use mpass_core::oath::{Algorithm, Digits, Hotp};
    /// let secret = b"12345678901234567890";
    /// let code = Hotp::generate_once(Algorithm::Sha1, secret, Digits::SIX, 1)?;
    /// assert_eq!(code.as_str(), "287082");
    /// # Ok::<(), mpass_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Key::new`].
    pub fn generate_once(
        algorithm: super::Algorithm,
        secret: &[u8],
        digits: Digits,
        counter: u64,
    ) -> Result<Code, Error> {
        check_secret(secret)?;
        let truncated = truncated_once(algorithm, secret, counter);
        Ok(Code::of(truncated, digits))
    }

    /// [`generate`](Self::generate) as an integer less than
    /// [`Digits::modulus`], for hosts where passing text costs more than the
    /// code. [`Code::from_value`] restores the leading zeros.
    #[must_use]
    pub fn generate_value(&self, counter: u64) -> u32 {
        self.digits.reduce(self.key.prepared().truncated(counter))
    }

    /// Generates the codes of consecutive counters from `first` on, as
    /// integers. Returns their number, which is less than `values.len()` only
    /// if the counters end at `u64::MAX`. Elements beyond it are left
    /// unchanged.
    ///
    /// The codes are computed in parallel SIMD lanes: from about a dozen codes
    /// on, each costs a fraction of [`generate`](Self::generate).
    ///
    /// ```
    /// # use mpass_core::oath::{Algorithm, Digits, Hotp, Key};
    /// let hotp = Hotp::new(Key::new(Algorithm::Sha1, b"12345678901234567890")?, Digits::SIX);
    /// let mut values = [0; 3];
    /// assert_eq!(hotp.generate_range(0, &mut values), 3);
    /// assert_eq!(values, [755_224, 287_082, 359_152]);
    /// assert_eq!(hotp.generate_range(u64::MAX, &mut values), 1);
    /// # Ok::<(), mpass_core::Error>(())
    /// ```
    pub fn generate_range(&self, first: u64, values: &mut [u32]) -> usize {
        let count = counters_from(first, values.len());
        let mut slots = values[..count].iter_mut();
        let mut put = |truncated: &mut Values| {
            self.digits.reduce_all(&mut truncated.buffer);
            for (value, slot) in truncated.all().iter().zip(slots.by_ref()) {
                *slot = *value;
            }
        };
        self.key.prepared().truncated_range(first, count, &mut put);
        count
    }

    /// Generates the codes of `count` consecutive counters from `first` on, as
    /// integers, and passes them to `put` a few hundred at a time with the
    /// index of the first one: for hosts whose memory only they can write.
    /// Returns the number of codes, which is less than `count` only if the
    /// counters end at `u64::MAX`.
    ///
    /// ```
    /// # use mpass_core::oath::{Algorithm, Digits, Hotp, Key};
    /// let hotp = Hotp::new(Key::new(Algorithm::Sha1, b"12345678901234567890")?, Digits::SIX);
    /// let mut codes = Vec::new();
    /// let count = hotp.generate_in_pieces(0, 2, |place, values| {
    ///     assert_eq!(place, codes.len());
    ///     codes.extend_from_slice(values);
    ///     Ok::<(), mpass_core::Error>(())
    /// })?;
    /// assert_eq!((count, codes), (2, vec![755_224, 287_082]));
    /// # Ok::<(), mpass_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// The first error of `put`, which ends the generation.
    pub fn generate_in_pieces<E>(
        &self,
        first: u64,
        count: usize,
        mut put: impl FnMut(usize, &[u32]) -> Result<(), E>,
    ) -> Result<usize, E> {
        let count = counters_from(first, count);
        let mut buffer = [0; PIECE];
        let mut result = Ok(count);
        for slot in (0..count).step_by(PIECE) {
            let piece = &mut buffer[..PIECE.min(count - slot)];
            self.generate_range(first + slot as u64, piece);
            if let Err(error) = put(slot, piece) {
                result = Err(error);
                break;
            }
        }
        wipe(&mut buffer);
        result
    }

    /// [`generate_range`](Self::generate_range) as ASCII digits: fills `rows`
    /// with contiguous rows of [`digits`](Self::digits) bytes, as many as fit
    /// completely. Returns the number of rows.
    ///
    /// ```
    /// # use mpass_core::oath::{Algorithm, Digits, Hotp, Key};
    /// let hotp = Hotp::new(Key::new(Algorithm::Sha1, b"12345678901234567890")?, Digits::SIX);
    /// let mut rows = [0; 12];
    /// assert_eq!(hotp.generate_rows(0, &mut rows), 2);
    /// assert_eq!(&rows, b"755224287082");
    /// # Ok::<(), mpass_core::Error>(())
    /// ```
    pub fn generate_rows(&self, first: u64, rows: &mut [u8]) -> usize {
        let width = usize::from(self.digits.get());
        let count = counters_from(first, rows.len() / width);
        let mut slots = rows.chunks_exact_mut(width);
        let mut put = |truncated: &mut Values| {
            for (value, row) in truncated.all().iter().zip(slots.by_ref()) {
                write_ascii(*value, self.digits, row);
            }
        };
        self.key.prepared().truncated_range(first, count, &mut put);
        count
    }

    /// An attempt for [`verify_batch`](super::verify_batch), with the arguments
    /// of [`verify`](Self::verify).
    #[must_use]
    pub fn attempt(&self, code: &str, counter: u64, look_ahead: u32) -> Attempt<'_> {
        let count = look_ahead.saturating_add(1).min(LARGEST_WINDOW);
        let window = Window::new(counter, u64::from(count));
        Attempt::new(&self.key, self.digits, code, window, Keeps::Lowest)
    }

    /// Searches `counter` and the `look_ahead` counters after it (RFC 4226
    /// section 7.2) for `code` and returns the counter that matches. Pass the
    /// counter after the last accepted one, and store the result as the last
    /// accepted one.
    ///
    /// The whole window is always computed, in a time that does not depend on
    /// the codes. If two counters have this code, the lower one is returned, so
    /// that a verifier never runs ahead of its token. Text that is not exactly
    /// as many digits (see [`Code::parse`]) never matches. The window is
    /// limited to [`LARGEST_WINDOW`] counters and ends at `u64::MAX`.
    ///
    /// ```
    /// # use mpass_core::oath::{Algorithm, Digits, Hotp, Key};
    /// let hotp = Hotp::new(Key::new(Algorithm::Sha1, b"12345678901234567890")?, Digits::SIX);
    /// assert_eq!(hotp.verify("969429", 1, 5), Some(3));
    /// assert_eq!(hotp.verify("969429", 4, 5), None);
    /// # Ok::<(), mpass_core::Error>(())
    /// ```
    #[must_use]
    pub fn verify(&self, code: &str, counter: u64, look_ahead: u32) -> Option<u64> {
        self.attempt(code, counter, look_ahead).verify()
    }

    /// Searches for two or three consecutive codes (RFC 4226 section 7.4), the
    /// first of which must be among `window` counters from `counter` on, and
    /// returns the counter of the last code. `None` if they are not found.
    ///
    /// Each counter is computed exactly once, whether it matches or not.
    ///
    /// # Errors
    /// [`Error::ResyncCodes`] for one code or more than three,
    /// [`Error::WindowTooLarge`] above [`LARGEST_WINDOW`].
    pub fn resynchronize(
        &self,
        codes: &[&str],
        counter: u64,
        window: u32,
    ) -> Result<Option<u64>, Error> {
        let window = resync_window(counter, window)?;
        Ok(self.search_texts(codes, window)?.lowest())
    }

    /// The positions of two or three consecutive typed codes.
    pub(crate) fn search_texts(&self, codes: &[&str], window: Window) -> Result<Matches, Error> {
        let parse = |text: &&str| Code::parse(text, self.digits);
        let parsed = match codes {
            [first, second] => [parse(first), parse(second), parse(second)],
            [first, second, third] => [parse(first), parse(second), parse(third)],
            _ => return Err(Error::ResyncCodes),
        };
        let [Some(first), Some(second), Some(third)] = parsed else {
            return Ok(Matches::none());
        };
        let parsed: [Code; MOST_CODES] = [first, second, third];
        Ok(self.search(&parsed[..codes.len()], window))
    }

    pub(super) fn key(&self) -> &Key {
        &self.key
    }

    /// The positions of one to three consecutive codes; see [`search`].
    pub(crate) fn search(&self, codes: &[Code], window: Window) -> Matches {
        search(&self.key, self.digits, codes, window)
    }
}

/// The number of counters from `first` on, at most `wanted`.
fn counters_from(first: u64, wanted: usize) -> usize {
    let count = Window::new(first, wanted as u64).count();
    usize::try_from(count).unwrap_or(wanted)
}

/// The window of a resynchronisation.
pub(super) fn resync_window(first: u64, count: u32) -> Result<Window, Error> {
    if count > LARGEST_WINDOW {
        return Err(Error::WindowTooLarge);
    }
    Ok(Window::new(first, u64::from(count)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oath::Algorithm;

    fn rfc() -> Hotp {
        let key = Key::new(Algorithm::Sha1, b"12345678901234567890").unwrap();
        Hotp::new(key, Digits::SIX)
    }

    #[test]
    fn a_code_of_once_is_that_of_a_key() {
        for algorithm in [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512] {
            for len in 0..200 {
                let secret = std::vec![0x5c ^ 7; len];
                let once = |counter| Hotp::generate_once(algorithm, &secret, Digits::SIX, counter);
                match Key::new(algorithm, &secret) {
                    Ok(key) => {
                        let hotp = Hotp::new(key, Digits::SIX);
                        let counter = len as u64;
                        let code = once(counter).unwrap();
                        assert_eq!(code.as_str(), hotp.generate(counter).as_str());
                    }
                    Err(error) => assert_eq!(once(0).map(|_| ()), Err(error)),
                }
            }
        }
    }

    #[test]
    fn pieces_are_the_whole() {
        let hotp = rfc();
        for (first, count) in [(0, 0), (7, 1), (9, 512), (0, 1300), (u64::MAX - 600, 2000)] {
            let mut whole = std::vec![0; count];
            let made = hotp.generate_range(first, &mut whole);
            let mut pieces = std::vec::Vec::new();
            let told = hotp.generate_in_pieces(first, count, |slot, values| {
                assert_eq!(slot, pieces.len());
                pieces.extend_from_slice(values);
                Ok::<(), ()>(())
            });
            assert_eq!((told, pieces.as_slice()), (Ok(made), &whole[..made]));
        }
        let mut pieces = 0;
        let told = hotp.generate_in_pieces(0, 2000, |slot, _| {
            pieces += 1;
            if slot == 0 { Ok(()) } else { Err("full") }
        });
        assert_eq!((told, pieces), (Err("full"), 2));
    }

    #[test]
    fn looks_forward_only() {
        let hotp = rfc();
        assert_eq!(hotp.verify("755224", 0, 0), Some(0));
        assert_eq!(hotp.verify("755224", 1, 1000), None);
        assert_eq!(hotp.verify("520489", 0, 9), Some(9));
        assert_eq!(hotp.verify("520489", 0, 8), None);
    }

    #[test]
    fn ends_at_the_largest_counter() {
        let hotp = rfc();
        let last = hotp.generate(u64::MAX);
        assert_eq!(
            hotp.verify(last.as_str(), u64::MAX - 3, u32::MAX),
            Some(u64::MAX)
        );
        assert_eq!(hotp.verify("755224", u64::MAX, u32::MAX), None);
        let codes = [hotp.generate(u64::MAX - 1), last];
        let codes = [codes[0].as_str(), codes[1].as_str()];
        assert_eq!(
            hotp.resynchronize(&codes, u64::MAX - 2, 1000),
            Ok(Some(u64::MAX))
        );
        assert_eq!(hotp.resynchronize(&codes, u64::MAX, 1000), Ok(None));
    }

    #[test]
    fn the_first_of_two_equal_codes() {
        let key = Key::new(Algorithm::Sha1, b"12345678901234567890").unwrap();
        let hotp = Hotp::new(key, Digits::new(4).unwrap());
        let code = hotp.generate(0);
        let again = (1..).find(|counter| hotp.generate(*counter).as_str() == code.as_str());
        let again = again.unwrap();
        let look_ahead = u32::try_from(again).unwrap();
        assert_eq!(hotp.verify(code.as_str(), 0, look_ahead), Some(0));
        assert_eq!(hotp.verify(code.as_str(), 1, look_ahead), Some(again));
    }

    #[test]
    fn resynchronises_on_codes_in_a_row() {
        let hotp = rfc();
        let far = 1500;
        let codes = [
            hotp.generate(far),
            hotp.generate(far + 1),
            hotp.generate(far + 2),
        ];
        let texts: [&str; 3] = core::array::from_fn(|index| codes[index].as_str());
        assert_eq!(hotp.resynchronize(&texts, 0, 1501), Ok(Some(far + 2)));
        assert_eq!(hotp.resynchronize(&texts[..2], 0, 1501), Ok(Some(far + 1)));
        // The first code must be within the window; the others may follow it.
        assert_eq!(hotp.resynchronize(&texts, 0, 1500), Ok(None));
        assert_eq!(hotp.resynchronize(&texts, far + 1, 100_000), Ok(None));
        // In another order, or with a gap, they are not consecutive.
        let [first, second, third] = texts;
        assert_eq!(hotp.resynchronize(&[second, first], 0, 2000), Ok(None));
        assert_eq!(hotp.resynchronize(&[first, third], 0, 2000), Ok(None));
        assert_eq!(
            hotp.resynchronize(&[first, second, first], 0, 2000),
            Ok(None)
        );
        assert_eq!(hotp.resynchronize(&[first, "12345"], 0, 2000), Ok(None));
    }

    #[test]
    fn resynchronisation_has_bounds() {
        let hotp = rfc();
        let code = "755224";
        for codes in [&[][..], &[code], &[code; 4]] {
            assert_eq!(hotp.resynchronize(codes, 0, 10), Err(Error::ResyncCodes));
        }
        let codes = ["755224", "287082"];
        assert_eq!(
            hotp.resynchronize(&codes, 0, 100_001),
            Err(Error::WindowTooLarge)
        );
        assert_eq!(hotp.resynchronize(&codes, 0, 0), Ok(None));
        assert_eq!(hotp.resynchronize(&codes, 0, 1), Ok(Some(1)));
    }
}
