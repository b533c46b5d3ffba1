//! OATH secrets and their text forms.

use core::fmt;

use base32ct::{Base32UpperUnpadded, Encoding};
use zeroize::Zeroize;

use super::Algorithm;
use super::key::LONGEST;
use crate::Error;
use crate::kernel::Prepared;
use crate::labels;

/// Letters and bytes of a base32 group.
const GROUP_LETTERS: usize = 8;
const GROUP_BYTES: usize = 5;
/// Bytes encoded to hexadecimal at a time.
const HEX_PIECE: usize = 16;

/// The secret of a token, 1 to 1,024 bytes. Wiped on drop. `Debug` shows only
/// the length; the bytes and text forms are returned only by the `expose…`
/// methods.
///
/// Text is decoded and encoded without branches or table lookups that depend on
/// its letters. The length and the positions of separators are not treated as
/// secret.
///
/// ```
/// use mpass_core::oath::Secret;
///
/// let secret = Secret::from_base32("gezd gnbv-GY3T QOJQ====")?;
/// assert_eq!(secret.expose(), b"1234567890");
/// assert_eq!(secret.expose_base32().to_string(), "GEZDGNBVGY3TQOJQ");
/// # Ok::<(), mpass_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Secret {
    bytes: [u8; LONGEST],
    len: usize,
}

impl Secret {
    fn empty() -> Self {
        Self {
            bytes: [0; LONGEST],
            len: 0,
        }
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let free = self.bytes.get_mut(self.len..self.len + bytes.len());
        free.ok_or(Error::SecretTooLong)?.copy_from_slice(bytes);
        self.len += bytes.len();
        Ok(())
    }

    fn filled(self) -> Result<Self, Error> {
        match self.len {
            0 => Err(Error::SecretEmpty),
            _ => Ok(self),
        }
    }

    /// A copy of `bytes`.
    ///
    /// # Errors
    /// [`Error::SecretEmpty`], [`Error::SecretTooLong`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut secret = Self::empty();
        secret.push(bytes)?;
        secret.filled()
    }

    /// Parses base32 (RFC 4648 section 6), case-insensitively. Spaces and
    /// hyphens anywhere and padding at the end are optional. Unused bits of the
    /// last letter are ignored.
    ///
    /// # Errors
    /// [`Error::InvalidBase32`] for any other character, a letter after the
    /// padding, or an impossible length; [`Error::SecretEmpty`],
    /// [`Error::SecretTooLong`].
    pub fn from_base32(text: &str) -> Result<Self, Error> {
        Self::from_base32_letters(text.chars().map(Ok))
    }

    /// [`from_base32`](Self::from_base32) from an iterator of letters that may
    /// fail to decode.
    pub(super) fn from_base32_letters(
        letters: impl Iterator<Item = Result<char, Error>>,
    ) -> Result<Self, Error> {
        let mut secret = Self::empty();
        let mut group = Group::default();
        let mut padding = 0;
        for letter in letters {
            match letter? {
                ' ' | '-' => {}
                '=' => padding += 1,
                letter if padding == 0 && letter.is_ascii() => {
                    group.push(letter, &mut secret)?;
                }
                _ => return Err(Error::InvalidBase32),
            }
        }
        if padding >= GROUP_LETTERS {
            return Err(Error::InvalidBase32);
        }
        group.finish(&mut secret)?;
        secret.filled()
    }

    /// Parses hexadecimal, case-insensitively, without separators.
    ///
    /// # Errors
    /// [`Error::InvalidHex`] for another character or an odd number of
    /// digits; [`Error::SecretEmpty`], [`Error::SecretTooLong`].
    pub fn from_hex(text: &str) -> Result<Self, Error> {
        if text.len() > 2 * LONGEST {
            return Err(Error::SecretTooLong);
        }
        let mut secret = Self::empty();
        secret.len = base16ct::mixed::decode(text, &mut secret.bytes)
            .map_err(|_| Error::InvalidHex)?
            .len();
        secret.filled()
    }

    /// Generates a secret of the length that the RFCs recommend for the hash:
    /// 20, 32 or 64 bytes.
    ///
    /// `entropy` is 64 bytes from the host's cryptographic random source. The
    /// secret is derived from it by HMAC-SHA-512, so it reveals nothing about
    /// other uses of the same bytes.
    #[must_use]
    pub fn generate(algorithm: Algorithm, entropy: &[u8; 64]) -> Self {
        let derived = Prepared::new(Algorithm::Sha512, entropy).mac(&[labels::OATH_SECRET.bytes()]);
        let mut secret = Self::empty();
        secret.len = algorithm.output_len();
        secret.bytes[..secret.len].copy_from_slice(&derived.as_bytes()[..secret.len]);
        secret
    }

    /// The bytes.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// The secret as upper-case base32 without padding, which every
    /// authenticator app accepts.
    #[must_use]
    pub fn expose_base32(&self) -> ExposedBase32<'_> {
        ExposedBase32(self)
    }

    /// The secret as lower-case hexadecimal.
    #[must_use]
    pub fn expose_hex(&self) -> ExposedHex<'_> {
        ExposedHex(self)
    }

    /// The number of bytes, 1 to 1,024.
    #[must_use]
    #[allow(clippy::len_without_is_empty)] // never empty
    pub fn len(&self) -> usize {
        self.len
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.bytes[..self.len].zeroize();
    }
}

/// Shows the length only.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({} bytes)", self.len)
    }
}

/// Base32 letters, collected until they decode to five bytes.
#[derive(Default)]
struct Group {
    letters: [u8; GROUP_LETTERS],
    len: usize,
}

