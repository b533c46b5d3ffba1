//! Clients: the callers of the CAMARA contracts.

use js_sys::Array;
use mpass_core::Error;
use mpass_core::service::{self, ClientSettings, Grant, Network, Scope, TenantKey};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::convert::{Thrown, bytes, entropy, or_null, secret, store_key, swap};
use crate::keyring::Keyring;
use crate::number::PhoneNumber;
use crate::policy::Policy;
use crate::tenant::{TenantWrite, listed, networks, tenant, text_or_null};

#[wasm_bindgen]
extern "C" {
    /// Settings of a client, as the package's own class gives them.
    pub type ClientParts;
    #[wasm_bindgen(method, getter, structural)]
    fn name(this: &ClientParts) -> String;
    #[wasm_bindgen(method, getter, structural)]
    fn addresses(this: &ClientParts) -> Option<Vec<String>>;
    #[wasm_bindgen(method, getter, structural)]
    fn scopes(this: &ClientParts) -> Option<Vec<String>>;
    #[wasm_bindgen(method, getter, structural, js_name = redirectUris)]
    fn redirect_uris(this: &ClientParts) -> Option<Vec<String>>;
    #[wasm_bindgen(method, getter, structural, js_name = publicKey)]
    fn public_key(this: &ClientParts) -> Option<Vec<u8>>;
    #[wasm_bindgen(method, getter, structural)]
    fn host(this: &ClientParts) -> Option<String>;
    #[wasm_bindgen(method, getter, structural)]
    fn sender(this: &ClientParts) -> Option<String>;

    /// What a token is given for, its number aside.
    pub type GrantParts;
    #[wasm_bindgen(method, getter, structural, js_name = scopes)]
    fn granted(this: &GrantParts) -> Vec<String>;
    #[wasm_bindgen(method, getter, structural, js_name = isByNetwork)]
    fn is_by_network(this: &GrantParts) -> Option<bool>;
    #[wasm_bindgen(method, getter, structural, js_name = lifeS)]
    fn life_s(this: &GrantParts) -> u64;
}

fn scopes(names: &[String]) -> Result<Vec<Scope>, Error> {
    names.iter().map(|name| Scope::parse(name)).collect()
}

fn settings(parts: &ClientParts, policy: Option<Policy>) -> Result<ClientSettings, Error> {
    let defaults = ClientSettings::new(parts.name());
    let point = |bytes: Vec<u8>| bytes.try_into().map_err(|_| Error::InvalidPublicKey);
    Ok(ClientSettings {
        addresses: networks(parts.addresses())?,
        scopes: match parts.scopes() {
            Some(names) => scopes(&names)?,
            None => defaults.scopes,
        },
        policy: policy.map_or(defaults.policy, |policy| policy.0),
        redirect_uris: parts.redirect_uris().unwrap_or_default(),
        public_key: parts.public_key().map(point).transpose()?,
        host: parts.host(),
        sender: parts.sender(),
        name: defaults.name,
    })
}

/// `[name, addresses, scopes, redirectUris, publicKey, host, sender]`.
fn facts(settings: &ClientSettings) -> Array {
    let facts = [
        settings.name.as_str().into(),
        listed(settings.addresses.iter().map(Network::to_string)),
        listed(settings.scopes.iter().map(|scope| scope.name())),
        listed(settings.redirect_uris.iter().map(String::as_str)),
        or_null(settings.public_key.as_ref().map(|key| bytes(key))),
        text_or_null(settings.host.as_deref()),
        text_or_null(settings.sender.as_deref()),
    ];
    facts.into_iter().collect()
}

tenant!(
    /// A client as it stands in a store.
    Client,
    ClientParts,
    TenantKey::expose_secret,
    settings,
    facts
);

#[wasm_bindgen]
impl Client {
    /// An access token for it.
    pub fn grant(
        &self,
        keyring: &Keyring,
        parts: &GrantParts,
        number: Option<PhoneNumber>,
        now_ms: u64,
    ) -> Result<JsValue, Thrown> {
        let grant = Grant {
            scopes: scopes(&parts.granted())?,
            number: number.map(|number| number.0),
            is_by_network: parts.is_by_network().unwrap_or(false),
            life_s: parts.life_s(),
        };
        let token = grant.token(&keyring.0, &self.tenant, now_ms, &*entropy()?)?;
        Ok(secret(&token))
    }
}
