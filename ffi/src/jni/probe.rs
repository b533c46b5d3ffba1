//! The conformance probe against a store that is written in Java.

use jni::objects::{JByteArray, JObject};
use jni::refs::Global;
use jni::{Env, EnvUnowned, JValue, JavaVM, jni_sig, jni_str};
use mpass_bindings::HostStore;
use zeroize::Zeroizing;

use super::call::{copied, packed};

/// A `StoreUpcall` of the package in Java, which packs and unpacks for the
/// store behind it and throws nothing.
struct Upcall {
    vm: JavaVM,
    object: Global<JObject<'static>>,
}

impl Upcall {
    fn answer(&self, env: &mut Env<'_>, request: &[u8]) -> jni::errors::Result<Zeroizing<Vec<u8>>> {
        let input = env.byte_array_from_slice(request)?;
        let arguments = [JValue::Object(&input)];
        let name = jni_str!("call");
        let answer = env.call_method(&self.object, name, jni_sig!("([B)[B"), &arguments);
        if env.exception_check() {
            env.exception_clear();
        }
        let answer = env.cast_local::<JByteArray<'_>>(answer?.into_object()?)?;
        copied(env, &answer)
    }
}

impl HostStore for Upcall {
    fn call(&self, request: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self.vm
            .attach_current_thread(|env| self.answer(env, request))
            .ok()
    }
}

/// Runs the probe against a `StoreUpcall`.
pub(super) fn probe<'local>(
    env: EnvUnowned<'local>,
    store: &JObject<'local>,
    input: &JByteArray<'local>,
) -> JByteArray<'local> {
    packed(env, input, |env, input| {
        let upcall = Upcall {
            vm: env.get_java_vm()?,
            object: env.new_global_ref(store)?,
        };
        Ok(mpass_bindings::probe(&upcall, input))
    })
}
