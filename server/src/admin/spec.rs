//! Tenants as an administrator describes them.

use core::fmt::Debug;

use mpass_core::Error;
use mpass_core::challenge::Policy;
use mpass_core::number::CallingCode;
use mpass_core::service::{
    App, ChannelSettings, ClientSettings, CustomerSettings, Network, Scope, Template, TenantKey,
    TenantSettings,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::policy_spec::PolicySpec;

/// A tenant as an administrator describes it; omitted fields take the engine's
/// default.
pub trait TenantSpec: Clone + Debug + Serialize + DeserializeOwned {
    /// The engine's settings.
    type Settings: TenantSettings;
    /// The name of this kind of tenant.
    const KIND: &'static str;

    /// Its name.
    fn name(&self) -> &str;

    /// The engine's settings.
    ///
    /// # Errors
    /// The engine's error for the first invalid value.
    fn settings(&self) -> Result<Self::Settings, Error>;

    /// The description of settings, with every default spelled out.
    fn of(settings: &Self::Settings) -> Self;

    /// The credential as the contract's requests carry it.
    fn credential(key: &TenantKey) -> Zeroizing<String>;

    /// The country of its numbers in national form; `None` where numbers are
    /// international.
    fn country(_settings: &Self::Settings) -> Option<CallingCode> {
        None
    }
}

/// A channel as an administrator describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChannelSpec {
    /// Its name.
    pub name: String,
    /// Networks that it may call from; empty for anywhere.
    pub addresses: Vec<String>,
    /// Applications that it may send for; empty for any.
    pub apps: Vec<String>,
    /// The rules of its challenges.
    #[serde(flatten)]
    pub policy: PolicySpec,
    /// The country of numbers in national form.
    pub country: Option<u16>,
    /// The host that codes are bound to.
    pub host: Option<String>,
    /// Its English text.
    pub text_en: Option<String>,
    /// Its Arabic text.
    pub text_ar: Option<String>,
    /// The sender that its messages show.
    pub sender: Option<String>,
}

impl TenantSpec for ChannelSpec {
    type Settings = ChannelSettings;
    const KIND: &'static str = "channel";

    fn name(&self) -> &str {
        &self.name
    }

    fn settings(&self) -> Result<ChannelSettings, Error> {
        Ok(ChannelSettings {
            name: self.name.clone(),
            addresses: networks(&self.addresses)?,
            apps: self
                .apps
                .iter()
                .map(|name| App::new(name))
                .collect::<Result<_, _>>()?,
            policy: self.policy.policy(&Policy::default())?,
            country: self.country.map(CallingCode::new).transpose()?,
            host: self.host.clone(),
            text_en: self.text_en.as_deref().map(Template::new).transpose()?,
            text_ar: self.text_ar.as_deref().map(Template::new).transpose()?,
            sender: self.sender.clone(),
        })
    }

    fn of(settings: &ChannelSettings) -> Self {
        Self {
            name: settings.name.clone(),
            addresses: texts(&settings.addresses),
            apps: settings
                .apps
                .iter()
                .map(|app| app.as_str().to_owned())
                .collect(),
            policy: PolicySpec::of(&settings.policy),
            country: settings.country.map(CallingCode::get),
            host: settings.host.clone(),
            text_en: text_of(settings.text_en.as_ref()),
            text_ar: text_of(settings.text_ar.as_ref()),
            sender: settings.sender.clone(),
        }
    }

    fn credential(key: &TenantKey) -> Zeroizing<String> {
        key.expose()
    }

    fn country(settings: &ChannelSettings) -> Option<CallingCode> {
        settings.country
    }
}

/// A client of the CAMARA contracts as an administrator describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClientSpec {
    /// Its `client_id`.
    pub name: String,
    /// Networks that it may call from; empty for anywhere.
    pub addresses: Vec<String>,
    /// The names of the scopes that it may request; empty for all scopes except
    /// `number-verification:device-phone-number:read`.
    pub scopes: Vec<String>,
    /// The rules of its challenges.
    #[serde(flatten)]
    pub policy: PolicySpec,
    /// The redirect URIs of its logins.
    pub redirect_uris: Vec<String>,
    /// The public key of its assertions: an uncompressed point of P-256 in
    /// hexadecimal.
    pub public_key: Option<String>,
    /// The host that codes are bound to.
    pub host: Option<String>,
    /// The sender that its messages show.
    pub sender: Option<String>,
}

