//! OCRA challenge-response (RFC 6287).
//!
//! A response is computed from the HMAC over the suite's text as given, a zero
//! byte and the inputs that the suite lists, in this order:
//!
//! | input | in the suite | bytes |
//! |---|---|---|
//! | counter | `C` | 8, big-endian |
//! | question | `QA`, `QN`, `QH` | 128, padded with zeros on the right; `QN` is the number in hexadecimal without leading zeros, left-aligned |
//! | PIN | `PSHA1` … | its hash |
//! | session information | `S064` … | the suite's length, padded with zeros on the left as in the reference code of RFC 6287 |
//! | time | `T1M` … | 8, big-endian: whole time steps since the Unix epoch |
//!
//! ```
//! use mpass_core::oath::ocra::{Inputs, Ocra, Tolerance};
//! use mpass_core::oath::{Algorithm, Key};
//!
//! let key = Key::new(Algorithm::Sha256, b"12345678901234567890123456789012")?;
//! let ocra = Ocra::new(key, "OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1".parse()?)?;
//! let inputs = Inputs::new("12345678").with_counter(0).with_pin("1234");
//! assert_eq!(ocra.respond(&inputs)?.as_str(), "65347737");
//!
//! let ahead = Tolerance { look_ahead: 3, ..Tolerance::default() };
//! let matched = ocra.verify("78192410", &inputs, ahead)?;
//! assert_eq!(matched.and_then(|matched| matched.counter), Some(2));
//! # Ok::<(), mpass_core::Error>(())
//! ```

mod inputs;
mod question;
mod suite;

use core::fmt;

use arrayvec::ArrayString;
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroize;

pub use inputs::Inputs;
use inputs::Message;
pub use question::{Mutual, Question};
use suite::LONGEST_MAC;
pub use suite::{Format, Suite};

use super::window::{LARGEST_WINDOW, Matches, Window};
use super::{Code, Digits, Key};
use crate::Error;
use crate::kernel::Digest;
use crate::typed::TypedCode;

/// Hexadecimal digits of the longest HMAC.
const LONGEST_TEXT: usize = 2 * LONGEST_MAC;

/// A suite with a key.
#[derive(Clone)]
pub struct Ocra {
    key: Key,
    suite: Suite,
}

/// How far a verifier searches around the given counter and time.
///
/// Fields without a corresponding input in the suite are ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tolerance {
    /// Counters after the given one.
    pub look_ahead: u32,
    /// Time steps before the given one.
    pub past: u32,
    /// Time steps after the given one.
    pub future: u32,
}

/// The counter and time step of a matching response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matched {
    /// The counter, if the suite has one.
    pub counter: Option<u64>,
    /// The time step, if the suite has one.
    pub time_step: Option<u64>,
}

/// A response: decimal digits, or, for suites with 0 digits, the whole HMAC as
/// 40, 64 or 128 lower-case hexadecimal digits. Wiped on drop. `Debug` shows
/// only the length.
pub struct Response(ArrayString<LONGEST_TEXT>);

impl Response {
    /// The response as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for Response {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({} characters)", self.0.len())
    }
}

/// Shows only the suite.
impl fmt::Debug for Ocra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ocra({})", self.suite)
    }
}

/// A received response, parsed in the form that the suite defines.
enum Claim {
    Code(Digits, u64),
    Whole([u8; LONGEST_MAC], usize),
}

impl Claim {
    fn parse(suite: &Suite, text: &str) -> Option<Self> {
        if let Some(digits) = suite.digits() {
            return Some(Self::Code(digits, Code::parse(text, digits)?.value()));
        }
        let mut bytes = [0; LONGEST_MAC];
        let len = base16ct::mixed::decode(text, &mut bytes).ok()?.len();
        (len == suite.algorithm().output_len()).then_some(Self::Whole(bytes, len))
    }

    fn is(&self, mac: &Digest) -> Choice {
        match self {
            Self::Code(digits, value) => {
                u64::from(digits.reduce(mac.dynamic_truncation())).ct_eq(value)
            }
            Self::Whole(bytes, len) => bytes[..*len].ct_eq(mac.as_bytes()),
        }
    }
}

impl Ocra {
    /// # Errors
    /// [`Error::SuiteAlgorithm`] for a key prepared for a different hash than
    /// the suite uses.
    pub fn new(key: Key, suite: Suite) -> Result<Self, Error> {
        if key.algorithm() != suite.algorithm() {
            return Err(Error::SuiteAlgorithm);
        }
        Ok(Self { key, suite })
    }

