//! The wire contracts. None uses another, but for the login, whose access
//! tokens are those of CAMARA.

pub(crate) mod camara;
#[cfg(feature = "login")]
pub(crate) mod login;
pub(crate) mod mpass;
pub(crate) mod verify_now;
