//! The engine, and the exchange of one request.

use alloc::borrow::ToOwned;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::contract::Context;
use super::cut_off::CutOffs;
use super::flow::{Flow, Now};
use super::host::{Answer, EngineSettings, Reason, Reply, Request, Step};
use super::router::{self, Begun};
use crate::Error;
use crate::challenge::{Header, Keyring, fresh_of_all};
use crate::labels;

/// An exchange that takes longer than this ends with the contract's internal
/// error.
const LONGEST_LIFE_MS: u64 = 10_000;

/// When a caller may try again while a cut-off holds. It is constant, because its
/// end would tell callers of different cut-offs apart.
const STOPPED_RETRY_MS: u64 = 60_000;

/// The engine of the wire contracts: it turns a request into an [`Exchange`].
///
/// ```
/// # use mpass_core::service::{Answer, Engine, Request, Step};
/// # use mpass_core::challenge::Keyring;
/// let engine = Engine::new(Keyring::generate(&[7; 32])); // the system's entropy
/// let request = Request {
///     method: "GET",
///     path: "/mpass-web/rest/mv/msg",
///     query: "apikey=nobody&dest=%2B966500000000",
///     headers: &[],
///     body: &[],
///     peer: [127, 0, 0, 1].into(),
/// };
/// let now_ms = 1_700_000_000_000;
/// let mut exchange = engine.begin(&request, now_ms, &[1; 32]);
/// let Step::Reply(reply) = exchange.next(Answer::Begin, now_ms) else { panic!() };
/// assert_eq!(reply.body, br#"{"description":"Access Denied","status":"2"}"#);
/// ```
#[derive(Clone, Debug)]
pub struct Engine {
    context: Context,
    is_store_closed: bool,
}

impl Engine {
    /// An engine with these keys and the default settings.
    #[must_use]
    pub fn new(keyring: Keyring) -> Self {
        Self {
            context: Context {
                keyring: Arc::new(keyring),
                settings: Arc::new(EngineSettings::default()),
                restored_at_ms: None,
                cut_offs: Arc::default(),
            },
            is_store_closed: false,
        }
    }

    /// An engine with these keys and settings.
    ///
    /// # Errors
    /// [`Error::InvalidIssuer`] for an issuer that is not a base URL.
    pub fn with_settings(keyring: Keyring, settings: EngineSettings) -> Result<Self, Error> {
        settings.check()?;
        Ok(Self {
            context: Context {
                keyring: Arc::new(keyring),
                settings: Arc::new(settings),
                restored_at_ms: None,
                cut_offs: Arc::default(),
            },
            is_store_closed: false,
        })
    }

    /// The same engine with another keyring, for example after a rotation of
    /// record keys.
    #[must_use]
    pub fn with_keyring(&self, keyring: Keyring) -> Self {
        let mut context = self.context.clone();
        context.keyring = Arc::new(keyring);
        Self {
            context,
            is_store_closed: self.is_store_closed,
        }
    }

    /// The same engine for a store that was restored from a backup at this time,
    /// in milliseconds of Unix time
    /// ([`Header::restored_at_ms`](crate::challenge::Header::restored_at_ms)).
    ///
    /// What was issued before is void, because its use may have been forgotten:
    /// challenges and their public ids, access tokens, authorization codes,
    /// client assertions, tokens of `VerifyNow`, and tokens of the host. Counts,
    /// limits and credits stay. Before that time, as with a clock that is behind,
    /// nothing could be issued that is ever accepted, so every request is answered
    /// as if the store were closed ([`Self::with_store_closed`]).
    #[must_use]
    pub fn with_restored_at(&self, restored_at_ms: Option<u64>) -> Self {
        let mut context = self.context.clone();
        context.restored_at_ms = restored_at_ms;
        Self {
            context,
            is_store_closed: self.is_store_closed,
        }
    }

    /// The same engine for a store that is closed or open
    /// ([`Header::is_closed`](crate::challenge::Header::is_closed)).
    ///
    /// While it is closed, every request is answered with its contract's error for
    /// a service that is unavailable, without a step. The reason is
    /// [`Reason::StoreClosed`].
    #[must_use]
    pub fn with_store_closed(&self, is_store_closed: bool) -> Self {
        Self {
            context: self.context.clone(),
            is_store_closed,
        }
    }

    /// The same engine for a store with this header: [`Self::with_restored_at`]
    /// and [`Self::with_store_closed`], which also closes a store whose contents
    /// were moved. Read the header at the start and then at least every second.
    #[must_use]
    pub fn with_header(&self, header: &Header) -> Self {
        self.with_restored_at(header.restored_at_ms())
            .with_store_closed(header.admit().is_err())
    }

    /// The same engine with what administrators have stopped. Read it at the start
    /// and then at least every second; each cut-off ends by itself.
    ///
    /// A tenant that is stopped is answered with its contract's error for a service
    /// that is unavailable, once it has authenticated. So is a send that is
    /// stopped: after the number's record was loaded, so that the reply does not
    /// depend on it, and before anything is written, counted or charged. Codes that
    /// were sent before can still be verified. An exchange that has begun is not
    /// affected: the host that delivers its message asks
    /// [`CutOffs::of_send`] once more.
    #[must_use]
    pub fn with_cut_offs(&self, cut_offs: Arc<CutOffs>) -> Self {
        let mut context = self.context.clone();
        context.cut_offs = cut_offs;
        Self {
            context,
            is_store_closed: self.is_store_closed,
        }
    }