impl TenantSpec for ClientSpec {
    type Settings = ClientSettings;
    const KIND: &'static str = "client";

    fn name(&self) -> &str {
        &self.name
    }

    fn settings(&self) -> Result<ClientSettings, Error> {
        let default = ClientSettings::new(&self.name);
        let scopes = self
            .scopes
            .iter()
            .map(|name| Scope::parse(name))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(ClientSettings {
            addresses: networks(&self.addresses)?,
            scopes: match scopes.is_empty() {
                true => default.scopes,
                false => scopes,
            },
            policy: self.policy.policy(&default.policy)?,
            redirect_uris: self.redirect_uris.clone(),
            public_key: self.public_key.as_deref().map(public_key).transpose()?,
            host: self.host.clone(),
            sender: self.sender.clone(),
            name: default.name,
        })
    }

    fn of(settings: &ClientSettings) -> Self {
        Self {
            name: settings.name.clone(),
            addresses: texts(&settings.addresses),
            scopes: settings
                .scopes
                .iter()
                .map(|scope| scope.name().to_owned())
                .collect(),
            policy: PolicySpec::of(&settings.policy),
            redirect_uris: settings.redirect_uris.clone(),
            public_key: settings
                .public_key
                .map(|key| base16ct::lower::encode_string(&key)),
            host: settings.host.clone(),
            sender: settings.sender.clone(),
        }
    }

    fn credential(key: &TenantKey) -> Zeroizing<String> {
        key.expose_secret()
    }
}

/// A customer of `VerifyNow` as an administrator describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomerSpec {
    /// Its `customerId`; empty to have one assigned.
    pub name: String,
    /// Networks that it may call from; empty for anywhere.
    pub addresses: Vec<String>,
    /// The rules of its challenges.
    #[serde(flatten)]
    pub policy: PolicySpec,
    /// Its initial credits.
    pub test_credits: Option<u64>,
    /// Its English text.
    pub text_en: Option<String>,
    /// The host that codes are bound to.
    pub host: Option<String>,
    /// The sender that its messages show.
    pub sender: Option<String>,
}

impl TenantSpec for CustomerSpec {
    type Settings = CustomerSettings;
    const KIND: &'static str = "customer";

    fn name(&self) -> &str {
        &self.name
    }

    fn settings(&self) -> Result<CustomerSettings, Error> {
        let default = CustomerSettings::new(&self.name);
        Ok(CustomerSettings {
            addresses: networks(&self.addresses)?,
            policy: self.policy.policy(&default.policy)?,
            test_credits: self.test_credits.unwrap_or(default.test_credits),
            text_en: self.text_en.as_deref().map(Template::new).transpose()?,
            host: self.host.clone(),
            sender: self.sender.clone(),
            name: default.name,
        })
    }

    fn of(settings: &CustomerSettings) -> Self {
        Self {
            name: settings.name.clone(),
            addresses: texts(&settings.addresses),
            policy: PolicySpec::of(&settings.policy),
            test_credits: Some(settings.test_credits),
            text_en: text_of(settings.text_en.as_ref()),
            host: settings.host.clone(),
            sender: settings.sender.clone(),
        }
    }

    fn credential(key: &TenantKey) -> Zeroizing<String> {
        key.expose_secret()
    }
}

fn public_key(hex: &str) -> Result<[u8; 65], Error> {
    let mut key = [0; 65];
    match base16ct::mixed::decode(hex, &mut key) {
        Ok(bytes) if bytes.len() == 65 => Ok(key),
        _ => Err(Error::InvalidPublicKey),
    }
}

fn networks(texts: &[String]) -> Result<Vec<Network>, Error> {
    texts.iter().map(|text| text.parse()).collect()
}

fn texts(networks: &[Network]) -> Vec<String> {
    networks.iter().map(ToString::to_string).collect()
}

