//! The life cycle of a challenge (issued, attempted, accepted once, expired,
//! locked, superseded), the limits on it, and the server-side state of OATH
//! tokens.
//!
//! ```
//! use mpass_core::challenge::{Attempt, Binding, Challenge, Issue, Keyring, Policy, Verdict};
//!
//! let keyring = Keyring::generate(&[7; 32]); // 32 bytes from the system's random source
//! let policy = Policy::default();
//! let binding = Binding { service: "login", tenant: b"acme", number: "+966500000000", context: "" };
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

mod alias;
mod binding;
mod credits;
#[cfg(feature = "alloc")]
mod document;
#[cfg(test)]
mod document_tests;
mod keyring;
mod life;
mod limit;
mod once;
mod outcome;
mod pending;
mod policy;
mod record;
mod slot;
mod spend;
mod state;
mod token;
mod verdict;

pub use alias::{ALIAS_LIFE_MS, Alias, Aliased};
pub use binding::Binding;
pub use credits::Credits;
#[cfg(feature = "alloc")]
pub(crate) use document::{Document, DocumentWrite, Opened, Plain};
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
pub use spend::{Reservation, Spend};
pub use token::{Token, TokenPolicy, TokenStatus};
pub use verdict::{Refusal, RefusalReason, Verdict};
