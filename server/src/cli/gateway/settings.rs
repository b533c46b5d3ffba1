//! The settings and secrets of a gateway on the command line.

use core::str::FromStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, ensure};
use clap::{ArgAction, Args};
use serde_json::{Map, Value as Json, json};
use zeroize::Zeroizing;

use crate::cli::secret_file;
use crate::cli::value::Hidden;
use crate::gateway::SecretValues;
use crate::shown;

/// The settings of a gateway. They are those of the configuration file.
#[derive(Args)]
pub(super) struct SettingArgs {
    /// URL, a template: {{to}}, {{to_digits}}, {{text}}, {{sender}}, {{language}} and
    /// {{secret.NAME}} stand for their values
    #[arg(long, value_name = "TEMPLATE")]
    url: Option<String>,
    /// Method of the request: GET, POST or PUT [default: POST]
    #[arg(long, value_name = "METHOD")]
    method: Option<String>,
    /// Header of the request, whose value is a template; repeat it for several. The
    /// headers given replace all that there are
    #[arg(long = "header", value_name = "NAME: TEMPLATE")]
    headers: Vec<Hidden>,
    /// Body of the request, a template
    #[arg(long, value_name = "TEMPLATE", conflicts_with = "body_file")]
    body: Option<Hidden>,
    /// File with the body of the request, a template
    #[arg(long, value_name = "FILE")]
    body_file: Option<PathBuf>,
    /// Format of the body: json, form, xml or text [default: json]
    #[arg(long, value_name = "FORMAT")]
    body_format: Option<String>,
    /// User of HTTP basic authentication, a template
    #[arg(long, value_name = "TEMPLATE", requires = "basic_password")]
    basic_user: Option<Hidden>,
    /// Name of the secret that is the password of HTTP basic authentication
    #[arg(long, value_name = "SECRET", requires = "basic_user")]
    basic_password: Option<Hidden>,
    /// Sender of messages of tenants without one of their own
    #[arg(long, value_name = "SENDER")]
    sender: Option<String>,
    /// Time-out including connecting: 100ms to 7s [default: 5s]
    #[arg(long, value_name = "TIME")]
    timeout: Option<String>,
    /// File with the authorities that sign the gateway's certificate, in PEM
    /// [default: those of the system]
    #[arg(long, value_name = "FILE")]
    ca_certificates: Option<PathBuf>,
    /// Allow plain HTTP to another machine, which [egress] in the configuration must
    /// name
    #[arg(long, action = ArgAction::Set, value_name = "true|false")]
    allow_plain_http: Option<bool>,
    /// Rule for responses to accepted messages, as a JSON object; repeat it for
    /// several [default: {"status": ["200-299"]}]
    #[arg(long, value_name = "RULE")]
    success: Vec<Hidden>,
    /// Rule for responses to refused messages, as a JSON object; repeat it for
    /// several [default: 400 to 499 except 408, 425 and 429]
    #[arg(long, value_name = "RULE")]
    refusal: Vec<Hidden>,
    /// Secret for {{secret.NAME}}, in a file, or - for standard input; repeat it for
    /// several
    #[arg(long = "secret", value_name = "NAME=FILE")]
    secrets: Vec<SecretArg>,
}

/// A secret's name and its file.
#[derive(Clone)]
struct SecretArg {
    name: String,
    file: PathBuf,
}

impl FromStr for SecretArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = text
            .split_once('=')
            .ok_or("expected the name of a secret, = and the name of a file")?;
        Ok(Self {
            name: name.to_owned(),
            file: file.into(),
        })
    }
}

/// Shows neither part: the file may be a secret in the wrong place.
impl core::fmt::Debug for SecretArg {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SecretArg")
    }
}

impl SettingArgs {
    /// The settings that are given.
    pub(super) fn settings(&self) -> anyhow::Result<Map<String, Json>> {
        let mut settings = Map::new();
        let mut set = |name: &str, value: Option<Json>| {
            if let Some(value) = value {
                settings.insert(name.to_owned(), value);
            }
        };
        let text = |text: &Option<String>| text.as_deref().map(Json::from);
        set("url", text(&self.url));
        set("method", text(&self.method));
        set("body_format", text(&self.body_format));
        set("sender", text(&self.sender));
        set("timeout", text(&self.timeout));
        set("allow_plain_http", self.allow_plain_http.map(Json::from));
        set("headers", self.headers()?);
        set("body", self.body.as_ref().map(|body| body.expose().into()));
        set("body", self.body_file.as_deref().map(read).transpose()?);
        let authorities = self.ca_certificates.as_deref();
        set("ca_certificates", authorities.map(read).transpose()?);
        if let (Some(user), Some(password)) = (&self.basic_user, &self.basic_password) {
            let password = format!("{{{{secret.{}}}}}", password.expose());
            let basic = json!({ "user": user.expose(), "password": password });
            set("basic_auth", Some(basic));
        }
        set("success", rules(&self.success, "--success")?);
        set("refusal", rules(&self.refusal, "--refusal")?);
        Ok(settings)
    }

    fn headers(&self) -> anyhow::Result<Option<Json>> {
        let mut headers = Map::new();
        for header in &self.headers {
            let header = header.expose().split_once(':');
            let (name, value) = header.context("--header: expected NAME: TEMPLATE")?;
            headers.insert(name.trim().to_owned(), value.trim().into());
        }
        Ok((!headers.is_empty()).then_some(Json::Object(headers)))
    }

    /// The secrets that are given.
    pub(super) fn secrets(&self) -> anyhow::Result<SecretValues> {
        let from_input = self.secrets.iter().filter(|one| one.file == Path::new("-"));
        ensure!(
            from_input.count() <= 1,
            "--secret: standard input is one secret only"
        );
        let mut secrets = SecretValues::new();
        for SecretArg { name, file } in &self.secrets {
            let bytes = secret_file::read(file, "--secret")?;
            let text = core::str::from_utf8(&bytes);
            let text = text.map_err(|_| anyhow!("--secret: the secret is not text"))?;
            let text = Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned());
            secrets.insert(name.clone(), Some(text));
        }
        Ok(secrets)
    }
}

fn read(path: &Path) -> anyhow::Result<Json> {
    let text = std::fs::read_to_string(path);
    let text = text.with_context(|| format!("cannot read {}", shown::path(path)))?;
    Ok(text.into())
}

fn rules(rules: &[Hidden], option: &str) -> anyhow::Result<Option<Json>> {
    // The parser's own error would quote the rule.
    let read = |rule: &Hidden| {
        let rule = serde_json::from_str::<Json>(rule.expose());
        rule.map_err(|_| anyhow!("{option}: the rule is not JSON"))
    };
    let rules: Vec<Json> = rules.iter().map(read).collect::<Result<_, _>>()?;
    Ok((!rules.is_empty()).then_some(Json::Array(rules)))
}
