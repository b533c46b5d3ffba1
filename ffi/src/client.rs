//! Clients: the callers of the CAMARA contracts and of the login.

use core::ffi::c_char;

use mpass_core::service::{Client, ClientSettings, Grant, Scope};

use crate::boundary::boundary;
use crate::handle::{changed, class, construct, free, used};
use crate::keyring::mpass_keyring;
use crate::number::{mpass_number, optional_number};
use crate::pending::mpass_pending;
use crate::policy::{checked, mpass_policy};
use crate::slice::{array, give_text, out_param, text};
use crate::status::mpass_status;
use crate::tenant::{self, set_text};

/// `number-verification:verify`.
pub const MPASS_SCOPE_VERIFY: u32 = 1;
/// `number-verification:device-phone-number:read`.
pub const MPASS_SCOPE_READ_NUMBER: u32 = 2;
/// `one-time-password-sms:send-validate`.
pub const MPASS_SCOPE_SEND_VALIDATE: u32 = 4;

/// What an administrator says of a client.
pub struct mpass_client_settings {
    _opaque: (),
}

class!(mpass_client_settings, ClientSettings, 23);

/// A client as it stands in the store. Immutable: any number of threads may
/// use one.
pub struct mpass_client {
    _opaque: (),
}

class!(mpass_client, Client, 24);

/// The scopes of a sum of `MPASS_SCOPE_` bits.
fn scopes(bits: u32) -> Result<Vec<Scope>, mpass_status> {
    let known = [
        (MPASS_SCOPE_VERIFY, Scope::Verify),
        (MPASS_SCOPE_READ_NUMBER, Scope::ReadNumber),
        (MPASS_SCOPE_SEND_VALIDATE, Scope::SendValidate),
    ];
    if known.iter().fold(bits, |rest, (bit, _)| rest & !bit) != 0 {
        return Err(mpass_status::UnknownScope);
    }
    let asked = known.iter().filter(|(bit, _)| bits & bit != 0);
    Ok(asked.map(|(_, scope)| *scope).collect())
}

/// The settings of a client of that name, its `client_id`, with every scope
/// but READ_NUMBER and every other default. A name has 1 to 64 ASCII letters,
/// digits, `-`, `_` and `.`, which is checked where the settings are used.
/// `*out` is the caller's, to be freed with `mpass_client_settings_free`.
///
/// Errors: INVALID_UTF8. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_client_settings_new(
    name: *const c_char,
    name_len: usize,
    out: *mut *mut mpass_client_settings,
) -> mpass_status {
    construct(out, || Ok(ClientSettings::new(text(name, name_len)?)))
}

/// Frees settings; NULL does nothing. No other thread may use them meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_client_settings_free(settings: *mut mpass_client_settings) {
    free(settings);
}

/// Adds an address or network in CIDR notation that the client may call from;
/// without any it may from anywhere.
///
/// Errors: INVALID_UTF8, INVALID_ADDRESS. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_client_settings_add_address(
    settings: *mut mpass_client_settings,
    address: *const c_char,
    address_len: usize,
) -> mpass_status {
    set_text(settings, address, address_len, |settings, text| {
        settings.addresses.push(text.parse()?);
        Ok(())
    })
}

/// The rules of its challenges, which are copied.
///
/// Errors: as `mpass_policy_check`. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_client_settings_set_policy(
    settings: *mut mpass_client_settings,
    policy: *const mpass_policy,
) -> mpass_status {
    boundary(|| {
        let policy = checked(policy)?;
        changed(settings)?.policy = policy;
        Ok(())
    })
}

/// The host that codes are bound to in the last line of a message. It is
/// checked where the settings are used.
///
/// Errors: INVALID_UTF8. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_client_settings_set_host(
    settings: *mut mpass_client_settings,
    host: *const c_char,
    host_len: usize,
) -> mpass_status {
    set_text(settings, host, host_len, |settings, text| {
        settings.host = Some(text.into());
        Ok(())
    })
}

