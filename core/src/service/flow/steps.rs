//! The pieces that every flow is made of: what an answer leads to, and the
//! time and entropy that came with it.

use alloc::vec::Vec;

use crate::challenge::fresh;
use crate::service::host::{Answer, Reason, Step};
use crate::store::StoreKey;

/// What an answer led to: another step, or the end of a flow.
pub(crate) enum Flow<T> {
    Step(Step),
    Done(T),
}

/// What an exchange brings to each of its answers.
#[derive(Clone, Copy)]
pub(crate) struct Now {
    pub(crate) ms: u64,
    /// Mixed from the host's entropy, the time and the whole request.
    pub(crate) entropy: [u8; 32],
}

impl Now {
    /// Fresh bytes under a label, from the entropy of the exchange.
    pub(crate) fn fresh<const N: usize>(&self, label: &[u8]) -> [u8; N] {
        fresh(label, &self.entropy, self.ms, &StoreKey([0; 16]), None, &[])
    }
}

/// What a load came to.
pub(crate) fn loaded(answer: Answer) -> Result<Option<Vec<u8>>, Reason> {
    match answer {
        Answer::Loaded(value) => Ok(value),
        Answer::Failed | Answer::Unknown | Answer::Unsupported => Err(Reason::StoreFailed),
        _ => Err(Reason::WrongAnswer),
    }
}

/// Takes what was read from a request; a second call gets
/// [`Reason::WrongAnswer`].
pub(crate) fn take_once<T>(read: &mut Result<T, Reason>) -> Result<T, Reason> {
    core::mem::replace(read, Err(Reason::WrongAnswer))
}
