//! The natives that a busy host spends its time in: codes cross as numbers,
//! one crossing for each call and no array but those of the batches.
//!
//! A result below zero is a [`Failure`]'s number with its sign turned, or
//! [`NOTHING`].

use core::panic::AssertUnwindSafe;
use std::panic::{catch_unwind, resume_unwind};

use jni::objects::{JIntArray, JLongArray};
use jni::sys::{jint, jlong};
use jni::{Env, EnvUnowned};
use mpass_bindings::{Failure, Outcome};
use mpass_core::oath::{Attempt, Hotp, PackedText, Totp, generate_batch, verify_batch};
use zeroize::{Zeroize, Zeroizing};

use super::call::FixedTexts;
use super::pointers::Pointers;
use crate::panic::deliberate;

/// What a verification returns that found nothing.
const NOTHING: jlong = jlong::MIN;

/// Codes that cross at once on their way into an array.
const TOGETHER: usize = 256;

/// The frame of a native that takes nothing but numbers. The JVM is not
/// needed before something has gone wrong, so that is when it is asked.
pub(super) fn numbers(
    mut env: EnvUnowned<'_>,
    work: impl FnOnce(&Pointers) -> Outcome<jlong>,
) -> jlong {
    // SAFETY: the package in Java keeps the promise.
    let pointers = unsafe { Pointers::new() };
    match catch_unwind(AssertUnwindSafe(|| work(&pointers))) {
        Ok(outcome) => returned(outcome),
        Err(payload) => env
            .with_env(|_| -> jni::errors::Result<jlong> { resume_unwind(payload) })
            .resolve::<FixedTexts>(),
    }
}

/// The frame of a native that takes arrays.
pub(super) fn arrays<'local>(
    mut env: EnvUnowned<'local>,
    work: impl FnOnce(&mut Env<'local>, &Pointers) -> jni::errors::Result<Outcome<jlong>>,
) -> jlong {
    // SAFETY: the package in Java keeps the promise.
    let pointers = unsafe { Pointers::new() };
    env.with_env(|env| work(env, &pointers).map(returned))
        .resolve::<FixedTexts>()
}

fn returned(outcome: Outcome<jlong>) -> jlong {
    outcome.unwrap_or_else(|failure| -jlong::from(failure.number()))
}

fn packed(code: jlong) -> PackedText {
    PackedText::new(code.cast_unsigned())
}

/// A count that Java has seen not to be negative.
fn count(count: jint) -> Outcome<u32> {
    u32::try_from(count).map_err(|_| Failure::Malformed)
}

pub(super) fn hotp_value(pointers: &Pointers, hotp: jlong, counter: jlong) -> Outcome<jlong> {
    let counter = counter.cast_unsigned();
    deliberate(counter == u64::MAX);
    Ok(pointers.value::<Hotp>(hotp)?.generate_value(counter).into())
}

/// How far after `counter` the code was found.
pub(super) fn hotp_find(
    pointers: &Pointers,
    hotp: jlong,
    code: jlong,
    counter: jlong,
    ahead: jint,
) -> Outcome<jlong> {
    let (code, counter) = (packed(code), counter.cast_unsigned());
    let found = pointers
        .value::<Hotp>(hotp)?
        .verify(code.as_str(), counter, count(ahead)?);
    offset(found, counter)
}

fn offset(found: Option<u64>, counter: u64) -> Outcome<jlong> {
    let offset = found.map(|found| jlong::try_from(found.wrapping_sub(counter)));
    let offset = offset.transpose().map_err(|_| Failure::Malformed)?;
    Ok(offset.unwrap_or(NOTHING))
}

pub(super) fn totp_value(pointers: &Pointers, totp: jlong, unix_seconds: jlong) -> Outcome<jlong> {
    let totp = pointers.value::<Totp>(totp)?;
    let step = totp.time_step(unix_seconds.cast_unsigned())?;
    Ok(totp.as_hotp().generate_value(step).into())
}

/// The time step where the code was found.
pub(super) fn totp_find(
    pointers: &Pointers,
    totp: jlong,
    code: jlong,
    unix_seconds: jlong,
    past: jint,
    future: jint,
) -> Outcome<jlong> {
    let (code, seconds) = (packed(code), unix_seconds.cast_unsigned());
    let totp = pointers.value::<Totp>(totp)?;
    match totp.verify(code.as_str(), seconds, count(past)?, count(future)?)? {
        Some(step) => jlong::try_from(step).map_err(|_| Failure::TooLarge),
        None => Ok(NOTHING),
    }
}

