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
What authenticator apps are known to get wrong is said on the standard error
stream. The URI holds the secret.

Examples:
  mpass uri build totp --account ali@example.com --issuer Example \\
             --secret-file token.key
  mpass uri build hotp --account ali --counter 0 --secret-base32 GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

const PARSE_EXAMPLES: &str = "\
Prints type, issuer, account, algorithm, digits, and counter or period, then
what else is in the URI, as lines of name=value. The secret is left out unless
--show-secret is given.

Examples:
  mpass uri parse 'otpauth://totp/Example:ali?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  zbarimg --quiet --raw code.png | mpass uri parse - --json --show-secret";

/// A URI is far shorter.
const LONGEST_URI: u64 = 64 * 1024;

/// Key URIs (otpauth://), which authenticator apps read as QR codes
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
    /// Print the URI of a key
    #[command(after_help = BUILD_EXAMPLES)]
    Build(Build),
    /// Print what a URI says
    #[command(after_help = PARSE_EXAMPLES)]
    Parse(Parse),
}

#[derive(Args)]
struct Build {
    /// What codes the key is for
    #[arg(value_enum, value_name = "TYPE")]
    kind: KindName,
    /// Whose account it is
    #[arg(long, value_name = "NAME")]
    account: String,
    /// Who issues it
    #[arg(long, value_name = "NAME")]
    issuer: Option<String>,
    #[command(flatten)]
    secret: SecretArgs,
    #[command(flatten)]
    options: SecretOptions,
    /// How many digits the codes have, 4 to 10
    #[arg(long, short, value_name = "D", default_value = "6", value_parser = value::digits)]
    digits: Digits,
    /// The hash of the codes
    #[arg(
        long,
        short,
        value_name = "HASH",
        default_value = "sha1",
        value_enum,
        ignore_case = true
    )]
    algorithm: AlgorithmName,
    /// The length of a time step in seconds, for totp; 30 if it is not given
    #[arg(long, short, value_name = "S")]
    step: Option<u64>,
    /// The counter of the next code, for hotp; 0 if it is not given
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
    /// The URI, - for the standard input stream
    #[arg(value_name = "URI")]
    uri: Hidden,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Print the secret as well
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
        let secret = self.secret.read(&self.options)?;
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
            (KindName::Hotp, ..) => anyhow::bail!("--step is for totp"),
            (KindName::Totp, ..) => anyhow::bail!("--counter is for hotp"),
        };
        let uri = KeyUri::new(kind, &self.account, secret)
            .context("--account is not valid")?
            .with_algorithm(self.algorithm.into())
            .with_digits(self.digits);
        match &self.issuer {
            Some(issuer) => uri.with_issuer(issuer).context("--issuer is not valid"),
            None => Ok(uri),
        }
    }
}

fn caution_text(caution: Caution) -> &'static str {
    match caution {
        Caution::Counter => "several authenticator apps have no counter-based codes",
        Caution::Algorithm => "several authenticator apps have SHA-1 only",
        Caution::Digits => "some authenticator apps show six digits whatever is said",
        Caution::Period => "some authenticator apps take 30 seconds whatever is said",
        Caution::PeriodBelowFive => "FreeOTP refuses steps below 5 seconds",
        Caution::SecretLength => "some authenticator apps refuse a secret of other than 20 bytes",
        Caution::NoIssuer => "without an issuer, accounts of the same name cannot be told apart",
        _ => "authenticator apps differ in how they read this URI",
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
                .context("cannot read the standard input stream")?;
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
