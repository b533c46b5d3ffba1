//! A host as a table of callbacks, and what drives it.

use core::ffi::{c_char, c_void};
use core::net::IpAddr;

use mpass_core::Error;
use mpass_core::number::{CallingCode, PhoneNumber};
use mpass_core::service::{Answer, Assess, Assessment, Host, Introspect, Sms, drive};
use mpass_core::store::{Kind, Store, StoreKey, Swap, Swapped};
use zeroize::Zeroizing;

use crate::assess::{MPASS_ASSESSMENT_VALID, MPASS_MOBILE_UNKNOWN, mobile, unassessed};
use crate::boundary::boundary;
use crate::engine::mpass_engine;
use crate::exchange::{
    MPASS_ANSWER_CONFLICT, MPASS_ANSWER_DELIVERED, MPASS_ANSWER_FULL, MPASS_ANSWER_INTROSPECTED,
    MPASS_ANSWER_LOADED, MPASS_ANSWER_REFUSED, MPASS_ANSWER_RESOLVED, MPASS_ANSWER_STORED,
    MPASS_ANSWER_UNKNOWN, MPASS_ANSWER_UNSUPPORTED, language_number,
};
use crate::handle::{Handle, Slot, used};
use crate::introspection::mpass_introspection;
use crate::pending::kind_number;
use crate::reply::mpass_reply;
use crate::request::mpass_request;
use crate::status::mpass_status;
use crate::value::mpass_value;

/// What a host brings: its clock, entropy, store and gateway. Set `size` to
/// `sizeof(mpass_host)` and the rest to zero before filling it in.
///
/// Each callback is given the `userdata` of the call first. What it is given
/// is valid until it returns; it returns normally (no longjmp and no C++
/// exception). It may call this library, but frees or changes nothing that
/// the running call was given. Callbacks run on the calling thread; those of
/// `mpass_store_probe` on several threads at once.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct mpass_host {
    /// `sizeof(mpass_host)`.
    pub size: u32,
    /// Zero.
    pub reserved: u32,
    /// The time in milliseconds of Unix time.
    pub now_ms: Option<unsafe extern "C" fn(userdata: *mut c_void) -> u64>,
    /// Fills `out` with `len` bytes of the system's random source; false when
    /// there are none.
    pub entropy:
        Option<unsafe extern "C" fn(userdata: *mut c_void, out: *mut u8, len: usize) -> bool>,
    /// Gives the value at a key of 16 bytes by `mpass_value_set`, or leaves
    /// it as it is where nothing stands there, and returns
    /// `MPASS_ANSWER_LOADED`; `MPASS_ANSWER_FAILED` when it cannot tell. It
    /// must be the newest stored value.
    pub load: Option<
        unsafe extern "C" fn(
            userdata: *mut c_void,
            kind: u32,
            key: *const u8,
            current: *mut mpass_value,
        ) -> u32,
    >,
    /// Replaces the value at a key of 16 bytes if it is still the expected one
    /// (NULL: nothing stands there), in one atomic operation. Returns
    /// `MPASS_ANSWER_STORED` once that is durable; `MPASS_ANSWER_CONFLICT`,
    /// with what stands there by `mpass_value_set` where something does;
    /// `MPASS_ANSWER_UNKNOWN` when nobody knows; `MPASS_ANSWER_FULL` or
    /// `MPASS_ANSWER_FAILED` when nothing was stored. From `expires_at_ms` on
    /// the store may drop the value, never before; UINT64_MAX: never.
    pub swap: Option<
        unsafe extern "C" fn(
            userdata: *mut c_void,
            kind: u32,
            key: *const u8,
            expected: *const u8,
            expected_len: usize,
            value: *const u8,
            value_len: usize,
            expires_at_ms: u64,
            now_ms: u64,
            current: *mut mpass_value,
        ) -> u32,
    >,
    /// May be NULL, which leaves numbers to the engine. Says what the host
    /// knows of a number as it was written; `country` is the calling code of
    /// numbers in national form, 0 for none. Returns a `MPASS_ASSESSMENT_`
    /// constant; for VALID it gives the E.164 text by `mpass_value_set` and
    /// sets `*mobile` to a `MPASS_MOBILE_` constant.
    pub assess: Option<
        unsafe extern "C" fn(
            userdata: *mut c_void,
            number: *const c_char,
            number_len: usize,
            country: u32,
            canonical: *mut mpass_value,
            mobile: *mut u32,
        ) -> u32,
    >,
    /// Hands a message to the gateway. `sender` is NULL where the channel has
    /// none, `language` a `MPASS_LANGUAGE_` constant. Returns
    /// `MPASS_ANSWER_DELIVERED`, `MPASS_ANSWER_REFUSED` when it was
    /// definitely not sent, or `MPASS_ANSWER_UNKNOWN`.
    pub deliver: Option<
        unsafe extern "C" fn(
            userdata: *mut c_void,
            to: *const c_char,
            to_len: usize,
            text: *const c_char,
            text_len: usize,
            sender: *const c_char,
            sender_len: usize,
            language: u32,
        ) -> u32,
    >,
    /// May be NULL, which is UNSUPPORTED. Says what a bearer token is that is
    /// not the engine's own, in `introspection`, or leaves that as it is for a
    /// text that is no token or no longer, and returns
    /// `MPASS_ANSWER_INTROSPECTED`. `MPASS_ANSWER_UNSUPPORTED` where the host
    /// gives out no tokens, `MPASS_ANSWER_UNKNOWN` or `MPASS_ANSWER_FAILED`
    /// when it cannot tell.
    pub introspect: Option<
        unsafe extern "C" fn(
            userdata: *mut c_void,
            token: *const c_char,
            token_len: usize,
            introspection: *mut mpass_introspection,
        ) -> u32,
    >,
    /// May be NULL, which is UNSUPPORTED. Gives the E.164 text of the number
    /// behind a network address, which is in text form, by `mpass_value_set`,
    /// or leaves it as it is for an address that the network does not know or
    /// that two numbers share, and returns `MPASS_ANSWER_RESOLVED`.
    /// `MPASS_ANSWER_UNSUPPORTED` where the host is no network,
    /// `MPASS_ANSWER_UNKNOWN` or `MPASS_ANSWER_FAILED` when it cannot tell.
    pub resolve: Option<
        unsafe extern "C" fn(
            userdata: *mut c_void,
            address: *const c_char,
            address_len: usize,
            number: *mut mpass_value,
        ) -> u32,
    >,
    /// NULL, for callbacks to come.
    pub reserved_callbacks: [*mut c_void; 2],
}

