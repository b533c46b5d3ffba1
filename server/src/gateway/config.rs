//! The configuration of an HTTP gateway.

use core::fmt;
use core::net::IpAddr;
use core::time::Duration;
use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, anyhow, ensure};
use http::Uri;
use mpass_core::number::PhoneNumber;
use mpass_core::service::settings::{Field, Group, Value, Values as Settings};
use mpass_core::service::{Alphabet, CutOffTarget, Language, Sms};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use url::{Position, Url};
use zeroize::Zeroizing;

use super::format::{BasicAuth, BodyFormat, GatewayKind, Method};
use super::rule::Rule;
use super::template::{Escape, Secrets, Template, Values};
use crate::secret::SecretSource;

/// How long all gateways together may take for a message: an exchange expires after
/// ten seconds.
pub const BUDGET: Duration = Duration::from_secs(7);

/// An HTTP gateway: the request that delivers a message, and the meaning of its
/// responses.
#[derive(Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GatewayConfig {
    /// The kind.
    #[serde(default)]
    pub kind: GatewayKind,
    /// The name by which an administrator stops it: 1 to 64 ASCII letters, digits,
    /// `-`, `_` and `.`; `main` by default.
    #[serde(default = "default_name")]
    pub name: String,
    /// `GET`, `POST` or `PUT`.
    #[serde(default)]
    pub method: Method,
    /// The URL, a template.
    pub url: String,
    /// Headers by name; their values are templates.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body, a template.
    pub body: Option<String>,
    /// The format of the body: it determines how values are escaped, and the
    /// Content-Type unless a header sets it.
    #[serde(default)]
    pub body_format: BodyFormat,
    /// The user of HTTP basic authentication.
    pub basic_auth: Option<BasicAuth>,
    /// The sender for channels without one of their own.
    pub sender: Option<String>,
    /// The timeout including connecting, at most 7 s.
    #[serde(default = "default_timeout", with = "humantime_serde")]
    pub timeout: Duration,
    /// A PEM file with the authorities that the gateway's certificate is
    /// verified against; the system's without it.
    pub ca_certificates: Option<PathBuf>,
    /// Allows plain HTTP to a host that is not loopback: codes are then sent
    /// unencrypted.
    #[serde(default)]
    pub allow_plain_http: bool,
    /// A response that matches one of these means that the message was
    /// accepted.
    #[serde(default = "Rule::success")]
    pub success: Vec<Rule>,
    /// A response that matches one of these, and none of `success`, means that
    /// the message was definitely refused and will not be sent. Any other
    /// response means that the outcome is unknown.
    #[serde(default = "Rule::refusal")]
    pub refusal: Vec<Rule>,
    /// Secrets by name, for `{{secret.NAME}}`.
    #[serde(default)]
    pub secrets: BTreeMap<String, SecretSource>,
}

/// Shows no template, because one may contain a secret by mistake.
impl fmt::Debug for GatewayConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GatewayConfig")
            .field("method", &self.method)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

fn default_name() -> String {
    "main".to_owned()
}

const fn default_timeout() -> Duration {
    Duration::from_secs(5)
}

/// A sample message for checking templates.
pub(super) fn sample() -> anyhow::Result<Sms> {
    Ok(Sms {
        to: PhoneNumber::parse("+966500000000", None)?,
        text: "a text".to_owned().into(),
        sender: Some("a sender".to_owned()),
        language: Language::English,
        alphabet: Alphabet::Gsm7,
        segments: 1,
    })
}

/// The parsed templates of a gateway.
pub(super) struct Templates {
    /// Scheme and authority of the URL.
    pub(super) host: Uri,
    /// Path and query of the URL.
    pub(super) path: Template,
    pub(super) headers: Vec<(http::HeaderName, Template)>,
    pub(super) body: Option<Template>,
    pub(super) basic_auth: Option<(Template, Template)>,
}

