//! Administrators: who may operate the server, and how they prove it.
//!
//! An administrator has a name, a role, a password and a second factor: TOTP by the
//! engine's own tokens, or a recovery code. A login yields a session; programs use
//! API tokens. All of it are documents in the store, and secrets are in it as keyed
//! hashes only, except those of TOTP, which are encrypted.

mod account;
#[cfg(test)]
mod attack_tests;
mod directory;
mod enrolment;
mod identified;
mod identity;
mod login;
mod password;
mod pending;
mod problem;
mod recovery;
mod renewal;
mod role;
mod roster;
mod second_factor;
mod secret;
mod session;
#[cfg(test)]
mod tests;
mod throttle;
mod token;

pub use account::{Account, Enrolment, ResetOf};
pub(crate) use directory::is_name;
pub use directory::{Administrators, NewAdministrator};
pub use identity::Identity;
pub use login::{Credentials, Factor, Login, LoginError};
pub use password::Hasher;
pub use problem::Problem;
pub use role::{Permission, Role};
pub use session::{Session, Sessions};
pub use throttle::Throttle;
pub use token::{ApiToken, ApiTokens, Granted, NewApiToken};