/// The sender that its messages show, at most 32 bytes, for gateways that take
/// one. It is checked where the settings are used.
///
/// Errors: INVALID_UTF8. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_client_settings_set_sender(
    settings: *mut mpass_client_settings,
    sender: *const c_char,
    sender_len: usize,
) -> mpass_status {
    set_text(settings, sender, sender_len, |settings, text| {
        settings.sender = Some(text.into());
        Ok(())
    })
}

/// What it may ask for: a sum of `MPASS_SCOPE_` bits.
///
/// Errors: UNKNOWN_SCOPE. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_client_settings_set_scopes(
    settings: *mut mpass_client_settings,
    scopes: u32,
) -> mpass_status {
    boundary(|| {
        let scopes = self::scopes(scopes)?;
        changed(settings)?.scopes = scopes;
        Ok(())
    })
}

/// Adds a URI that a login may send a user agent back to, compared exactly: at
/// most 8, which are checked where the settings are used.
///
/// Errors: INVALID_UTF8. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_client_settings_add_redirect_uri(
    settings: *mut mpass_client_settings,
    uri: *const c_char,
    uri_len: usize,
) -> mpass_status {
    set_text(settings, uri, uri_len, |settings, text| {
        settings.redirect_uris.push(text.into());
        Ok(())
    })
}

/// The public key of its `private_key_jwt` assertions (ES256): a point of
/// P-256, uncompressed, exactly 65 bytes as in SEC 1. It is checked where the
/// settings are used.
///
/// Errors: WRONG_LENGTH. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_client_settings_set_public_key(
    settings: *mut mpass_client_settings,
    public_key: *const u8,
    public_key_len: usize,
) -> mpass_status {
    boundary(|| {
        let public_key = *array(public_key, public_key_len)?;
        changed(settings)?.public_key = Some(public_key);
        Ok(())
    })
}

/// Where the client of a name stands, among tenants: 16 bytes.
///
/// Errors: INVALID_UTF8, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_client_store_key(
    keyring: *const mpass_keyring,
    name: *const c_char,
    name_len: usize,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    tenant::place_of::<ClientSettings>(keyring, (name, name_len), out, cap, written)
}

/// A new client. `current` is what stands at its place, NULL where nothing
/// does; `entropy` exactly 32 bytes. `*pending` is the caller's, to be freed
/// with `mpass_pending_free`; once it is stored it has the secret.
///
/// Errors: WRONG_LENGTH of the entropy, NAME_TAKEN, INVALID_NAME,
/// INVALID_HOST, INVALID_REDIRECT_URI, INVALID_PUBLIC_KEY, TENANT_TOO_LARGE;
/// RECORD_FORMAT, RECORD_FORGED or UNKNOWN_RECORD_KEY where `current` is no
/// client: a store error. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_client_create(
    keyring: *const mpass_keyring,
    current: *const u8,
    current_len: usize,
    settings: *const mpass_client_settings,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
) -> mpass_status {
    let (current, entropy) = ((current, current_len), (entropy, entropy_len));
    tenant::create(keyring, current, settings, now_ms, entropy, pending)
}

/// Reads the client that stands at a place of 16 bytes. `*out` is the
/// caller's, to be freed with `mpass_client_free`.
///
/// Errors: WRONG_LENGTH of the place; RECORD_FORMAT, RECORD_FORGED or
/// UNKNOWN_RECORD_KEY where it is no client. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_client_open(
    keyring: *const mpass_keyring,
    store_key: *const u8,
    store_key_len: usize,
    current: *const u8,
    current_len: usize,
    out: *mut *mut mpass_client,
) -> mpass_status {
    tenant::open(
        keyring,
        (store_key, store_key_len),
        (current, current_len),
        out,
    )
}

/// Frees a client; NULL does nothing. What stands in the store stays. No
/// other thread may use it meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_client_free(client: *mut mpass_client) {
    free(client);
}

