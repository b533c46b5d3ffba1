//! Customers: the callers of the `VerifyNow` contract.

use core::ffi::c_char;

use mpass_core::service::{Customer, CustomerSettings, Template};

use crate::boundary::boundary;
use crate::handle::{changed, class, construct, free, used};
use crate::keyring::mpass_keyring;
use crate::pending::{State, mpass_pending};
use crate::policy::{checked, mpass_policy};
use crate::slice::{array, give, give_text, optional, out_param, record, text};
use crate::status::mpass_status;
use crate::tenant::{self, set_text};

/// What an administrator says of a customer.
pub struct mpass_customer_settings {
    _opaque: (),
}

class!(mpass_customer_settings, CustomerSettings, 25);

/// A customer as it stands in the store. Immutable: any number of threads may
/// use one.
pub struct mpass_customer {
    _opaque: (),
}

class!(mpass_customer, Customer, 26);

/// A `customerId` for a new customer, from exactly 32 bytes of entropy: 17
/// characters. It has 60 random bits: when `mpass_customer_create` finds it
/// taken, draw again.
///
/// Errors: WRONG_LENGTH of the entropy, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_customer_fresh_id(
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let entropy = array(entropy, entropy_len)?;
        give_text(&Customer::fresh_id(now_ms, entropy), out, cap, written)
    })
}

/// The contract's default policy, to be changed: codes of 4 digits for 60 s, 3
/// guesses a code and 9 a number and day. `*out` is the caller's, to be freed
/// with `mpass_policy_free`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_customer_default_policy(
    out: *mut *mut mpass_policy,
) -> mpass_status {
    construct(out, || {
        Ok(CustomerSettings::default_policy().settings().clone())
    })
}

/// The settings of a customer of that `customerId`, `C-` and 15 upper-case
/// hexadecimal characters, with `mpass_customer_default_policy` and 100 test
/// credits. The id is checked where the settings are used. `*out` is the
/// caller's, to be freed with `mpass_customer_settings_free`.
///
/// Errors: INVALID_UTF8. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_customer_settings_new(
    id: *const c_char,
    id_len: usize,
    out: *mut *mut mpass_customer_settings,
) -> mpass_status {
    construct(out, || Ok(CustomerSettings::new(text(id, id_len)?)))
}

/// Frees settings; NULL does nothing. No other thread may use them meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_customer_settings_free(settings: *mut mpass_customer_settings) {
    free(settings);
}

/// Adds an address or network in CIDR notation that the customer may call from;
/// without any it may from anywhere.
///
/// Errors: INVALID_UTF8, INVALID_ADDRESS. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_customer_settings_add_address(
    settings: *mut mpass_customer_settings,
    address: *const c_char,
    address_len: usize,
) -> mpass_status {
    set_text(settings, address, address_len, |settings, text| {
        settings.addresses.push(text.parse()?);
        Ok(())
    })
}

/// The rules of its challenges, which are copied. The length of its codes
/// is that where a request names none, and the fewest that one may name; the
/// lifetime, 20 to 300 s, is the contract's timeout. The chance of meeting a
/// code within a day has to be below 1 in 1,000, which is checked where the
/// settings are used.
///
/// Errors: as `mpass_policy_check`. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_customer_settings_set_policy(
    settings: *mut mpass_customer_settings,
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
pub unsafe extern "C" fn mpass_customer_settings_set_host(
    settings: *mut mpass_customer_settings,
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
pub unsafe extern "C" fn mpass_customer_settings_set_sender(
    settings: *mut mpass_customer_settings,
    sender: *const c_char,
    sender_len: usize,
) -> mpass_status {
    set_text(settings, sender, sender_len, |settings, text| {
        settings.sender = Some(text.into());
        Ok(())
    })
}

/// The credits that it begins with. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_customer_settings_set_test_credits(
    settings: *mut mpass_customer_settings,
    test_credits: u64,
) -> mpass_status {
    boundary(|| {
        changed(settings)?.test_credits = test_credits;
        Ok(())
    })
}

/// Its own English text with `{{code}}` and, where wanted, `{{app}}` and
/// `{{minutes}}`: at most 320 characters.
///
/// Errors: INVALID_UTF8, INVALID_TEMPLATE. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_customer_settings_set_english(
    settings: *mut mpass_customer_settings,
    template: *const c_char,
    template_len: usize,
) -> mpass_status {
    set_text(settings, template, template_len, |settings, text| {
        settings.text_en = Some(Template::new(text)?);
        Ok(())
    })
}

/// Where the customer of a name stands, among tenants: 16 bytes.
///
/// Errors: INVALID_UTF8, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_customer_store_key(
    keyring: *const mpass_keyring,
    name: *const c_char,
    name_len: usize,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    tenant::place_of::<CustomerSettings>(keyring, (name, name_len), out, cap, written)
}

/// A new customer. `current` is what stands at its place, NULL where nothing
/// does; `entropy` exactly 32 bytes. `*pending` is the caller's, to be freed
/// with `mpass_pending_free`; once it is stored it has the secret.
///
/// Errors: WRONG_LENGTH of the entropy, NAME_TAKEN, INVALID_NAME,
/// INVALID_HOST, INVALID_LIFETIME, INVALID_DIGITS, POLICY_TOO_WEAK,
/// TENANT_TOO_LARGE; RECORD_FORMAT, RECORD_FORGED or UNKNOWN_RECORD_KEY where
/// `current` is no customer: a store error. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_customer_create(
    keyring: *const mpass_keyring,
    current: *const u8,
    current_len: usize,
    settings: *const mpass_customer_settings,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
) -> mpass_status {
    let (current, entropy) = ((current, current_len), (entropy, entropy_len));
    tenant::create(keyring, current, settings, now_ms, entropy, pending)
}

