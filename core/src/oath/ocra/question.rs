//! OCRA questions: generation and encoding.

use core::fmt;

use arrayvec::ArrayString;

use super::{Format, Suite};
use crate::Error;
use crate::kernel::{Prepared, hash};
use crate::labels;
use crate::oath::Algorithm;

/// Length of the encoded question in bytes.
pub(super) const FIELD: usize = 128;

/// Characters of generated `QA` questions: digits and upper-case letters, which
/// tokens can enter.
const LETTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A challenge question of at most 128 characters. Not a secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Question(ArrayString<FIELD>);

impl Question {
    /// The question as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn joined(first: &str, second: &str) -> Result<Self, Error> {
        let mut text = ArrayString::new();
        for part in [first, second] {
            if part.is_empty() || text.try_push_str(part).is_err() {
                return Err(Error::InvalidQuestion);
            }
        }
        Ok(Self(text))
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Question").field(&self.as_str()).finish()
    }
}

/// The two questions of mutual challenge-response (RFC 6287 section 7.2). Each
/// party poses one, and each computes its response over both, the other party's
/// first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mutual {
    server: Question,
    client: Question,
}

impl Mutual {
    /// Combines the client's and the server's question, both as long as the suite
    /// states.
    ///
    /// # Errors
    /// [`Error::InvalidQuestion`] if one is empty or both together exceed 128
    /// characters.
    pub fn new(client: &str, server: &str) -> Result<Self, Error> {
        Ok(Self {
            server: Question::joined(client, server)?,
            client: Question::joined(server, client)?,
        })
    }

    /// The question for the server's response, which the client verifies: the
    /// client's question followed by the server's.
    #[must_use]
    pub fn for_server_response(&self) -> &str {
        self.server.as_str()
    }

    /// The question for the client's response, which the server verifies: the
    /// server's question followed by the client's.
    #[must_use]
    pub fn for_client_response(&self) -> &str {
        self.client.as_str()
    }
}

impl Suite {
    /// Generates a uniformly random question of the suite's format and length.
    ///
    /// `entropy` is 32 bytes from the host's cryptographic random source. They
    /// are expanded by HMAC-SHA-256.
    #[must_use]
    pub fn generate_question(&self, entropy: &[u8; 32]) -> Question {
        let letters = match self.format() {
            Format::Alphanumeric => LETTERS,
            Format::Numeric => &LETTERS[..10],
            Format::Hexadecimal => &LETTERS[..16],
        };
        let source = Prepared::new(Algorithm::Sha256, entropy);
        let mut text = ArrayString::new();
        for block in 0u32.. {
            let random = source.mac(&[labels::OCRA_QUESTION.bytes(), &block.to_be_bytes()]);
            for byte in random.as_bytes() {
                if text.len() == self.question_len() {
                    return Question(text);
                }
                if let Some(letter) = letter(letters, *byte) {
                    // There is room for the longest question.
                    let _ = text.try_push(char::from(letter));
                }
            }
        }
        Question(text)
    }

    /// The question of signature mode (RFC 6287 section 7.3) for data longer
    /// than a question: the first hexadecimal digits of its hash, up to the
    /// suite's question length.
    ///
    /// # Errors
    /// [`Error::InvalidQuestion`] if the suite's questions are not `QH` or are
    /// longer than the hash.
    pub fn signature_question(&self, algorithm: Algorithm, data: &[u8]) -> Result<Question, Error> {
        let digest = hash(algorithm, &[data]);
        let mut digits = [0; FIELD];
        let text = base16ct::upper::encode_str(digest.as_bytes(), &mut digits)
            .ok()
            .filter(|_| self.format() == Format::Hexadecimal)
            .and_then(|text| text.get(..self.question_len()));
        let text = text.and_then(|text| ArrayString::from(text).ok());
        text.map(Question).ok_or(Error::InvalidQuestion)
    }

