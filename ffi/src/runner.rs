//! A host as the one who runs operations on its store.

use core::ffi::c_void;

use mpass_core::Error;
use mpass_core::service::settings::Refused;
use mpass_core::store::{self, Change, Environment, Operation};
use zeroize::Zeroizing;

use crate::callbacks::CallbackStore;
use crate::host::{mpass_host, table};
use crate::status::mpass_status;

/// The clock and the entropy source of a host.
pub(crate) struct Callbacks {
    now_ms: unsafe extern "C" fn(*mut c_void) -> u64,
    entropy: unsafe extern "C" fn(*mut c_void, *mut u8, usize) -> bool,
    userdata: *mut c_void,
}

impl Environment for Callbacks {
    fn now_ms(&self) -> u64 {
        // SAFETY: the host's callback follows the rules of the header.
        unsafe { (self.now_ms)(self.userdata) }
    }

    fn entropy(&self) -> Result<[u8; 32], Error> {
        let mut bytes = [0; 32];
        // SAFETY: as for `now_ms`; the array is writable.
        let is_filled = unsafe { (self.entropy)(self.userdata, bytes.as_mut_ptr(), bytes.len()) };
        is_filled.then_some(bytes).ok_or(Error::EntropyFailed)
    }
}

/// A host as the one who runs an operation.
pub(crate) struct Runner {
    pub(crate) store: CallbackStore,
    pub(crate) callbacks: Callbacks,
}

impl Runner {
    /// # Safety
    /// `host` is NULL or points to a table whose callbacks follow the rules of
    /// the header.
    pub(crate) unsafe fn of(
        host: *const mpass_host,
        userdata: *mut c_void,
    ) -> Result<Self, mpass_status> {
        let host = table(host)?;
        Ok(Self {
            store: CallbackStore::of_records(&host, userdata)?,
            callbacks: Callbacks {
                now_ms: host.now_ms.ok_or(mpass_status::NotImplemented)?,
                entropy: host.entropy.ok_or(mpass_status::NotImplemented)?,
                userdata,
            },
        })
    }

    /// As [`Self::of`], for operations that may list documents.
    ///
    /// # Safety
    /// As [`Self::of`].
    pub(crate) unsafe fn of_documents(
        host: *const mpass_host,
        userdata: *mut c_void,
    ) -> Result<Self, mpass_status> {
        let store = CallbackStore::of(&table(host)?, userdata)?;
        Ok(Self {
            store,
            ..Self::of(host, userdata)?
        })
    }

    pub(crate) fn run<T>(&self, change: Change<'_, T>) -> Result<T, mpass_status> {
        Ok(change.run(&self.store, &self.callbacks)?)
    }

    pub(crate) fn operate<T>(
        &self,
        operation: impl Operation<Outcome = T, Error = Refused>,
    ) -> Result<T, Refused> {
        store::run(&self.store, &self.callbacks, operation)
    }

    /// Fresh entropy of the host.
    pub(crate) fn entropy(&self) -> Result<Zeroizing<[u8; 32]>, Error> {
        self.callbacks.entropy().map(Zeroizing::new)
    }
}
