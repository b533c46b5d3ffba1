//! The engine of the wire contracts.

use mpass_core::challenge::Keyring;
use mpass_core::service::Engine;

use crate::boundary::boundary;
use crate::exchange::{Running, mpass_exchange};
use crate::handle::{changed, class, construct, free, used};
use crate::keyring::mpass_keyring;
use crate::request::mpass_request;
use crate::settings::{mpass_settings, settings_or_default};
use crate::slice::array;
use crate::status::mpass_status;
use crate::store_header::mpass_store_header;

/// The engine of the wire contracts. It can be used by any number of threads at
/// once, except while `mpass_engine_apply` changes it.
pub struct mpass_engine {
    _opaque: (),
}

class!(mpass_engine, Engine, 19);

/// Creates an engine with the keys of a keyring and settings of
/// `MPASS_GROUP_ENGINE`, or NULL for the defaults: no issuer, so the login is
/// disabled, and access tokens that can be used once. Both are copied. The
/// caller must free `*out` with `mpass_engine_free`.
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

/// Applies what the header of the store says to the exchanges that begin from
/// now on. What was issued before the store was restored is void, because its use
/// may have been forgotten: challenges and their public ids, access tokens, codes
/// and client assertions. While the store is closed, every request is answered
/// with its contract's error for a service that is unavailable. Threads: one at a
/// time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_engine_apply(
    engine: *mut mpass_engine,
    header: *const mpass_store_header,
) -> mpass_status {
    boundary(|| {
        let mut engine = changed(engine)?;
        let next = engine.with_header(&*used(header)?);
        *engine = next;
        Ok(())
    })
}

/// Frees an engine. Does nothing for NULL. Exchanges that it began stay valid.
/// No other thread may be using the handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_engine_free(engine: *mut mpass_engine) {
    free(engine);
}

/// Begins the exchange of a request at `now_ms`. `entropy` is exactly 32 fresh
/// bytes. Then call `mpass_exchange_next` with MPASS_ANSWER_BEGIN. The caller
/// must free `*out` with `mpass_exchange_free`.
///
/// Errors: WRONG_LENGTH if `entropy` is not 32 bytes. Threads: any.
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