fn text_of(template: Option<&Template>) -> Option<String> {
    template.map(|template| template.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::policy_spec::LimitSpec;
    use super::*;

    /// The generator of P-256 (SEC 2 section 2.4.2).
    const POINT: &str = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
        4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

    #[test]
    fn a_channel_round_trips() {
        let spec = ChannelSpec {
            name: "shop".into(),
            addresses: vec!["10.0.0.0/8".into(), "::1/128".into()],
            apps: vec!["Shop".into()],
            policy: PolicySpec {
                digits: Some(8),
                lifetime_ms: Some(120_000),
                tries: Some(3),
                resend_interval_ms: Some(10_000),
                sends: Some(LimitSpec {
                    events: 4,
                    window_ms: 60_000,
                    burst: 2,
                }),
                guesses: Some(LimitSpec {
                    events: 9,
                    window_ms: 60_000,
                    burst: 3,
                }),
                spend: Some(LimitSpec {
                    events: 100,
                    window_ms: 60_000,
                    burst: 50,
                }),
                failures_to_lock: Some(50),
                lock_ms: Some(3_600_000),
                calling_codes: vec![34, 966],
                allow_weak: false,
            },
            country: Some(966),
            host: Some("shop.example".into()),
            text_en: Some("Code {{code}}".into()),
            text_ar: Some("رمز {{code}}".into()),
            sender: Some("Shop".into()),
        };
        assert_eq!(ChannelSpec::of(&spec.settings().unwrap()), spec);
        let json = serde_json::to_string(&spec).unwrap();
        assert_eq!(serde_json::from_str::<ChannelSpec>(&json).unwrap(), spec);
    }

    #[test]
    fn a_client_round_trips() {
        let spec = ClientSpec {
            name: "app".into(),
            scopes: vec!["number-verification:verify".into()],
            policy: PolicySpec {
                tries: Some(3),
                ..PolicySpec::of(&Policy::default())
            },
            redirect_uris: vec!["https://app.example/back".into()],
            public_key: Some(POINT.into()),
            ..ClientSpec::default()
        };
        assert_eq!(ClientSpec::of(&spec.settings().unwrap()), spec);
        let json = serde_json::to_string(&spec).unwrap();
        assert_eq!(serde_json::from_str::<ClientSpec>(&json).unwrap(), spec);
        let wrong = |change: fn(&mut ClientSpec)| {
            let mut spec = spec.clone();
            change(&mut spec);
            spec.settings().err()
        };
        let error = wrong(|spec| spec.public_key = Some("04".into()));
        assert_eq!(error, Some(Error::InvalidPublicKey));
        let error = wrong(|spec| spec.scopes = vec!["openid".into()]);
        assert_eq!(error, Some(Error::UnknownScope));
    }

    #[test]
    fn a_customer_round_trips() {
        let spec = CustomerSpec {
            name: "C-0123456789ABCDE".into(),
            policy: PolicySpec {
                digits: Some(6),
                ..PolicySpec::of(&CustomerSettings::default_policy())
            },
            test_credits: Some(7),
            text_en: Some("Code {{code}}".into()),
            ..CustomerSpec::default()
        };
        assert_eq!(CustomerSpec::of(&spec.settings().unwrap()), spec);
        let json = serde_json::to_string(&spec).unwrap();
        assert_eq!(serde_json::from_str::<CustomerSpec>(&json).unwrap(), spec);
        let default = CustomerSpec::default().settings().unwrap();
        assert_eq!(default.policy, CustomerSettings::default_policy());
    }

    #[test]
    fn omitted_fields_take_the_default() {
        let spec = ChannelSpec {
            name: "shop".into(),
            ..ChannelSpec::default()
        };
        let settings = spec.settings().unwrap();
        assert_eq!(settings.policy, Policy::default());
        assert!(settings.addresses.is_empty() && settings.host.is_none());
    }

    #[test]
    fn invalid_values_are_refused() {
        let with = |change: fn(&mut ChannelSpec)| {
            let mut spec = ChannelSpec::default();
            change(&mut spec);
            spec.settings().err()
        };
        assert_eq!(
            with(|spec| spec.policy.digits = Some(4)),
            Some(Error::PolicyTooWeak)
        );
        assert_eq!(
            with(|spec| spec.policy.digits = Some(3)),
            Some(Error::InvalidDigits)
        );
        assert_eq!(
            with(|spec| spec.policy.tries = Some(0)),
            Some(Error::InvalidTries)
        );
        assert_eq!(
            with(|spec| spec.addresses = vec!["10.0.0.0/40".into()]),
            Some(Error::InvalidAddress)
        );
        assert_eq!(
            with(|spec| spec.apps = vec!["1234".into()]),
            Some(Error::InvalidApp)
        );
        assert_eq!(
            with(|spec| spec.text_en = Some("none".into())),
            Some(Error::InvalidTemplate)
        );
    }
}