/// Programs that were compiled with an older header have this layout.
const fn has_its_layout() -> bool {
    use core::mem::offset_of;

    let word = size_of::<usize>();
    offset_of!(mpass_host, size) == 0
        && offset_of!(mpass_host, reserved) == 4
        && offset_of!(mpass_host, now_ms) == 8
        && offset_of!(mpass_host, entropy) == 8 + word
        && offset_of!(mpass_host, load) == 8 + 2 * word
        && offset_of!(mpass_host, swap) == 8 + 3 * word
        && offset_of!(mpass_host, assess) == 8 + 4 * word
        && offset_of!(mpass_host, deliver) == 8 + 5 * word
        && offset_of!(mpass_host, introspect) == 8 + 6 * word
        && offset_of!(mpass_host, resolve) == 8 + 7 * word
        && offset_of!(mpass_host, reserved_callbacks) == 8 + 8 * word
        && size_of::<mpass_host>() == 8 + 10 * word
}

type Load = unsafe extern "C" fn(*mut c_void, u32, *const u8, *mut mpass_value) -> u32;
type SwapCallback = unsafe extern "C" fn(
    *mut c_void,
    u32,
    *const u8,
    *const u8,
    usize,
    *const u8,
    usize,
    u64,
    u64,
    *mut mpass_value,
) -> u32;

/// The store's two callbacks.
pub(crate) struct CallbackStore {
    load: Load,
    swap: SwapCallback,
    userdata: *mut c_void,
}

// SAFETY: the probe alone shares one, and its comment in the header says that
// the callbacks run on several threads at once.
unsafe impl Sync for CallbackStore {}

impl CallbackStore {
    pub(crate) fn of(host: &mpass_host, userdata: *mut c_void) -> Result<Self, mpass_status> {
        Ok(Self {
            load: host.load.ok_or(mpass_status::NotImplemented)?,
            swap: host.swap.ok_or(mpass_status::NotImplemented)?,
            userdata,
        })
    }
}

