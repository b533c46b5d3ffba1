//! The connections of a store, made again after a failure, and admitted by the host.

use core::pin::Pin;
use core::time::Duration;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::Mutex as AsyncMutex;
use tokio::time::timeout;

use super::backend::{Backend, Failed, Link};
use super::node::{Admission, Finding, Node};

/// How long no connection is tried after one failed.
const PAUSE: Duration = Duration::from_millis(200);

type Connecting<'a, L> = Pin<Box<dyn Future<Output = Result<L, String>> + Send + 'a>>;

/// The connections to the current node.
pub(super) struct Links<B: Backend> {
    state: Mutex<State<B::Link>>,
    connecting: AsyncMutex<()>,
    admission: Admission,
}

struct State<L> {
    current: Option<Arc<L>>,
    number: u64,
    is_admitted: bool,
    findings: Vec<Finding>,
    /// Until when the last connections that were admitted were used, in milliseconds
    /// of Unix time.
    used_until_ms: Option<u64>,
    /// When and why no connection was made.
    failure: Option<(Instant, String)>,
}

impl<L: Link> State<L> {
    /// The current connections; forgets them if one is closed.
    fn usable(&mut self) -> Option<&Arc<L>> {
        if self.current.as_ref().is_some_and(|link| link.is_closed()) {
            self.leave();
        }
        self.current.as_ref()
    }

    fn leave(&mut self) {
        if self.is_admitted {
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            let now_ms = now.map_or(0, |now| u64::try_from(now.as_millis()).unwrap_or(u64::MAX));
            self.used_until_ms = Some(now_ms);
        }
        self.current = None;
        self.is_admitted = false;
    }
}

/// Who uses a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// The engine, on a node that was admitted.
    Requests,
    /// A request of the engine that began on the connections of this number.
    Link(u64),
    /// The host, to examine a node.
    Inspection,
}

impl<B: Backend> Links<B> {
    pub(super) fn new(admission: Admission) -> Self {
        Self {
            state: Mutex::new(State {
                current: None,
                number: 0,
                is_admitted: false,
                findings: Vec::new(),
                used_until_ms: None,
                failure: None,
            }),
            connecting: AsyncMutex::default(),
            admission,
        }
    }

    fn state(&self) -> MutexGuard<'_, State<B::Link>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The open connections; `None` if there are none.
    pub(super) fn open(&self, purpose: Use) -> Option<Result<Arc<B::Link>, Failed>> {
        let mut state = self.state();
        let link = Arc::clone(state.usable()?);
        let is_usable = match purpose {
            Use::Inspection => true,
            Use::Requests => state.is_admitted,
            Use::Link(number) => state.is_admitted && state.number == number,
        };
        Some(match is_usable {
            true => Ok(link),
            false => Err(Failed::not_stored("the node was not compared yet")),
        })
    }

    /// The open connections, made if there are none.
    pub(super) async fn get(&self, backend: &B, purpose: Use) -> Result<Arc<B::Link>, Failed> {
        if let Some(open) = self.open(purpose) {
            return open;
        }
        if matches!(purpose, Use::Link(_)) {
            return Err(Failed::not_stored("the connection was closed"));
        }
        let connected = timeout(backend.timeout(), self.connect(backend)).await;
        match connected {
            Ok(Ok(())) => self
                .open(purpose)
                .unwrap_or_else(|| Err(Failed::not_stored("the connection was closed"))),
            Ok(Err(text)) => Err(Failed::not_stored(text)),
            Err(_) => {
                let text = "no connection within the time-out".to_owned();
                self.state().failure = Some((Instant::now(), text.clone()));
                Err(Failed::not_stored(text))
            }
        }
    }

    async fn connect(&self, backend: &B) -> Result<(), String> {
        let _connecting = self.connecting.lock().await;
        if self.open(Use::Inspection).is_some() {
            return Ok(());
        }
        // Those that waited do not try again one after the other.
        if let Some((at, text)) = &self.state().failure
            && at.elapsed() < PAUSE
        {
            return Err(text.clone());
        }
        // Of one type for the callers' futures, whose depth is limited.
        let connect: Connecting<'_, B::Link> = Box::pin(backend.connect());
        match connect.await {
            Ok(link) => {
                let mut state = self.state();
                state.number += 1;
                state.is_admitted = self.admission == Admission::Any;
                state.failure = None;
                state.findings = link.findings().to_vec();
                state.current = Some(Arc::new(link));
                Ok(())
            }
            Err(text) => {
                self.state().failure = Some((Instant::now(), text.clone()));
                Err(text)
            }
        }
    }

    /// Does not use these connections again.
    pub(super) fn drop_link(&self, link: &Arc<B::Link>) {
        let mut state = self.state();
        let is_current = state.current.as_ref();
        if is_current.is_some_and(|current| Arc::ptr_eq(current, link)) {
            state.leave();
        }
    }

    /// Does not use the current connections again.
    pub(super) fn leave(&self) {
        self.state().leave();
    }

    /// Whether the store answers from these connections.
    pub(super) fn is_in_use(&self, link: &Arc<B::Link>) -> bool {
        let mut state = self.state();
        let is_current = state.usable();
        is_current.is_some_and(|current| Arc::ptr_eq(current, link)) && state.is_admitted
    }

    /// The node that the connections are to.
    pub(super) fn node(&self) -> Option<Node> {
        let mut state = self.state();
        let link = Arc::clone(state.usable()?);
        Some(Node {
            link: state.number,
            identity: link.identity().clone(),
            survives_restart: link.survives_restart(),
            findings: state.findings.clone(),
            used_until_ms: state.used_until_ms,
        })
    }

    /// Admits the node, unless connections were made again since.
    pub(super) fn admit(&self, node: &Node) -> bool {
        let mut state = self.state();
        let is_same = state.number == node.link && state.current.is_some();
        state.is_admitted |= is_same;
        is_same
    }
    /// The number of the connections, if they are admitted.
    pub(super) fn admitted(&self) -> Option<u64> {
        let number = self.state().number;
        let open = self.open(Use::Link(number));
        open.is_some_and(|open| open.is_ok()).then_some(number)
    }

    pub(super) fn set_findings(&self, findings: Vec<Finding>) {
        self.state().findings = findings;
    }
}
