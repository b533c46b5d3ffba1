//! Freed memory contains no secrets: the allocator of this test inspects all
//! memory that is returned to it, including when a text grows.

// This test calls the C functions and follows the rules of the header.
#![allow(unsafe_code, unsafe_op_in_unsafe_fn)]
#![allow(clippy::too_many_arguments, clippy::unwrap_used)]

use core::alloc::{GlobalAlloc, Layout};
use core::ffi::{c_char, c_void};
use core::ptr;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::alloc::System;

use mpass::credential::*;
use mpass::documents::*;
use mpass::drive::*;
use mpass::engine::*;
use mpass::exchange::*;
use mpass::host::*;
use mpass::hotp::*;
use mpass::key::*;
use mpass::key_uri::*;
use mpass::keyring::*;
use mpass::lists::*;
use mpass::memory_store::*;
use mpass::ocra::*;
use mpass::reply::*;
use mpass::request::*;
use mpass::settings::set::*;
use mpass::settings::*;
use mpass::status::mpass_status as Status;
use mpass::tenant_admin::*;
use mpass::value::*;

/// The secrets of this test; `#` stands for any digit.
const SECRETS: [&[u8]; 7] = [
    b"12345678901234567890",
    b"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
    b"apikey=",
    b"the PIN of a user",
    b"###### is your verification code",
    b"locator ",
    b"token.of.the.host",
];

static IS_INSPECTING: AtomicBool = AtomicBool::new(false);
/// How often each was found in freed memory.
static FOUND: [AtomicUsize; SECRETS.len()] = [const { AtomicUsize::new(0) }; SECRETS.len()];

struct Inspecting;

#[global_allocator]
static ALLOCATOR: Inspecting = Inspecting;

fn is_at(bytes: &[u8], secret: &[u8]) -> bool {
    bytes.len() == secret.len()
        && bytes.iter().zip(secret).all(|(byte, sign)| match sign {
            b'#' => byte.is_ascii_digit(),
            sign => byte == sign,
        })
}

// SAFETY: all calls are forwarded to the system's allocator. Memory is zeroed, so
// that all inspected bytes are initialised. To grow, the default `realloc`
// allocates, copies and frees.
unsafe impl GlobalAlloc for Inspecting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller upholds the contract of the trait.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if IS_INSPECTING.load(Ordering::SeqCst) {
            // SAFETY: the block is not freed yet and is initialised.
            let freed = unsafe { core::slice::from_raw_parts(block, layout.size()) };
            for (secret, found) in SECRETS.iter().zip(&FOUND) {
                if freed
                    .windows(secret.len())
                    .any(|bytes| is_at(bytes, secret))
                {
                    found.fetch_add(1, Ordering::SeqCst);
                }
            }
        }
        // SAFETY: the caller upholds the contract of the trait.
        unsafe { System.dealloc(block, layout) }
    }
}

const SECRET: &[u8] = SECRETS[0];
const NOW: u64 = 1_800_000_000_000;

fn ok(status: Status) {
    assert_eq!(status, Status::Ok);
}

fn entropy(seed: u8) -> [u8; 32] {
    core::array::from_fn(|n| u8::try_from(n).unwrap() ^ seed)
}

unsafe fn codes() {
    let (mut key, mut hotp, mut uri) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    let (mut out, mut len) = ([0u8; 4096], 0);
    ok(mpass_key_new(
        1,
        SECRET.as_ptr(),
        SECRET.len(),
        &raw mut key,
    ));
    ok(mpass_hotp_new(key, 6, &raw mut hotp));
    mpass_key_free(key);
    mpass_hotp_free(hotp);
    let (account, issuer) = ("user@example.com", "a rather long name of an issuer");
    ok(mpass_key_uri_new(
        MPASS_KEY_URI_TOTP,
        30,
        issuer.as_ptr().cast(),
        issuer.len(),
        account.as_ptr().cast(),
        account.len(),
        SECRET.as_ptr(),
        SECRET.len(),
        3,
        8,
        &raw mut uri,
    ));
    ok(mpass_key_uri_text(
        uri,
        out.as_mut_ptr().cast(),
        out.len(),
        &raw mut len,
    ));
    mpass_key_uri_free(uri);
    ok(mpass_key_uri_parse(out.as_ptr().cast(), len, &raw mut uri));
    ok(mpass_key_uri_secret(
        uri,
        out.as_mut_ptr(),
        out.len(),
        &raw mut len,
    ));
    mpass_key_uri_free(uri);
    let mut inputs = ptr::null_mut();
    ok(mpass_ocra_inputs_new(
        "1234".as_ptr().cast(),
        4,
        &raw mut inputs,
    ));
    for pin in [SECRETS[3], b"1"] {
        ok(mpass_ocra_inputs_set_pin(
            inputs,
            pin.as_ptr().cast(),
            pin.len(),
        ));
    }
    ok(mpass_ocra_inputs_set_pin(
        inputs,
        SECRETS[3].as_ptr().cast(),
        SECRETS[3].len(),
    ));
    mpass_ocra_inputs_free(inputs);
}

