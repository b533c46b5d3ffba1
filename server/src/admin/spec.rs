use mpass_core::Error;
use mpass_core::challenge::{CallingCodes, Limit, Policy, PolicySettings};
use mpass_core::number::CallingCode;
use mpass_core::oath::Digits;
use mpass_core::service::{App, ChannelSettings, Template};
use serde::{Deserialize, Serialize};

/// A channel as an administrator describes it; what is left out has the
/// engine's default. Times are in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ChannelSpec {
    /// Its name.
    pub name: String,
    /// Networks that it may call from; none: anywhere.
    pub addresses: Vec<String>,
    /// Applications that it may send for; none: any.
    pub apps: Vec<String>,
    /// The length of its codes.
    pub digits: Option<u8>,
    /// How long a code lives.
    pub lifetime_ms: Option<u64>,
    /// Wrong codes that end a challenge.
    pub tries: Option<u8>,
    /// The least time between two sends to a number.
    pub resend_interval_ms: Option<u64>,
    /// Sends to one number.
    pub sends: Option<LimitSpec>,
    /// Wrong codes for one number.
    pub guesses: Option<LimitSpec>,
    /// Sends of the whole channel.
    pub spend: Option<LimitSpec>,
    /// Wrong codes in a row that lock a number.
    pub failures_to_lock: Option<u16>,
    /// How long a number stays locked.
    pub lock_ms: Option<u64>,
    /// Country codes that it may send to; none: all.
    pub calling_codes: Vec<u16>,
    /// The country of numbers in national form.
    pub country: Option<u16>,
    /// Whether the policy may be weak.
    pub allow_weak: bool,
    /// The host that codes are bound to.
    pub host: Option<String>,
    /// Its English text.
    pub text_en: Option<String>,
    /// Its Arabic text.
    pub text_ar: Option<String>,
    /// The sender that its messages show.
    pub sender: Option<String>,
}

/// How often something may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitSpec {
    /// Most events in any window.
    pub events: u32,
    /// The window.
    pub window_ms: u64,
    /// Most events at once.
    pub burst: u32,
}

impl From<Limit> for LimitSpec {
    fn from(limit: Limit) -> Self {
        Self {
            events: limit.events(),
            window_ms: limit.window_ms(),
            burst: limit.burst(),
        }
    }
}

impl TryFrom<LimitSpec> for Limit {
    type Error = Error;

    fn try_from(spec: LimitSpec) -> Result<Self, Error> {
        Self::new(spec.events, spec.window_ms, spec.burst)
    }
}

impl ChannelSpec {
    /// What the engine takes.
    ///
    /// # Errors
    /// The engine's own, for each value that it refuses.
    pub fn settings(&self) -> Result<ChannelSettings, Error> {
        Ok(ChannelSettings {
            name: self.name.clone(),
            addresses: self
                .addresses
                .iter()
                .map(|text| text.parse())
                .collect::<Result<_, _>>()?,
            apps: self
                .apps
                .iter()
                .map(|name| App::new(name))
                .collect::<Result<_, _>>()?,
            policy: self.policy()?,
            country: self.country.map(CallingCode::new).transpose()?,
            host: self.host.clone(),
            english: self.text_en.as_deref().map(Template::new).transpose()?,
            arabic: self.text_ar.as_deref().map(Template::new).transpose()?,
            sender: self.sender.clone(),
        })
    }

    fn policy(&self) -> Result<Policy, Error> {
        let default = PolicySettings::default();
        let limit = |spec: Option<LimitSpec>, otherwise: Limit| match spec {
            Some(spec) => Limit::try_from(spec),
            None => Ok(otherwise),
        };
        let mut calling_codes = CallingCodes::all();
        for code in &self.calling_codes {
            calling_codes.insert(CallingCode::new(*code)?);
        }
        Policy::new(PolicySettings {
            digits: self.digits.map_or(Ok(default.digits), Digits::new)?,
            lifetime_ms: self.lifetime_ms.unwrap_or(default.lifetime_ms),
            tries: self.tries.unwrap_or(default.tries),
            resend_interval_ms: self
                .resend_interval_ms
                .unwrap_or(default.resend_interval_ms),
            sends: limit(self.sends, default.sends)?,
            guesses: limit(self.guesses, default.guesses)?,
            failures_to_lock: self.failures_to_lock.unwrap_or(default.failures_to_lock),
            lock_ms: self.lock_ms.unwrap_or(default.lock_ms),
            spend: self.spend.map(Limit::try_from).transpose()?,
            calling_codes,
            allow_weak: self.allow_weak,
        })
    }

    /// What an administrator would say to get these settings, with every
    /// default said.
    #[must_use]
    pub fn of(settings: &ChannelSettings) -> Self {
        let policy = settings.policy.settings();
        let template = |template: &Option<Template>| {
            template
                .as_ref()
                .map(|template| template.as_str().to_owned())
        };
        Self {
            name: settings.name.clone(),
            addresses: settings.addresses.iter().map(ToString::to_string).collect(),
            apps: settings
                .apps
                .iter()
                .map(|app| app.as_str().to_owned())
                .collect(),
            digits: Some(policy.digits.get()),
            lifetime_ms: Some(policy.lifetime_ms),
            tries: Some(policy.tries),
            resend_interval_ms: Some(policy.resend_interval_ms),
            sends: Some(policy.sends.into()),
            guesses: Some(policy.guesses.into()),
            spend: policy.spend.map(Into::into),
            failures_to_lock: Some(policy.failures_to_lock),
            lock_ms: Some(policy.lock_ms),
            calling_codes: policy.calling_codes.iter().map(CallingCode::get).collect(),
            country: settings.country.map(CallingCode::get),
            allow_weak: policy.allow_weak,
            host: settings.host.clone(),
            text_en: template(&settings.english),
            text_ar: template(&settings.arabic),
            sender: settings.sender.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let spec = ChannelSpec {
            name: "shop".into(),
            addresses: vec!["10.0.0.0/8".into(), "::1/128".into()],
            apps: vec!["Shop".into()],
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
            country: Some(966),
            allow_weak: false,
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
    fn what_is_left_out_has_the_default() {
        let spec = ChannelSpec {
            name: "shop".into(),
            ..ChannelSpec::default()
        };
        let settings = spec.settings().unwrap();
        assert_eq!(settings.policy, Policy::default());
        assert!(settings.addresses.is_empty() && settings.host.is_none());
    }

    #[test]
    fn what_the_engine_refuses_is_refused() {
        let with = |change: fn(&mut ChannelSpec)| {
            let mut spec = ChannelSpec::default();
            change(&mut spec);
            spec.settings().err()
        };
        assert_eq!(
            with(|spec| spec.digits = Some(4)),
            Some(Error::PolicyTooWeak)
        );
        assert_eq!(
            with(|spec| spec.digits = Some(3)),
            Some(Error::InvalidDigits)
        );
        assert_eq!(with(|spec| spec.tries = Some(0)), Some(Error::InvalidTries));
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
