//! The trait that the exchanges of every contract implement, and the type of
//! their routes.

use alloc::boxed::Box;
use alloc::sync::Arc;

use super::cut_off::CutOffs;
use super::flow::{Flow, Now};
use super::host::{Answer, EngineSettings, Reason, Reply, Request};
use crate::challenge::Keyring;
use crate::number::CallingCode;

/// The keyring and settings that all exchanges of an engine share.
#[derive(Clone, Debug)]
pub(super) struct Context {
    pub(super) keyring: Arc<Keyring>,
    pub(super) settings: Arc<EngineSettings>,
    /// When the store was restored from a backup, in milliseconds of Unix time.
    pub(super) restored_at_ms: Option<u64>,
    /// What administrators have stopped.
    pub(super) cut_offs: Arc<CutOffs>,
}

/// The exchange of one contract.
pub(super) trait Contract: Send + Sync {
    /// Takes the answer to the last step and returns the next one.
    fn next(&mut self, answer: Answer, now: Now) -> Result<Flow<Reply>, Reason>;

    /// The contract's reply for a reason.
    fn reply(&self, reason: Reason) -> Reply;

    /// The name of the tenant, once it is authenticated.
    fn tenant(&self) -> Option<&str> {
        None
    }

    /// The country code of the number that the request is about, once it is known.
    fn calling_code(&self) -> Option<CallingCode> {
        None
    }
}

/// A path of a contract.
pub(super) struct Route {
    pub(super) path: &'static str,
    pub(super) methods: &'static [&'static str],
    pub(super) begin: fn(&Context, &Request<'_>) -> Box<dyn Contract>,
}

/// The exchange of a path that belongs to no contract.
pub(super) fn not_found() -> Box<dyn Contract> {
    Box::new(NotFound)
}

struct NotFound;

impl Contract for NotFound {
    fn next(&mut self, _: Answer, _: Now) -> Result<Flow<Reply>, Reason> {
        Err(Reason::NotFound)
    }

    fn reply(&self, reason: Reason) -> Reply {
        let body = br#"{"status":404,"code":"NOT_FOUND","message":"Not found."}"#;
        Reply::json_text(404, body.to_vec(), reason)
    }
}
