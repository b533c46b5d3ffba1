//! Hashes of many phone numbers at once.

use arrayvec::ArrayVec;

use super::hash::{HexDigest, KEYED_LABEL};
use super::phone_number::PhoneNumber;
use crate::kernel::{digest_batch, only_block};

/// The length of the label and a number of 15 digits with its plus sign.
const LONGEST_KEYED: usize = KEYED_LABEL.len() + 16;

/// [`PhoneNumber::sha256_hex`] of many numbers, computed in parallel SIMD
/// lanes. If the slices differ in length, the excess of the longer one is
/// ignored.
///
/// ```
/// use mpass_core::number::{HexDigest, PhoneNumber, hash_batch};
///
/// let numbers = [
///     PhoneNumber::parse("+966500000000", None)?,
///     PhoneNumber::parse("+390669812345", None)?,
/// ];
/// let mut digests = [HexDigest::BLANK; 2];
/// hash_batch(&numbers, &mut digests);
/// assert_eq!(digests, numbers.map(|number| number.sha256_hex()));
/// # Ok::<(), mpass_core::Error>(())
/// ```
pub fn hash_batch(numbers: &[PhoneNumber], digests: &mut [HexDigest]) {
    let count = numbers.len().min(digests.len());
    let blocks = numbers[..count].iter().map(PhoneNumber::block);
    digest_batch(None, blocks, |index, digest| {
        digests[index] = HexDigest::encode(&digest);
    });
}

/// [`PhoneNumber::keyed_hash`] of many numbers under one key, computed in
/// parallel SIMD lanes. If the slices differ in length, the excess of the
/// longer one is ignored.
pub fn keyed_hash_batch(key: &[u8; 32], numbers: &[PhoneNumber], hashes: &mut [[u8; 32]]) {
    let count = numbers.len().min(hashes.len());
    let blocks = numbers[..count].iter().map(|number| {
        let mut text = ArrayVec::<u8, LONGEST_KEYED>::new();
        text.extend(KEYED_LABEL.iter().chain(number.as_bytes()).copied());
        // The block of the key, 64 bytes, precedes it.
        only_block(64, &text)
    });
    digest_batch(Some(key), blocks, |index, digest| hashes[index] = digest);
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    #[test]
    fn batches_of_every_size_are_one_after_the_other() {
        let numbers: Vec<PhoneNumber> = (0..40)
            .map(|last| PhoneNumber::parse(&std::format!("+9665000000{last:02}"), None).unwrap())
            .collect();
        for count in 0..=numbers.len() {
            let mut digests = std::vec![HexDigest::BLANK; count];
            hash_batch(&numbers, &mut digests);
            let mut hashes = std::vec![[0; 32]; count];
            keyed_hash_batch(&[7; 32], &numbers, &mut hashes);
            for ((number, digest), hash) in numbers.iter().zip(digests).zip(hashes) {
                assert_eq!(digest, number.sha256_hex());
                assert_eq!(hash, number.keyed_hash(&[7; 32]));
            }
        }
    }
}
