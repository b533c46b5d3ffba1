//! The INTROSPECT step of an exchange.

use core::ffi::c_char;

use mpass_core::service::{Answer, Introspection, Step};

use crate::boundary::boundary;
use crate::exchange::{advance, mpass_exchange};
use crate::handle::{Changed, changed, class, construct, free, used};
use crate::number::mpass_number;
use crate::slice::{give_text, optional_u64, out_param, text};
use crate::status::mpass_status;

/// The result of a token look-up (RFC 7662). The handle that is passed to an
/// `introspect` callback belongs to the library; freeing it has no effect.
pub struct mpass_introspection {
    _opaque: (),
}

class!(mpass_introspection, Option<Introspection>, 22);

/// Creates the introspection of a text that is not a valid token. The caller
/// must free `*out` with `mpass_introspection_free`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_introspection_new(
    out: *mut *mut mpass_introspection,
) -> mpass_status {
    construct(out, || Ok(None))
}

/// Frees an introspection. Does nothing for NULL. No other thread may be using
/// the handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_introspection_free(introspection: *mut mpass_introspection) {
    free(introspection);
}

/// Marks the token as valid until `*expires_at_ms` (NULL: the host does not state
/// its expiry) and sets the name of the client that it was issued to. If the store has a client with this name, the
/// policy of that client applies. Discards everything that was set before.
///
/// Errors: INVALID_UTF8. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_introspection_set_active(
    introspection: *mut mpass_introspection,
    client: *const c_char,
    client_len: usize,
    expires_at_ms: *const u64,
) -> mpass_status {
    boundary(|| {
        let client = text(client, client_len)?.into();
        *changed(introspection)? = Some(Introspection {
            id: None,
            client,
            scopes: Vec::new(),
            number: None,
            is_by_network: false,
            issued_at_ms: None,
            expires_at_ms: optional_u64(expires_at_ms),
        });
        Ok(())
    })
}

/// The introspection of a valid token.
fn active<'a>(
    introspection: &'a mut Changed<'_, Option<Introspection>>,
) -> Result<&'a mut Introspection, mpass_status> {
    introspection.as_mut().ok_or(mpass_status::WrongState)
}

/// Sets the token's identifier (`jti`). A host that accepts more than one text
/// for the same token must set it; otherwise each text counts as a separate
/// token that can be used once.
///
/// Errors: WRONG_STATE before `mpass_introspection_set_active`, INVALID_UTF8.
/// Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_introspection_set_id(
    introspection: *mut mpass_introspection,
    id: *const c_char,
    id_len: usize,
) -> mpass_status {
    boundary(|| {
        let id = text(id, id_len)?.into();
        active(&mut changed(introspection)?)?.id = Some(id);
        Ok(())
    })
}

/// Adds a scope of the token, such as `number-verification:verify`.
///
/// Errors: WRONG_STATE before `mpass_introspection_set_active`, INVALID_UTF8.
/// Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_introspection_add_scope(
    introspection: *mut mpass_introspection,
    scope: *const c_char,
    scope_len: usize,
) -> mpass_status {
    boundary(|| {
        let scope = text(scope, scope_len)?.into();
        active(&mut changed(introspection)?)?.scopes.push(scope);
        Ok(())
    })
}

/// Sets the number of the device that the token was issued for, and whether the
/// mobile network or the SIM authenticated that device.
///
/// Errors: WRONG_STATE before `mpass_introspection_set_active`. Threads: one at
/// a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_introspection_set_device(
    introspection: *mut mpass_introspection,
    number: *const mpass_number,
    is_by_network: bool,
) -> mpass_status {
    boundary(|| {
        let number = *used(number)?;
        let mut introspection = changed(introspection)?;
        let token = active(&mut introspection)?;
        token.number = Some(number);
        token.is_by_network = is_by_network;
        Ok(())
    })
}

/// Sets when the token was issued, in milliseconds of Unix time. After the store
/// was restored from a backup, a token that was issued before is refused. Without
/// this time, it counts as issued 24 h before its expiry.
///
/// Errors: WRONG_STATE before `mpass_introspection_set_active`. Threads: one at
/// a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_introspection_set_issued_at(
    introspection: *mut mpass_introspection,
    issued_at_ms: u64,
) -> mpass_status {
    boundary(|| {
        active(&mut changed(introspection)?)?.issued_at_ms = Some(issued_at_ms);
        Ok(())
    })
}

/// Gets the token of an INTROSPECT step: the text after `Bearer` in the
/// request.
///
/// Errors: WRONG_STATE in any other step, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_introspect_token(
    exchange: *const mpass_exchange,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| match &used(exchange)?.step {
        Some(Step::Introspect(introspect)) => give_text(&introspect.token, out, cap, written),
        _ => Err(mpass_status::WrongState),
    })
}

/// Answers an INTROSPECT step. Otherwise like `mpass_exchange_next`.
///
/// Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_next_introspected(
    exchange: *mut mpass_exchange,
    introspection: *const mpass_introspection,
    now_ms: u64,
    step: *mut u32,
) -> mpass_status {
    boundary(|| {
        let exchange = changed(exchange)?;
        let introspection = used(introspection)?.clone();
        let step = out_param(step)?;
        advance(exchange, Answer::Introspected(introspection), now_ms, step)
    })
}