impl Group {
    fn push(&mut self, letter: char, secret: &mut Secret) -> Result<(), Error> {
        let letter = u8::try_from(letter).map_err(|_| Error::InvalidBase32)?;
        self.letters[self.len] = letter.to_ascii_uppercase();
        self.len += 1;
        if self.len == GROUP_LETTERS {
            self.finish(secret)?;
        }
        Ok(())
    }

    fn finish(&mut self, secret: &mut Secret) -> Result<(), Error> {
        let mut bytes = [0; GROUP_BYTES];
        let pushed = Base32UpperUnpadded::decode(&self.letters[..self.len], &mut bytes)
            .map_err(|_| Error::InvalidBase32)
            .and_then(|decoded| secret.push(decoded));
        bytes.zeroize();
        self.len = 0;
        pushed
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.letters.zeroize();
    }
}

/// Formats a secret as base32. Returned by [`Secret::expose_base32`].
pub struct ExposedBase32<'a>(&'a Secret);

impl fmt::Display for ExposedBase32<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut letters = [0; GROUP_LETTERS];
        for bytes in self.0.expose().chunks(GROUP_BYTES) {
            let text = Base32UpperUnpadded::encode(bytes, &mut letters).map_err(|_| fmt::Error)?;
            f.write_str(text)?;
        }
        letters.zeroize();
        Ok(())
    }
}

/// Formats a secret as hexadecimal. Returned by [`Secret::expose_hex`].
pub struct ExposedHex<'a>(&'a Secret);

impl fmt::Display for ExposedHex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = [0; 2 * HEX_PIECE];
        for bytes in self.0.expose().chunks(HEX_PIECE) {
            let text = base16ct::lower::encode_str(bytes, &mut digits).map_err(|_| fmt::Error)?;
            f.write_str(text)?;
        }
        digits.zeroize();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::{String, ToString};

    use super::*;

    #[test]
    fn base32_of_rfc_4648() {
        for (text, bytes) in [
            ("MY======", "f"),
            ("MZXQ====", "fo"),
            ("MZXW6===", "foo"),
            ("MZXW6YQ=", "foob"),
            ("MZXW6YTB", "fooba"),
            ("MZXW6YTBOI======", "foobar"),
        ] {
            let secret = Secret::from_base32(text).unwrap();
            assert_eq!(secret.expose(), bytes.as_bytes());
            assert_eq!(
                secret.expose_base32().to_string(),
                text.trim_end_matches('=')
            );
        }
    }

    #[test]
    fn base32_is_tolerant_of_what_people_type() {
        for text in [
            "mzxw 6ytb oi",
            "MZXW-6YTB-OI==",
            " mZxW6yTbOi= = ",
            "MZXW6YTBOJ",
        ] {
            assert_eq!(
                Secret::from_base32(text).unwrap().expose(),
                b"foobar",
                "{text}"
            );
        }
    }

    #[test]
    fn base32_refuses_the_rest() {
        for text in [
            "M",
            "MZX",
            "MZXW6Y",
            "MZXW6YT1",
            "MZXW6YT8",
            "MZXW6YT0",
            "MZ=W",
            "MZXW6YTB========",
            "MZXW6YTé",
            "MZXW_6YTB",
            "MZXW\u{661}",
            "MZXW\n6YTB",
        ] {
            let refused = Secret::from_base32(text).map(|_| ());
            assert_eq!(refused, Err(Error::InvalidBase32), "{text}");
        }
        for text in ["", " - ", "===="] {
            assert_eq!(
                Secret::from_base32(text).map(|_| ()),
                Err(Error::SecretEmpty)
            );
        }
    }

    #[test]
    fn hex() {
        let secret = Secret::from_hex("00fFaB10").unwrap();
        assert_eq!(secret.expose(), [0, 0xff, 0xab, 0x10]);
        assert_eq!(secret.expose_hex().to_string(), "00ffab10");
        for text in ["0", "0g", "0x00", "00 00", "é"] {
            assert_eq!(
                Secret::from_hex(text).map(|_| ()),
                Err(Error::InvalidHex),
                "{text}"
            );
        }
        assert_eq!(Secret::from_hex("").map(|_| ()), Err(Error::SecretEmpty));
    }

    #[test]
    fn up_to_1024_bytes() {
        let bytes = [0x5a; LONGEST + 1];
        let long = Secret::from_bytes(&bytes[1..]).unwrap();
        let texts = [
            long.expose_base32().to_string(),
            long.expose_hex().to_string(),
        ];
        assert_eq!(
            Secret::from_base32(&texts[0]).unwrap().expose(),
            long.expose()
        );
        assert_eq!(Secret::from_hex(&texts[1]).unwrap().expose(), long.expose());
        let too_long = Err(Error::SecretTooLong);
        assert_eq!(Secret::from_bytes(&bytes).map(|_| ()), too_long);
        assert_eq!(
            Secret::from_hex(&(texts[1].clone() + "00")).map(|_| ()),
            too_long
        );
        let text: String = texts[0].chars().chain("AAAA".chars()).collect();
        assert_eq!(Secret::from_base32(&text).map(|_| ()), too_long);
    }

    #[test]
    fn generated_by_hash() {
        for algorithm in [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512] {
            let first = Secret::generate(algorithm, &[7; 64]);
            assert_eq!(first.len(), algorithm.output_len());
            assert_eq!(
                first.expose(),
                Secret::generate(algorithm, &[7; 64]).expose()
            );
            let mut entropy = [7; 64];
            entropy[63] = 8;
            assert_ne!(
                first.expose(),
                Secret::generate(algorithm, &entropy).expose()
            );
        }
    }

    #[test]
    fn debug_shows_the_length_only() {
        let secret = Secret::from_bytes(b"12345678901234567890").unwrap();
        assert_eq!(format!("{secret:?}"), "Secret(20 bytes)");
    }
}
