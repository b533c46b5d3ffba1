//! Requests as the host received them.

use core::ffi::c_char;
use core::net::IpAddr;

use mpass_core::service::{Engine, Exchange, Request};
use zeroize::Zeroizing;

use crate::boundary::boundary;
use crate::handle::{changed, class, construct, free};
use crate::slice::{address, bytes, text};
use crate::status::mpass_status;

/// A request as the host received it. Set all of its parts before using it;
/// after that, it can be used by any number of threads at once.
pub struct mpass_request {
    _opaque: (),
}

class!(mpass_request, Owned, 17);

pub(crate) struct Owned {
    method: String,
    path: String,
    // All three can contain callers' keys and codes.
    query: Zeroizing<String>,
    headers: Vec<(String, Zeroizing<String>)>,
    body: Zeroizing<Vec<u8>>,
    peer: IpAddr,
}

impl Owned {
    pub(crate) fn begin(&self, engine: &Engine, now_ms: u64, entropy: &[u8; 32]) -> Exchange {
        let headers: Vec<(&str, &str)> = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let request = Request {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            headers: &headers,
            body: &self.body,
            peer: self.peer,
        };
        engine.begin(&request, now_ms, entropy)
    }
}

/// # Safety
/// As [`text`].
unsafe fn owned(data: *const c_char, len: usize) -> Result<Zeroizing<String>, mpass_status> {
    Ok(Zeroizing::new(text(data, len)?.into()))
}

/// Creates a request. All inputs are copied. The caller must free `*out` with
/// `mpass_request_free`.
///
/// - `method`: the HTTP method.
/// - `path`: the path without the query.
/// - `query`: the query as it was sent, without the `?`; empty if there is
///   none.
/// - `peer`: the caller's address in text form, as the host determined it. The
///   library never reads forwarding headers.
///
/// Errors: INVALID_UTF8, INVALID_ADDRESS. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_request_new(
    method: *const c_char,
    method_len: usize,
    path: *const c_char,
    path_len: usize,
    query: *const c_char,
    query_len: usize,
    peer: *const c_char,
    peer_len: usize,
    out: *mut *mut mpass_request,
) -> mpass_status {
    construct(out, || {
        Ok(Owned {
            method: text(method, method_len)?.into(),
            path: text(path, path_len)?.into(),
            query: owned(query, query_len)?,
            headers: Vec::new(),
            body: Zeroizing::default(),
            peer: address(peer, peer_len)?,
        })
    })
}

/// Frees a request. Does nothing for NULL. No other thread may be using the
/// handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_request_free(request: *mut mpass_request) {
    free(request);
}

/// Adds a header, which is copied. Headers that are not UTF-8 may be left out.
///
/// Errors: INVALID_UTF8. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_request_add_header(
    request: *mut mpass_request,
    name: *const c_char,
    name_len: usize,
    value: *const c_char,
    value_len: usize,
) -> mpass_status {
    boundary(|| {
        let header = (text(name, name_len)?.into(), owned(value, value_len)?);
        changed(request)?.headers.push(header);
        Ok(())
    })
}

/// Sets the body, which is copied. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_request_set_body(
    request: *mut mpass_request,
    body: *const u8,
    body_len: usize,
) -> mpass_status {
    boundary(|| {
        let body = bytes(body, body_len)?;
        changed(request)?.body = Zeroizing::new(body.into());
        Ok(())
    })
}
