//! Codes of many keys at once, for a server that verifies a queue of logins.

use super::attempt::Attempt;
use super::hotp::Hotp;
use super::window::{Search, Window};
use crate::kernel::{self, Values};

/// Generates the codes of many keys as integers, each from a key and a counter,
/// or a time step with [`Totp::as_hotp`]. [`Code::from_value`] converts an
/// integer to a code. If the slices differ in length, the excess of the longer
/// one is ignored.
///
/// Keys of the same algorithm are computed in parallel SIMD lanes, so pass as
/// many as available, a few dozen or more, in any order.
///
/// ```
/// # use mpass_core::oath::{Algorithm, Digits, Hotp, Key, Totp, generate_batch};
/// let secret = b"12345678901234567890";
/// let hotp = Hotp::new(Key::new(Algorithm::Sha1, secret)?, Digits::SIX);
/// let totp = Totp::new(Key::new(Algorithm::Sha1, secret)?, Digits::EIGHT);
/// let mut values = [0; 2];
/// generate_batch(
///     &[(&hotp, 0), (totp.as_hotp(), totp.time_step(59)?)],
///     &mut values,
/// );
/// assert_eq!(values, [755_224, 94_287_082]);
/// # Ok::<(), mpass_core::Error>(())
/// ```
///
/// [`Code::from_value`]: super::Code::from_value
/// [`Totp::as_hotp`]: super::Totp::as_hotp
pub fn generate_batch(requests: &[(&Hotp, u64)], values: &mut [u32]) {
    let count = requests.len().min(values.len());
    let jobs = requests[..count]
        .iter()
        .enumerate()
        .map(|(index, (hotp, counter))| (hotp.key().prepared(), *counter, index));
    kernel::truncated_batch(jobs, |index, truncated| {
        values[index] = requests[index].0.digits().reduce(truncated);
    });
}

