//! The frame of the natives of packed bytes: arrays copied, panics and
//! refusals of the JVM turned into exceptions of fixed texts.

use core::any::Any;

use jni::errors::{Error as JniError, ErrorPolicy};
use jni::objects::JByteArray;
use jni::strings::JNIStr;
use jni::sys::{jint, jlong};
use jni::{Env, EnvUnowned, jni_str};
use mpass_bindings::{Operation, Reply};
use zeroize::Zeroizing;

use super::pointers::Pointers;
use crate::panic::deliberate;

/// Performs an operation on a handle, 0 where it has none.
pub(super) fn call<'local>(
    env: EnvUnowned<'local>,
    operation: jint,
    handle: jlong,
    input: &JByteArray<'local>,
) -> JByteArray<'local> {
    packed(env, input, |_, input| {
        // No operation has the number 0.
        let operation = u16::try_from(operation).unwrap_or(0);
        deliberate(operation == Operation::NUMBER_PARSE && input.ends_with(b"panic\0"));
        // SAFETY: the package in Java keeps the promise.
        let mut pointers = unsafe { Pointers::new() };
        Ok(mpass_bindings::call(
            &mut pointers,
            operation,
            handle.cast_unsigned(),
            input,
        ))
    })
}

/// The frame of a native that takes and returns an array.
pub(super) fn packed<'local>(
    mut env: EnvUnowned<'local>,
    input: &JByteArray<'local>,
    work: impl FnOnce(&mut Env<'local>, &[u8]) -> jni::errors::Result<Reply>,
) -> JByteArray<'local> {
    env.with_env(|env| -> jni::errors::Result<_> {
        let input = copied(env, input)?;
        let reply = work(env, &input)?;
        env.byte_array_from_slice(reply.as_bytes())
    })
    .resolve::<FixedTexts>()
}

/// A wiped copy of a Java array.
pub(super) fn copied(
    env: &mut Env<'_>,
    array: &JByteArray<'_>,
) -> jni::errors::Result<Zeroizing<Vec<u8>>> {
    let len = array.len(env)?;
    let mut bytes = Zeroizing::new(vec![0u8; len]);
    // SAFETY: i8 and u8 have one layout, and the slice is borrowed as one of
    // them at a time.
    let signed = unsafe { core::slice::from_raw_parts_mut(bytes.as_mut_ptr().cast::<i8>(), len) };
    array.get_region(env, 0, signed)?;
    Ok(bytes)
}

/// Throws an exception for a panic, or for a JVM that refuses, whose text shows
/// nothing but which of them it was.
pub(super) struct FixedTexts;

impl FixedTexts {
    fn throw<T: Default>(env: &mut Env<'_>, text: &'static JNIStr) -> jni::errors::Result<T> {
        if !env.exception_check() {
            // `throw_new` returns an error for the exception that it throws.
            let _ = env.throw_new(jni_str!("java/lang/IllegalStateException"), text);
        }
        Ok(T::default())
    }
}

impl<T: Default> ErrorPolicy<T, JniError> for FixedTexts {
    type Captures<'unowned_env_local: 'native_method, 'native_method> = ();

    fn on_error<'unowned_env_local: 'native_method, 'native_method>(
        env: &mut Env<'unowned_env_local>,
        _captures: &mut (),
        _error: JniError,
    ) -> jni::errors::Result<T> {
        Self::throw(env, jni_str!("libmpass: the JVM refused a call"))
    }

    fn on_panic<'unowned_env_local: 'native_method, 'native_method>(
        env: &mut Env<'unowned_env_local>,
        _captures: &mut (),
        payload: Box<dyn Any + Send + 'static>,
    ) -> jni::errors::Result<T> {
        // Dropping it could panic once more; it is a text in every case here.
        core::mem::forget(payload);
        Self::throw(env, jni_str!("libmpass: internal error"))
    }
}
