//! `mpass uri`.

use core::fmt::Write;
use std::io::Read;

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use mpass_core::oath::uri::{Caution, KeyUri, Kind};
use mpass_core::oath::{Digits, Secret, exposed};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use super::oath::{SecretArgs, SecretOptions};
use super::outcome::Outcome;
use super::output::{print_lines, warn};
use super::value::{self, AlgorithmName, Hidden};

const BUILD_EXAMPLES: &str = "\
Known problems of authenticator apps with the URI are printed to standard error.
The URI contains the secret.

Examples:
  mpass uri build totp --account ali@example.com --issuer Example \\
             --secret-file token.key
  mpass uri build hotp --account ali --counter 0 --secret-base32 GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

const PARSE_EXAMPLES: &str = "\
Prints type, issuer, account, algorithm, digits and counter or period, then any
other parameters, as name=value lines. The secret is omitted without
--show-secret.

Examples:
  mpass uri parse 'otpauth://totp/Example:ali?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  zbarimg --quiet --raw code.png | mpass uri parse - --json --show-secret";

/// The maximum input; a URI is far shorter.
const LONGEST_URI: u64 = 64 * 1024;

/// Build and parse key URIs (otpauth://), which authenticator apps read as QR
/// codes
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mpass uri build totp --account ali --issuer Example \
                        --secret-file token.key\n  mpass uri parse 'otpauth://totp/…'"
)]
pub(super) struct UriArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Print a key URI
    #[command(after_help = BUILD_EXAMPLES)]
    Build(Build),
    /// Print the contents of a key URI
    #[command(after_help = PARSE_EXAMPLES)]
    Parse(Parse),
}

#[derive(Args)]
struct Build {
    /// Type of codes
    #[arg(value_enum, value_name = "TYPE")]
    kind: KindName,
    /// Account name
    #[arg(long, value_name = "NAME")]
    account: String,
    /// Issuer name
    #[arg(long, value_name = "NAME")]
    issuer: Option<String>,
    #[command(flatten)]
    secret: SecretArgs,
    #[command(flatten)]
    options: SecretOptions,
    /// Number of digits in a code, 4 to 10
    #[arg(long, short, value_name = "D", default_value = "6", value_parser = value::digits)]
    digits: Digits,
    /// Hash algorithm
    #[arg(
        long,
        short,
        value_name = "HASH",
        default_value = "sha1",
        value_enum,
        ignore_case = true
    )]
    algorithm: AlgorithmName,
    /// Length of a time step in seconds, for totp [default: 30]
    #[arg(long, short, value_name = "S")]
    step: Option<u64>,
    /// Counter of the next code, for hotp [default: 0]
    #[arg(long, short, value_name = "N", conflicts_with = "step")]
    counter: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum KindName {
    /// Time-based codes
    Totp,
    /// Counter-based codes
    Hotp,
}

#[derive(Args)]
struct Parse {
    /// Key URI, or - for standard input
    #[arg(value_name = "URI")]
    uri: Hidden,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Print the secret, too
    #[arg(long)]
    show_secret: bool,
}

impl UriArgs {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        match self.command {
            Command::Build(build) => build.run()?,
            Command::Parse(parse) => parse.run()?,
        }
        Ok(Outcome::Done)
    }
}

impl Build {
    fn run(&self) -> anyhow::Result<()> {
        let secret = self.secret.read_alone(&self.options)?;
        super::oath::key(&secret, self.algorithm.into(), self.options.allow_short)?;
        let uri = self.uri(secret)?;
        let text = exposed(uri.expose());
        print_lines([text.as_str()])?;
        for caution in uri.cautions() {
            warn(&format!("warning: {}", caution_text(caution)));
        }
        Ok(())
    }

    fn uri(&self, secret: Secret) -> anyhow::Result<KeyUri<'_>> {
        let kind = match (self.kind, self.counter, self.step) {
            (KindName::Hotp, counter, None) => Kind::Hotp {
                counter: counter.unwrap_or(0),
            },
            (KindName::Totp, None, step) => Kind::Totp {
                period: step.unwrap_or(30),
            },
            (KindName::Hotp, ..) => anyhow::bail!("--step requires totp"),
            (KindName::Totp, ..) => anyhow::bail!("--counter requires hotp"),
        };
        let uri = KeyUri::new(kind, &self.account, secret)
            .context("--account is invalid")?
            .with_algorithm(self.algorithm.into())
            .with_digits(self.digits);
        match &self.issuer {
            Some(issuer) => uri.with_issuer(issuer).context("--issuer is invalid"),
            None => Ok(uri),
        }
    }
}

fn caution_text(caution: Caution) -> &'static str {
    match caution {
        Caution::Counter => "several authenticator apps do not support counter-based codes",
        Caution::Algorithm => "several authenticator apps support SHA-1 only",
        Caution::Digits => "some authenticator apps always show six digits",
        Caution::Period => "some authenticator apps always use 30 seconds",
        Caution::PeriodBelowFive => "FreeOTP refuses steps below 5 seconds",
        Caution::SecretLength => "some authenticator apps require a secret of 20 bytes",
        Caution::NoIssuer => "without an issuer, accounts of the same name cannot be distinguished",
        _ => "authenticator apps interpret this URI differently",
    }
}

impl Parse {
    fn run(&self) -> anyhow::Result<()> {
        let mut text = Zeroizing::new(self.uri.expose().to_owned());
        if text.as_str() == "-" {
            text.clear();
            std::io::stdin()
                .lock()
                .take(LONGEST_URI)
                .read_to_string(&mut text)
                .context("cannot read standard input")?;
        }
        let uri = KeyUri::parse(text.trim())?;
        let fields = self.fields(&uri);
        let lines = Zeroizing::new(match self.json {
            true => object(fields).to_string(),
            false => lines(&fields),
        });
        print_lines([lines.trim_end()])
    }

    fn fields(&self, uri: &KeyUri<'_>) -> Vec<(String, Value)> {
        let (kind, extent, value) = match uri.kind() {
            Kind::Hotp { counter } => ("hotp", "counter", counter),
            Kind::Totp { period } => ("totp", "period", period),
        };
        let mut fields = vec![("type".to_owned(), json!(kind))];
        if let Some(issuer) = uri.issuer() {
            fields.push(("issuer".into(), json!(issuer.to_string())));
        }
        fields.push(("account".into(), json!(uri.account().to_string())));
        if self.show_secret {
            let secret = uri.secret().expose_base32().to_string();
            fields.push(("secret".into(), json!(secret)));
        }
        fields.push(("algorithm".into(), json!(uri.algorithm().to_string())));
        fields.push(("digits".into(), json!(uri.digits().get())));
        fields.push((extent.into(), json!(value)));
        for (name, value) in uri.parameters() {
            fields.push((name.to_string(), json!(value.to_string())));
        }
        fields
    }
}

fn object(fields: Vec<(String, Value)>) -> Value {
    Value::Object(fields.into_iter().collect::<Map<_, _>>())
}

fn lines(fields: &[(String, Value)]) -> String {
    let mut lines = String::new();
    for (name, value) in fields {
        let value = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        // Writing to a string does not fail.
        let _ = writeln!(lines, "{name}={value}");
    }
    lines
}
