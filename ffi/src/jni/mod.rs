//! The natives of the Java package: conversion only, called from the one
//! `…Natives` class of each area and from nowhere else.
//!
//! Each takes a handle (0 where it has none) and its inputs packed in one
//! array, and returns one array: a number (0, one of core's errors, or a
//! [`Failure`]'s) and what the method says. [`wire`] reads and writes both.
//! Those of [`codes`] take and return numbers instead.
//! Inputs are copied in and wiped, and so are outputs once they are copied
//! out; a copy that the JVM made when it moved an array cannot be wiped here.

mod account;
mod call;
mod challenge;
mod codes;
mod number;
mod oath;
mod ocra;
mod policy;
mod probe;
mod service;
mod settings;
mod store;
mod tenant;
mod token;
mod uri;
mod wire;

use call::call;
use jni::EnvUnowned;
use jni::objects::{JByteArray, JClass, JIntArray, JLongArray, JObject};
use jni::sys::{jint, jlong};

/// The exports, each with the function that does the work. Written by a macro
/// also because the generator of the C header takes none that is.
macro_rules! natives {
    ($($export:ident => $work:path;)+) => { $(
        #[unsafe(no_mangle)]
        extern "system" fn $export<'local>(
            env: EnvUnowned<'local>,
            _class: JClass<'local>,
            handle: jlong,
            input: JByteArray<'local>,
        ) -> JByteArray<'local> {
            call(env, handle, &input, $work)
        }
    )+ };
    (store: $export:ident => $work:path) => {
        #[unsafe(no_mangle)]
        extern "system" fn $export<'local>(
            env: EnvUnowned<'local>,
            _class: JClass<'local>,
            store: JObject<'local>,
            input: JByteArray<'local>,
        ) -> JByteArray<'local> {
            $work(env, &store, &input)
        }
    };
    (numbers: $($export:ident => $work:path, $($argument:ident: $number:ty),+;)+) => { $(
        #[unsafe(no_mangle)]
        extern "system" fn $export<'local>(
            env: EnvUnowned<'local>,
            _class: JClass<'local>,
            $($argument: $number),+
        ) -> jlong {
            codes::numbers(env, || $work($($argument),+))
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
            codes::arrays(env, |env| $work(env, $($argument,)* $(&$array,)* $($last)?))
        }
    )+ };
}

natives! { numbers:
    Java_org_libmpass_OathNatives_hotpValue => codes::hotp_value, hotp: jlong, counter: jlong;
    Java_org_libmpass_OathNatives_hotpFind => codes::hotp_find,
        hotp: jlong, code: jlong, counter: jlong, ahead: jint;
    Java_org_libmpass_OathNatives_totpValue => codes::totp_value,
        totp: jlong, unix_seconds: jlong;
    Java_org_libmpass_OathNatives_totpFind => codes::totp_find,
        totp: jlong, code: jlong, unix_seconds: jlong, past: jint, future: jint;
}

natives! { arrays:
    Java_org_libmpass_OathNatives_hotpRange => codes::hotp_range,
        (hotp: jlong, first: jlong) (values: JIntArray);
    Java_org_libmpass_OathNatives_hotpValues => codes::hotp_values,
        () (hotps: JLongArray, counters: JLongArray, values: JIntArray);
    Java_org_libmpass_OathNatives_hotpFinds => codes::hotp_finds,
        () (hotps: JLongArray, codes: JLongArray, counters: JLongArray), ahead;
}

natives!(store: Java_org_libmpass_StoreNatives_probe => probe::probe);