/// Reads the customer that stands at a place of 16 bytes. `*out` is the
/// caller's, to be freed with `mpass_customer_free`.
///
/// Errors: WRONG_LENGTH of the place; RECORD_FORMAT, RECORD_FORGED or
/// UNKNOWN_RECORD_KEY where it is no customer. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_customer_open(
    keyring: *const mpass_keyring,
    store_key: *const u8,
    store_key_len: usize,
    current: *const u8,
    current_len: usize,
    out: *mut *mut mpass_customer,
) -> mpass_status {
    tenant::open(
        keyring,
        (store_key, store_key_len),
        (current, current_len),
        out,
    )
}

/// Frees a customer; NULL does nothing. What stands in the store stays. No
/// other thread may use it meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_customer_free(customer: *mut mpass_customer) {
    free(customer);
}

/// The same customer with a new secret; the old one is dead once `*pending` is
/// stored, which then has the secret. `current` is what the customer was opened
/// from, `entropy` exactly 32 bytes. `*pending` is the caller's, to be freed
/// with `mpass_pending_free`.
///
/// Errors: WRONG_LENGTH of the entropy, TENANT_TOO_LARGE. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_customer_rotate(
    customer: *const mpass_customer,
    keyring: *const mpass_keyring,
    current: *const u8,
    current_len: usize,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
) -> mpass_status {
    let (current, entropy) = ((current, current_len), (entropy, entropy_len));
    tenant::rotate(customer, keyring, current, now_ms, entropy, pending)
}

/// Revokes the customer once `*pending` is stored; its value stays, so that
/// its name is known to be revoked. `current` is what the customer was opened
/// from, `entropy` exactly 32 bytes. `*pending` is the caller's, to be freed
/// with `mpass_pending_free`.
///
/// Errors: WRONG_LENGTH of the entropy, TENANT_TOO_LARGE. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_customer_revoke(
    customer: *const mpass_customer,
    keyring: *const mpass_keyring,
    current: *const u8,
    current_len: usize,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
) -> mpass_status {
    let (current, entropy) = ((current, current_len), (entropy, entropy_len));
    tenant::revoke(customer, keyring, current, now_ms, entropy, pending)
}

/// Its `customerId`, 17 characters.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_customer_name(
    customer: *const mpass_customer,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| give_text(&used(customer)?.settings().name, out, cap, written))
}

/// The stable id that its numbers' records are kept under: 16 bytes.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_customer_id(
    customer: *const mpass_customer,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    tenant::id(customer, out, cap, written)
}

/// Whether it was revoked, how many secrets it has had and when it was
/// created. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_customer_state(
    customer: *const mpass_customer,
    is_revoked: *mut bool,
    key_version: *mut u32,
    created_at_ms: *mut u64,
) -> mpass_status {
    tenant::state(customer, is_revoked, key_version, created_at_ms)
}

/// A copy of what the administrator said of it, to be changed. `*out` is the
/// caller's, to be freed with `mpass_customer_settings_free`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_customer_settings_of(
    customer: *const mpass_customer,
    out: *mut *mut mpass_customer_settings,
) -> mpass_status {
    tenant::settings_of(customer, out)
}

/// Whether it may call from an address, in text form.
///
/// Errors: INVALID_UTF8, INVALID_ADDRESS. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_customer_allows_address(
    customer: *const mpass_customer,
    address: *const c_char,
    address_len: usize,
    out: *mut bool,
) -> mpass_status {
    let asked = Customer::allows_address;
    tenant::allows_address(customer, address, address_len, out, asked)
}

/// Where the record of its credits stands, among states: 16 bytes.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_customer_credits_key(
    customer: *const mpass_customer,
    keyring: *const mpass_keyring,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let (customer, keyring) = (used(customer)?, used(keyring)?);
        give(&customer.credits(&keyring).key().0, out, cap, written)
    })
}

/// How many credits it has left. `current` is the record of its credits, NULL
/// where there is none.
///
/// Errors: RECORD_FORMAT, RECORD_FORGED or UNKNOWN_RECORD_KEY where `current`
/// is not that record. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_customer_balance(
    customer: *const mpass_customer,
    keyring: *const mpass_keyring,
    current: *const u8,
    current_len: usize,
    out: *mut u64,
) -> mpass_status {
    boundary(|| {
        let (customer, keyring) = (used(customer)?, used(keyring)?);
        let out = out_param(out)?;
        let current = optional(current, current_len)?;
        out.set(customer.credits(&keyring).balance(current)?);
        Ok(())
    })
}

/// Adds credits that were paid for; once `*pending` is stored it has the new
/// balance. `current` is the record of its credits, NULL where there is none;
/// `entropy` exactly 32 bytes. `*pending` is the caller's, to be freed with
/// `mpass_pending_free`.
///
/// Errors: as `mpass_customer_balance`, WRONG_LENGTH of the entropy.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_customer_add_credits(
    customer: *const mpass_customer,
    keyring: *const mpass_keyring,
    current: *const u8,
    current_len: usize,
    paid: u64,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
) -> mpass_status {
    construct(pending, || {
        let (customer, keyring) = (used(customer)?, used(keyring)?);
        let (current, entropy) = record((current, current_len), (entropy, entropy_len))?;
        let added = customer
            .credits(&keyring)
            .add(current, paid, now_ms, entropy)?;
        Ok(State::Credits(added))
    })
}
