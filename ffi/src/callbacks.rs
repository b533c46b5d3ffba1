//! Implements the core's traits with the callbacks of a host.

use core::ffi::{c_char, c_void};
use core::net::IpAddr;

use mpass_core::Error;
use mpass_core::number::{CallingCode, PhoneNumber};
use mpass_core::service::{
    Answer, AnswerKind, Assess, CheckSignature, Host, Introspect, Sign, Sms,
};
use mpass_core::store::{Kind, Listed, Store, StoreKey, Swap, Swapped};

use crate::assess::{MPASS_MOBILE_UNKNOWN, assessment_kind, mobile};
use crate::documents::mpass_documents;
use crate::exchange::answer_kind;
use crate::handle::Handle;
use crate::host::mpass_host;
use crate::introspection::mpass_introspection;
use crate::signature::mpass_signing_keys;
use crate::status::mpass_status;
use crate::value::mpass_value;

type Load = unsafe extern "C" fn(*mut c_void, u32, *const u8, *mut mpass_value) -> u32;
type SwapCallback = unsafe extern "C" fn(
    *mut c_void,
    u32,
    *const u8,
    *const u8,
    usize,
    *const u8,
    usize,
    *const u64,
    u64,
    *mut mpass_value,
) -> u32;
type List = unsafe extern "C" fn(*mut c_void, *const u8, u32, *mut mpass_documents) -> u32;

/// The callbacks of a store.
pub(crate) struct CallbackStore {
    load: Load,
    swap: SwapCallback,
    /// Absent for operations on a single record.
    list: Option<List>,
    userdata: *mut c_void,
}

// SAFETY: only the probe shares a store between threads, and the header
// documents that its callbacks run on several threads at once.
unsafe impl Sync for CallbackStore {}

impl CallbackStore {
    pub(crate) fn of(host: &mpass_host, userdata: *mut c_void) -> Result<Self, mpass_status> {
        Ok(Self {
            load: host.load.ok_or(mpass_status::NotImplemented)?,
            swap: host.swap.ok_or(mpass_status::NotImplemented)?,
            list: Some(host.list.ok_or(mpass_status::NotImplemented)?),
            userdata,
        })
    }

    /// A store for operations on a single record, which list nothing.
    pub(crate) fn of_records(
        host: &mpass_host,
        userdata: *mut c_void,
    ) -> Result<Self, mpass_status> {
        Ok(Self {
            load: host.load.ok_or(mpass_status::NotImplemented)?,
            swap: host.swap.ok_or(mpass_status::NotImplemented)?,
            list: host.list,
            userdata,
        })
    }
}

