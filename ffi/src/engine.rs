//! The engine of the wire contracts.

use core::ffi::c_char;

use mpass_core::challenge::Keyring;
use mpass_core::service::{Engine, EngineSettings, TokenUse};

use crate::boundary::boundary;
use crate::exchange::{Running, mpass_exchange};
use crate::handle::{changed, class, construct, free, used};
use crate::keyring::mpass_keyring;
use crate::request::mpass_request;
use crate::slice::array;
use crate::status::mpass_status;
use crate::tenant::set_text;

/// Once: a token that could be used again would be an oracle over numbers.
pub const MPASS_TOKEN_USE_ONCE: u32 = 1;
/// As often as it is sent within its life.
pub const MPASS_TOKEN_USE_WITHIN_LIFE: u32 = 2;

/// What an engine is told once, beside its keys.
pub struct mpass_engine_settings {
    _opaque: (),
}

class!(mpass_engine_settings, EngineSettings, 27);

/// The engine of the wire contracts. Immutable: any number of threads may use
/// one.
pub struct mpass_engine {
    _opaque: (),
}

class!(mpass_engine, Engine, 19);

/// Settings with every default: no issuer, and so no login; access tokens
/// serve once. `*out` is the caller's, to be freed with
/// `mpass_engine_settings_free`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_engine_settings_new(
    out: *mut *mut mpass_engine_settings,
) -> mpass_status {
    construct(out, || Ok(EngineSettings::default()))
}

/// Frees settings; NULL does nothing. No other thread may use them meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_engine_settings_free(settings: *mut mpass_engine_settings) {
    free(settings);
}

/// The base URL that clients reach the host under, such as
/// `https://verify.example`, without a slash at its end: the issuer of tokens.
/// `http` only for a loopback host. It is checked where the settings are used.
///
/// Errors: INVALID_UTF8. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_engine_settings_set_issuer(
    settings: *mut mpass_engine_settings,
    issuer: *const c_char,
    issuer_len: usize,
) -> mpass_status {
    set_text(settings, issuer, issuer_len, |settings, text| {
        settings.issuer = Some(text.into());
        Ok(())
    })
}

/// How often an access token of Number Verification serves, a
/// `MPASS_TOKEN_USE_` constant.
///
/// Errors: INVALID_ARGUMENT. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_engine_settings_set_token_use(
    settings: *mut mpass_engine_settings,
    token_use: u32,
) -> mpass_status {
    boundary(|| {
        let token_use = match token_use {
            MPASS_TOKEN_USE_ONCE => TokenUse::Once,
            MPASS_TOKEN_USE_WITHIN_LIFE => TokenUse::WithinLife,
            _ => return Err(mpass_status::InvalidArgument),
        };
        changed(settings)?.token_use = token_use;
        Ok(())
    })
}

/// An engine with the keys of a keyring, which are copied, and every default. `*out` is the
/// caller's, to be freed with `mpass_engine_free`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_engine_new(
    keyring: *const mpass_keyring,
    out: *mut *mut mpass_engine,
) -> mpass_status {
    construct(out, || Ok(Engine::new(Keyring::clone(&*used(keyring)?))))
}

/// The same with settings, which are copied.
///
/// Errors: INVALID_ISSUER. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_engine_with_settings(
    keyring: *const mpass_keyring,
    settings: *const mpass_engine_settings,
    out: *mut *mut mpass_engine,
) -> mpass_status {
    construct(out, || {
        let keyring = Keyring::clone(&*used(keyring)?);
        Ok(Engine::with_settings(keyring, used(settings)?.clone())?)
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
