//! Access tokens that a host issues to clients.

use core::ffi::c_char;

use mpass_core::service::{AnyTenant, Grant, Scope};

use crate::boundary::boundary;
use crate::handle::used;
use crate::keyring::mpass_keyring;
use crate::number::{mpass_number, optional_number};
use crate::slice::{array, give_text};
use crate::status::mpass_status;
use crate::tenant::mpass_tenant;

/// The scopes of a bitwise OR of `MPASS_SCOPE_` constants.
fn scopes(bits: u32) -> Result<Vec<Scope>, mpass_status> {
    let bit = |scope: &Scope| 1 << (scope.number() - 1);
    if Scope::ALL
        .iter()
        .fold(bits, |rest, scope| rest & !bit(scope))
        != 0
    {
        return Err(mpass_status::UnknownScope);
    }
    let asked = Scope::ALL.iter().copied();
    Ok(asked.filter(|scope| bits & bit(scope) != 0).collect())
}

/// Issues an access token to a client, as the token endpoint does, for hosts
/// that authenticate devices in their own way.
///
/// - `scopes`: a bitwise OR of `MPASS_SCOPE_` constants; those that the client
///   does not have are left out.
/// - `number`: the number of the authenticated device; NULL if there is none.
/// - `is_by_network`: whether the mobile network or the SIM authenticated the
///   device.
/// - `life_s`: the token's lifetime in seconds, at most 300 if it has a number.
/// - `entropy`: exactly 32 bytes.
/// - `out`: the token; 1,024 characters are enough. The caller must erase it
///   after use.
///
/// Errors: WRONG_HANDLE for another kind of tenant, UNKNOWN_SCOPE, WRONG_LENGTH
/// if `entropy` is not 32 bytes, INVALID_LIFETIME, UNKNOWN_RECORD_KEY,
/// BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_grant_token(
    tenant: *const mpass_tenant,
    keyring: *const mpass_keyring,
    scopes: u32,
    number: *const mpass_number,
    is_by_network: bool,
    life_s: u64,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let (tenant, keyring) = (used(tenant)?, used(keyring)?);
        let grant = Grant {
            scopes: self::scopes(scopes)?,
            number: optional_number(number)?,
            is_by_network,
            life_s,
        };
        let entropy = array(entropy, entropy_len)?;
        let AnyTenant::Client(client) = &tenant.tenant else {
            return Err(mpass_status::WrongHandle);
        };
        let token = grant.token(&keyring, client, now_ms, entropy)?;
        give_text(&token, out, cap, written)
    })
}
