//! The conformance probe against a store that is written in Java.

use jni::objects::{JByteArray, JObject};
use jni::refs::Global;
use jni::{Env, EnvUnowned, JValue, JavaVM, jni_sig, jni_str};
use mpass_core::Error;
use mpass_core::store::{self, Kind, Store, StoreKey, Swap, Swapped};
use zeroize::Zeroizing;

use super::call::{FixedTexts, copied};
use super::store::{kind_number, write_swap};
use super::wire::{Fields, Outcome, Reply};

/// A `StoreUpcall` of the package in Java, which packs and unpacks for the
/// store behind it and throws nothing.
struct Upcall {
    vm: JavaVM,
    object: Global<JObject<'static>>,
}

impl Upcall {
    /// One call; core's error where the store has one.
    fn call(&self, request: &Reply) -> Result<Zeroizing<Vec<u8>>, Error> {
        let answered = self
            .vm
            .attach_current_thread(|env| self.answer(env, request));
        let answered = answered.map_err(|_| Error::StoreFailed)?;
        let number = Fields(&answered).u16().unwrap_or(u16::MAX);
        match number {
            0 => Ok(answered),
            number => Err([Error::StoreFull, Error::StoreUnknown]
                .into_iter()
                .find(|error| error.number() == number)
                .unwrap_or(Error::StoreFailed)),
        }
    }

    fn answer(
        &self,
        env: &mut Env<'_>,
        request: &Reply,
    ) -> jni::errors::Result<Zeroizing<Vec<u8>>> {
        let input = env.byte_array_from_slice(request.as_bytes())?;
        let arguments = [JValue::Object(&input)];
        let name = jni_str!("call");
        let answer = env.call_method(&self.object, name, jni_sig!("([B)[B"), &arguments);
        if env.exception_check() {
            env.exception_clear();
        }
        let answer = env.cast_local::<JByteArray<'_>>(answer?.into_object()?)?;
        copied(env, &answer)
    }

    fn value(answer: &[u8], is_swap: bool) -> Outcome<Swapped> {
        let mut fields = Fields(answer);
        let _ = fields.u16()?;
        if is_swap && fields.bool()? {
            return Ok(Swapped::Stored);
        }
        let value = fields.optional(Fields::bytes)?;
        Ok(Swapped::Conflict(value.map(<[u8]>::to_vec)))
    }
}

impl Store for Upcall {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        let mut request = Reply::new(1);
        request.u8(kind_number(kind));
        request.raw(&key.0);
        match Self::value(&self.call(&request)?, false) {
            Ok(Swapped::Conflict(value)) => Ok(value),
            _ => Err(Error::StoreFailed),
        }
    }

    fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error> {
        let mut request = Reply::new(2);
        write_swap(&mut request, swap);
        request.u64(now_ms);
        Self::value(&self.call(&request)?, true).map_err(|_| Error::StoreFailed)
    }
}

/// Runs the probe against a `StoreUpcall`; the output is the first failure,
/// or nothing.
pub(super) fn probe<'local>(
    mut env: EnvUnowned<'local>,
    store: &JObject<'local>,
    input: &JByteArray<'local>,
) -> JByteArray<'local> {
    env.with_env(|env| -> jni::errors::Result<_> {
        let upcall = Upcall {
            vm: env.get_java_vm()?,
            object: env.new_global_ref(store)?,
        };
        let input = copied(env, input)?;
        let reply = run(&upcall, &mut Fields(&input));
        let reply = reply.unwrap_or_else(|failure| Reply::new(failure.number()));
        env.byte_array_from_slice(reply.as_bytes())
    })
    .resolve::<FixedTexts>()
}

fn run(host: &Upcall, input: &mut Fields<'_>) -> Outcome<Reply> {
    let threads = usize::from(input.u16()?);
    let rounds = usize::from(input.u16()?);
    let (now_ms, entropy) = (input.u64()?, input.array()?);
    let mut reply = Reply::new(0);
    let failure = store::probe::probe(host, threads, rounds, now_ms, entropy).err();
    reply.optional(failure, |reply, failure| reply.display(failure));
    Ok(reply)
}
