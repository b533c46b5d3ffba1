//! The wire contracts. They do not depend on each other, with one exception:
//! the login issues the access tokens of the CAMARA contracts.

pub(crate) mod camara;
#[cfg(feature = "login")]
pub(crate) mod login;
pub(crate) mod mpass;
pub(crate) mod verify_now;
