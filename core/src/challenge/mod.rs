//! The life cycle of a challenge (issued, attempted, accepted once, expired,
//! locked, superseded), the limits on it, and the server-side state of OATH
//! tokens.
//!
//! On a store, each operation is one call (feature `alloc`), for example
//! `Challenge::issuing` and `Challenge::attempting`:
//!
#![cfg_attr(feature = "std", doc = "```")]
#![cfg_attr(not(feature = "std"), doc = "```ignore")]
//! use mpass_core::challenge::{Binding, Challenge, Keyring, Policy, Subject, SubjectKind, Verdict};
//! use mpass_core::store::MemoryStore;
//!
//! // A clock, and 32 bytes from the system's random source.
//! let environment = (|| 1_700_000_000_000, || Ok([1; 32]));
//! let keyring = Keyring::generate(&[7; 32]); // created once, and kept as a secret
//! let policy = Policy::default();
//! let store = MemoryStore::new(1_000_000);
//!
//! let subject = Subject::parse(SubjectKind::Number, "+966500000000")?;
//! let binding = Binding { service: "login", tenant: b"acme", subject: &subject, context: "" };
//! let challenge = Challenge::new(&keyring, &policy, binding);
//! let issued = match challenge.issuing().run(&store, &environment)? {
//!     Ok(issued) => issued, // send issued.code
//!     Err(refusal) => panic!("retry at {:?}", refusal.retry_at_ms),
//! };
//! let attempt = |typed| challenge.attempting(typed).run(&store, &environment);
//! assert_eq!(attempt(issued.code.as_str())?, Verdict::Accept);
//! assert_eq!(attempt(issued.code.as_str())?, Verdict::Used);
//! # Ok::<(), mpass_core::Error>(())
//! ```
//!
//! Without `alloc`, and for a caller that stores the records itself, the same
//! operations take a loaded record and return the one that replaces it:
//!
//! ```
//! use mpass_core::challenge::{
//!     Attempt, Binding, Challenge, Issue, Keyring, Policy, Subject, SubjectKind, Verdict,
//! };
//!
//! let keyring = Keyring::generate(&[7; 32]); // 32 bytes from the system's random source
//! let policy = Policy::default();
//! let subject = Subject::parse(SubjectKind::Number, "00966 50 000 0000")?;
//! let binding = Binding { service: "login", tenant: b"acme", subject: &subject, context: "" };
//! let challenge = Challenge::new(&keyring, &policy, binding);
//! let now_ms = 1_700_000_000_000;
//!
//! let Issue::Pending(pending) = challenge.issue(None, now_ms, &[1; 32])? else { panic!() };
//! let record = *pending.next(); // swap it into the store at pending.key(), then:
//! let issued = pending.stored();
//!
//! let typed = issued.code.as_str();
//! let Attempt::Pending(pending) = challenge.attempt(Some(&record), typed, now_ms, &[2; 32])? else { panic!() };
//! let record = *pending.next(); // swap again, and only then:
//! assert_eq!(pending.stored(), Verdict::Accept);
//!
//! let Attempt::Told(verdict) = challenge.attempt(Some(&record), typed, now_ms, &[3; 32])? else { panic!() };
//! assert_eq!(verdict, Verdict::Used);
//! # Ok::<(), mpass_core::Error>(())
//! ```

mod administered;
mod alias;
mod binding;
#[cfg(feature = "alloc")]
mod change;
mod credits;
#[cfg(feature = "alloc")]
mod document;
#[cfg(test)]
mod document_tests;
#[cfg(feature = "alloc")]
mod header;
#[cfg(feature = "alloc")]
mod header_change;
#[cfg(feature = "alloc")]
mod header_content;
mod keyring;
mod life;
mod limit;
mod once;
mod outcome;
mod pending;
mod policy;
mod record;
#[cfg(feature = "alloc")]
mod sealed_id;
mod slot;
mod spend;
mod standing;
mod state;
mod subject;
mod token;
mod verdict;
mod written;

pub use alias::{ALIAS_LIFE_MS, Alias, Aliased};
pub use binding::Binding;
pub use credits::Credits;
#[cfg(feature = "alloc")]
pub(crate) use document::{Document, DocumentWrite, Opened, Plain};
#[cfg(feature = "alloc")]
pub use header::Header;
#[cfg(feature = "alloc")]
pub use header_change::{Initialize, Initializing};
pub use keyring::Keyring;
pub use life::Challenge;
pub use limit::Limit;
pub use once::Once;
pub use outcome::{Attempt, ChallengeId, Issue, Issued};
pub use pending::Pending;
pub use policy::{CallingCodes, Policy, PolicySettings};
pub use record::{RECORD_LEN, Record, sealing_key};
#[cfg(feature = "alloc")]
pub(crate) use record::{fresh, fresh_of_all};
#[cfg(feature = "alloc")]
pub use sealed_id::SealedId;
pub use spend::{Reservation, Spend};
pub use standing::Standing;
pub use subject::{Account, Email, Subject, SubjectKind};
pub use token::{Token, TokenPolicy, TokenStatus};
pub use verdict::{Refusal, RefusalReason, Verdict};
pub use written::written_at;
