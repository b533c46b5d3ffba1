//! OATH codes: `mpass hotp`, `totp` and `ocra`.

mod common;
mod hotp;
mod ocra;
mod secret;
mod totp;

pub(super) use common::{FormArgs, agreed, key};
pub(super) use hotp::HotpArgs;
pub(super) use ocra::OcraArgs;
pub(super) use secret::{Read, SecretArgs, SecretOptions};
pub(super) use totp::TotpArgs;