unsafe extern "C" fn now_ms(_store: *mut c_void) -> u64 {
    NOW
}

unsafe extern "C" fn fill(_store: *mut c_void, out: *mut u8, len: usize) -> bool {
    ptr::copy_nonoverlapping(entropy(9).as_ptr(), out, len);
    true
}

unsafe extern "C" fn load(
    store: *mut c_void,
    kind: u32,
    key: *const u8,
    current: *mut mpass_value,
) -> u32 {
    let mut answer = MPASS_ANSWER_FAILED;
    ok(mpass_memory_store_load(
        store.cast(),
        kind,
        key,
        16,
        current,
        &raw mut answer,
    ));
    answer
}

unsafe extern "C" fn swap(
    store: *mut c_void,
    kind: u32,
    key: *const u8,
    expected: *const u8,
    expected_len: usize,
    value: *const u8,
    value_len: usize,
    expires_at_ms: *const u64,
    now_ms: u64,
    current: *mut mpass_value,
) -> u32 {
    let mut answer = MPASS_ANSWER_FAILED;
    ok(mpass_memory_store_swap(
        store.cast(),
        kind,
        key,
        16,
        expected,
        expected_len,
        value,
        value_len,
        expires_at_ms,
        now_ms,
        current,
        &raw mut answer,
    ));
    answer
}

unsafe extern "C" fn list(
    store: *mut c_void,
    after: *const u8,
    limit: u32,
    documents: *mut mpass_documents,
) -> u32 {
    let mut answer = MPASS_ANSWER_FAILED;
    let after_len = if after.is_null() { 0 } else { 16 };
    ok(mpass_memory_store_list(
        store.cast(),
        after,
        after_len,
        limit,
        documents,
        &raw mut answer,
    ));
    answer
}

unsafe extern "C" fn deliver(
    _store: *mut c_void,
    _to: *const c_char,
    _to_len: usize,
    text: *const c_char,
    text_len: usize,
    _sender: *const c_char,
    _sender_len: usize,
    _language: u32,
) -> u32 {
    let text = core::slice::from_raw_parts(text.cast::<u8>(), text_len);
    assert!(
        text.get(..SECRETS[4].len())
            .is_some_and(|text| is_at(text, SECRETS[4]))
    );
    MPASS_ANSWER_DELIVERED
}

/// Creates a channel in the store and returns its key.
unsafe fn channel(
    keyring: *mut mpass_keyring,
    host: &mpass_host,
    store: *mut mpass_memory_store,
) -> [u8; 64] {
    let (mut settings, mut created) = (ptr::null_mut(), ptr::null_mut());
    let (mut key, mut len) = ([0; 64], 0);
    ok(mpass_settings_new(MPASS_GROUP_CHANNEL, &raw mut settings));
    ok(mpass_settings_set_text(
        settings,
        MPASS_FIELD_NAME,
        "demo".as_ptr().cast(),
        4,
    ));
    ok(mpass_tenant_create_in(
        keyring,
        settings,
        host,
        store.cast(),
        &raw mut created,
    ));
    ok(mpass_credential_text(
        created,
        key.as_mut_ptr().cast(),
        64,
        &raw mut len,
    ));
    mpass_settings_free(settings);
    mpass_credential_free(created);
    key
}

unsafe fn requested(path: &str, query: &[u8]) -> *mut mpass_request {
    let mut request = ptr::null_mut();
    ok(mpass_request_new(
        "POST".as_ptr().cast(),
        4,
        path.as_ptr().cast(),
        path.len(),
        query.as_ptr().cast(),
        query.len(),
        "127.0.0.1".as_ptr().cast(),
        9,
        &raw mut request,
    ));
    let bearer = "Bearer token.of.the.host";
    ok(mpass_request_add_header(
        request,
        "Authorization".as_ptr().cast(),
        13,
        bearer.as_ptr().cast(),
        bearer.len(),
    ));
    for body in [SECRETS[2], b""] {
        ok(mpass_request_set_body(request, body.as_ptr(), body.len()));
    }
    request
}

