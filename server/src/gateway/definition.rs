//! A gateway that is defined while servers run.

use core::fmt;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, anyhow, bail, ensure};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use url::Url;
use zeroize::Zeroizing;

use super::config::GatewayConfig;
use super::http::HttpGateway;
use super::template::{Secrets, Template};
use crate::egress::EgressConfig;
use crate::outgoing::Authorities;

/// The setting with the authorities in PEM, where a file has the name of a file.
const AUTHORITIES: &str = "ca_certificates";
/// All settings.
const SETTINGS: &[&str] = &[
    "kind",
    "method",
    "url",
    "headers",
    "body",
    "body_format",
    "basic_auth",
    "sender",
    "timeout",
    AUTHORITIES,
    "allow_plain_http",
    "success",
    "refusal",
];
/// The settings that are not set as others are.
const APART: &[&str] = &["name", "secrets", AUTHORITIES];
/// The settings that determine who receives the secrets, and in which place.
const TARGET: &[&str] = &[
    "kind",
    "url",
    "headers",
    "body",
    "body_format",
    "basic_auth",
    "allow_plain_http",
    AUTHORITIES,
];
/// The longest secret, in bytes.
const LONGEST_SECRET: usize = 4096;
/// The most secrets of a gateway.
const MOST_SECRETS: usize = 16;
/// Parts of the names of headers and parameters that authenticate.
const TELLTALE: &[&str] = &["auth", "key", "token", "secret", "pass", "pwd", "cookie"];

/// New values of secrets by name; `None` removes one.
pub type SecretValues = BTreeMap<String, Option<Zeroizing<String>>>;

/// A gateway that is defined while servers run, with its secrets. It is stored
/// encrypted.
#[derive(Clone, Serialize, Deserialize)]
pub struct Definition {
    /// Its settings, without secrets and authorities.
    config: GatewayConfig,
    /// The authorities, in PEM.
    authorities: Option<String>,
    secrets: Secrets,
    /// When it was created, in milliseconds of Unix time.
    created_at_ms: u64,
}

/// Shows the name only.
impl fmt::Debug for Definition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Definition")
            .field("name", &self.config.name)
            .finish_non_exhaustive()
    }
}

impl Definition {
    /// A new definition.
    ///
    /// # Errors
    /// An error that names the setting and contains no value.
    pub fn new(
        name: &str,
        settings: &Map<String, Json>,
        secrets: &SecretValues,
        now_ms: u64,
    ) -> anyhow::Result<Self> {
        ensure!(settings.contains_key("url"), "the gateway needs a url");
        let least = serde_json::json!({ "name": name, "url": "" });
        let new = Self {
            config: serde_json::from_value(least)?,
            authorities: None,
            secrets: Secrets::new(),
            created_at_ms: now_ms,
        };
        new.patched(settings, secrets)
    }

    /// The definition with other settings; `null` is the default. If they change who
    /// receives the secrets, or in which place, only secrets of this change remain.
    ///
    /// # Errors
    /// An error that names the setting and contains no value.
    pub fn patched(
        &self,
        settings: &Map<String, Json>,
        secrets: &SecretValues,
    ) -> anyhow::Result<Self> {
        let mut next = self.clone();
        for (name, value) in settings {
            next.set(name, value)?;
        }
        if next.target() != self.target() {
            next.secrets.clear();
        }
        for (name, value) in secrets {
            match value {
                Some(value) => next.secrets.insert(name.clone(), value.clone()),
                None => next.secrets.remove(name),
            };
        }
        next.check()?;
        Ok(next)
    }

    fn set(&mut self, name: &str, value: &Json) -> anyhow::Result<()> {
        if name == AUTHORITIES {
            self.authorities = match value {
                Json::Null => None,
                Json::String(pem) => Some(pem.clone()),
                _ => bail!("gateway.{AUTHORITIES} is not text in PEM"),
            };
            return Ok(());
        }
        let Json::Object(mut members) = serde_json::to_value(&self.config)? else {
            bail!("the settings are no object");
        };
        // What is no name may be a secret.
        ensure!(
            Self::is_setting(name),
            "one of the settings is not that of a gateway"
        );
        match value {
            Json::Null => members.remove(name),
            value => members.insert(name.to_owned(), value.clone()),
        };
        // The parser's own error would quote the value.
        self.config = serde_json::from_value(Json::Object(members))
            .map_err(|_| anyhow!("gateway.{name} is not valid"))?;
        Ok(())
    }

    /// Whether this is the name of a setting.
    #[must_use]
    pub fn is_setting(name: &str) -> bool {
        SETTINGS.contains(&name)
    }

    /// Whether this is the name of a setting that owns the secrets.
    #[must_use]
    pub fn is_target(name: &str) -> bool {
        TARGET.contains(&name)
    }

    /// The settings that own the secrets.
    fn target(&self) -> Map<String, Json> {
        let mut settings = self.settings();
        settings.retain(|name, _| TARGET.contains(&name.as_str()));
        settings
    }

