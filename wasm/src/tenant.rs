//! What channels, customers and clients have in common.

use js_sys::Array;
use mpass_core::Error;
use mpass_core::service::{self, Network, Template, TenantKey};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::convert::{or_null, secret, swap};

/// How a kind of tenant tells its credential.
pub(crate) type Tell = fn(&TenantKey) -> Zeroizing<String>;

/// A write that makes or changes a tenant's credential.
#[wasm_bindgen]
pub struct TenantWrite {
    write: service::TenantWrite,
    tell: Tell,
}

impl TenantWrite {
    pub(crate) fn new(write: service::TenantWrite, tell: Tell) -> Self {
        Self { write, tell }
    }
}

#[wasm_bindgen]
impl TenantWrite {
    /// The swap to store.
    #[must_use]
    pub fn swap(&self) -> Array {
        swap(self.write.swap())
    }

    /// The credential, once the swap is stored.
    #[must_use]
    pub fn stored(self) -> JsValue {
        secret(&(self.tell)(&self.write.stored()))
    }
}

/// The class of a kind of tenant: its settings come as `$parts`, its
/// credential is told by `$tell`, and `$facts` lists its settings.
macro_rules! tenant {
    ($(#[$doc:meta])* $name:ident, $parts:ident, $tell:path, $settings:path, $facts:path) => {
        $(#[$doc])*
        #[wasm_bindgen]
        pub struct $name {
            tenant: service::$name,
            value: Vec<u8>,
        }

        #[wasm_bindgen]
        impl $name {
            /// Where the tenant of a name stands.
            #[wasm_bindgen(js_name = storeKey)]
            #[must_use]
            pub fn store_key(keyring: &Keyring, name: &str) -> Vec<u8> {
                service::$name::store_key(&keyring.0, name).0.to_vec()
            }

            /// A new tenant.
            pub fn create(
                keyring: &Keyring,
                current: Option<Vec<u8>>,
                parts: &$parts,
                policy: Option<Policy>,
                now_ms: u64,
            ) -> Result<TenantWrite, Thrown> {
                let settings = $settings(parts, policy)?;
                let (current, entropy) = (current.as_deref(), entropy()?);
                let write =
                    service::$name::create(&keyring.0, current, settings, now_ms, &entropy)?;
                Ok(TenantWrite::new(write, $tell))
            }

            /// Reads the tenant that stands at a place.
            pub fn open(keyring: &Keyring, key: &[u8], value: Vec<u8>) -> Result<Self, Thrown> {
                let tenant = service::$name::open(&keyring.0, &store_key(key)?, &value)?;
                Ok(Self { tenant, value })
            }

            /// With a new credential.
            pub fn rotate(&self, keyring: &Keyring, now_ms: u64) -> Result<TenantWrite, Thrown> {
                let entropy = entropy()?;
                let write = self
                    .tenant
                    .rotate(&keyring.0, &self.value, now_ms, &entropy)?;
                Ok(TenantWrite::new(write, $tell))
            }

            /// The swap that revokes it.
            pub fn revoke(&self, keyring: &Keyring, now_ms: u64) -> Result<Array, Thrown> {
                let entropy = entropy()?;
                let revoked = self
                    .tenant
                    .revoke(&keyring.0, &self.value, now_ms, &entropy)?;
                Ok(swap(&revoked))
            }

            /// `[keyVersion, createdAtMs, isRevoked, …]`; the rest is told by
            /// the settings.
            #[must_use]
            pub fn facts(&self) -> Array {
                let tenant = &self.tenant;
                let common = Array::of3(
                    &tenant.key_version().into(),
                    &tenant.created_at_ms().into(),
                    &tenant.is_revoked().into(),
                );
                common.concat(&$facts(tenant.settings()))
            }
        }
    };
}

pub(crate) use tenant;

/// Networks from their texts.
pub(crate) fn networks(texts: Option<Vec<String>>) -> Result<Vec<Network>, Error> {
    let texts = texts.unwrap_or_default();
    texts.iter().map(|text| text.parse()).collect()
}

/// A message's text.
pub(crate) fn template(text: Option<String>) -> Result<Option<Template>, Error> {
    text.map(|text| Template::new(&text)).transpose()
}

/// A list of JavaScript's.
pub(crate) fn listed<V: Into<JsValue>>(values: impl Iterator<Item = V>) -> JsValue {
    values.map(Into::into).collect::<Array>().into()
}

/// A text or `null`.
pub(crate) fn text_or_null(text: Option<&str>) -> JsValue {
    or_null(text.map(Into::into))
}
