use core::fmt::Write;

use clap::{Args, Subcommand};
use mpass_core::challenge::Limit;
use mpass_core::number::CallingCode;
use mpass_core::oath::Digits;
use mpass_core::service::{App, Network, Template};
use serde_json::json;
use zeroize::Zeroizing;

use super::Outcome;
use super::data::{Administration, DataArgs, block_on};
use super::output::{print_lines, warn};
use super::value::{self, Hidden};
use crate::admin::{self, ChannelInfo, ChannelSpec, NewKey, Operation};

const EXAMPLES: &str = "\
Each command works while the server runs on the data directory, which then
carries it out, and while none does.

Examples:
  mpass channel create --name shop --address 10.1.0.0/16 --app Shop
  mpass channel list
  mpass channel rotate shop
  mpass channel unlock --name shop --number +966500000000";

const CREATE_EXAMPLES: &str = "\
The key is shown this once: only a hash of it is kept. With --json the output
is one object, {\"name\":…,\"key\":…}.

Examples:
  mpass channel create --name shop --address 10.1.0.0/16 --address 2001:db8::/32
  mpass channel create --name bank --app Bank --digits 8 --lifetime 2m --tries 3 \\
      --country 966 --calling-code 966 --host bank.example --json
  mpass channel create --name kiosk --sends 3/1h --guesses 20/1d \\
      --text-en 'Code {{code}} for {{app}}, good for {{minutes}} min'";

/// The channels: who may ask for codes, from where, and by which rules
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ChannelArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a channel and show its key
    #[command(after_help = CREATE_EXAMPLES)]
    Create(Box<Create>),
    /// Print the channels
    #[command(after_help = "Example:\n  mpass channel list --json")]
    List {
        #[command(flatten)]
        data: DataArgs,
        /// Print one JSON array with everything that is known of each
        #[arg(long)]
        json: bool,
    },
    /// Give a channel a new key and show it; the old one is dead at once
    #[command(after_help = "Example:\n  mpass channel rotate shop")]
    Rotate {
        #[command(flatten)]
        name: Name,
        #[command(flatten)]
        data: DataArgs,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Refuse a channel from now on
    #[command(after_help = "Example:\n  mpass channel revoke shop")]
    Revoke {
        #[command(flatten)]
        name: Name,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Unlock a number that too many wrong codes have locked
    #[command(after_help = "Example:\n  mpass channel unlock --name shop --number +966500000000")]
    Unlock {
        #[command(flatten)]
        name: Name,
        /// The number
        #[arg(long, value_name = "NUMBER")]
        number: Hidden,
        #[command(flatten)]
        data: DataArgs,
    },
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Name {
    /// The channel's name
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// The same
    #[arg(long = "name", value_name = "NAME", id = "name_option")]
    option: Option<String>,
}

impl Name {
    fn get(self) -> String {
        self.name.or(self.option).unwrap_or_default()
    }
}

#[derive(Args)]
struct Create {
    /// Its name: letters, digits, -, _ and .
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Where it calls from, an address or a network; may be repeated;
    /// anywhere if it is not given
    #[arg(long = "address", value_name = "CIDR")]
    addresses: Vec<Network>,
    /// What it sends for; may be repeated; anything if it is not given
    #[arg(long = "app", value_name = "NAME", value_parser = app)]
    apps: Vec<App>,
    #[command(flatten)]
    policy: PolicyArgs,
    #[command(flatten)]
    text: TextArgs,
    #[command(flatten)]
    data: DataArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// The rules of its codes.
#[derive(Args)]
struct PolicyArgs {
    /// How many digits its codes have, 4 to 10 [default: 6]
    #[arg(long, value_name = "D", value_parser = value::digits)]
    digits: Option<Digits>,
    /// How long a code lives, 20s to 24h [default: 5m]
    #[arg(long, value_name = "TIME", value_parser = value::duration_ms)]
    lifetime: Option<u64>,
    /// How many wrong codes end a challenge, 1 to 100 [default: 5]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=100))]
    tries: Option<u8>,
    /// The least time between two sends to a number [default: 30s]
    #[arg(long, value_name = "TIME", value_parser = value::duration_ms)]
    resend_interval: Option<u64>,
    /// Sends to one number in any such time; half of them at once, or as many
    /// as a third part says [default: 10/1h]
    #[arg(long, value_name = "N/TIME", value_parser = value::limit)]
    sends: Option<Limit>,
    /// Wrong codes for one number in any such time [default: 50/1d]
    #[arg(long, value_name = "N/TIME", value_parser = value::limit)]
    guesses: Option<Limit>,
    /// How many wrong codes in a row, over all challenges, lock a number,
    /// 1 to 100 [default: 100]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=100))]
    failures_to_lock: Option<u16>,
    /// How long a number stays locked unless it is unlocked [default: 1d]
    #[arg(long, value_name = "TIME", value_parser = value::duration_ms)]
    lock_time: Option<u64>,
    /// Sends of the whole channel in any such time [default: no limit]
    #[arg(long, value_name = "N/TIME", value_parser = value::limit)]
    spend: Option<Limit>,
    /// A country code that it may send to; may be repeated; all of them if it
    /// is not given
    #[arg(long = "calling-code", value_name = "CODE", value_parser = value::calling_code)]
    calling_codes: Vec<CallingCode>,
    /// The country of numbers in national form
    #[arg(long, value_name = "CODE", value_parser = value::calling_code)]
    country: Option<CallingCode>,
    /// Take fewer than six digits, or a lifetime of more than ten minutes
    #[arg(long)]
    allow_weak: bool,
}

/// What its messages say.
#[derive(Args)]
struct TextArgs {
    /// The host of the web page that codes are typed in: messages end with
    /// the line that lets a browser fill them in there only
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// Its English text, with {{code}}, and {{app}} and {{minutes}} if wanted
    #[arg(long, value_name = "TEXT", value_parser = template)]
    text_en: Option<Template>,
    /// Its Arabic text
    #[arg(long, value_name = "TEXT", value_parser = template)]
    text_ar: Option<Template>,
    /// The sender that its messages show, for gateways that take one
    #[arg(long, value_name = "NAME")]
    sender: Option<String>,
}

fn app(text: &str) -> Result<App, mpass_core::Error> {
    App::new(text)
}

fn template(text: &str) -> Result<Template, mpass_core::Error> {
    Template::new(text)
}

impl ChannelArgs {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        block_on(self.command.run())?;
        Ok(Outcome::Done)
    }
}

impl Command {
    async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Create(create) => {
                let operation = Operation::CreateChannel(Box::new(create.spec()?));
                new_key(&create.data, operation, create.json).await
            }
            Self::List { data, json } => list(&data, json).await,
            Self::Rotate { name, data, json } => {
                let name = name.get();
                new_key(&data, Operation::RotateChannel { name }, json).await
            }
            Self::Revoke { name, data } => {
                let name = name.get();
                let operation = Operation::RevokeChannel { name: name.clone() };
                done(&data, operation).await?;
                print_lines([format!("{name} is revoked").as_str()])
            }
            Self::Unlock { name, number, data } => {
                let operation = Operation::UnlockNumber {
                    name: name.get(),
                    number: number.expose().to_owned(),
                };
                done(&data, operation).await?;
                print_lines(["the number is unlocked"])
            }
        }
    }
}

impl Create {
    fn spec(&self) -> anyhow::Result<ChannelSpec> {
        let policy = &self.policy;
        let spec = ChannelSpec {
            name: self.name.clone(),
            addresses: self.addresses.iter().map(ToString::to_string).collect(),
            apps: self
                .apps
                .iter()
                .map(|app| app.as_str().to_owned())
                .collect(),
            digits: policy.digits.map(Digits::get),
            lifetime_ms: policy.lifetime,
            tries: policy.tries,
            resend_interval_ms: policy.resend_interval,
            sends: policy.sends.map(Into::into),
            guesses: policy.guesses.map(Into::into),
            spend: policy.spend.map(Into::into),
            calling_codes: policy.calling_codes.iter().map(|code| code.get()).collect(),
            country: policy.country.map(CallingCode::get),
            allow_weak: policy.allow_weak,
            host: self.text.host.clone(),
            text_en: self
                .text
                .text_en
                .as_ref()
                .map(|text| text.as_str().to_owned()),
            text_ar: self
                .text
                .text_ar
                .as_ref()
                .map(|text| text.as_str().to_owned()),
            sender: self.text.sender.clone(),
            failures_to_lock: policy.failures_to_lock,
            lock_ms: policy.lock_time,
        };
        // Says what is wrong before anything is opened.
        match spec.settings() {
            Err(error @ mpass_core::Error::PolicyTooWeak) => {
                anyhow::bail!("{error}; --allow-weak does")
            }
            settings => settings.map(|_| spec).map_err(Into::into),
        }
    }
}

async fn done(data: &DataArgs, operation: Operation) -> anyhow::Result<()> {
    let mut administration = Administration::open(data).await?;
    match administration.perform(operation).await? {
        admin::Outcome::Done => Ok(()),
        _ => anyhow::bail!("the server answers something else than it was asked"),
    }
}

async fn new_key(data: &DataArgs, operation: Operation, json: bool) -> anyhow::Result<()> {
    let mut administration = Administration::open(data).await?;
    let admin::Outcome::Key(new) = administration.perform(operation).await? else {
        anyhow::bail!("the server answers something else than it was asked");
    };
    let NewKey { name, key } = &new;
    if json {
        let object = Zeroizing::new(json!({ "name": name, "key": key }).to_string());
        return print_lines([object.as_str()]);
    }
    let text = Zeroizing::new(format!("channel  {name}\nkey      {key}"));
    print_lines([text.as_str()])?;
    warn("The key is shown this once: keep it where the caller finds it.");
    Ok(())
}

async fn list(data: &DataArgs, json: bool) -> anyhow::Result<()> {
    let mut administration = Administration::open(data).await?;
    let outcome = administration.perform(Operation::ListChannels).await?;
    let admin::Outcome::Channels(channels) = outcome else {
        anyhow::bail!("the server answers something else than it was asked");
    };
    if channels.unreadable > 0 {
        warn(&format!(
            "warning: {} channels cannot be read with this keyring",
            channels.unreadable
        ));
    }
    if json {
        let array = serde_json::to_string(&channels.channels)?;
        return print_lines([array.as_str()]);
    }
    if channels.channels.is_empty() {
        warn("There is no channel yet: mpass channel create makes one.");
        return Ok(());
    }
    print_lines([table(&channels.channels).trim_end()])
}

fn table(channels: &[ChannelInfo]) -> String {
    let heading = ["NAME", "STATE", "CREATED", "ADDRESSES", "APPS", "CODES"].map(String::from);
    let rows: Vec<[String; 6]> = core::iter::once(heading)
        .chain(channels.iter().map(row))
        .collect();
    let mut widths = [0; 6];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut table = String::new();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            // Writing to a string does not fail.
            let _ = write!(line, "{cell:width$}  ");
        }
        let _ = writeln!(table, "{}", line.trim_end());
    }
    table
}

fn row(info: &ChannelInfo) -> [String; 6] {
    let any = |texts: &[String]| match texts.is_empty() {
        true => "any".to_owned(),
        false => texts.join(","),
    };
    let spec = &info.spec;
    let lifetime = core::time::Duration::from_millis(spec.lifetime_ms.unwrap_or_default());
    let created = std::time::UNIX_EPOCH + core::time::Duration::from_millis(info.created_at_ms);
    [
        spec.name.clone(),
        match info.is_revoked {
            true => "revoked".into(),
            false => format!("key {}", info.key_version),
        },
        humantime::format_rfc3339_seconds(created).to_string(),
        any(&spec.addresses),
        any(&spec.apps),
        format!(
            "{} digits, {} tries, {}",
            spec.digits.unwrap_or_default(),
            spec.tries.unwrap_or_default(),
            humantime::format_duration(lifetime)
        ),
    ]
}
