//! The natives of the Java package, methods of its class `Natives`: conversion
//! only.
//!
//! One native performs every operation of `mpass-bindings` on packed bytes.
//! Those of [`codes`] take and return numbers instead. Inputs are copied in and
//! wiped, and so are outputs once they are copied out; a copy that the JVM made
//! when it moved an array cannot be wiped here.

mod call;
mod codes;
mod pointers;
mod probe;

use jni::EnvUnowned;
use jni::objects::{JByteArray, JClass, JIntArray, JLongArray, JObject};
use jni::sys::{jint, jlong};

#[unsafe(no_mangle)]
extern "system" fn Java_org_libmpass_Natives_call<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    operation: jint,
    handle: jlong,
    input: JByteArray<'local>,
) -> JByteArray<'local> {
    call::call(env, operation, handle, &input)
}

#[unsafe(no_mangle)]
extern "system" fn Java_org_libmpass_Natives_probe<'local>(
    env: EnvUnowned<'local>,
    _class: JClass<'local>,
    store: JObject<'local>,
    input: JByteArray<'local>,
) -> JByteArray<'local> {
    probe::probe(env, &store, &input)
}

/// The exports of [`codes`], each with the function that does the work.
macro_rules! natives {
    (numbers: $($export:ident => $work:path, $($argument:ident: $number:ty),+;)+) => { $(
        #[unsafe(no_mangle)]
        extern "system" fn $export<'local>(
            env: EnvUnowned<'local>,
            _class: JClass<'local>,
            $($argument: $number),+
        ) -> jlong {
            codes::numbers(env, |pointers| $work(pointers, $($argument),+))
        }
    )+ };
    (arrays: $(
        $export:ident => $work:path,
        ($($argument:ident: $number:ty),*) ($($array:ident: $class:ident),*) $(, $last:ident)?;
    )+) => { $(
        #[unsafe(no_mangle)]
        extern "system" fn $export<'local>(
            env: EnvUnowned<'local>,
            _class: JClass<'local>,
            $($argument: $number,)*
            $($array: $class<'local>,)*
            $($last: jint,)?
        ) -> jlong {
            codes::arrays(env, |env, pointers| {
                $work(env, pointers, $($argument,)* $(&$array,)* $($last)?)
            })
        }
    )+ };
}

natives! { numbers:
    Java_org_libmpass_Natives_hotpValue => codes::hotp_value, hotp: jlong, counter: jlong;
    Java_org_libmpass_Natives_hotpFind => codes::hotp_find,
        hotp: jlong, code: jlong, counter: jlong, ahead: jint;
    Java_org_libmpass_Natives_totpValue => codes::totp_value,
        totp: jlong, unix_seconds: jlong;
    Java_org_libmpass_Natives_totpFind => codes::totp_find,
        totp: jlong, code: jlong, unix_seconds: jlong, past: jint, future: jint;
}

natives! { arrays:
    Java_org_libmpass_Natives_hotpRange => codes::hotp_range,
        (hotp: jlong, first: jlong) (values: JIntArray);
    Java_org_libmpass_Natives_hotpValues => codes::hotp_values,
        () (hotps: JLongArray, counters: JLongArray, values: JIntArray);
    Java_org_libmpass_Natives_hotpFinds => codes::hotp_finds,
        () (hotps: JLongArray, codes: JLongArray, counters: JLongArray), ahead;
}
