//! OCRA (RFC 6287).

use core::ffi::c_char;

use mpass_core::oath::ocra::{Inputs, Mutual, Ocra, Tolerance};
use zeroize::Zeroizing;

use crate::boundary::boundary;
use crate::handle::{changed, class, construct, free, used};
use crate::key::{algorithm, mpass_key};
use crate::slice::{array, bytes, give_display, give_text, out_param, text};
use crate::status::mpass_status;

/// A suite under a key. Immutable: it can be used by any number of threads at
/// once.
pub struct mpass_ocra {
    _opaque: (),
}

class!(mpass_ocra, Ocra, 4);

/// The inputs of one computation. One thread at a time may set them; after
/// that, any number of threads may use them at once.
pub struct mpass_ocra_inputs {
    _opaque: (),
}

class!(mpass_ocra_inputs, Owned, 5);

pub(crate) struct Owned {
    question: String,
    counter: Option<u64>,
    pin: Option<Pin>,
    session: Option<Vec<u8>>,
    time: Option<Time>,
}

enum Pin {
    Text(Zeroizing<String>),
    Hash(Zeroizing<Vec<u8>>),
}

enum Time {
    Seconds(u64),
    Steps(u64),
}

impl Owned {
    pub(crate) fn borrow(&self) -> Inputs<'_> {
        let mut inputs = Inputs::new(&self.question);
        if let Some(counter) = self.counter {
            inputs = inputs.with_counter(counter);
        }
        inputs = match &self.pin {
            Some(Pin::Text(pin)) => inputs.with_pin(pin),
            Some(Pin::Hash(hash)) => inputs.with_pin_hash(hash),
            None => inputs,
        };
        if let Some(session) = &self.session {
            inputs = inputs.with_session(session);
        }
        match self.time {
            Some(Time::Seconds(seconds)) => inputs.with_time(seconds),
            Some(Time::Steps(steps)) => inputs.with_time_step(steps),
            None => inputs,
        }
    }
}

/// Creates a suite from its text, such as `OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1`,
/// under `key`, which is copied. The caller must free `*out` with
/// `mpass_ocra_free`.
///
/// Errors: INVALID_UTF8, INVALID_SUITE, SUITE_FUNCTION, SUITE_QUESTION or
/// SUITE_INPUT for the part of the suite that is at fault, SUITE_ALGORITHM if the
/// key was prepared for another hash. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_ocra_new(
    key: *const mpass_key,
    suite: *const c_char,
    suite_len: usize,
    out: *mut *mut mpass_ocra,
) -> mpass_status {
    construct(out, || {
        let key = used(key)?;
        let suite = text(suite, suite_len)?.parse()?;
        Ok(Ocra::new(key.clone(), suite)?)
    })
}

/// Frees the handle and erases its key. Does nothing for NULL. No other thread
/// may be using the handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_ocra_free(ocra: *mut mpass_ocra) {
    free(ocra);
}

/// Gets the text that the suite was created with, at most 48 characters.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_ocra_suite(
    ocra: *const mpass_ocra,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| give_display(used(ocra)?.suite(), out, cap, written))
}

/// Generates a random question of the suite's format and length, at most 64
/// characters, from exactly 32 bytes of entropy.
///
/// Errors: WRONG_LENGTH if `entropy` is not 32 bytes, BUFFER_TOO_SMALL.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_ocra_generate_question(
    ocra: *const mpass_ocra,
    entropy: *const u8,
    entropy_len: usize,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let entropy = array(entropy, entropy_len)?;
        let question = used(ocra)?.suite().generate_question(entropy);
        give_text(question.as_str(), out, cap, written)
    })
}

/// Computes the question of signature mode (RFC 6287 section 7.3) for data: the
/// first hexadecimal digits of its hash with a `MPASS_ALGORITHM_` constant.
///
/// Errors: INVALID_ALGORITHM, INVALID_QUESTION if the suite's questions are not
/// hexadecimal or are longer than the hash, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_ocra_signature_question(
    ocra: *const mpass_ocra,
    algorithm: u32,
    data: *const u8,
    data_len: usize,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let ocra = used(ocra)?;
        let data = bytes(data, data_len)?;
        let algorithm = self::algorithm(algorithm)?;
        let question = ocra.suite().signature_question(algorithm, data)?;
        give_text(question.as_str(), out, cap, written)
    })
}

/// Gets the question of the client's response, which the server verifies, in
/// mutual mode (RFC 6287 section 7.2): the server's question followed by the
/// client's, at most 128 characters.
///
/// Errors: INVALID_UTF8, INVALID_QUESTION, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_ocra_client_question(
    client: *const c_char,
    client_len: usize,
    server: *const c_char,
    server_len: usize,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let mutual = Mutual::new(text(client, client_len)?, text(server, server_len)?)?;
        give_text(mutual.for_client_response(), out, cap, written)
    })
}

/// Gets the question of the server's response, which the client verifies, in
/// mutual mode (RFC 6287 section 7.2): the client's question followed by the
/// server's, at most 128 characters.
///
/// Errors: INVALID_UTF8, INVALID_QUESTION, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_ocra_server_question(
    client: *const c_char,
    client_len: usize,
    server: *const c_char,
    server_len: usize,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let mutual = Mutual::new(text(client, client_len)?, text(server, server_len)?)?;
        give_text(mutual.for_server_response(), out, cap, written)
    })
}

