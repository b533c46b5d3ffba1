//! HMAC (RFC 2104) under a prepared key.

use super::backend::Lanes;
use super::in_lanes::InLanes;
use super::message::Digest;
use super::range::range;
use super::sha::{Sha1, Sha256, Sha512};
use super::states::States;
use super::values::Values;
use crate::algorithm::Algorithm;

/// An HMAC key whose inner and outer states are computed once, so that the MAC
/// of a short message costs two compressions instead of four. Wiped on drop.
#[derive(Clone)]
pub(crate) struct Prepared(Inner);

#[derive(Clone)]
pub(super) enum Inner {
    Sha1(States<Sha1>),
    Sha256(States<Sha256>),
    Sha512(States<Sha512>),
}

impl Prepared {
    /// Prepares a key of any length (RFC 2104 section 2).
    pub(crate) fn new(algorithm: Algorithm, secret: &[u8]) -> Self {
        Self(match algorithm {
            Algorithm::Sha1 => Inner::Sha1(States::new(secret)),
            Algorithm::Sha256 => Inner::Sha256(States::new(secret)),
            Algorithm::Sha512 => Inner::Sha512(States::new(secret)),
        })
    }

    /// HMAC of `parts`, concatenated.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> Digest {
        self.mac_iter(parts.iter().copied())
    }

    /// HMAC of `parts`, concatenated.
    pub(crate) fn mac_iter<'a>(&self, parts: impl IntoIterator<Item = &'a [u8]>) -> Digest {
        match &self.0 {
            Inner::Sha1(states) => states.mac(parts),
            Inner::Sha256(states) => states.mac(parts),
            Inner::Sha512(states) => states.mac(parts),
        }
    }

    /// The truncated HMAC of a counter (RFC 4226 section 5.3), 31 bits.
    pub(crate) fn truncated(&self, counter: u64) -> u32 {
        match &self.0 {
            Inner::Sha1(states) => states.truncated(counter),
            Inner::Sha256(states) => states.truncated(counter),
            Inner::Sha512(states) => states.truncated(counter),
        }
    }

    /// Computes the truncated HMACs of `count` consecutive counters from
    /// `first` on and passes them to `put` in ascending order, a buffer at a
    /// time. Counters wrap around after `u64::MAX`.
    pub(crate) fn truncated_range(
        &self,
        first: u64,
        count: usize,
        put: &mut dyn FnMut(&mut Values),
    ) {
        match &self.0 {
            Inner::Sha1(states) => states.truncated_range(first, count, put),
            Inner::Sha256(states) => states.truncated_range(first, count, put),
            Inner::Sha512(states) => states.truncated_range(first, count, put),
        }
    }

    pub(super) fn inner(&self) -> &Inner {
        &self.0
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        match &self.0 {
            Inner::Sha1(_) => Algorithm::Sha1,
            Inner::Sha256(_) => Algorithm::Sha256,
            Inner::Sha512(_) => Algorithm::Sha512,
        }
    }
}

impl<H: InLanes> States<H> {
    /// See [`Prepared::truncated_range`].
    fn truncated_range(&self, first: u64, count: usize, put: &mut dyn FnMut(&mut Values)) {
        let lanes = Lanes::chosen();
        range(lanes, H::crossover(lanes), self, first, count, put);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> std::string::String {
        bytes
            .iter()
            .map(|byte| std::format!("{byte:02x}"))
            .collect()
    }

    // RFC 2202 case 2 and RFC 4231 case 2.
    #[test]
    fn mac_of_jefe() {
        for (algorithm, expected) in [
            (Algorithm::Sha1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
            (
                Algorithm::Sha256,
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                Algorithm::Sha512,
                "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
            ),
        ] {
            let key = Prepared::new(algorithm, b"Jefe");
            let mac = key.mac(&[b"what do ya want ", b"for nothing?"]);
            assert_eq!(hex(mac.as_bytes()), expected);
        }
    }

    #[test]
    fn truncated_mac_of_a_counter_is_that_of_its_bytes() {
        for algorithm in [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512] {
            let key = Prepared::new(algorithm, b"Jefe");
            let mut seen = [false; 16];
            for counter in (0..500).chain([0x0123_4567_89ab_cdef, u64::MAX]) {
                let mac = key.mac(&[&counter.to_be_bytes()]);
                assert_eq!(key.truncated(counter), mac.dynamic_truncation());
                seen[usize::from(mac.as_bytes()[algorithm.output_len() - 1] & 15)] = true;
            }
            assert_eq!(seen, [true; 16], "every offset");
        }
    }

    // RFC 2202 case 6 and RFC 4231 case 6: a key longer than a block.
    #[test]
    fn long_key_is_hashed_first() {
        let message: &[u8] = b"Test Using Larger Than Block-Size Key - Hash Key First";
        let mac = Prepared::new(Algorithm::Sha1, &[0xaa; 80]).mac(&[message]);
        assert_eq!(
            hex(mac.as_bytes()),
            "aa4ae5e15272d00e95705637ce8a3b55ed402112"
        );
        let mac = Prepared::new(Algorithm::Sha256, &[0xaa; 131]).mac(&[message]);
        assert_eq!(
            hex(mac.as_bytes()),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }
}
