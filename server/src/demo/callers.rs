//! The demo's callers: a channel, a customer and a client.

use std::sync::Arc;

use base64ct::{Base64, Encoding};
use mpass_core::challenge::{Keyring, Policy, PolicySettings};
use mpass_core::number::CallingCode;
use mpass_core::service::{
    Channel, ChannelSettings, Client, ClientSettings, Customer, CustomerSettings, Network, Scope,
    TenantSettings,
};
use zeroize::Zeroizing;

use super::names::NAME;
use crate::admin::operations;
use crate::state::State;

/// The purpose in the derivation of the demo's credentials.
const PURPOSE: &str = "mpass demo";
/// The networks that its callers may call from.
const LOOPBACK: [&str; 2] = ["127.0.0.0/8", "::1/128"];
/// The country of numbers in national form.
const COUNTRY: u16 = 966;
/// The id of its customer.
const CUSTOMER: &str = "C-DE0000000000000";

/// The credentials of the callers, as requests carry them.
pub(super) struct Callers {
    /// The channel's key, for mPass.
    pub(super) key: Zeroizing<String>,
    /// The customer's password in base64, for `VerifyNow`.
    pub(super) password: Zeroizing<String>,
    /// The client's secret, for the CAMARA contracts.
    pub(super) secret: Zeroizing<String>,
}

impl Callers {
    pub(super) const CHANNEL: &str = NAME;
    pub(super) const CLIENT: &str = NAME;
    pub(super) const CUSTOMER: &str = CUSTOMER;

    /// Provisions the callers in the store; `redirect_uri` is for the client's
    /// login.
    pub(super) async fn prepare(state: &State, redirect_uri: &str) -> anyhow::Result<Self> {
        let engine = state.engine.load_full();
        let keyring = engine.keyring();
        let shared = engine.shared_keyring();
        provision(state, &shared, &channel()?).await?;
        provision(state, &shared, &customer()?).await?;
        provision(state, &shared, &client(redirect_uri)?).await?;
        let password = Customer::derive_key(keyring, CUSTOMER, PURPOSE).expose_secret();
        Ok(Self {
            key: Channel::derive_key(keyring, NAME, PURPOSE).expose(),
            password: Zeroizing::new(Base64::encode_string(password.as_bytes())),
            secret: Client::derive_key(keyring, NAME, PURPOSE).expose_secret(),
        })
    }
}

async fn provision<S: TenantSettings>(
    state: &State,
    keyring: &Arc<Keyring>,
    (name, settings): &(&str, S),
) -> anyhow::Result<()> {
    use mpass_core::service::Tenant;
    let key = Tenant::<S>::derive_key(keyring, name, PURPOSE);
    operations::provision(&state.store, keyring, settings, key).await?;
    Ok(())
}

fn loopback() -> Result<Vec<Network>, mpass_core::Error> {
    LOOPBACK.iter().map(|text| text.parse()).collect()
}

fn channel() -> Result<(&'static str, ChannelSettings), mpass_core::Error> {
    let settings = ChannelSettings {
        addresses: loopback()?,
        country: Some(CallingCode::new(COUNTRY)?),
        ..ChannelSettings::new(NAME)
    };
    Ok((NAME, settings))
}

fn customer() -> Result<(&'static str, CustomerSettings), mpass_core::Error> {
    let settings = CustomerSettings {
        addresses: loopback()?,
        ..CustomerSettings::new(CUSTOMER)
    };
    Ok((CUSTOMER, settings))
}

fn client(redirect_uri: &str) -> Result<(&'static str, ClientSettings), mpass_core::Error> {
    let settings = ClientSettings {
        addresses: loopback()?,
        scopes: Scope::ALL.to_vec(),
        redirect_uris: vec![redirect_uri.to_owned()],
        // People who try the demo send twice in a row.
        policy: Policy::new(PolicySettings {
            resend_interval_ms: 0,
            ..PolicySettings::default()
        })?,
        ..ClientSettings::new(NAME)
    };
    Ok((NAME, settings))
}