    /// Encodes a question to the 128 bytes of the HMAC input.
    ///
    /// Accepts up to the suite's length, and exactly twice that length: in mutual
    /// mode both parties' questions are concatenated (RFC 6287 appendix C.2 has
    /// 16 characters with `QA08`).
    pub(super) fn encode_question(&self, question: &str) -> Result<[u8; FIELD], Error> {
        let most = self.question_len();
        let is_mutual = question.len() == 2 * most;
        if !is_mutual && !(1..=most).contains(&question.len()) {
            return Err(Error::InvalidQuestion);
        }
        let mut field = [0; FIELD];
        match self.format() {
            Format::Alphanumeric => {
                if !question.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                    return Err(Error::InvalidQuestion);
                }
                field[..question.len()].copy_from_slice(question.as_bytes());
            }
            Format::Numeric => {
                let number = Number::read(question)?;
                fill_nibbles(&mut field, number.nibbles());
            }
            Format::Hexadecimal => {
                if !question.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                    return Err(Error::InvalidQuestion);
                }
                fill_nibbles(&mut field, question.bytes().map(hex_value));
            }
        }
        Ok(field)
    }
}

/// Selects a letter by a random byte. `None` for byte values that would
/// introduce a bias.
fn letter(letters: &[u8], byte: u8) -> Option<u8> {
    let byte = usize::from(byte);
    let unbiased = 256 - 256 % letters.len();
    letters
        .get(byte % letters.len())
        .copied()
        .filter(|_| byte < unbiased)
}

/// The value of a hexadecimal digit.
fn hex_value(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20).wrapping_sub(b'a' - 10) & 15,
    }
}

/// Fills the field with half bytes from the left. After an odd number, the last
/// half byte stays 0.
fn fill_nibbles(field: &mut [u8; FIELD], nibbles: impl Iterator<Item = u8>) {
    for (index, nibble) in nibbles.enumerate() {
        if let Some(byte) = field.get_mut(index / 2) {
            *byte |= if index % 2 == 0 { nibble << 4 } else { nibble };
        }
    }
}

/// A number of up to 128 decimal digits, big-endian.
struct Number([u8; Self::BYTES]);

impl Number {
    /// 128 decimal digits have 426 bits.
    const BYTES: usize = 54;

    fn read(digits: &str) -> Result<Self, Error> {
        let mut number = [0; Self::BYTES];
        for digit in digits.bytes() {
            if !digit.is_ascii_digit() {
                return Err(Error::InvalidQuestion);
            }
            let mut carry = u16::from(digit - b'0');
            for byte in number.iter_mut().rev() {
                let [high, low] = (u16::from(*byte) * 10 + carry).to_be_bytes();
                *byte = low;
                carry = u16::from(high);
            }
        }
        Ok(Self(number))
    }

