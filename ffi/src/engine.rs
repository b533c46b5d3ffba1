//! The engine of the wire contracts.

use mpass_core::challenge::Keyring;
use mpass_core::service::Engine;

use crate::exchange::{Running, mpass_exchange};
use crate::handle::{class, construct, free, used};
use crate::keyring::mpass_keyring;
use crate::request::mpass_request;
use crate::settings::{mpass_settings, settings_or_default};
use crate::slice::array;
use crate::status::mpass_status;

/// The engine of the wire contracts. Immutable: any number of threads may use
/// one.
pub struct mpass_engine {
    _opaque: (),
}

class!(mpass_engine, Engine, 19);

/// An engine with the keys of a keyring and settings of `MPASS_GROUP_ENGINE`,
/// NULL for every default: no issuer, and so no login; access tokens serve
/// once. Both are copied. `*out` is the caller's, to be freed with
/// `mpass_engine_free`.
///
/// Errors: WRONG_HANDLE for settings of another group. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_engine_new(
    keyring: *const mpass_keyring,
    settings: *const mpass_settings,
    out: *mut *mut mpass_engine,
) -> mpass_status {
    construct(out, || {
        let keyring = Keyring::clone(&*used(keyring)?);
        let settings = settings_or_default(settings)?;
        Ok(Engine::with_settings(keyring, settings)?)
    })
}

/// Frees an engine; NULL does nothing. Exchanges that it began go on. No other
/// thread may use it meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_engine_free(engine: *mut mpass_engine) {
    free(engine);
}

/// Begins the exchange of a request at `now_ms` with exactly 32 bytes of
/// fresh entropy. `*out` is the caller's, to be freed with
/// `mpass_exchange_free`.
///
/// Errors: WRONG_LENGTH of the entropy. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_engine_begin(
    engine: *const mpass_engine,
    request: *const mpass_request,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    out: *mut *mut mpass_exchange,
) -> mpass_status {
    construct(out, || {
        let (engine, request) = (used(engine)?, used(request)?);
        let entropy = array(entropy, entropy_len)?;
        Ok(Running {
            exchange: request.begin(&engine, now_ms, entropy),
            step: None,
        })
    })
}
