//! Pages of a list of tenants.

use mpass_core::service::TenantPage;

use crate::boundary::boundary;
use crate::handle::{Slot, class, free, used};
use crate::slice::{give_optional, out_param};
use crate::status::mpass_status;
use crate::tenant::mpass_tenant;

/// The tenants of a kind among some documents of a store. Immutable: it can be
/// used by any number of threads at once.
pub struct mpass_tenant_page {
    _opaque: (),
}

class!(mpass_tenant_page, TenantPage, 25);

/// Frees a page. Does nothing for NULL. No other thread may be using the handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_page_free(page: *mut mpass_tenant_page) {
    free(page);
}

/// Gets the number of tenants, and the number of documents of the page that the
/// keyring does not open. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_page_len(
    page: *const mpass_tenant_page,
    tenants: *mut usize,
    unreadable: *mut u64,
) -> mpass_status {
    boundary(|| {
        let page = used(page)?;
        let (tenants, unreadable) = (out_param(tenants)?, out_param(unreadable)?);
        tenants.set(page.tenants.len());
        unreadable.set(page.unreadable);
        Ok(())
    })
}

/// Gets a copy of a tenant. The caller must free `*out` with `mpass_tenant_free`.
///
/// Errors: WRONG_STATE if the page has no tenant of this index. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_page_get(
    page: *const mpass_tenant_page,
    index: usize,
    out: *mut *mut mpass_tenant,
) -> mpass_status {
    boundary(|| {
        let slot = Slot::new(out)?;
        let page = used(page)?;
        let entry = page.tenants.get(index).ok_or(mpass_status::WrongState)?;
        slot.fill(entry.clone());
        Ok(())
    })
}

/// Gets the key after which the next page begins: 16 bytes. `*is_present` is
/// false after the last page.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_page_next(
    page: *const mpass_tenant_page,
    is_present: *mut bool,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let page = used(page)?;
        let next = page.next.as_ref().map(|key| &key.0[..]);
        give_optional(next, is_present, out, cap, written)
    })
}