impl Store for CallbackStore {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        let current = Handle::<mpass_value>::new(None);
        // SAFETY: the host's callback keeps the rules of the header; what it
        // is given lives until it returns.
        let answer = unsafe {
            (self.load)(
                self.userdata,
                kind_number(kind),
                key.0.as_ptr(),
                current.as_ptr(),
            )
        };
        match answer {
            MPASS_ANSWER_LOADED => Ok(current.into_value()),
            _ => Err(Error::StoreFailed),
        }
    }

    fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error> {
        let current = Handle::<mpass_value>::new(None);
        let expected = swap.expected.as_deref();
        // SAFETY: as for `load`.
        let answer = unsafe {
            (self.swap)(
                self.userdata,
                kind_number(swap.kind),
                swap.key.0.as_ptr(),
                expected.map_or(core::ptr::null(), <[u8]>::as_ptr),
                expected.map_or(0, <[u8]>::len),
                swap.value.as_ptr(),
                swap.value.len(),
                swap.expires_at_ms,
                now_ms,
                current.as_ptr(),
            )
        };
        match answer {
            MPASS_ANSWER_STORED => Ok(Swapped::Stored),
            MPASS_ANSWER_CONFLICT => Ok(Swapped::Conflict(current.into_value())),
            MPASS_ANSWER_UNKNOWN => Err(Error::StoreUnknown),
            MPASS_ANSWER_FULL => Err(Error::StoreFull),
            _ => Err(Error::StoreFailed),
        }
    }
}

type Deliver = unsafe extern "C" fn(
    *mut c_void,
    *const c_char,
    usize,
    *const c_char,
    usize,
    *const c_char,
    usize,
    u32,
) -> u32;

/// Every callback that an exchange needs.
struct CallbackHost {
    store: CallbackStore,
    host: mpass_host,
    now_ms: unsafe extern "C" fn(*mut c_void) -> u64,
    deliver: Deliver,
}

impl Store for CallbackHost {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        self.store.load(kind, key)
    }

    fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error> {
        self.store.swap(swap, now_ms)
    }
}

impl Host for CallbackHost {
    fn now_ms(&self) -> u64 {
        // SAFETY: the host's callback keeps the rules of the header.
        unsafe { (self.now_ms)(self.store.userdata) }
    }

    fn assess(&self, assess: &Assess) -> Answer {
        let Some(callback) = self.host.assess else {
            return Answer::Unsupported;
        };
        let canonical = Handle::<mpass_value>::new(None);
        let mut is_mobile = MPASS_MOBILE_UNKNOWN;
        // SAFETY: as for `now_ms`; what it is given lives until it returns.
        let assessment = unsafe {
            callback(
                self.store.userdata,
                assess.number.as_ptr().cast(),
                assess.number.len(),
                assess.country.map_or(0, CallingCode::get).into(),
                canonical.as_ptr(),
                &raw mut is_mobile,
            )
        };
        if assessment != MPASS_ASSESSMENT_VALID {
            return unassessed(assessment).unwrap_or(Answer::Failed);
        }
        match (number(canonical), mobile(is_mobile)) {
            (Some(Ok(number)), Ok(mobile)) => {
                Answer::Assessed(Assessment::Valid { number, mobile })
            }
            _ => Answer::Failed,
        }
    }

    fn deliver(&self, sms: &Sms) -> Answer {
        let sender = sms.sender.as_deref();
        // SAFETY: as for `assess`.
        let answer = unsafe {
            (self.deliver)(
                self.store.userdata,
                sms.to.as_str().as_ptr().cast(),
                sms.to.as_str().len(),
                sms.text.as_ptr().cast(),
                sms.text.len(),
                sender.map_or(core::ptr::null(), str::as_ptr).cast(),
                sender.map_or(0, str::len),
                language_number(sms.language),
            )
        };
        match answer {
            MPASS_ANSWER_DELIVERED => Answer::Delivered,
            MPASS_ANSWER_REFUSED => Answer::Refused,
            _ => Answer::Unknown,
        }
    }

    fn introspect(&self, introspect: &Introspect) -> Answer {
        let Some(callback) = self.host.introspect else {
            return Answer::Unsupported;
        };
        let introspection = Handle::<mpass_introspection>::new(None);
        // SAFETY: as for `assess`.
        let answer = unsafe {
            callback(
                self.store.userdata,
                introspect.token.as_ptr().cast(),
                introspect.token.len(),
                introspection.as_ptr(),
            )
        };
        match answer {
            MPASS_ANSWER_INTROSPECTED => Answer::Introspected(introspection.into_value()),
            other => untold(other),
        }
    }

