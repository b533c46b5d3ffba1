use super::{Code, Digits, Key};

/// HMAC-based one-time passwords (RFC 4226) of one key.
#[derive(Clone, Debug)]
pub struct Hotp {
    key: Key,
    digits: Digits,
}

impl Hotp {
    /// Codes of `digits` digits under `key`.
    #[must_use]
    pub fn new(key: Key, digits: Digits) -> Self {
        Self { key, digits }
    }

    /// The code of a counter.
    #[must_use]
    pub fn generate(&self, counter: u64) -> Code {
        Code::truncate(&self.key.mac(&[&counter.to_be_bytes()]), self.digits)
    }
}
