//! The frame of every native: arrays copied, panics and errors turned into
//! what Java is told, in fixed texts.

use core::any::Any;

use jni::errors::{Error as JniError, ErrorPolicy};
use jni::objects::JByteArray;
use jni::strings::JNIStr;
use jni::sys::jlong;
use jni::{Env, EnvUnowned, jni_str};
use mpass_core::Error;
use zeroize::Zeroizing;

use super::wire::{Failure, Fields, Handle, Outcome, Reply};

/// One call of a native.
pub(super) struct Call<'a> {
    handle: u64,
    pub(super) input: Fields<'a>,
    pub(super) reply: Reply,
}

impl Call<'_> {
    /// The value behind the handle that the native is called on.
    pub(super) fn object<'h, T>(&self) -> Outcome<&'h T> {
        // SAFETY: as `Handle::value` says of the package in Java.
        Handle::new(self.handle).map(|handle| unsafe { handle.value() })
    }

    /// The value behind a handle in the input.
    pub(super) fn other<'h, T>(&mut self) -> Outcome<&'h T> {
        // SAFETY: as `Handle::value` says of the package in Java.
        self.input.handle().map(|handle| unsafe { handle.value() })
    }
}

pub(super) fn call<'local>(
    mut env: EnvUnowned<'local>,
    handle: jlong,
    input: &JByteArray<'local>,
    work: fn(&mut Call<'_>) -> Outcome<()>,
) -> JByteArray<'local> {
    env.with_env(|env| -> jni::errors::Result<_> {
        let input = copied(env, input)?;
        let mut call = Call {
            handle: handle.cast_unsigned(),
            input: Fields(&input),
            reply: Reply::new(0),
        };
        let reply = match work(&mut call) {
            Ok(()) => call.reply,
            Err(failure) => Reply::new(failure.number()),
        };
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

/// Tells Java of a panic or of a JVM that refuses, and says nothing of either
/// but that it happened.
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

/// Drops what a handle stands for.
// All natives are of one type.
#[allow(clippy::unnecessary_wraps)]
pub(super) fn free<T>(call: &mut Call<'_>) -> Outcome<()> {
    let handle = Handle::new(call.handle)?;
    // SAFETY: as `Handle::free` says of the package in Java.
    unsafe { handle.free::<T>() };
    Ok(())
}

/// The version of the library.
pub(super) fn version(call: &mut Call<'_>) -> Outcome<()> {
    call.reply.text(env!("CARGO_PKG_VERSION"));
    Ok(())
}

/// Every error of core: number, name and text.
pub(super) fn errors(call: &mut Call<'_>) -> Outcome<()> {
    call.reply.count(Error::ALL.len());
    for error in Error::ALL {
        call.reply.u16(error.number());
        call.reply.text(error.name());
        call.reply.display(error);
    }
    Ok(())
}

impl<T> From<std::sync::PoisonError<T>> for Failure {
    fn from(_: std::sync::PoisonError<T>) -> Self {
        Self::Spent
    }
}