    fn resolve(&self, address: IpAddr) -> Answer {
        let Some(callback) = self.host.resolve else {
            return Answer::Unsupported;
        };
        let address = address.to_string();
        let found = Handle::<mpass_value>::new(None);
        // SAFETY: as for `assess`.
        let answer = unsafe {
            callback(
                self.store.userdata,
                address.as_ptr().cast(),
                address.len(),
                found.as_ptr(),
            )
        };
        match answer {
            MPASS_ANSWER_RESOLVED => number(found)
                .transpose()
                .map_or(Answer::Failed, Answer::Resolved),
            other => untold(other),
        }
    }
}

/// The number that a callback gives as E.164 text, if it gives one.
fn number(value: Handle<mpass_value>) -> Option<Result<PhoneNumber, Error>> {
    let text = value.into_value()?;
    let text = str::from_utf8(&text).map_err(|_| Error::NumberCharacter);
    Some(text.and_then(|text| PhoneNumber::parse(text, None)))
}

/// The answers of a host that has nothing to say.
fn untold(answer: u32) -> Answer {
    match answer {
        MPASS_ANSWER_UNSUPPORTED => Answer::Unsupported,
        MPASS_ANSWER_UNKNOWN => Answer::Unknown,
        _ => Answer::Failed,
    }
}

/// The table, if it is one of this header's size with nothing in the places
/// that a later header may give a meaning.
pub(crate) unsafe fn table(host: *const mpass_host) -> Result<mpass_host, mpass_status> {
    const { assert!(has_its_layout()) };
    if host.is_null() {
        return Err(mpass_status::NullArgument);
    }
    let size = usize::try_from((&raw const (*host).size).read()).unwrap_or(usize::MAX);
    if size != size_of::<mpass_host>() {
        return Err(mpass_status::StructSize);
    }
    let host = *host;
    if host.reserved != 0 || host.reserved_callbacks.iter().any(|slot| !slot.is_null()) {
        return Err(mpass_status::InvalidArgument);
    }
    Ok(host)
}

/// Carries a request to its reply by the host's callbacks; `now_ms`,
/// `entropy`, `load`, `swap` and `deliver` are needed. `*out` is the caller's,
/// to be freed with `mpass_reply_free`.
///
/// Errors: STRUCT_SIZE, INVALID_ARGUMENT where what is reserved is not zero,
/// NOT_IMPLEMENTED for a callback that is missing, ENTROPY_FAILED. A store or
/// a gateway that fails is no error here but a reply of the contract. Threads: any, as far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_drive(
    engine: *const mpass_engine,
    request: *const mpass_request,
    host: *const mpass_host,
    userdata: *mut c_void,
    out: *mut *mut mpass_reply,
) -> mpass_status {
    boundary(|| {
        let slot = Slot::new(out)?;
        let (engine, request) = (used(engine)?, used(request)?);
        let host = table(host)?;
        let entropy = host.entropy.ok_or(mpass_status::NotImplemented)?;
        let callbacks = CallbackHost {
            store: CallbackStore::of(&host, userdata)?,
            now_ms: host.now_ms.ok_or(mpass_status::NotImplemented)?,
            deliver: host.deliver.ok_or(mpass_status::NotImplemented)?,
            host,
        };
        let mut bytes = Zeroizing::new([0; 32]);
        if !entropy(userdata, bytes.as_mut_ptr(), bytes.len()) {
            return Err(mpass_status::EntropyFailed);
        }
        let exchange = request.begin(&engine, callbacks.now_ms(), &bytes);
        slot.fill(drive(&callbacks, exchange));
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use core::ptr;

    use super::*;

    const EMPTY: mpass_host = mpass_host {
        size: 0,
        reserved: 0,
        now_ms: None,
        entropy: None,
        load: None,
        swap: None,
        assess: None,
        deliver: None,
        introspect: None,
        resolve: None,
        reserved_callbacks: [ptr::null_mut(); 2],
    };

    fn status_of(host: &mpass_host) -> Option<mpass_status> {
        let size = size_of::<mpass_host>().try_into().unwrap();
        // SAFETY: it is a table, whatever is in it.
        unsafe { table(&mpass_host { size, ..*host }) }.err()
    }

    #[test]
    fn what_is_reserved_is_empty() {
        assert_eq!(status_of(&EMPTY), None);
        let reserved = mpass_host {
            reserved: 1,
            ..EMPTY
        };
        assert_eq!(status_of(&reserved), Some(mpass_status::InvalidArgument));
        let mut callbacks = EMPTY;
        callbacks.reserved_callbacks[1] = ptr::dangling_mut();
        assert_eq!(status_of(&callbacks), Some(mpass_status::InvalidArgument));
    }
}