natives! {
    Java_org_libmpass_LibraryNatives_version => call::version;
    Java_org_libmpass_LibraryNatives_errors => call::errors;

    Java_org_libmpass_OathNatives_secretFromBytes => oath::secret_from_bytes;
    Java_org_libmpass_OathNatives_secretFromBase32 => oath::secret_from_base32;
    Java_org_libmpass_OathNatives_secretFromHex => oath::secret_from_hex;
    Java_org_libmpass_OathNatives_secretGenerate => oath::secret_generate;
    Java_org_libmpass_OathNatives_secretExpose => oath::secret_expose;
    Java_org_libmpass_OathNatives_secretExposeBase32 => oath::secret_expose_base32;
    Java_org_libmpass_OathNatives_secretExposeHex => oath::secret_expose_hex;
    Java_org_libmpass_OathNatives_secretLength => oath::secret_length;
    Java_org_libmpass_OathNatives_secretFree => call::free::<mpass_core::oath::Secret>;
    Java_org_libmpass_OathNatives_hotpNew => oath::hotp_new;
    Java_org_libmpass_OathNatives_hotpVerify => oath::hotp_verify;
    Java_org_libmpass_OathNatives_hotpResynchronize => oath::hotp_resynchronize;
    Java_org_libmpass_OathNatives_hotpFree => call::free::<mpass_core::oath::Hotp>;
    Java_org_libmpass_OathNatives_totpNew => oath::totp_new;
    Java_org_libmpass_OathNatives_totpTimeStep => oath::totp_time_step;
    Java_org_libmpass_OathNatives_totpRemaining => oath::totp_remaining;
    Java_org_libmpass_OathNatives_totpVerify => oath::totp_verify;
    Java_org_libmpass_OathNatives_totpResynchronize => oath::totp_resynchronize;
    Java_org_libmpass_OathNatives_totpFree => call::free::<mpass_core::oath::Totp>;

    Java_org_libmpass_OcraNatives_create => ocra::new;
    Java_org_libmpass_OcraNatives_respond => ocra::respond;
    Java_org_libmpass_OcraNatives_verify => ocra::verify;
    Java_org_libmpass_OcraNatives_question => ocra::question;
    Java_org_libmpass_OcraNatives_signatureQuestion => ocra::signature_question;
    Java_org_libmpass_OcraNatives_mutual => ocra::mutual;
    Java_org_libmpass_OcraNatives_free => call::free::<mpass_core::oath::ocra::Ocra>;

    Java_org_libmpass_UriNatives_parse => uri::parse;
    Java_org_libmpass_UriNatives_create => uri::new;
    Java_org_libmpass_UriNatives_expose => uri::expose;
    Java_org_libmpass_UriNatives_secret => uri::secret;
    Java_org_libmpass_UriNatives_free => call::free::<uri::Held>;

    Java_org_libmpass_NumberNatives_parse => number::parse;
    Java_org_libmpass_NumberNatives_fromNational => number::from_national;
    Java_org_libmpass_NumberNatives_hashes => number::hashes;
    Java_org_libmpass_NumberNatives_hashBatch => number::hash_batch;
    Java_org_libmpass_NumberNatives_keyedHash => number::keyed_hash;
    Java_org_libmpass_NumberNatives_digest => number::digest;

    Java_org_libmpass_ChallengeNatives_policyDefault => policy::default;
    Java_org_libmpass_ChallengeNatives_policyCheck => policy::check;
    Java_org_libmpass_ChallengeNatives_keyringGenerate => challenge::keyring_generate;
    Java_org_libmpass_ChallengeNatives_keyringParse => challenge::keyring_parse;
    Java_org_libmpass_ChallengeNatives_keyringExpose => challenge::keyring_expose;
    Java_org_libmpass_ChallengeNatives_keyringAdd => challenge::keyring_add;
    Java_org_libmpass_ChallengeNatives_keyringActivate => challenge::keyring_activate;
    Java_org_libmpass_ChallengeNatives_keyringRemove => challenge::keyring_remove;
    Java_org_libmpass_ChallengeNatives_keyringIds => challenge::keyring_ids;
    Java_org_libmpass_ChallengeNatives_keyringFree => call::free::<challenge::Keys>;
    Java_org_libmpass_ChallengeNatives_key => challenge::key;
    Java_org_libmpass_ChallengeNatives_issue => challenge::issue;
    Java_org_libmpass_ChallengeNatives_attempt => challenge::attempt;
    Java_org_libmpass_ChallengeNatives_refund => challenge::refund;
    Java_org_libmpass_ChallengeNatives_unlock => challenge::unlock;
    Java_org_libmpass_ChallengeNatives_idFree => call::free::<mpass_core::challenge::ChallengeId>;
    Java_org_libmpass_ChallengeNatives_pendingIsWrittenIn => challenge::pending_is_written_in;
    Java_org_libmpass_ChallengeNatives_pendingStored => challenge::pending_stored;
    Java_org_libmpass_ChallengeNatives_pendingFree => call::free::<challenge::Held>;

    Java_org_libmpass_TokenNatives_policyDefault => token::policy_default;
    Java_org_libmpass_TokenNatives_key => token::key;
    Java_org_libmpass_TokenNatives_enroll => token::enroll;
    Java_org_libmpass_TokenNatives_attemptHotp => token::attempt_hotp;
    Java_org_libmpass_TokenNatives_attemptTotp => token::attempt_totp;
    Java_org_libmpass_TokenNatives_resynchronizeHotp => token::resynchronize_hotp;
    Java_org_libmpass_TokenNatives_resynchronizeTotp => token::resynchronize_totp;
    Java_org_libmpass_TokenNatives_ask => token::ask;
    Java_org_libmpass_TokenNatives_attemptOcra => token::attempt_ocra;
    Java_org_libmpass_TokenNatives_unlock => token::unlock;
    Java_org_libmpass_TokenNatives_status => token::status;

    Java_org_libmpass_ServiceNatives_tenantDefaults => tenant::defaults;
    Java_org_libmpass_ServiceNatives_tenantStoreKey => tenant::store_key;
    Java_org_libmpass_ServiceNatives_tenantCreate => tenant::create;
    Java_org_libmpass_ServiceNatives_tenantOpen => tenant::open;
    Java_org_libmpass_ServiceNatives_tenantRotate => tenant::rotate;
    Java_org_libmpass_ServiceNatives_tenantRevoke => tenant::revoke;
    Java_org_libmpass_ServiceNatives_tenantAllows => tenant::allows;
    Java_org_libmpass_ServiceNatives_tenantStored => tenant::stored;
    Java_org_libmpass_ServiceNatives_tenantFree => call::free::<tenant::Held>;
    Java_org_libmpass_ServiceNatives_customerFreshId => account::customer_fresh_id;
    Java_org_libmpass_ServiceNatives_creditsKey => account::credits_key;
    Java_org_libmpass_ServiceNatives_creditsBalance => account::credits_balance;
    Java_org_libmpass_ServiceNatives_creditsAdd => account::credits_add;
    Java_org_libmpass_ServiceNatives_grantToken => account::grant_token;
    Java_org_libmpass_ServiceNatives_engineNew => service::engine_new;
    Java_org_libmpass_ServiceNatives_engineFree => call::free::<mpass_core::service::Engine>;
    Java_org_libmpass_ServiceNatives_begin => service::begin;
    Java_org_libmpass_ServiceNatives_next => service::next;
    Java_org_libmpass_ServiceNatives_exchangeFree => call::free::<service::Held>;
    Java_org_libmpass_ServiceNatives_reasons => service::reasons;

    Java_org_libmpass_StoreNatives_memoryNew => store::memory_new;
    Java_org_libmpass_StoreNatives_memoryLoad => store::memory_load;
    Java_org_libmpass_StoreNatives_memorySwap => store::memory_swap;
    Java_org_libmpass_StoreNatives_memoryLength => store::memory_length;
    Java_org_libmpass_StoreNatives_memoryTenants => store::memory_tenants;
    Java_org_libmpass_StoreNatives_memoryFree => call::free::<mpass_core::store::MemoryStore>;
}
