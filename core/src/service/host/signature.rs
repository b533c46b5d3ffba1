//! RS256 signatures (RFC 7518 section 3.3), which the host makes and checks.

use alloc::vec::Vec;

use crate::Error;
use crate::list::list;

/// The public exponent of every key.
const EXPONENT: [u8; 3] = [1, 0, 1];
/// The range of a modulus, in bits.
const BITS: core::ops::RangeInclusive<u32> = 2048..=4096;

list! {
    /// The algorithm that signs ID tokens or client assertions (RFC 7518 section 3.1).
    pub enum SignatureAlgorithm: u8 {
        /// ECDSA with P-256 and SHA-256, which the engine computes.
        Es256 = 1, "ES256";
        /// RSASSA-PKCS1-v1_5 with SHA-256, which the host computes.
        Rs256 = 2, "RS256";
    }
}

/// A public RSA key with a modulus of 2048 to 4096 bits and the exponent 65537.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RsaPublicKey {
    /// The modulus, big-endian, without leading zeros.
    modulus: Vec<u8>,
}

impl RsaPublicKey {
    /// The public exponent of every key, big-endian: 65537.
    pub const EXPONENT: &'static [u8] = &EXPONENT;

    /// A key from its modulus and exponent, big-endian. Leading zeros are
    /// dropped.
    ///
    /// # Errors
    /// [`Error::RsaKeySize`] unless the modulus has 2048 to 4096 bits: smaller keys
    /// are too weak, and larger ones cost too much time. [`Error::RsaExponent`]
    /// unless the exponent is 65537: others are either weak or unusual.
    /// [`Error::InvalidPublicKey`] for an even modulus.
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Result<Self, Error> {
        let [modulus, exponent] = [modulus, exponent].map(without_leading_zeros);
        if !BITS.contains(&bits(modulus)) {
            return Err(Error::RsaKeySize);
        }
        if exponent != EXPONENT {
            return Err(Error::RsaExponent);
        }
        match modulus.last().is_some_and(|last| last % 2 == 1) {
            true => Ok(Self {
                modulus: modulus.to_vec(),
            }),
            false => Err(Error::InvalidPublicKey),
        }
    }

    /// The modulus, big-endian, without leading zeros.
    #[must_use]
    pub fn modulus(&self) -> &[u8] {
        &self.modulus
    }
}

fn without_leading_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

/// The length of a number without leading zeros in bits.
fn bits(number: &[u8]) -> u32 {
    let unused = number.first().map_or(0, |first| first.leading_zeros());
    u32::try_from(number.len())
        .unwrap_or(u32::MAX)
        .saturating_mul(8)
        .saturating_sub(unused)
}

/// A message to sign with a private key of the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    /// The public key of the pair, one of those that the host listed.
    pub key: RsaPublicKey,
    /// The message, which the algorithm hashes.
    pub message: Vec<u8>,
}

/// A signature to check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckSignature {
    /// The key, which is registered for a client or one of the host's own. Never
    /// one that a token contains or refers to.
    pub key: RsaPublicKey,
    /// The message, which the algorithm hashes.
    pub message: Vec<u8>,
    /// The signature, of any length.
    pub signature: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(bits: u32) -> Vec<u8> {
        let mut bytes = alloc::vec![0xff; bits.div_ceil(8) as usize];
        bytes[0] >>= bits.div_ceil(8) * 8 - bits;
        bytes
    }

    #[test]
    fn sizes_and_exponents() {
        for (bits, is_accepted) in [
            (1024, false),
            (2047, false),
            (2048, true),
            (2055, true),
            (3072, true),
            (4096, true),
            (4097, false),
            (8192, false),
        ] {
            let key = RsaPublicKey::new(&number(bits), &EXPONENT);
            let refused = key.err();
            assert_eq!(
                refused,
                (!is_accepted).then_some(Error::RsaKeySize),
                "{bits}"
            );
        }
        for exponent in [&[3][..], &[1, 0, 0], &[1, 0, 1, 0], &[0], &[]] {
            let key = RsaPublicKey::new(&number(2048), exponent);
            assert_eq!(key, Err(Error::RsaExponent), "{exponent:?}");
        }
        let mut even = number(2048);
        even[255] = 0xfe;
        assert_eq!(
            RsaPublicKey::new(&even, &EXPONENT),
            Err(Error::InvalidPublicKey)
        );
        assert!(RsaPublicKey::new(&[], &EXPONENT).is_err());
    }

    /// Java's `BigInteger` writes a zero in front.
    #[test]
    fn leading_zeros_are_dropped() {
        let padded = [&[0, 0][..], &number(2048)].concat();
        let key = RsaPublicKey::new(&padded, &[0, 1, 0, 1]).unwrap();
        assert_eq!(key.modulus(), number(2048));
        let short = [&[0][..], &number(2040)].concat();
        assert!(RsaPublicKey::new(&short, &EXPONENT).is_err());
    }
}
