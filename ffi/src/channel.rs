//! Channels: the callers of the mPass contract.

use core::ffi::c_char;

use mpass_core::service::{App, Channel, ChannelKey, ChannelSettings, Template};

use crate::boundary::boundary;
use crate::handle::{changed, class, construct, free, used};
use crate::keyring::mpass_keyring;
use crate::number::country;
use crate::pending::mpass_pending;
use crate::policy::{checked, mpass_policy};
use crate::slice::{give, give_text, out_param, text};
use crate::status::mpass_status;
use crate::tenant::{self, set_text};

/// What an administrator says of a channel.
pub struct mpass_channel_settings {
    _opaque: (),
}

class!(mpass_channel_settings, ChannelSettings, 14);

/// A channel as it stands in the store. Immutable: any number of threads may
/// use one.
pub struct mpass_channel {
    _opaque: (),
}

class!(mpass_channel, Channel, 15);

/// The settings of a channel of that name with every default. A name has 1 to
/// 64 ASCII letters, digits, `-`, `_` and `.`, which is checked where the
/// settings are used. `*out` is the caller's, to be freed with
/// `mpass_channel_settings_free`.
///
/// Errors: INVALID_UTF8. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_channel_settings_new(
    name: *const c_char,
    name_len: usize,
    out: *mut *mut mpass_channel_settings,
) -> mpass_status {
    construct(out, || Ok(ChannelSettings::new(text(name, name_len)?)))
}

/// Frees settings; NULL does nothing. No other thread may use them meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_channel_settings_free(settings: *mut mpass_channel_settings) {
    free(settings);
}

/// Adds an address or network in CIDR notation that the channel may call from;
/// without any it may from anywhere.
///
/// Errors: INVALID_UTF8, INVALID_ADDRESS. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_channel_settings_add_address(
    settings: *mut mpass_channel_settings,
    address: *const c_char,
    address_len: usize,
) -> mpass_status {
    set_text(settings, address, address_len, |settings, text| {
        settings.addresses.push(text.parse()?);
        Ok(())
    })
}

/// Adds an application that the channel may send for, 1 to 32 characters;
/// without any it may for all.
///
/// Errors: INVALID_UTF8, INVALID_APP. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_channel_settings_add_app(
    settings: *mut mpass_channel_settings,
    app: *const c_char,
    app_len: usize,
) -> mpass_status {
    set_text(settings, app, app_len, |settings, text| {
        settings.apps.push(App::new(text)?);
        Ok(())
    })
}

/// The rules of its challenges, which are copied.
///
/// Errors: as `mpass_policy_check`. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_channel_settings_set_policy(
    settings: *mut mpass_channel_settings,
    policy: *const mpass_policy,
) -> mpass_status {
    boundary(|| {
        let policy = checked(policy)?;
        changed(settings)?.policy = policy;
        Ok(())
    })
}

/// The calling code, such as 966, of numbers in national form; 0 for none.
///
/// Errors: UNKNOWN_CALLING_CODE. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_channel_settings_set_country(
    settings: *mut mpass_channel_settings,
    country: u32,
) -> mpass_status {
    boundary(|| {
        let country = self::country(country)?;
        changed(settings)?.country = country;
        Ok(())
    })
}

/// The host that codes are bound to in the last line of a message. It is
/// checked where the settings are used.
///
/// Errors: INVALID_UTF8. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_channel_settings_set_host(
    settings: *mut mpass_channel_settings,
    host: *const c_char,
    host_len: usize,
) -> mpass_status {
    set_text(settings, host, host_len, |settings, text| {
        settings.host = Some(text.into());
        Ok(())
    })
}

/// Its own English text with `{{code}}` and, where wanted, `{{app}}` and
/// `{{minutes}}`: at most 320 characters.
///
/// Errors: INVALID_UTF8, INVALID_TEMPLATE. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_channel_settings_set_english(
    settings: *mut mpass_channel_settings,
    template: *const c_char,
    template_len: usize,
) -> mpass_status {
    set_text(settings, template, template_len, |settings, text| {
        settings.text_en = Some(Template::new(text)?);
        Ok(())
    })
}

/// Its own Arabic text with `{{code}}` and, where wanted, `{{app}}` and
/// `{{minutes}}`: at most 320 characters.
///
/// Errors: INVALID_UTF8, INVALID_TEMPLATE. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_channel_settings_set_arabic(
    settings: *mut mpass_channel_settings,
    template: *const c_char,
    template_len: usize,
) -> mpass_status {
    set_text(settings, template, template_len, |settings, text| {
        settings.text_ar = Some(Template::new(text)?);
        Ok(())
    })
}

/// The sender that its messages show, at most 32 bytes, for gateways that take
/// one. It is checked where the settings are used.
///
/// Errors: INVALID_UTF8. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_channel_settings_set_sender(
    settings: *mut mpass_channel_settings,
    sender: *const c_char,
    sender_len: usize,
) -> mpass_status {
    set_text(settings, sender, sender_len, |settings, text| {
        settings.sender = Some(text.into());
        Ok(())
    })
}

/// Where the channel of a name stands, among tenants: 16 bytes.
///
/// Errors: INVALID_UTF8, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_channel_store_key(
    keyring: *const mpass_keyring,
    name: *const c_char,
    name_len: usize,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    tenant::place_of::<ChannelSettings>(keyring, (name, name_len), out, cap, written)
}