/// The same client with a new secret; the old one is dead once `*pending` is
/// stored, which then has the secret. `current` is what the client was opened
/// from, `entropy` exactly 32 bytes. `*pending` is the caller's, to be freed
/// with `mpass_pending_free`.
///
/// Errors: WRONG_LENGTH of the entropy, TENANT_TOO_LARGE. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_client_rotate(
    client: *const mpass_client,
    keyring: *const mpass_keyring,
    current: *const u8,
    current_len: usize,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
) -> mpass_status {
    let (current, entropy) = ((current, current_len), (entropy, entropy_len));
    tenant::rotate(client, keyring, current, now_ms, entropy, pending)
}

/// Revokes the client once `*pending` is stored; its value stays, so that
/// its name is known to be revoked. `current` is what the client was opened
/// from, `entropy` exactly 32 bytes. `*pending` is the caller's, to be freed
/// with `mpass_pending_free`.
///
/// Errors: WRONG_LENGTH of the entropy, TENANT_TOO_LARGE. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_client_revoke(
    client: *const mpass_client,
    keyring: *const mpass_keyring,
    current: *const u8,
    current_len: usize,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
) -> mpass_status {
    let (current, entropy) = ((current, current_len), (entropy, entropy_len));
    tenant::revoke(client, keyring, current, now_ms, entropy, pending)
}

/// Its name, 1 to 64 characters.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_client_name(
    client: *const mpass_client,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| give_text(&used(client)?.settings().name, out, cap, written))
}

/// The stable id that its numbers' records are kept under: 16 bytes.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_client_id(
    client: *const mpass_client,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    tenant::id(client, out, cap, written)
}

/// Whether it was revoked, how many secrets it has had and when it was
/// created. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_client_state(
    client: *const mpass_client,
    is_revoked: *mut bool,
    key_version: *mut u32,
    created_at_ms: *mut u64,
) -> mpass_status {
    tenant::state(client, is_revoked, key_version, created_at_ms)
}

/// A copy of what the administrator said of it, to be changed. `*out` is the
/// caller's, to be freed with `mpass_client_settings_free`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_client_settings_of(
    client: *const mpass_client,
    out: *mut *mut mpass_client_settings,
) -> mpass_status {
    tenant::settings_of(client, out)
}

/// Whether it may call from an address, in text form.
///
/// Errors: INVALID_UTF8, INVALID_ADDRESS. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_client_allows_address(
    client: *const mpass_client,
    address: *const c_char,
    address_len: usize,
    out: *mut bool,
) -> mpass_status {
    let asked = Client::allows_address;
    tenant::allows_address(client, address, address_len, out, asked)
}

/// Whether a text is its `client_secret`, compared in constant time.
///
/// Errors: INVALID_UTF8. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_client_has_secret(
    client: *const mpass_client,
    keyring: *const mpass_keyring,
    secret: *const c_char,
    secret_len: usize,
    out: *mut bool,
) -> mpass_status {
    boundary(|| {
        let (client, keyring) = (used(client)?, used(keyring)?);
        let out = out_param(out)?;
        out.set(client.has_secret(&keyring, text(secret, secret_len)?));
        Ok(())
    })
}

/// An access token for a client, as the token endpoint gives it: for a host
/// that authenticates devices in its own way. `scopes` is a sum of
/// `MPASS_SCOPE_` bits, of which those that the client has not are left out;
/// `number` that of the device that was authenticated, NULL where none was;
/// `is_by_network` whether the mobile network or the SIM authenticated it;
/// `life_s` how long it lives, in seconds, at most 300 with a number;
/// `entropy` exactly 32 bytes. 1,024 characters are room enough. The caller
/// owns and erases `out`.
///
/// Errors: UNKNOWN_SCOPE, WRONG_LENGTH of the entropy, INVALID_LIFETIME,
/// UNKNOWN_RECORD_KEY, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_client_grant_token(
    client: *const mpass_client,
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
        let (client, keyring) = (used(client)?, used(keyring)?);
        let grant = Grant {
            scopes: self::scopes(scopes)?,
            number: optional_number(number)?,
            is_by_network,
            life_s,
        };
        let entropy = array(entropy, entropy_len)?;
        let token = grant.token(&keyring, &client, now_ms, entropy)?;
        give_text(&token, out, cap, written)
    })
}
