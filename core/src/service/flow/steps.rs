//! Types that every flow uses: the result of an answer, and the time and
//! entropy of an exchange.

use alloc::vec::Vec;

use crate::challenge::fresh;
use crate::labels::{self, Label};
use crate::service::host::{Answer, Reason, Step};
use crate::store::StoreKey;

/// The result of an answer: the next step, or the end of the flow.
pub(crate) enum Flow<T> {
    Step(Step),
    Done(T),
}

/// The time of an answer and the entropy of its exchange.
#[derive(Clone, Copy)]
pub(crate) struct Now {
    /// The time of the answer, in milliseconds of Unix time.
    pub(crate) ms: u64,
    /// Derived from the host's entropy, the time and the whole request.
    pub(crate) entropy: [u8; 32],
    /// When the store was restored from a backup, in milliseconds of Unix time.
    /// What was issued before is void.
    pub(crate) restored_at_ms: Option<u64>,
}

impl Now {
    /// Whether something issued at this time, in milliseconds of Unix time, is
    /// void because the store was restored later.
    pub(crate) fn is_void(&self, issued_at_ms: u64) -> bool {
        self.restored_at_ms
            .is_some_and(|at_ms| issued_at_ms < at_ms)
    }

    /// Derives fresh bytes for a label and an object from the entropy of the
    /// exchange.
    pub(crate) fn fresh<const N: usize>(
        &self,
        label: Label<labels::Fresh>,
        object: &[u8],
    ) -> [u8; N] {
        let no_key = StoreKey([0; 16]);
        fresh(label, &self.entropy, self.ms, &no_key, None, object)
    }
}

/// The value of a load step.
pub(crate) fn loaded(answer: Answer) -> Result<Option<Vec<u8>>, Reason> {
    match answer {
        Answer::Loaded(value) => Ok(value),
        Answer::Failed | Answer::Unknown | Answer::Unsupported => Err(Reason::StoreFailed),
        _ => Err(Reason::WrongAnswer),
    }
}

/// Takes the result of reading a request; a second call returns
/// [`Reason::WrongAnswer`].
pub(crate) fn take_once<T>(read: &mut Result<T, Reason>) -> Result<T, Reason> {
    core::mem::replace(read, Err(Reason::WrongAnswer))
}