/// Verifies many attempts. Each position is what [`Hotp::verify`],
/// [`Totp::verify`] or [`Totp::verify_steps`] would return. If the slices
/// differ in length, the excess of the longer one is ignored.
///
/// The time depends on the algorithms, on the windows and on which texts are
/// well-formed codes. It does not depend on the codes.
///
/// ```
/// # use mpass_core::oath::{Algorithm, Digits, Hotp, Key, Totp, verify_batch};
/// let secret = b"12345678901234567890";
/// let hotp = Hotp::new(Key::new(Algorithm::Sha1, secret)?, Digits::SIX);
/// let totp = Totp::new(Key::new(Algorithm::Sha1, secret)?, Digits::EIGHT);
/// let attempts = [
///     hotp.attempt("969429", 1, 5),
///     hotp.attempt("969429", 4, 5),
///     totp.attempt("94287082", 89, 1, 0)?,
/// ];
/// let mut positions = [None; 3];
/// verify_batch(&attempts, &mut positions);
/// assert_eq!(positions, [Some(3), None, Some(1)]);
/// # Ok::<(), mpass_core::Error>(())
/// ```
///
/// [`Totp::verify`]: super::Totp::verify
/// [`Totp::verify_steps`]: super::Totp::verify_steps
pub fn verify_batch(attempts: &[Attempt<'_>], positions: &mut [Option<u64>]) {
    let count = attempts.len().min(positions.len());
    let (attempts, positions) = (&attempts[..count], &mut positions[..count]);
    positions.fill(None);
    let jobs = attempts.iter().enumerate().flat_map(|(index, attempt)| {
        let key = attempt.key.prepared();
        let window = match attempt.code {
            Some(_) => attempt.window,
            None => Window::new(0, 0),
        };
        let job = move |position| (key, position, (index, position));
        window.positions().map(job)
    });
    // Results of the same algorithm arrive in the order of the attempts.
    let mut open: [Option<Open<'_>>; 3] = [const { None }; 3];
    kernel::truncated_batch(jobs, |(index, position), truncated| {
        let attempt = &attempts[index];
        let slot = &mut open[attempt.key.algorithm() as usize];
        if slot.as_ref().is_none_or(|open| open.index != index) {
            if let Some(done) = slot {
                done.close(positions);
            }
            *slot = Some(Open::new(index, attempt));
        }
        if let Some(open) = slot {
            open.take(position, truncated);
        }
    });
    for done in open.iter_mut().flatten() {
        done.close(positions);
    }
}

/// An attempt whose values are being received.
struct Open<'a> {
    index: usize,
    attempt: &'a Attempt<'a>,
    search: Search,
    /// The position of the first value in the buffer.
    first: u64,
    values: Values,
}

impl<'a> Open<'a> {
    fn new(index: usize, attempt: &'a Attempt<'a>) -> Self {
        Self {
            index,
            attempt,
            search: Search::new(attempt.digits, attempt.code.as_slice()),
            first: 0,
            values: Values::new(),
        }
    }

    fn take(&mut self, position: u64, truncated: u32) {
        if self.values.count == 0 {
            self.first = position;
        }
        if self.values.push(truncated) {
            self.compare();
        }
    }

    fn compare(&mut self) {
        self.search.take(self.first, &mut self.values);
        self.values.count = 0;
    }

    fn close(&mut self, positions: &mut [Option<u64>]) {
        self.compare();
        positions[self.index] = self.attempt.position(&self.search.matches());
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;
    use crate::oath::{Algorithm, Code, Digits, Key, Totp};

    fn hotp(index: u8) -> Hotp {
        let algorithm = match index % 3 {
            0 => Algorithm::Sha1,
            1 => Algorithm::Sha256,
            _ => Algorithm::Sha512,
        };
        let key = Key::new(algorithm, &[index; 20]).unwrap();
        Hotp::new(key, Digits::new(4 + index % 7).unwrap())
    }

    #[test]
    fn a_batch_generates_what_each_does() {
        let keys: Vec<Hotp> = (0..70).map(hotp).collect();
        let requests: Vec<(&Hotp, u64)> = keys.iter().zip(u64::from(u32::MAX) - 30..).collect();
        for count in [0, 1, 2, 9, 48, 70] {
            let mut values = std::vec![u32::MAX; count];
            generate_batch(&requests, &mut values);
            for ((hotp, counter), value) in requests.iter().zip(values) {
                assert_eq!(value, hotp.generate_value(*counter));
                let code = Code::from_value(value, hotp.digits()).unwrap();
                assert_eq!(code.as_str(), hotp.generate(*counter).as_str());
            }
        }
    }

    #[test]
    fn a_batch_verifies_what_each_does() {
        let keys: Vec<Hotp> = (0..30).map(hotp).collect();
        let mut attempts = Vec::new();
        let mut expected = Vec::new();
        for (index, hotp) in (0u32..).zip(&keys) {
            for ahead in [0, 1, index, index + 40] {
                let code = hotp.generate(u64::from(index) + u64::from(ahead));
                for look_ahead in [ahead, ahead.saturating_sub(1), 3 * ahead] {
                    let (code, counter) = (code.as_str(), u64::from(index));
                    attempts.push(hotp.attempt(code, counter, look_ahead));
                    expected.push(hotp.verify(code, counter, look_ahead));
                }
            }
            attempts.push(hotp.attempt("12a456", 0, 9));
            expected.push(None);
        }
        let totp = Totp::new(Key::new(Algorithm::Sha1, &[1; 20]).unwrap(), Digits::SIX);
        let totp = totp.with_t0(100);
        let code = totp.generate(2_000).unwrap();
        for (past, future) in [(0, 0), (1, 1), (5, 0)] {
            for time in [1_970, 2_000, 2_030, 99] {
                attempts.push(totp.attempt(code.as_str(), time, past, future).unwrap());
                expected.push(totp.verify(code.as_str(), time, past, future).unwrap());
            }
        }
        assert!(expected.iter().filter(|found| found.is_some()).count() > 100);
        let mut positions = std::vec![Some(7); attempts.len()];
        verify_batch(&attempts, &mut positions);
        assert_eq!(positions, expected);
    }
}