    /// The settings without the name and without secrets; defaults included.
    #[must_use]
    pub fn settings(&self) -> Map<String, Json> {
        let Ok(Json::Object(mut members)) = serde_json::to_value(&self.config) else {
            return Map::new();
        };
        members.retain(|name, value| !APART.contains(&name.as_str()) && !value.is_null());
        if let Some(pem) = &self.authorities {
            members.insert(AUTHORITIES.to_owned(), pem.as_str().into());
        }
        members
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.config.name
    }

    /// When it was created, in milliseconds of Unix time.
    #[must_use]
    pub fn created_at_ms(&self) -> u64 {
        self.created_at_ms
    }

    /// Scheme and authority of its URL.
    #[must_use]
    pub fn route(&self) -> Option<String> {
        self.config.route()
    }

    /// The names of its secrets, and whether each is set: those that it has, and those
    /// that its templates contain.
    #[must_use]
    pub fn secrets(&self) -> BTreeMap<String, bool> {
        let has = |name: &String| (name.clone(), self.secrets.contains_key(name));
        let used = self.used().unwrap_or_default();
        used.iter().chain(self.secrets.keys()).map(has).collect()
    }

    /// The names of the secrets that its templates contain.
    fn used(&self) -> anyhow::Result<BTreeSet<String>> {
        let templates = self.config.templates(&|_| true)?;
        let basic = templates.basic_auth.iter();
        let headers = templates.headers.iter().map(|(_, value)| value);
        let all = headers
            .chain(basic.flat_map(|(user, password)| [user, password]))
            .chain(&templates.body)
            .chain([&templates.path]);
        Ok(all.flat_map(Template::secrets).map(str::to_owned).collect())
    }

    fn check(&self) -> anyhow::Result<()> {
        let checks = self.config.checks_with(&|_| true);
        checks.into_iter().collect::<anyhow::Result<()>>()?;
        ensure!(
            self.secrets.len() <= MOST_SECRETS,
            "a gateway has at most {MOST_SECRETS} secrets"
        );
        for (name, secret) in &self.secrets {
            let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
            // What is no name may be a secret.
            ensure!(
                (1..=64).contains(&name.len()) && name.bytes().all(is_name),
                "the name of a secret has 1 to 64 ASCII letters, digits, - or _"
            );
            ensure!(
                (1..=LONGEST_SECRET).contains(&secret.len()),
                "a secret is empty, or longer than {LONGEST_SECRET} bytes"
            );
        }
        self.check_literals()?;
        self.parsed_authorities().map(drop)
    }

    /// Settings are shown to whoever may read gateways, so that what authenticates must
    /// be a secret.
    fn check_literals(&self) -> anyhow::Result<()> {
        let advice = "is shown to who reads the gateway: take it from a secret, {{secret.NAME}}";
        let authenticates = |name: &str| {
            let name = name.to_ascii_lowercase();
            TELLTALE.iter().any(|part| name.contains(part))
        };
        let has_secret = |text: &str| text.contains("{{secret.");
        for (name, value) in &self.config.headers {
            ensure!(
                !authenticates(name) || has_secret(value),
                "gateway.headers.{} {advice}",
                name.to_ascii_lowercase()
            );
        }
        if let Some(basic) = &self.config.basic_auth {
            let password = Template::parse(&basic.password, "gateway.basic_auth.password")?;
            ensure!(password.is_secret(), "gateway.basic_auth.password {advice}");
        }
        let url = self.config.url()?;
        for (name, value) in url.query_pairs() {
            ensure!(
                !authenticates(&name) || value.contains("{{"),
                "gateway.url has a parameter that {advice}"
            );
        }
        Ok(())
    }

    fn parsed_authorities(&self) -> anyhow::Result<Option<Authorities>> {
        let Some(pem) = &self.authorities else {
            return Ok(None);
        };
        let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
        // The parser's own error quotes the text.
        let authorities = read.map_err(|_| anyhow!("gateway.{AUTHORITIES} is malformed"))?;
        ensure!(
            !authorities.is_empty(),
            "gateway.{AUTHORITIES} contains no certificate"
        );
        Ok(Some(authorities))
    }

    /// Refuses a URL that must not be connected to. What a name resolves to is checked
    /// at each connection.
    ///
    /// # Errors
    /// An error without the URL.
    pub fn check_egress(&self, egress: &EgressConfig) -> anyhow::Result<()> {
        let url = Url::parse(&self.config.url)?;
        egress.guard(&url).context("gateway.url").map(drop)
    }

    /// The gateway, connecting to what `egress` admits.
    ///
    /// # Errors
    /// When a secret is not set, or the address is refused.
    pub fn gateway(&self, egress: &EgressConfig) -> anyhow::Result<HttpGateway> {
        for name in self.used()? {
            let is_set = self.secrets.contains_key(&name);
            ensure!(is_set, "gateway.secrets.{name} is not set");
        }
        let authorities = self.parsed_authorities()?;
        HttpGateway::with(
            &self.config,
            self.secrets.clone(),
            authorities,
            Some(egress),
        )
    }
}