/// Sends one message through callbacks and one step by step.
unsafe fn exchanges(keyring: *mut mpass_keyring, store: *mut mpass_memory_store) {
    let host = mpass_host {
        size: size_of::<mpass_host>().try_into().unwrap(),
        reserved: 0,
        now_ms: Some(now_ms),
        entropy: Some(fill),
        load: Some(load),
        swap: Some(swap),
        list: Some(list),
        assess: None,
        deliver: Some(deliver),
        introspect: None,
        resolve: None,
        signing_keys: None,
        sign: None,
        check_signature: None,
        reserved_callbacks: [ptr::null_mut(); 2],
    };
    let key = channel(keyring, &host, store);
    let (mut engine, mut reply) = (ptr::null_mut(), ptr::null_mut());
    ok(mpass_engine_new(keyring, ptr::null(), &raw mut engine));
    let query = |number: &[u8]| [b"apikey=", &key[..], b"&lang=en_US&dest=", number].concat();
    let first = query(b"%2B966500000001");
    let request = requested("/mpass-web/rest/mv/msg", &first);
    ok(mpass_drive(
        engine,
        request,
        &raw const host,
        store.cast(),
        &raw mut reply,
    ));
    let mut status = 0;
    ok(mpass_reply_status(reply, &raw mut status));
    assert_eq!(status, 200);
    mpass_reply_free(reply);
    mpass_request_free(request);
    let second = query(b"%2B966500000002");
    let request = requested("/mpass-web/rest/mv/msg", &second);
    by_hand(engine, request, store, MPASS_STEP_DELIVER);
    let request = requested("/number-verification/v2/verify", b"");
    by_hand(engine, request, store, MPASS_STEP_INTROSPECT);
    mpass_engine_free(engine);
    // The test's own copies of the secrets do not count.
    IS_INSPECTING.store(false, Ordering::SeqCst);
    drop((first, second));
}

/// Runs an exchange until its step `last` and abandons it.
unsafe fn by_hand(
    engine: *mut mpass_engine,
    request: *mut mpass_request,
    store: *mut mpass_memory_store,
    last: u32,
) {
    let (mut exchange, mut step) = (ptr::null_mut(), 0);
    ok(mpass_engine_begin(
        engine,
        request,
        NOW,
        entropy(5).as_ptr(),
        32,
        &raw mut exchange,
    ));
    mpass_request_free(request);
    let mut answer = MPASS_ANSWER_BEGIN;
    let (mut value, mut len) = ([0; 16384], None);
    loop {
        let current = len.map_or(ptr::null(), |_| value.as_ptr());
        let current_len = len.unwrap_or(0);
        ok(mpass_exchange_next(
            exchange,
            answer,
            current,
            current_len,
            NOW,
            &raw mut step,
        ));
        (answer, len) = match step {
            MPASS_STEP_LOAD => loaded(exchange, store, &mut value),
            MPASS_STEP_SWAP => (MPASS_ANSWER_STORED, None),
            MPASS_STEP_ASSESS => (MPASS_ANSWER_UNSUPPORTED, None),
            _ => break,
        };
    }
    assert_eq!(step, last);
    mpass_exchange_free(exchange);
}

unsafe fn loaded(
    exchange: *mut mpass_exchange,
    store: *mut mpass_memory_store,
    value: &mut [u8; 16384],
) -> (u32, Option<usize>) {
    let (mut kind, mut key, mut len, mut current) = (0, [0; 16], 0, ptr::null_mut());
    ok(mpass_exchange_store_kind(exchange, &raw mut kind));
    ok(mpass_exchange_store_key(
        exchange,
        key.as_mut_ptr(),
        16,
        &raw mut len,
    ));
    ok(mpass_value_new(&raw mut current));
    assert_eq!(
        load(store.cast(), kind, key.as_ptr(), current),
        MPASS_ANSWER_LOADED
    );
    let (mut is_present, out) = (false, value.as_mut_ptr());
    ok(mpass_value_get(
        current,
        &raw mut is_present,
        out,
        16384,
        &raw mut len,
    ));
    mpass_value_free(current);
    (MPASS_ANSWER_LOADED, is_present.then_some(len))
}

#[test]
fn freed_memory_contains_no_secrets() {
    // The allocator finds a secret that is not wiped.
    IS_INSPECTING.store(true, Ordering::SeqCst);
    drop(SECRET.to_vec());
    assert_eq!(FOUND[0].swap(0, Ordering::SeqCst), 1);
    let (mut keyring, mut store) = (ptr::null_mut(), ptr::null_mut());
    let (mut text, mut len) = ([0u8; 2048], 0);
    // SAFETY: every call follows the rules of the header.
    unsafe {
        codes();
        ok(mpass_keyring_generate(
            entropy(3).as_ptr(),
            32,
            &raw mut keyring,
        ));
        ok(mpass_keyring_text(
            keyring,
            text.as_mut_ptr().cast(),
            2048,
            &raw mut len,
        ));
        mpass_keyring_free(keyring);
        ok(mpass_keyring_parse(
            text.as_ptr().cast(),
            len,
            &raw mut keyring,
        ));
        ok(mpass_memory_store_new(100, &raw mut store));
        exchanges(keyring, store);
        mpass_keyring_free(keyring);
        mpass_memory_store_free(store);
    }
    assert!(text.windows(8).any(|bytes| bytes == SECRETS[5]));
    let times = FOUND.each_ref().map(|found| found.load(Ordering::SeqCst));
    assert_eq!(times, [0; SECRETS.len()], "in the order of SECRETS");
}