/// Codes of consecutive counters into the front of `values`; how many.
pub(super) fn hotp_range(
    env: &mut Env<'_>,
    pointers: &Pointers,
    hotp: jlong,
    first: jlong,
    values: &JIntArray<'_>,
) -> jni::errors::Result<Outcome<jlong>> {
    let hotp = match pointers.value::<Hotp>(hotp) {
        Ok(hotp) => hotp,
        Err(failure) => return Ok(Err(failure)),
    };
    let len = values.len(env)?;
    let put = |index: usize, piece: &[u32]| store(env, values, index, piece);
    let count = hotp.generate_in_pieces(first.cast_unsigned(), len, put)?;
    Ok(Ok(jlong::try_from(count).unwrap_or(jlong::MAX)))
}

/// Writes values, which have at most 31 bits, into an array of Java's.
fn store(
    env: &Env<'_>,
    into: &JIntArray<'_>,
    at: usize,
    values: &[u32],
) -> jni::errors::Result<()> {
    let mut room = Zeroizing::new([0; TOGETHER]);
    for (at, values) in (at..).step_by(TOGETHER).zip(values.chunks(TOGETHER)) {
        for (signed, value) in room.iter_mut().zip(values) {
            *signed = value.cast_signed();
        }
        // Java's arrays are no longer than this.
        let at = jint::try_from(at).unwrap_or(jint::MAX);
        into.set_region(env, at, &room[..values.len()])?;
    }
    Ok(())
}

/// A wiped copy of an array of Java's.
fn copied(env: &Env<'_>, array: &JLongArray<'_>) -> jni::errors::Result<Zeroizing<Vec<jlong>>> {
    let mut copy = Zeroizing::new(vec![0; array.len(env)?]);
    array.get_region(env, 0, &mut copy)?;
    Ok(copy)
}

fn objects<'h>(pointers: &'h Pointers, handles: &[jlong]) -> Outcome<Vec<&'h Hotp>> {
    handles
        .iter()
        .map(|handle| pointers.value(*handle))
        .collect()
}

/// The code of a counter of each key.
pub(super) fn hotp_values(
    env: &mut Env<'_>,
    pointers: &Pointers,
    hotps: &JLongArray<'_>,
    counters: &JLongArray<'_>,
    values: &JIntArray<'_>,
) -> jni::errors::Result<Outcome<jlong>> {
    let counters = copied(env, counters)?;
    let hotps = match objects(pointers, &copied(env, hotps)?) {
        Ok(hotps) => hotps,
        Err(failure) => return Ok(Err(failure)),
    };
    let counters = counters.iter().map(|counter| counter.cast_unsigned());
    let requests: Vec<(&Hotp, u64)> = hotps.into_iter().zip(counters).collect();
    let mut codes = Zeroizing::new(vec![0; requests.len()]);
    generate_batch(&requests, &mut codes);
    store(env, values, 0, &codes)?;
    Ok(Ok(0))
}

/// How far after its counter the code of each key was found, in place of the
/// counter.
pub(super) fn hotp_finds(
    env: &mut Env<'_>,
    pointers: &Pointers,
    hotps: &JLongArray<'_>,
    codes: &JLongArray<'_>,
    counters: &JLongArray<'_>,
    ahead: jint,
) -> jni::errors::Result<Outcome<jlong>> {
    let (codes, mut indexes) = (copied(env, codes)?, copied(env, counters)?);
    let hotps = copied(env, hotps)?;
    let found = finds(pointers, &hotps, &codes, &mut indexes, ahead);
    if found.is_ok() {
        counters.set_region(env, 0, &indexes)?;
    }
    Ok(found)
}

fn finds(
    pointers: &Pointers,
    hotps: &[jlong],
    codes: &[jlong],
    indexes: &mut [jlong],
    ahead: jint,
) -> Outcome<jlong> {
    let ahead = count(ahead)?;
    let attempts: Vec<Attempt<'_>> = objects(pointers, hotps)?
        .into_iter()
        .zip(codes.iter().zip(&*indexes))
        .map(|(hotp, (code, counter))| {
            hotp.attempt(packed(*code).as_str(), counter.cast_unsigned(), ahead)
        })
        .collect();
    let mut positions = vec![None; attempts.len()];
    verify_batch(&attempts, &mut positions);
    for (index, found) in indexes.iter_mut().zip(&positions) {
        *index = offset(*found, index.cast_unsigned())?;
    }
    positions.zeroize();
    Ok(0)
}
