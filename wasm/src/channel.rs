//! Channels: the callers of the mPass contract.

use js_sys::Array;
use mpass_core::Error;
use mpass_core::service::{self, App, ChannelSettings, Template};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::convert::{Thrown, calling_code, entropy, or_null, place, secret, swap};
use crate::keyring::Keyring;
use crate::policy::Policy;

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

fn settings(parts: &ChannelParts, policy: &Policy) -> Result<ChannelSettings, Error> {
    let template = |text: Option<String>| text.map(|text| Template::new(&text)).transpose();
    let addresses = parts.addresses().unwrap_or_default();
    let apps = parts.apps().unwrap_or_default();
    Ok(ChannelSettings {
        addresses: addresses
            .iter()
            .map(|text| text.parse())
            .collect::<Result<_, _>>()?,
        apps: apps
            .iter()
            .map(|name| App::new(name))
            .collect::<Result<_, _>>()?,
        policy: policy.0.clone(),
        country: parts.country().map(calling_code).transpose()?,
        host: parts.host(),
        english: template(parts.english())?,
        arabic: template(parts.arabic())?,
        sender: parts.sender(),
        ..ChannelSettings::new(parts.name())
    })
}

/// A write that makes or changes a channel's key.
#[wasm_bindgen]
pub struct ChannelWrite(service::ChannelWrite);

#[wasm_bindgen]
impl ChannelWrite {
    /// The swap to store.
    #[must_use]
    pub fn swap(&self) -> Array {
        swap(self.0.swap())
    }

    /// The channel key, once the swap is stored.
    #[must_use]
    pub fn stored(self) -> JsValue {
        secret(&self.0.stored().expose())
    }
}

/// A channel as it stands in a store.
#[wasm_bindgen]
pub struct Channel {
    channel: service::Channel,
    value: Vec<u8>,
}

#[wasm_bindgen]
impl Channel {
    /// Where the channel of a name stands.
    #[must_use]
    pub fn place(keyring: &Keyring, name: &str) -> Vec<u8> {
        service::Channel::place(&keyring.0, name).0.to_vec()
    }

    /// A new channel.
    pub fn create(
        keyring: &Keyring,
        current: Option<Vec<u8>>,
        parts: &ChannelParts,
        policy: &Policy,
        now_ms: u64,
    ) -> Result<ChannelWrite, Thrown> {
        Ok(ChannelWrite(service::Channel::create(
            &keyring.0,
            current.as_deref(),
            settings(parts, policy)?,
            now_ms,
            &*entropy()?,
        )?))
    }

    /// Reads the channel that stands at a place.
    pub fn open(keyring: &Keyring, key: &[u8], value: Vec<u8>) -> Result<Self, Thrown> {
        let channel = service::Channel::open(&keyring.0, &place(key)?, &value)?;
        Ok(Self { channel, value })
    }

    /// With a new key.
    pub fn rotate(&self, keyring: &Keyring, now_ms: u64) -> Result<ChannelWrite, Thrown> {
        let entropy = entropy()?;
        let write = self
            .channel
            .rotate(&keyring.0, &self.value, now_ms, &entropy)?;
        Ok(ChannelWrite(write))
    }

    /// The swap that revokes it.
    pub fn revoke(&self, keyring: &Keyring, now_ms: u64) -> Result<Array, Thrown> {
        let entropy = entropy()?;
        let revoked = self
            .channel
            .revoke(&keyring.0, &self.value, now_ms, &entropy)?;
        Ok(swap(&revoked))
    }

    /// `[name, keyVersion, createdAtMs, isRevoked, addresses, apps, country,
    /// host, english, arabic, sender]`.
    #[must_use]
    pub fn facts(&self) -> Array {
        let channel = &self.channel;
        let settings = channel.settings();
        let template = |template: &Option<Template>| {
            or_null(template.as_ref().map(|template| template.as_str().into()))
        };
        let addresses = settings.addresses.iter();
        let apps = settings.apps.iter();
        let facts = [
            settings.name.as_str().into(),
            channel.key_version().into(),
            channel.created_at_ms().into(),
            channel.is_revoked().into(),
            addresses
                .map(|network| JsValue::from(network.to_string()))
                .collect::<Array>()
                .into(),
            apps.map(|app| JsValue::from(app.as_str()))
                .collect::<Array>()
                .into(),
            or_null(settings.country.map(|code| code.get().into())),
            or_null(settings.host.as_deref().map(Into::into)),
            template(&settings.english),
            template(&settings.arabic),
            or_null(settings.sender.as_deref().map(Into::into)),
        ];
        facts.into_iter().collect()
    }
}