    /// What administrators have stopped, as [`Self::with_cut_offs`] was given.
    #[must_use]
    pub fn cut_offs(&self) -> &Arc<CutOffs> {
        &self.context.cut_offs
    }

    /// Whether the store is closed, as [`Self::with_store_closed`] was given.
    #[must_use]
    pub fn is_store_closed(&self) -> bool {
        self.is_store_closed
    }

    /// When the store was restored, as [`Self::with_restored_at`] was given.
    #[must_use]
    pub fn restored_at_ms(&self) -> Option<u64> {
        self.context.restored_at_ms
    }

    /// The keyring.
    #[must_use]
    pub fn keyring(&self) -> &Keyring {
        &self.context.keyring
    }

    /// The keyring, shared: for a [`TenantAdmin`](super::TenantAdmin).
    #[must_use]
    pub fn shared_keyring(&self) -> Arc<Keyring> {
        Arc::clone(&self.context.keyring)
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &EngineSettings {
        &self.context.settings
    }

    /// Begins the exchange of a request.
    ///
    /// `now_ms` is the current time in milliseconds of Unix time, `entropy` 32
    /// bytes of fresh entropy. The entropy is mixed with the time and the whole
    /// request, so that different requests get different codes even on a host
    /// that repeats its entropy.
    #[must_use]
    pub fn begin(&self, request: &Request<'_>, now_ms: u64, entropy: &[u8; 32]) -> Exchange {
        let mut begun = router::begin(&self.context, request);
        let is_ahead = self.context.restored_at_ms.is_some_and(|at| at > now_ms);
        if self.is_store_closed || is_ahead {
            begun.refused.get_or_insert(Reason::StoreClosed);
        }
        Exchange {
            begun,
            is_head: request.method == "HEAD",
            is_refunding: false,
            entropy: mixed(request, now_ms, entropy),
            restored_at_ms: self.context.restored_at_ms,
            began_at_ms: now_ms,
            now_ms,
        }
    }
}

/// The state machine that turns one request into one reply.
///
/// Call [`Self::next`] with [`Answer::Begin`], execute the [`Step`], and call it
/// again with the result until the step is [`Step::Reply`]. The same steps
/// serve a blocking and an asynchronous host.
pub struct Exchange {
    begun: Begun,
    is_head: bool,
    is_refunding: bool,
    entropy: [u8; 32],
    restored_at_ms: Option<u64>,
    began_at_ms: u64,
    now_ms: u64,
}

impl Exchange {
    /// Takes the answer to the last step and returns the next step. `now_ms` is
    /// the current time in milliseconds of Unix time.
    ///
    /// An answer that does not fit the step, and any answer after the reply,
    /// ends the exchange with the contract's internal error. So does an answer
    /// that arrives more than 10 s after [`Engine::begin`]. If the clock goes
    /// back during an exchange, the exchange keeps the latest time it has seen.
    #[must_use]
    pub fn next(&mut self, answer: Answer, now_ms: u64) -> Step {
        self.now_ms = self.now_ms.max(now_ms);
        let now = Now {
            ms: self.now_ms,
            entropy: self.entropy,
            restored_at_ms: self.restored_at_ms,
        };
        let is_too_old = self.now_ms - self.began_at_ms > LONGEST_LIFE_MS;
        // A refused message is refunded however late the refusal arrives; the
        // reply is an internal error either way.
        self.is_refunding |= answer == Answer::Refused;
        let next = match self.begun.refused {
            Some(reason) => Err(reason),
            None if is_too_old && !self.is_refunding => Err(Reason::TooOld),
            None => self.begun.contract.next(answer, now),
        };
        match next {
            Ok(Flow::Step(step)) => step,
            Ok(Flow::Done(reply)) => self.end(reply),
            Err(reason) => self.end(self.begun.contract.reply(reason)),
        }
    }

    fn end(&mut self, mut reply: Reply) -> Step {
        self.begun.refused = Some(Reason::WrongAnswer);
        if reply.status == 405 {
            // Required by RFC 9110 section 15.5.6.
            let allow = ("Allow", self.begun.methods.join(", "));
            reply.headers.push(allow);
        }
        if reply.status == 503 && reply.reason.is_cut_off() {
            reply = reply.retry_after(Some(self.now_ms + STOPPED_RETRY_MS), self.now_ms);
        }
        reply.tenant = self.begun.contract.tenant().map(ToOwned::to_owned);
        reply.calling_code = self.begun.contract.calling_code();
        if self.is_head {
            reply.body.clear();
        }
        Step::Reply(reply)
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").finish_non_exhaustive()
    }
}

/// Derives the entropy of one exchange from the host's entropy, the time and
/// the whole request.
fn mixed(request: &Request<'_>, now_ms: u64, entropy: &[u8; 32]) -> [u8; 32] {
    let texts = [request.method, request.path, request.query].into_iter();
    let headers = request.headers.iter();
    let parts: Vec<&[u8]> = texts
        .chain(headers.flat_map(|(name, value)| [*name, *value]))
        .map(str::as_bytes)
        .chain([request.body])
        .collect();
    fresh_of_all(labels::EXCHANGE, entropy, now_ms, &parts)
}
