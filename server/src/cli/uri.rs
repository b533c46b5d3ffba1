//! `mpass uri`.

use core::fmt::Write;
use std::io::Read as _;

use anyhow::{Context, bail};
use clap::{Args, Subcommand, ValueEnum};
use mpass_core::Error;
use mpass_core::oath::exposed;
use mpass_core::oath::uri::{Caution, KeyUri, Kind};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use super::caution::warn_of;
use super::oath::{FormArgs, Read, SecretArgs, SecretOptions, agreed, key};
use super::outcome::Outcome;
use super::output::print_lines;
use super::value::Hidden;

const BUILD_EXAMPLES: &str = "\
Known problems of authenticator apps with the URI are printed to standard error.
The URI contains the secret.

Examples:
  mpass uri build totp --account ali@example.com --issuer Example \\
             --secret-file token.key
  mpass uri build totp --account ali --secret-file ~/.google_authenticator
  mpass uri build hotp --account ali --counter 0 --secret-base32 GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

const PARSE_EXAMPLES: &str = "\
Prints type, issuer, account, algorithm, digits and counter or period as
name=value lines, then any other parameters as parameters.name=value. If the label
names another issuer than the parameter, label_issuer is the label's. Control
characters, line separators and direction marks are printed as \\uXXXX. The secret
is omitted without --show-secret.

What authenticator apps mishandle and what was chosen or repaired in reading is
printed to standard error, and with --json as the names in \"cautions\". --strict
refuses a URI for which anything was chosen or repaired.

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
    #[command(flatten)]
    form: FormArgs,
    /// Length of a time step in seconds, for totp [default: what the secret's file
    /// says, or 30]
    #[arg(long, short, value_name = "S", allow_negative_numbers = true)]
    step: Option<u64>,
    /// Counter of the next code, for hotp [default: what the secret's file says, or
    /// 0]
    #[arg(
        long,
        short,
        value_name = "N",
        conflicts_with = "step",
        allow_negative_numbers = true
    )]
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
    /// Refuse a URI that allows several readings or departs from the format
    #[arg(long)]
    strict: bool,
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
        let read = self.secret.read(&self.options)?;
        read.warn();
        let algorithm = self.form.algorithm(read.codes)?;
        key(&read.secret, algorithm, self.options.allow_short)?;
        let uri = self.uri(read)?.with_algorithm(algorithm);
        let text = exposed(uri.expose());
        print_lines([text.as_str()])?;
        warn_of(uri.cautions());
        Ok(())
    }

    /// The kind of codes by the options and what the secret's file says.
    fn kind(&self, stated: Option<Kind>) -> anyhow::Result<Kind> {
        match (self.kind, self.counter, self.step, stated) {
            (KindName::Hotp, _, Some(_), _) => bail!("--step requires totp"),
            (KindName::Totp, Some(_), ..) => bail!("--counter requires hotp"),
            (KindName::Hotp, .., Some(Kind::Totp { .. })) => {
                bail!("--secret-file is for time-based codes: mpass uri build totp")
            }
            (KindName::Totp, .., Some(Kind::Hotp { .. })) => {
                bail!("--secret-file is for counter-based codes: mpass uri build hotp")
            }
            (KindName::Hotp, Some(counter), ..) => Ok(Kind::Hotp { counter }),
            (KindName::Hotp, None, _, stated) => Ok(stated.unwrap_or(Kind::Hotp { counter: 0 })),
            (KindName::Totp, _, step, stated) => {
                let stated = match stated {
                    Some(Kind::Totp { period }) => Some(period),
                    _ => None,
                };
                let period = agreed("--step", step, stated, 30)?;
                Ok(Kind::Totp { period })
            }
        }
    }

    fn uri(&self, read: Read) -> anyhow::Result<KeyUri<'_>> {
        let kind = self.kind(read.codes.map(|codes| codes.kind))?;
        let digits = self.form.digits(read.codes)?;
        let uri = KeyUri::new(kind, &self.account, read.secret)
            .map_err(|error| match error {
                Error::InvalidPeriod | Error::StepInMilliseconds => {
                    anyhow::Error::new(error).context("--step is invalid")
                }
                other => anyhow::Error::new(other).context("--account is invalid"),
            })?
            .with_digits(digits);
        match &self.issuer {
            Some(issuer) => uri.with_issuer(issuer).context("--issuer is invalid"),
            None => Ok(uri),
        }
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
            // The line's end is not the URI's.
            let line = text.trim_end_matches(['\r', '\n']).len();
            text.truncate(line);
        }
        let uri = KeyUri::parse_explained(&text)?;
        if self.strict {
            uri.check_strict()?;
        }
        let facts = self.facts(&uri);
        let lines = Zeroizing::new(match self.json {
            true => object(&uri, facts).to_string(),
            false => lines(&uri, &facts),
        });
        print_lines([lines.trim_end_matches('\n')])?;
        warn_of(uri.cautions());
        Ok(())
    }

    /// What the URI means, with the names under which it is printed.
    fn facts(&self, uri: &KeyUri<'_>) -> Vec<(&'static str, Value)> {
        let (kind, extent, value) = match uri.kind() {
            Kind::Hotp { counter } => ("hotp", "counter", counter),
            Kind::Totp { period } => ("totp", "period", period),
        };
        let mut facts = vec![("type", json!(kind))];
        for (name, issuer) in [
            ("issuer", uri.issuer()),
            ("label_issuer", uri.label_issuer()),
        ] {
            facts.extend(issuer.map(|issuer| (name, json!(issuer.to_string()))));
        }
        facts.push(("account", json!(uri.account().to_string())));
        if self.show_secret {
            let secret = uri.secret().expose_base32().to_string();
            facts.push(("secret", json!(secret)));
        }
        facts.push(("algorithm", json!(uri.algorithm().to_string())));
        facts.push(("digits", json!(uri.digits().get())));
        facts.push((extent, json!(value)));
        facts
    }
}

/// The facts with two members of their own: the unused parameters, whose names
/// the URI chooses, and the cautions.
fn object(uri: &KeyUri<'_>, facts: Vec<(&'static str, Value)>) -> Value {
    let parameters: Map<_, _> = uri
        .parameters()
        .map(|(name, value)| (name.to_string(), json!(value.to_string())))
        .collect();
    let cautions: Vec<_> = uri.cautions().map(Caution::name).collect();
    let mut members: Map<_, _> = facts
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    members.insert("parameters".into(), Value::Object(parameters));
    members.insert("cautions".into(), json!(cautions));
    Value::Object(members)
}

fn lines(uri: &KeyUri<'_>, facts: &[(&'static str, Value)]) -> String {
    let mut lines = String::new();
    // Writing to a string does not fail.
    for (name, value) in facts {
        let _ = match value {
            Value::String(text) => writeln!(lines, "{name}={text}"),
            other => writeln!(lines, "{name}={other}"),
        };
    }
    for (name, value) in uri.parameters() {
        let _ = writeln!(lines, "parameters.{name}={value}");
    }
    lines
}
