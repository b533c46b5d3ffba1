//! The mPass contract over real HTTP: a client, and the scenarios that every
//! host of the engine must pass.

// A host that cannot be reached is a failed test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use core::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Barrier;
use std::thread;

use crate::wire::agent;

pub use crate::wire::PARALLEL;

/// A client of a served contract, with the credential of one channel.
pub struct Service {
    agent: ureq::Agent,
    answered: AtomicUsize,
    base: String,
    key: String,
}

/// A response.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub http: u16,
    /// The `status` in the body; empty when the body has none.
    pub status: String,
    /// The whole body.
    pub body: String,
    /// `Retry-After`, in seconds.
    pub retry_after: Option<u64>,
}

impl Answer {
    /// Whether this is HTTP 200 with the given status of the contract.
    #[must_use]
    pub fn is(&self, status: &str) -> bool {
        self.http == 200 && self.status == status
    }
}

/// The messages that a host has sent.
pub trait Inbox: Sync {
    /// The text of the newest message to a number, as E.164.
    fn newest(&self, dest: &str) -> Option<String>;

    /// The code in the newest message: its longest run of digits.
    fn code(&self, dest: &str) -> String {
        let text = self.newest(dest).expect("a message to the number");
        text.split(|letter: char| !letter.is_ascii_digit())
            .max_by_key(|run| run.len())
            .unwrap_or_default()
            .to_string()
    }
}

impl Service {
    /// The contract at a base address such as `http://127.0.0.1:9091`, with a
    /// channel key.
    #[must_use]
    pub fn new(base: &str, key: &str) -> Self {
        Self {
            agent: agent(),
            answered: AtomicUsize::new(0),
            base: base.to_string(),
            key: key.to_string(),
        }
    }

    /// `sendSMS`; `rest` is appended to the query.
    pub fn send(&self, dest: &str, rest: &str) -> Answer {
        self.get(&format!(
            "/mpass-web/rest/mv/msg?apikey={}&dest={}{rest}",
            self.key,
            dest.replace('+', "%2B")
        ))
    }

    /// `Verify OTP`; `rest` is appended to the query.
    pub fn verify(&self, dest: &str, otp: &str, rest: &str) -> Answer {
        self.get(&self.verify_path(dest, otp, rest))
    }

    /// Path and query of [`Self::verify`].
    #[must_use]
    pub fn verify_path(&self, dest: &str, otp: &str, rest: &str) -> String {
        format!(
            "/mpass-web/rest/mv/verify?apikey={}&dest={}&otp={otp}{rest}",
            self.key,
            dest.replace('+', "%2B")
        )
    }

    /// A `GET` of any path.
    pub fn get(&self, path_and_query: &str) -> Answer {
        let mut response = self
            .agent
            .get(format!("{}{path_and_query}", self.base))
            .call()
            .expect("an answer");
        let retry_after = response
            .headers()
            .get("retry-after")
            .and_then(|value| value.to_str().ok()?.parse().ok());
        let body = response.body_mut().read_to_string().expect("a body");
        self.answered.fetch_add(1, Ordering::SeqCst);
        let json: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
        Answer {
            http: response.status().as_u16(),
            status: json["status"].as_str().unwrap_or_default().to_string(),
            body,
            retry_after,
        }
    }

    /// The number of requests answered so far.
    pub fn answered(&self) -> usize {
        self.answered.load(Ordering::SeqCst)
    }

    /// Makes the same attempt from [`PARALLEL`] callers at once.
    fn race(&self, dest: &str, otp: &str) -> Vec<Answer> {
        race(|_| self.verify(dest, otp, ""))
    }
}

/// Runs a call from [`PARALLEL`] threads at once, each with its index, and
/// returns the results.
pub fn race<T: Send>(call: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(PARALLEL);
    thread::scope(|scope| {
        let callers: Vec<_> = (0..PARALLEL)
            .map(|caller| {
                let (start, call) = (&start, &call);
                scope.spawn(move || {
                    start.wait();
                    call(caller)
                })
            })
            .collect();
        callers
            .into_iter()
            .map(|caller| caller.join().expect("a caller"))
            .collect()
    })
}

/// Another code of the same length.
#[must_use]
pub fn wrong(code: &str) -> String {
    let last = if code.ends_with('0') { '1' } else { '0' };
    format!("{}{last}", &code[..code.len() - 1])
}

/// A phone number used only by one round of one test.
#[must_use]
pub fn number(series: u32, round: u32) -> String {
    format!("+9665{:08}", series * 100_000 + round)
}

/// Parallel wrong codes for one challenge with `tries` tries: all are rejected,
/// and so is the right code afterwards. `compared` returns the number of codes
/// that the host has compared and rejected so far. Returns the number of
/// attempts.
pub fn parallel_wrong_codes(
    service: &Service,
    inbox: &impl Inbox,
    rounds: u32,
    tries: u64,
    compared: impl Fn() -> u64,
) -> u64 {
    let mut attempts = 0;
    for round in 0..rounds {
        let dest = number(1, round);
        let sent = service.send(&dest, "");
        assert!(sent.is("0"), "round {round}: {sent:?}");
        let code = inbox.code(&dest);
        let before = compared();
        let answers = service.race(&dest, &wrong(&code));
        assert!(answers.iter().all(|answer| answer.is("3")), "{answers:?}");
        let rejected = compared() - before;
        assert!(
            rejected <= tries,
            "round {round}: {rejected} codes compared"
        );
        assert!(rejected > 0, "round {round}: nothing was compared");
        let right = service.verify(&dest, &code, "");
        assert!(right.is("3"), "round {round}: {right:?}");
        attempts += answers.len() as u64;
    }
    attempts
}

/// Parallel right codes for one challenge: exactly one is accepted, the others
/// are rejected. Returns the number of attempts.
pub fn parallel_right_codes(service: &Service, inbox: &impl Inbox, rounds: u32) -> u64 {
    let mut attempts = 0;
    for round in 0..rounds {
        let dest = number(2, round);
        let sent = service.send(&dest, "");
        assert!(sent.is("0"), "round {round}: {sent:?}");
        let answers = service.race(&dest, &inbox.code(&dest));
        let count = |status| answers.iter().filter(|answer| answer.is(status)).count();
        assert_eq!((count("0"), count("3")), (1, PARALLEL - 1), "{answers:?}");
        attempts += answers.len() as u64;
    }
    attempts
}