impl Store for CallbackStore {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        let current = Handle::<mpass_value>::new(None);
        // SAFETY: the host's callback follows the rules of the header; the
        // arguments are valid until it returns.
        let answer = unsafe {
            (self.load)(
                self.userdata,
                kind.number().into(),
                key.0.as_ptr(),
                current.as_ptr(),
            )
        };
        match answer_kind(answer) {
            Some(AnswerKind::Loaded) => Ok(current.into_value()),
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
                swap.kind.number().into(),
                swap.key.0.as_ptr(),
                expected.map_or(core::ptr::null(), <[u8]>::as_ptr),
                expected.map_or(0, <[u8]>::len),
                swap.value.as_ptr(),
                swap.value.len(),
                swap.expires_at_ms
                    .as_ref()
                    .map_or(core::ptr::null(), |at| at),
                now_ms,
                current.as_ptr(),
            )
        };
        match answer_kind(answer) {
            Some(AnswerKind::Stored) => Ok(Swapped::Stored),
            Some(AnswerKind::Conflict) => Ok(Swapped::Conflict(current.into_value())),
            Some(AnswerKind::Expired) => Ok(Swapped::Expired),
            Some(AnswerKind::Full) => Err(Error::StoreFull),
            Some(AnswerKind::Failed) => Err(Error::StoreFailed),
            // Any other number does not rule out that the value is stored.
            _ => Err(Error::StoreUnknown),
        }
    }

    fn list(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        let list = self.list.ok_or(Error::StoreFailed)?;
        let documents = Handle::<mpass_documents>::new(Vec::new());
        // SAFETY: as for `load`.
        let answer = unsafe {
            list(
                self.userdata,
                after.map_or(core::ptr::null(), |after| after.0.as_ptr()),
                limit,
                documents.as_ptr(),
            )
        };
        match answer_kind(answer) {
            Some(AnswerKind::Listed) => Ok(documents.into_value()),
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

/// All callbacks that an exchange needs.
pub(crate) struct CallbackHost {
    store: CallbackStore,
    host: mpass_host,
    now_ms: unsafe extern "C" fn(*mut c_void) -> u64,
    deliver: Deliver,
}

impl CallbackHost {
    pub(crate) fn of(host: mpass_host, userdata: *mut c_void) -> Result<Self, mpass_status> {
        Ok(Self {
            store: CallbackStore::of(&host, userdata)?,
            now_ms: host.now_ms.ok_or(mpass_status::NotImplemented)?,
            deliver: host.deliver.ok_or(mpass_status::NotImplemented)?,
            host,
        })
    }
}

impl Store for CallbackHost {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        self.store.load(kind, key)
    }

    fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error> {
        self.store.swap(swap, now_ms)
    }

    fn list(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        self.store.list(after, limit)
    }
}

impl Host for CallbackHost {
    fn now_ms(&self) -> u64 {
        // SAFETY: the host's callback follows the rules of the header.
        unsafe { (self.now_ms)(self.store.userdata) }
    }

    fn assess(&self, assess: &Assess) -> Answer {
        let Some(callback) = self.host.assess else {
            return Answer::Unsupported;
        };
        let mut is_mobile = MPASS_MOBILE_UNKNOWN;
        // SAFETY: as for `now_ms`; the arguments are valid until it returns.
        let assessment = unsafe {
            callback(
                self.store.userdata,
                assess.number.as_str().as_ptr().cast(),
                assess.number.as_str().len(),
                assess.country.map_or(0, CallingCode::get).into(),
                &raw mut is_mobile,
            )
        };
        match (assessment_kind(assessment), mobile(is_mobile)) {
            (Some(kind), Ok(mobile)) => kind.answer(mobile),
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
                sms.language.number().into(),
            )
        };
        match answer_kind(answer) {
            Some(AnswerKind::Delivered) => Answer::Delivered,
            Some(AnswerKind::Refused) => Answer::Refused,
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
        match answer_kind(answer) {
            Some(AnswerKind::Introspected) => Answer::Introspected(introspection.into_value()),
            other => without_finding(other),
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
        match answer_kind(answer) {
            Some(AnswerKind::Resolved) => number(found)
                .transpose()
                .map_or(Answer::Failed, Answer::Resolved),
            other => without_finding(other),
        }
    }

    fn signing_keys(&self) -> Answer {
        let Some(callback) = self.host.signing_keys else {
            return Answer::Unsupported;
        };
        let keys = Handle::<mpass_signing_keys>::new(Vec::new());
        // SAFETY: as for `assess`.
        let answer = unsafe { callback(self.store.userdata, keys.as_ptr()) };
        match answer_kind(answer) {
            Some(AnswerKind::SigningKeys) => Answer::SigningKeys(keys.into_value()),
            other => without_finding(other),
        }
    }

    fn sign(&self, sign: &Sign) -> Answer {
        let Some(callback) = self.host.sign else {
            return Answer::Unsupported;
        };
        let modulus = sign.key.modulus();
        let signature = Handle::<mpass_value>::new(None);
        // SAFETY: as for `assess`.
        let answer = unsafe {
            callback(
                self.store.userdata,
                modulus.as_ptr(),
                modulus.len(),
                sign.message.as_ptr(),
                sign.message.len(),
                signature.as_ptr(),
            )
        };
        match answer_kind(answer) {
            Some(AnswerKind::Signed) => {
                let signature = signature.into_value();
                signature.map_or(Answer::Failed, Answer::Signed)
            }
            other => without_finding(other),
        }
    }

    fn check_signature(&self, check: &CheckSignature) -> Answer {
        let Some(callback) = self.host.check_signature else {
            return Answer::Unsupported;
        };
        let modulus = check.key.modulus();
        // SAFETY: as for `assess`.
        let answer = unsafe {
            callback(
                self.store.userdata,
                modulus.as_ptr(),
                modulus.len(),
                check.message.as_ptr(),
                check.message.len(),
                check.signature.as_ptr(),
                check.signature.len(),
            )
        };
        match answer_kind(answer) {
            Some(AnswerKind::Genuine) => Answer::Genuine,
            Some(AnswerKind::Forged) => Answer::Forged,
            other => without_finding(other),
        }
    }
}

/// The number that a callback returned as E.164 text, if any.
fn number(value: Handle<mpass_value>) -> Option<Result<PhoneNumber, Error>> {
    let text = value.into_value()?;
    let text = str::from_utf8(&text).map_err(|_| Error::NumberCharacter);
    Some(text.and_then(|text| PhoneNumber::parse(text, None)))
}

/// The answer for a look-up that found nothing.
fn without_finding(answer: Option<AnswerKind>) -> Answer {
    match answer {
        Some(AnswerKind::Unsupported) => Answer::Unsupported,
        Some(AnswerKind::Unknown) => Answer::Unknown,
        _ => Answer::Failed,
    }
}
