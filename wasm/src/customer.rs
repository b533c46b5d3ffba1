//! Customers: the callers of the `VerifyNow` contract, and their credits.

use js_sys::Array;
use mpass_core::Error;
use mpass_core::challenge;
use mpass_core::service::{self, CustomerSettings, Network, Template, TenantKey};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::challenge::Pending;
use crate::convert::{Thrown, entropy, store_key, swap};
use crate::keyring::Keyring;
use crate::policy::Policy;
use crate::tenant::{TenantWrite, listed, networks, template, tenant, text_or_null};

#[wasm_bindgen]
extern "C" {
    /// Settings of a customer, as the package's own class gives them.
    pub type CustomerParts;
    #[wasm_bindgen(method, getter, structural)]
    fn name(this: &CustomerParts) -> String;
    #[wasm_bindgen(method, getter, structural)]
    fn addresses(this: &CustomerParts) -> Option<Vec<String>>;
    #[wasm_bindgen(method, getter, structural, js_name = testCredits)]
    fn test_credits(this: &CustomerParts) -> Option<u64>;
    #[wasm_bindgen(method, getter, structural)]
    fn english(this: &CustomerParts) -> Option<String>;
    #[wasm_bindgen(method, getter, structural)]
    fn host(this: &CustomerParts) -> Option<String>;
    #[wasm_bindgen(method, getter, structural)]
    fn sender(this: &CustomerParts) -> Option<String>;
}

fn settings(parts: &CustomerParts, policy: Option<Policy>) -> Result<CustomerSettings, Error> {
    let defaults = CustomerSettings::new(parts.name());
    Ok(CustomerSettings {
        addresses: networks(parts.addresses())?,
        policy: policy.map_or(defaults.policy, |policy| policy.0),
        test_credits: parts.test_credits().unwrap_or(defaults.test_credits),
        text_en: template(parts.english())?,
        host: parts.host(),
        sender: parts.sender(),
        name: defaults.name,
    })
}

/// `[name, addresses, testCredits, english, host, sender]`.
fn facts(settings: &CustomerSettings) -> Array {
    let facts = [
        settings.name.as_str().into(),
        listed(settings.addresses.iter().map(Network::to_string)),
        settings.test_credits.into(),
        text_or_null(settings.text_en.as_ref().map(Template::as_str)),
        text_or_null(settings.host.as_deref()),
        text_or_null(settings.sender.as_deref()),
    ];
    facts.into_iter().collect()
}

tenant!(
    /// A customer as it stands in a store.
    Customer,
    CustomerParts,
    TenantKey::expose_secret,
    settings,
    facts
);

#[wasm_bindgen]
impl Customer {
    /// A `customerId` for a new customer.
    #[wasm_bindgen(js_name = freshId)]
    pub fn fresh_id(now_ms: u64) -> Result<String, Thrown> {
        let entropy = entropy()?;
        Ok(service::Customer::fresh_id(now_ms, &entropy))
    }

    /// Its credits.
    #[must_use]
    pub fn credits(&self, keyring: &Keyring) -> Credits {
        Credits {
            keyring: keyring.0.clone(),
            customer: self.tenant.clone(),
        }
    }
}

/// The prepaid credits of a customer.
#[wasm_bindgen]
pub struct Credits {
    keyring: challenge::Keyring,
    customer: service::Customer,
}

impl Credits {
    fn core(&self) -> challenge::Credits<'_> {
        self.customer.credits(&self.keyring)
    }
}

#[wasm_bindgen]
impl Credits {
    /// Where their record stands.
    #[must_use]
    pub fn key(&self) -> Vec<u8> {
        self.core().key().0.to_vec()
    }

    /// How many are left.
    pub fn balance(&self, current: Option<Vec<u8>>) -> Result<u64, Thrown> {
        Ok(self.core().balance(current.as_deref())?)
    }

    /// Adds credits; the outcome is the new balance.
    pub fn add(&self, current: Option<Vec<u8>>, paid: u64, now_ms: u64) -> Result<Pending, Thrown> {
        let current = current.as_deref();
        let pending = self.core().add(current, paid, now_ms, &*entropy()?)?;
        Ok(pending.into())
    }
}
