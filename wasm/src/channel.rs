//! Channels: the callers of the mPass contract.

use js_sys::Array;
use mpass_core::Error;
use mpass_core::service::{self, App, ChannelSettings, Network, Template, TenantKey};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::convert::{Thrown, calling_code, entropy, or_null, store_key, swap};
use crate::keyring::Keyring;
use crate::policy::Policy;
use crate::tenant::{TenantWrite, listed, networks, template, tenant, text_or_null};

#[wasm_bindgen]
extern "C" {
    /// Settings of a channel, as the package's own class gives them.
    pub type ChannelParts;
    #[wasm_bindgen(method, getter, structural)]
    fn name(this: &ChannelParts) -> String;
    #[wasm_bindgen(method, getter, structural)]
    fn addresses(this: &ChannelParts) -> Option<Vec<String>>;
    #[wasm_bindgen(method, getter, structural)]
    fn apps(this: &ChannelParts) -> Option<Vec<String>>;
    #[wasm_bindgen(method, getter, structural)]
    fn country(this: &ChannelParts) -> Option<u32>;
    #[wasm_bindgen(method, getter, structural)]
    fn host(this: &ChannelParts) -> Option<String>;
    #[wasm_bindgen(method, getter, structural)]
    fn english(this: &ChannelParts) -> Option<String>;
    #[wasm_bindgen(method, getter, structural)]
    fn arabic(this: &ChannelParts) -> Option<String>;
    #[wasm_bindgen(method, getter, structural)]
    fn sender(this: &ChannelParts) -> Option<String>;
}

fn settings(parts: &ChannelParts, policy: Option<Policy>) -> Result<ChannelSettings, Error> {
    let defaults = ChannelSettings::new(parts.name());
    let apps = parts.apps().unwrap_or_default();
    Ok(ChannelSettings {
        addresses: networks(parts.addresses())?,
        apps: apps
            .iter()
            .map(|name| App::new(name))
            .collect::<Result<_, _>>()?,
        policy: policy.map_or(defaults.policy, |policy| policy.0),
        country: parts.country().map(calling_code).transpose()?,
        host: parts.host(),
        text_en: template(parts.english())?,
        text_ar: template(parts.arabic())?,
        sender: parts.sender(),
        name: defaults.name,
    })
}

/// `[name, addresses, apps, country, host, english, arabic, sender]`.
fn facts(settings: &ChannelSettings) -> Array {
    let facts = [
        settings.name.as_str().into(),
        listed(settings.addresses.iter().map(Network::to_string)),
        listed(settings.apps.iter().map(App::as_str)),
        or_null(settings.country.map(|code| code.get().into())),
        text_or_null(settings.host.as_deref()),
        text_or_null(settings.text_en.as_ref().map(Template::as_str)),
        text_or_null(settings.text_ar.as_ref().map(Template::as_str)),
        text_or_null(settings.sender.as_deref()),
    ];
    facts.into_iter().collect()
}

tenant!(
    /// A channel as it stands in a store.
    Channel,
    ChannelParts,
    TenantKey::expose,
    settings,
    facts
);