/// Where the channel stands that a channel key claims to belong to: 16 bytes.
///
/// Errors: INVALID_UTF8, INVALID_CREDENTIAL, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_channel_key_store_key(
    channel_key: *const c_char,
    channel_key_len: usize,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let key = ChannelKey::parse(text(channel_key, channel_key_len)?)?;
        give(&key.store_key().0, out, cap, written)
    })
}

/// A new channel. `current` is what stands at its place, NULL where nothing
/// does; `entropy` exactly 32 bytes. `*pending` is the caller's, to be freed
/// with `mpass_pending_free`; once it is stored it has the channel key.
///
/// Errors: WRONG_LENGTH of the entropy, NAME_TAKEN, INVALID_NAME,
/// INVALID_HOST, TENANT_TOO_LARGE; RECORD_FORMAT, RECORD_FORGED or
/// UNKNOWN_RECORD_KEY where `current` is no channel: a store error.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_channel_create(
    keyring: *const mpass_keyring,
    current: *const u8,
    current_len: usize,
    settings: *const mpass_channel_settings,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
) -> mpass_status {
    let (current, entropy) = ((current, current_len), (entropy, entropy_len));
    tenant::create(keyring, current, settings, now_ms, entropy, pending)
}

/// Reads the channel that stands at a place of 16 bytes. `*out` is the
/// caller's, to be freed with `mpass_channel_free`.
///
/// Errors: WRONG_LENGTH of the place; RECORD_FORMAT, RECORD_FORGED or
/// UNKNOWN_RECORD_KEY where it is no channel. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_channel_open(
    keyring: *const mpass_keyring,
    store_key: *const u8,
    store_key_len: usize,
    current: *const u8,
    current_len: usize,
    out: *mut *mut mpass_channel,
) -> mpass_status {
    tenant::open(
        keyring,
        (store_key, store_key_len),
        (current, current_len),
        out,
    )
}

/// Frees a channel; NULL does nothing. What stands in the store stays. No
/// other thread may use it meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_channel_free(channel: *mut mpass_channel) {
    free(channel);
}

/// The same channel with a new key; the old one is dead once `*pending` is
/// stored, which then has the key. `current` is what the channel was opened
/// from, `entropy` exactly 32 bytes. `*pending` is the caller's, to be freed
/// with `mpass_pending_free`.
///
/// Errors: WRONG_LENGTH of the entropy, TENANT_TOO_LARGE. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_channel_rotate(
    channel: *const mpass_channel,
    keyring: *const mpass_keyring,
    current: *const u8,
    current_len: usize,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
) -> mpass_status {
    let (current, entropy) = ((current, current_len), (entropy, entropy_len));
    tenant::rotate(channel, keyring, current, now_ms, entropy, pending)
}

/// Revokes the channel once `*pending` is stored; its value stays, so that
/// its name is known to be revoked. `current` is what the channel was opened
/// from, `entropy` exactly 32 bytes. `*pending` is the caller's, to be freed
/// with `mpass_pending_free`.
///
/// Errors: WRONG_LENGTH of the entropy, TENANT_TOO_LARGE. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_channel_revoke(
    channel: *const mpass_channel,
    keyring: *const mpass_keyring,
    current: *const u8,
    current_len: usize,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
) -> mpass_status {
    let (current, entropy) = ((current, current_len), (entropy, entropy_len));
    tenant::revoke(channel, keyring, current, now_ms, entropy, pending)
}

/// Its name, 1 to 64 characters.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_channel_name(
    channel: *const mpass_channel,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| give_text(&used(channel)?.settings().name, out, cap, written))
}

/// The stable id that its numbers' records are kept under: 16 bytes.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_channel_id(
    channel: *const mpass_channel,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    tenant::id(channel, out, cap, written)
}

/// Whether it was revoked, how many keys it has had and when it was created.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_channel_state(
    channel: *const mpass_channel,
    is_revoked: *mut bool,
    key_version: *mut u32,
    created_at_ms: *mut u64,
) -> mpass_status {
    tenant::state(channel, is_revoked, key_version, created_at_ms)
}

/// A copy of what the administrator said of it, to be changed. `*out` is the
/// caller's, to be freed with `mpass_channel_settings_free`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_channel_settings_of(
    channel: *const mpass_channel,
    out: *mut *mut mpass_channel_settings,
) -> mpass_status {
    tenant::settings_of(channel, out)
}

/// Whether a text is its key, compared in constant time.
///
/// Errors: INVALID_UTF8, INVALID_CREDENTIAL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_channel_has_key(
    channel: *const mpass_channel,
    keyring: *const mpass_keyring,
    channel_key: *const c_char,
    channel_key_len: usize,
    out: *mut bool,
) -> mpass_status {
    boundary(|| {
        let (channel, keyring) = (used(channel)?, used(keyring)?);
        let out = out_param(out)?;
        let key = ChannelKey::parse(text(channel_key, channel_key_len)?)?;
        out.set(channel.has_key(&keyring, &key));
        Ok(())
    })
}

/// Whether it may call from an address, in text form.
///
/// Errors: INVALID_UTF8, INVALID_ADDRESS. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_channel_allows_address(
    channel: *const mpass_channel,
    address: *const c_char,
    address_len: usize,
    out: *mut bool,
) -> mpass_status {
    let asked = Channel::allows_address;
    tenant::allows_address(channel, address, address_len, out, asked)
}