    /// The hexadecimal digits without leading zeros, as in the RFC. There are
    /// none for 0.
    fn nibbles(&self) -> impl Iterator<Item = u8> {
        let all = self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        all.skip_while(|nibble| *nibble == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suite(inputs: &str) -> Suite {
        std::format!("OCRA-1:HOTP-SHA1-6:{inputs}").parse().unwrap()
    }

    fn encoded(inputs: &str, question: &str) -> [u8; FIELD] {
        suite(inputs).encode_question(question).unwrap()
    }

    #[test]
    fn decimal_questions_are_hexadecimal_from_the_left() {
        for (question, front) in [
            ("12345678", [0xbc, 0x61, 0x4e, 0]),
            ("11111111", [0xa9, 0x8a, 0xc7, 0]),
            ("00000000", [0, 0, 0, 0]),
            ("00000016", [0x10, 0, 0, 0]),
            ("00000001", [0x10, 0, 0, 0]),
            ("00000291", [0x12, 0x30, 0, 0]),
        ] {
            let field = encoded("QN08", question);
            assert_eq!(field[..4], front, "{question}");
            assert_eq!(field[4..], [0; 124]);
        }
        // 10^128 - 1 = 10^128 / 2^426 rounds to 0x3…: the longest mutual one.
        let nines = "9".repeat(128);
        let field = encoded("QN64", &nines);
        let modulo_ten = field[..54]
            .iter()
            .fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % 10);
        assert_ne!(field[53], 0);
        assert_eq!(field[54..], [0; 74]);
        // 107 half bytes: the last one is the 0 that shifts all by four bits.
        assert_eq!(field[53] & 15, 0);
        assert_eq!(modulo_ten, (9 * 16) % 10);
    }

    #[test]
    fn hexadecimal_and_letters_from_the_left() {
        assert_eq!(encoded("QH08", "aB1")[..3], [0xab, 0x10, 0]);
        assert_eq!(encoded("QA08", "SIG1")[..5], *b"SIG1\0");
        let mutual = encoded("QA08", "CLI22220SRV11110");
        assert_eq!(mutual[..17], *b"CLI22220SRV11110\0");
    }

    #[test]
    fn questions_that_do_not_fit() {
        for (inputs, question) in [
            ("QN08", ""),
            ("QN08", "1234567a"),
            ("QN08", "+1234567"),
            ("QN08", "١٢٣٤"),
            ("QN08", "123456789"),
            ("QN08", "1234567890"),
            ("Q", "1234567890"),
            ("QN08", "123456789012345"),
            ("QN08", "12345678901234567"),
            ("QH10", "11111111111"),
            ("QA08", "SIG-1"),
            ("QA08", "SIG 1"),
            ("QA08", "é"),
            ("QA08", "CLI22220SRV111100"),
            ("QH08", "abcdefg"),
        ] {
            let refused = suite(inputs).encode_question(question);
            assert_eq!(refused, Err(Error::InvalidQuestion), "{inputs} {question}");
        }
    }

    #[test]
    fn every_letter_is_as_likely() {
        for letters in [LETTERS, &LETTERS[..10], &LETTERS[..16]] {
            for chosen in letters {
                let chosen = (0..=255).filter(|byte| letter(letters, *byte) == Some(*chosen));
                assert_eq!(chosen.count(), 256 / letters.len());
            }
        }
    }

    #[test]
    fn generated_questions_fit_and_vary() {
        for (inputs, letters) in [("QN64", 10), ("QA64", 36), ("QH64", 16)] {
            let suite = suite(inputs);
            let mut counts = [0u32; 36];
            for seed in 0..=255 {
                let question = suite.generate_question(&[seed; 32]);
                assert_eq!(question.as_str().len(), 64);
                assert!(suite.encode_question(question.as_str()).is_ok());
                for letter in question.as_str().bytes() {
                    counts[LETTERS.iter().position(|known| *known == letter).unwrap()] += 1;
                }
            }
            // 256 questions of 64 letters: six standard deviations around the
            // mean, and no letter outside the alphabet.
            let mean = 256.0 * 64.0 / f64::from(letters);
            for (index, count) in (0..36).zip(counts) {
                let near = (f64::from(count) - mean).abs() < 6.0 * mean.sqrt();
                assert!(
                    if index < letters { near } else { count == 0 },
                    "{inputs} {index}"
                );
            }
        }
    }

    #[test]
    fn mutual_questions_are_crossed() {
        let mutual = Mutual::new("CLI22220", "SRV11110").unwrap();
        assert_eq!(mutual.for_server_response(), "CLI22220SRV11110");
        assert_eq!(mutual.for_client_response(), "SRV11110CLI22220");
        assert_eq!(Mutual::new("", "SRV11110"), Err(Error::InvalidQuestion));
        let long = "A".repeat(65);
        assert_eq!(Mutual::new(&long, &long[1..]), Err(Error::InvalidQuestion));
    }

    #[test]
    fn signature_question_is_the_front_of_the_hash() {
        let question = suite("QH40")
            .signature_question(Algorithm::Sha1, b"abc")
            .unwrap();
        assert_eq!(
            question.as_str(),
            "A9993E364706816ABA3E25717850C26C9CD0D89D"
        );
        for inputs in ["QH41", "QA08", "QN08"] {
            let refused = suite(inputs).signature_question(Algorithm::Sha1, b"abc");
            assert_eq!(refused, Err(Error::InvalidQuestion));
        }
    }
}