/// Creates inputs with a question, which is copied: at most as long as the suite
/// states, or, in mutual mode, exactly twice as long. Set all other inputs that
/// the suite requires before using them. The caller must free `*out` with
/// `mpass_ocra_inputs_free`.
///
/// Errors: INVALID_UTF8. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_ocra_inputs_new(
    question: *const c_char,
    question_len: usize,
    out: *mut *mut mpass_ocra_inputs,
) -> mpass_status {
    construct(out, || {
        Ok(Owned {
            question: text(question, question_len)?.into(),
            counter: None,
            pin: None,
            session: None,
            time: None,
        })
    })
}

/// Frees inputs and erases their PIN. Does nothing for NULL. No other thread
/// may be using the handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_ocra_inputs_free(inputs: *mut mpass_ocra_inputs) {
    free(inputs);
}

/// Sets the counter, 0 to 2^64 - 1. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_ocra_inputs_set_counter(
    inputs: *mut mpass_ocra_inputs,
    counter: u64,
) -> mpass_status {
    boundary(|| {
        changed(inputs)?.counter = Some(counter);
        Ok(())
    })
}

/// Sets the PIN, which is copied and hashed as the suite specifies. Replaces a
/// PIN hash.
///
/// Errors: INVALID_UTF8. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_ocra_inputs_set_pin(
    inputs: *mut mpass_ocra_inputs,
    pin: *const c_char,
    pin_len: usize,
) -> mpass_status {
    boundary(|| {
        let pin = text(pin, pin_len)?;
        changed(inputs)?.pin = Some(Pin::Text(Zeroizing::new(pin.into())));
        Ok(())
    })
}

/// Sets the hash of the PIN, which is copied; its length must be that of the
/// suite's hash. Replaces a PIN. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_ocra_inputs_set_pin_hash(
    inputs: *mut mpass_ocra_inputs,
    hash: *const u8,
    hash_len: usize,
) -> mpass_status {
    boundary(|| {
        let hash = bytes(hash, hash_len)?;
        changed(inputs)?.pin = Some(Pin::Hash(Zeroizing::new(hash.into())));
        Ok(())
    })
}

/// Sets the session information, which is copied: at most as many bytes as the
/// suite specifies. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_ocra_inputs_set_session(
    inputs: *mut mpass_ocra_inputs,
    session: *const u8,
    session_len: usize,
) -> mpass_status {
    boundary(|| {
        let session = bytes(session, session_len)?;
        changed(inputs)?.session = Some(session.into());
        Ok(())
    })
}

/// Sets the time in seconds of Unix time. Replaces a time step. Threads: one at
/// a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_ocra_inputs_set_time(
    inputs: *mut mpass_ocra_inputs,
    unix_seconds: u64,
) -> mpass_status {
    boundary(|| {
        changed(inputs)?.time = Some(Time::Seconds(unix_seconds));
        Ok(())
    })
}

/// Sets the time in time steps of the suite. Replaces a time in seconds.
/// Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_ocra_inputs_set_time_step(
    inputs: *mut mpass_ocra_inputs,
    step: u64,
) -> mpass_status {
    boundary(|| {
        changed(inputs)?.time = Some(Time::Steps(step));
        Ok(())
    })
}

/// Computes the response to the inputs: 4 to 10 ASCII digits, or 40, 64 or 128
/// hexadecimal digits if the suite specifies 0 digits. The caller must erase
/// `out` after use.
///
/// Errors: MISSING_INPUT, UNEXPECTED_INPUT, INVALID_QUESTION, SESSION_TOO_LONG,
/// PIN_HASH_LENGTH, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_ocra_respond(
    ocra: *const mpass_ocra,
    inputs: *const mpass_ocra_inputs,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let ocra = used(ocra)?;
        let inputs = used(inputs)?;
        let response = ocra.respond(&inputs.borrow())?;
        give_text(response.as_str(), out, cap, written)
    })
}

/// Searches for a response: at the counter of the inputs and the `look_ahead`
/// counters after it, and at the time step of the inputs, the `past` steps
/// before it and the `future` steps after it; at most 100,000 combinations.
/// `*is_match` is whether it was found. `*counter` and `*time_step` are those
/// that match, or 0 if the suite has none or nothing matches. The host must
/// accept a response to each question only once.
///
/// Errors: those of `mpass_ocra_respond`, INVALID_UTF8, WINDOW_TOO_LARGE.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_ocra_verify(
    ocra: *const mpass_ocra,
    response: *const c_char,
    response_len: usize,
    inputs: *const mpass_ocra_inputs,
    look_ahead: u32,
    past: u32,
    future: u32,
    is_match: *mut bool,
    counter: *mut u64,
    time_step: *mut u64,
) -> mpass_status {
    boundary(|| {
        let ocra = used(ocra)?;
        let response = text(response, response_len)?;
        let inputs = used(inputs)?;
        let is_match = out_param(is_match)?;
        let (counter, time_step) = (out_param(counter)?, out_param(time_step)?);
        let tolerance = Tolerance {
            look_ahead,
            past,
            future,
        };
        let found = ocra.verify(response, &inputs.borrow(), tolerance)?;
        is_match.set(found.is_some());
        counter.set(found.and_then(|found| found.counter).unwrap_or(0));
        time_step.set(found.and_then(|found| found.time_step).unwrap_or(0));
        Ok(())
    })
}