impl GatewayConfig {
    /// Checks everything that needs no network, file or environment.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        self.checks().into_iter().collect()
    }

    /// The checks of [`Self::check`].
    pub(crate) fn checks(&self) -> Vec<anyhow::Result<()>> {
        self.checks_with(&|name| self.secrets.contains_key(name))
    }

    /// As [`Self::checks`], with the names of secrets that templates may contain.
    pub(super) fn checks_with(&self, is_secret: &dyn Fn(&str) -> bool) -> Vec<anyhow::Result<()>> {
        let success = self
            .success
            .iter()
            .map(|rule| rule.check("gateway.success"));
        let refusal = self
            .refusal
            .iter()
            .map(|rule| rule.check("gateway.refusal"));
        let others = [
            self.check_timeout(),
            self.check_success(),
            self.check_name(),
            self.check_user(),
            self.check_sender(),
            self.check_templates(is_secret),
        ];
        success.chain(refusal).chain(others).collect()
    }

    fn check_timeout(&self) -> anyhow::Result<()> {
        let range = Duration::from_millis(100)..=BUDGET;
        ensure!(
            range.contains(&self.timeout),
            "gateway.timeout must be between 100ms and 7s"
        );
        Ok(())
    }

    fn check_success(&self) -> anyhow::Result<()> {
        ensure!(!self.success.is_empty(), "gateway.success is empty");
        Ok(())
    }

    fn check_templates(&self, is_secret: &dyn Fn(&str) -> bool) -> anyhow::Result<()> {
        let templates = self.templates(is_secret)?;
        let body = templates.body.iter();
        let bodies: Vec<_> = body.chain([&templates.path]).collect();
        ensure!(
            bodies.iter().any(|template| template.has_number()),
            "neither gateway.url nor gateway.body has {{{{to}}}} or {{{{to_digits}}}}"
        );
        ensure!(
            bodies.iter().any(|template| template.has_text()),
            "neither gateway.url nor gateway.body has {{{{text}}}}"
        );
        self.check_json(templates.body.as_ref())
    }

    /// A gateway's name is of the form of a tenant's.
    fn check_name(&self) -> anyhow::Result<()> {
        let checked = CutOffTarget::Gateway(Some(self.name.clone())).check();
        // The value may be a secret in the wrong place.
        let range = Field::Name.range();
        // What follows is about customers.
        let range = range.split(';').next().unwrap_or_default();
        checked.map_err(|_| anyhow!("gateway.name is not valid: {range}"))
    }

    /// RFC 7617 section 2: the user ends at the first colon.
    fn check_user(&self) -> anyhow::Result<()> {
        let user = self.basic_auth.as_ref().map(|basic| &basic.user);
        ensure!(
            !user.is_some_and(|user| user.contains(':')),
            "gateway.basic_auth.user contains a colon, which basic authentication does not allow"
        );
        Ok(())
    }

    /// Whether the password of basic authentication is in the configuration itself.
    pub(crate) fn has_password(&self) -> bool {
        let basic = self.basic_auth.as_ref();
        basic.is_some_and(|basic| !basic.password.contains("{{secret."))
    }

    /// The default sender is a sender as tenants have.
    fn check_sender(&self) -> anyhow::Result<()> {
        self.sender.clone().map_or(Ok(()), |sender| {
            let checked = Settings::new(Group::Client).set(Field::Sender, Value::Text(sender));
            // The value may be a secret in the wrong place.
            checked.map_err(|_| anyhow!("gateway.sender is not valid: {}", Field::Sender.range()))
        })
    }

    /// A JSON body must be valid JSON once its placeholders are filled: with a
    /// missing quote it would fail at the first message.
    fn check_json(&self, body: Option<&Template>) -> anyhow::Result<()> {
        let (Some(body), BodyFormat::Json) = (body, self.body_format) else {
            return Ok(());
        };
        let sms = sample()?;
        let secret = |name: &String| (name.clone(), Zeroizing::new("a secret".to_owned()));
        let secrets = self.secrets.keys().map(secret).collect();
        let values = Values {
            sms: &sms,
            sender: "a sender",
            secrets: &secrets,
        };
        let text = body.render(&values, Escape::Json);
        ensure!(
            serde_json::from_str::<IgnoredAny>(&text).is_ok(),
            "gateway.body is not JSON once its placeholders are filled"
        );
        Ok(())
    }

    /// Scheme and authority of the URL; `None` if it is not valid.
    pub(crate) fn route(&self) -> Option<String> {
        let url = self.url().ok()?;
        Some(url[..Position::BeforePath].to_owned())
    }

    /// The URL, whose host must not depend on a placeholder.
    pub(super) fn url(&self) -> anyhow::Result<Url> {
        let url = Url::parse(&self.url).context("gateway.url is not a URL")?;
        let host = url.host_str().context("gateway.url has no host")?;
        ensure!(
            !host.contains(['{', '}']),
            "gateway.url has a placeholder in its host name"
        );
        ensure!(
            url.username().is_empty() && url.password().is_none(),
            "gateway.url contains credentials: move them to gateway.basic_auth"
        );
        let address = host.trim_start_matches('[').trim_end_matches(']').parse();
        let is_loopback =
            host == "localhost" || address.is_ok_and(|address: IpAddr| address.is_loopback());
        match url.scheme() {
            "https" => Ok(url),
            "http" if is_loopback || self.allow_plain_http => Ok(url),
            "http" => anyhow::bail!(
                "gateway.url would send codes to another machine unencrypted: use https, or set \
                 gateway.allow_plain_http = true"
            ),
            _ => anyhow::bail!("gateway.url is neither http nor https"),
        }
    }

    pub(super) fn templates(&self, is_secret: &dyn Fn(&str) -> bool) -> anyhow::Result<Templates> {
        let read = |text: &str, what: &str| {
            let template = Template::parse(text, what)?;
            template.check_secrets(is_secret, what)?;
            anyhow::Ok(template)
        };
        let header = |(name, value): (&String, &String)| {
            let parsed = name.parse();
            // What is no name of a header may be a secret.
            let parsed: http::HeaderName =
                parsed.map_err(|_| anyhow!("gateway.headers: a key is not a valid header name"))?;
            let what = format!("gateway.headers.{parsed}");
            let template = read(value, &what)?;
            ensure!(
                !template.has_text(),
                "{what}: a header cannot contain {{{{text}}}}"
            );
            anyhow::Ok((parsed, template))
        };
        let url = self.url()?;
        // The URL parser escapes braces in a path, but not in a query.
        let path = url[Position::BeforePath..Position::AfterQuery]
            .replace("%7B%7B", "{{")
            .replace("%7D%7D", "}}");
        Ok(Templates {
            host: url[..Position::BeforePath]
                .parse()
                .context("gateway.url has no host")?,
            path: read(&path, "gateway.url")?,
            headers: self.headers.iter().map(header).collect::<Result<_, _>>()?,
            body: self
                .body
                .as_deref()
                .map(|body| read(body, "gateway.body"))
                .transpose()?,
            basic_auth: self
                .basic_auth
                .as_ref()
                .map(|auth| {
                    anyhow::Ok((
                        read(&auth.user, "gateway.basic_auth.user")?,
                        read(&auth.password, "gateway.basic_auth.password")?,
                    ))
                })
                .transpose()?,
        })
    }

    pub(super) fn read_secrets(&self) -> anyhow::Result<Secrets> {
        self.secrets
            .iter()
            .map(|(name, source)| {
                Ok((
                    name.clone(),
                    source.read(&format!("gateway.secrets.{name}"))?,
                ))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = "url = \"https://sms.example/?to={{to}}&text={{text}}\"\n";

    fn checked(text: &str) -> Result<(), String> {
        let config: GatewayConfig = toml::from_str(text).map_err(|error| error.to_string())?;
        config.check().map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn a_minimal_configuration() {
        assert_eq!(checked(LEAST), Ok(()));
        let config: GatewayConfig = toml::from_str(LEAST).unwrap();
        assert_eq!(config.timeout, Duration::from_secs(5));
        assert_eq!(config.method, Method::Post);
        assert_eq!(config.name, "main");
    }

    #[test]
    fn mistakes_are_named() {
        for (text, word) in [
            ("url = \"https://sms.example/\"", "{{to}}"),
            ("url = \"https://sms.example/?{{to}}\"", "{{text}}"),
            ("url = \"https://{{to}}/?{{text}}\"", "host"),
            ("url = \"https://{{to}}?{{text}}\"", "host"),
            // The URL parser accepts other slashes before the host, or none.
            ("url = \"https:{{to}}/?{{text}}\"", "host"),
            ("url = \"https:/{{to}}/?{{text}}\"", "host"),
            ("url = 'https:\\\\{{to}}/?{{text}}'", "host"),
            (
                "url = \"https://sms.example:{{to}}/?{{text}}\"",
                "not a URL",
            ),
            (
                "url = \"https://sms.example:99999/?{{to}}{{text}}\"",
                "not a URL",
            ),
            ("url = \"https://[zz]/?{{to}}{{text}}\"", "not a URL"),
            (
                "url = \"http://sms.example/?{{to}}{{text}}\"",
                "allow_plain_http",
            ),
            (
                "url = \"https://a:b@sms.example/?{{to}}{{text}}\"",
                "basic_auth",
            ),
            ("url = \"ftp://sms.example/?{{to}}{{text}}\"", "http"),
            (&format!("{LEAST}timeout = \"8s\""), "timeout"),
            (
                &format!("{LEAST}headers = {{ a = \"{{{{text}}}}\" }}"),
                "headers.a",
            ),
            (
                &format!("{LEAST}headers = {{ \"a b\" = \"x\" }}"),
                "header name",
            ),
            (
                &format!("{LEAST}headers = {{ a = \"{{{{secret.x}}}}\" }}"),
                "headers.a",
            ),
            (&[LEAST, "body = '{\"a\": {{text}}}'"].concat(), "not JSON"),
            (
                &[LEAST, "body = '{\"a\": \"{{text}}\"'"].concat(),
                "not JSON",
            ),
            (&format!("{LEAST}success = []"), "success"),
            (&format!("{LEAST}sender = 'ACME '"), "gateway.sender"),
            (&format!("{LEAST}name = 'a b'"), "gateway.name"),
            (&format!("{LEAST}secrets = {{ x = \"inline\" }}"), "`file`"),
        ] {
            let error = checked(text).unwrap_err();
            assert!(error.contains(word), "{text}: {error}");
        }
        let plain = "url = \"http://10.0.0.1/?{{to}}{{text}}\"\nallow_plain_http = true";
        assert_eq!(checked(plain), Ok(()));
        assert_eq!(checked("url = \"http://[::1]:80/?{{to}}{{text}}\""), Ok(()));
    }
}