    /// The suite.
    #[must_use]
    pub fn suite(&self) -> &Suite {
        &self.suite
    }

    /// Computes the response to a question.
    ///
    /// # Errors
    /// [`Error::MissingInput`] and [`Error::UnexpectedInput`] if the inputs are
    /// not those of the suite, [`Error::InvalidQuestion`],
    /// [`Error::SessionTooLong`], [`Error::PinHashLength`], and
    /// [`Error::TimeInMilliseconds`] for a time after the year 9999.
    pub fn respond(&self, inputs: &Inputs<'_>) -> Result<Response, Error> {
        let message = Message::new(&self.suite, inputs)?;
        let mac = self.mac(&message, message.counter, message.time_step);
        let mut text = ArrayString::new();
        // A response always fits.
        let mut put = |part: &str| {
            let _ = text.try_push_str(part);
        };
        match self.suite.digits() {
            Some(digits) => put(Code::truncate(&mac, digits).as_str()),
            None => {
                let mut digits = [0; LONGEST_TEXT];
                let hex = base16ct::lower::encode_str(mac.as_bytes(), &mut digits);
                put(hex.unwrap_or_default());
                digits.zeroize();
            }
        }
        Ok(Response(text))
    }

    /// Verifies `response` and returns the counter and time step that match.
    /// Searches the given counter and the `look_ahead` counters after it, and
    /// the given time step with the `past` steps before and the `future` steps
    /// after it, in all combinations if the suite has both. If several match,
    /// returns the lowest counter, and for that counter the earliest step.
    ///
    /// All combinations are always computed. Text that does not have the form
    /// of the suite's responses never matches. The caller must ensure that each
    /// question is accepted only once.
    ///
    /// # Errors
    /// As [`respond`](Self::respond), and [`Error::WindowTooLarge`] for more
    /// than [`LARGEST_WINDOW`] combinations.
    pub fn verify(
        &self,
        response: &str,
        inputs: &Inputs<'_>,
        tolerance: Tolerance,
    ) -> Result<Option<Matched>, Error> {
        let message = Message::new(&self.suite, inputs)?;
        let Tolerance {
            look_ahead,
            past,
            future,
        } = tolerance;
        let counters = match message.counter {
            Some(counter) => Window::around(counter, 0, look_ahead),
            None => Window::new(0, 1),
        };
        let steps = match message.time_step {
            Some(step) => Window::around(step, past, future),
            None => Window::new(0, 1),
        };
        if counters.count().saturating_mul(steps.count()) > u64::from(LARGEST_WINDOW) {
            return Err(Error::WindowTooLarge);
        }
        let Some(claim) = Claim::parse(&self.suite, response) else {
            return Ok(None);
        };
        let mut matches = Matches::none();
        let pairs = counters
            .positions()
            .flat_map(|counter| steps.positions().map(move |step| (counter, step)));
        for (slot, (counter, step)) in (0..).zip(pairs) {
            let counter = message.counter.map(|_| counter);
            let step = message.time_step.map(|_| step);
            matches.note(slot, claim.is(&self.mac(&message, counter, step)));
        }
        Ok(matches.lowest().map(|slot| Matched {
            counter: message.counter.map(|first| first + slot / steps.count()),
            time_step: message
                .time_step
                .map(|_| steps.first() + slot % steps.count()),
        }))
    }

    /// Whether the text cannot be a response of this suite: not a typed code of 4 to
    /// 10 digits, or, for suites with 0 digits, not hexadecimal. Such a text is the
    /// caller's mistake and not a wrong response.
    #[must_use]
    pub fn is_malformed(&self, response: &str) -> bool {
        match self.suite.digits() {
            Some(_) => TypedCode::read(response).is_none(),
            None => response.is_empty() || !response.bytes().all(|byte| byte.is_ascii_hexdigit()),
        }
    }

    fn mac(&self, message: &Message<'_>, counter: Option<u64>, step: Option<u64>) -> Digest {
        let counter = counter.map(u64::to_be_bytes);
        let step = step.map(u64::to_be_bytes);
        self.key.mac(&[
            self.suite.as_str().as_bytes(),
            &[0],
            counter.as_ref().map_or(&[], |bytes| &bytes[..]),
            &message.question,
            message.pin(),
            message.session_filling(),
            message.session,
            step.as_ref().map_or(&[], |bytes| &bytes[..]),
        ])
    }
}
