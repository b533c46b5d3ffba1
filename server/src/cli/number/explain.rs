//! `mpass number explain`.

use core::fmt::Write;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Args;
use mpass_core::challenge::{Header, Keyring};
use mpass_core::number::CallingCode;
use mpass_core::service::CutOffs;
use mpass_core::store::{Kind, Store};

use crate::admin::{
    self, ChannelFacts, Client, Explanation, LimitFacts, NumberFacts, NumberQuestion, Operation,
    Rules, explain, store,
};
use crate::cli::data::{DataArgs, Reached, block_on, check_store, reach};
use crate::cli::outcome::Outcome;
use crate::cli::output::print_lines;
use crate::cli::remote::Connected;
use crate::cli::value::{self, Hidden};
use crate::config::Config;
use crate::store::{ReadOnlyStore, StoreDirectory};
use crate::store_config::StoreKind;
use crate::{clock, store_node, time};

pub(super) const EXAMPLES: &str = "\
Prints the canonical form and the rule by which the text was read, what the
numbering plans and the operator's prefixes say, what the limits of the channel
leave for the number, and where a message would go, or why none would be sent. The
reason has the name that it has in the log and the metrics. A running server answers
by the rules that it uses; otherwise the configuration and the store are read.
Nothing is changed. The address and the credential of a caller are not considered.

Examples:
  mpass number explain 0500000000 --country 966
  mpass number explain 0500000000 --channel shop --json

Exit status: 0 a message would be sent, 1 it would not, 2 misuse or failure.";

#[derive(Args)]
pub(super) struct Explain {
    /// Number as in a request
    #[arg(value_name = "TEXT")]
    text: Hidden,
    /// Name of the channel that would send to it
    #[arg(long, value_name = "NAME")]
    channel: Option<String>,
    /// Country code of numbers in national form, such as 966; a channel has its own
    #[arg(long, value_name = "CODE", value_parser = value::calling_code)]
    #[arg(conflicts_with = "channel")]
    country: Option<CallingCode>,
    #[command(flatten)]
    data: DataArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl Explain {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let explanation = block_on(self.explanation())?;
        match self.json {
            true => print_lines([serde_json::to_string(&explanation)?.as_str()])?,
            false => print_lines([lines(&explanation).trim_end()])?,
        }
        Ok(match explanation.would_send {
            true => Outcome::Done,
            false => Outcome::Rejected,
        })
    }

    async fn explanation(&self) -> anyhow::Result<Explanation> {
        let data = &self.data;
        let question = NumberQuestion {
            text: self.text.expose().to_owned(),
            channel: self.channel.clone(),
            country: self.country.map(CallingCode::get),
        };
        if let Some(api) = data.remote()? {
            return ask(api, question).await;
        }
        let config = data.config()?;
        let dir = data.data_dir(&config)?;
        if self.channel.is_none() {
            return match Client::connect(&dir).await? {
                Some(client) => ask(client.into(), question).await,
                None => Ok(explain(
                    None::<(&ReadOnlyStore, &Keyring)>,
                    &self.rules(&config, self.route(&config).as_deref()),
                    &question,
                )?),
            };
        }
        if config.store.is_remote() {
            if let Some(client) = Client::connect(&dir).await? {
                return ask(client.into(), question).await;
            }
            let keyring = data.existing_keyring(&config, &dir)?;
            let (store, header, _) = store_node::open_to_read(&config.store, &keyring).await?;
            return self.of_store(&store, &keyring, Some(&header), &config, &question);
        }
        let open = async || {
            if config.store == StoreKind::Memory {
                bail!("the configured store is in memory: start the server first");
            }
            check_store(&dir)?;
            let keyring = data.existing_keyring(&config, &dir)?;
            Ok((StoreDirectory::lock(&dir)?, keyring))
        };
        match reach(&dir, open).await? {
            Reached::Server(client) => ask(client.into(), question).await,
            Reached::Store((directory, keyring)) => {
                let store = directory.read_only()?;
                let store =
                    store.with_context(|| format!("there is no store in {}", dir.display()))?;
                let header =
                    store::compare(&store, &keyring).with_context(|| dir.display().to_string())?;
                self.of_store(&store, &keyring, header.as_ref(), &config, &question)
            }
        }
    }

    /// The explanation from a store that is only read.
    fn of_store(
        &self,
        store: &impl Store,
        keyring: &Keyring,
        header: Option<&Header>,
        config: &Config,
        question: &NumberQuestion,
    ) -> anyhow::Result<Explanation> {
        let route = self.route(config);
        let mut rules = self.rules(config, route.as_deref());
        rules.restored_at_ms = header.and_then(Header::restored_at_ms);
        rules.is_store_closed = header.is_some_and(|header| header.admit().is_err());
        rules.cut_offs = Arc::new(cut_offs(store, keyring, config)?);
        Ok(explain(Some((store, keyring)), &rules, question)?)
    }

    fn rules<'a>(&self, config: &'a Config, route: Option<&'a str>) -> Rules<'a> {
        Rules {
            numbers: &config.numbers,
            route,
            restored_at_ms: None,
            is_store_closed: false,
            cut_offs: Arc::default(),
        }
    }

    fn route(&self, config: &Config) -> Option<String> {
        let routes = config.gateways.iter();
        let routes: Vec<String> = routes
            .filter_map(crate::gateway::GatewayConfig::route)
            .collect();
        (!routes.is_empty()).then(|| routes.join(", then "))
    }
}

/// What administrators have stopped, as far as it concerns the gateway.
fn cut_offs(store: &impl Store, keyring: &Keyring, config: &Config) -> anyhow::Result<CutOffs> {
    let value = store.load(Kind::Document, &CutOffs::store_key(keyring))?;
    let cut_offs = CutOffs::open(keyring, value.as_deref())?;
    let names = config.gateways.iter().map(|one| one.name.as_str());
    let names: Vec<&str> = names.collect();
    Ok(match names.is_empty() {
        true => cut_offs,
        false => cut_offs.for_gateways(&names, clock::now_ms()),
    })
}

async fn ask(mut client: Connected, question: NumberQuestion) -> anyhow::Result<Explanation> {
    match client.perform(Operation::ExplainNumber(question)).await?? {
        admin::Outcome::Number(explanation) => Ok(*explanation),
        _ => bail!("the server's response does not match the request"),
    }
}

/// An explanation for the terminal.
fn lines(explanation: &Explanation) -> String {
    let mut lines = String::new();
    let mut line = |name: &str, value: &str| {
        // Writing to a string does not fail.
        let _ = writeln!(lines, "{name:12} {value}");
    };
    if let Some(error) = &explanation.error {
        line("number", &format!("none: {error}"));
    }
    if let Some(number) = &explanation.number {
        about_number(explanation, number, &mut line);
    }
    if let Some(channel) = &explanation.channel {
        about_channel(channel, &mut line);
    }
    if let Some(route) = &explanation.route {
        line("route", route);
    }
    let until = explanation.retry_at_ms.map(time::seconds);
    let until = until.map_or_else(String::new, |until| format!(", until {until}"));
    match explanation.reason.as_deref() {
        None => line("message", "would be sent"),
        Some(reason) => line("message", &format!("would not be sent: {reason}{until}")),
    }
    lines
}

fn about_number(
    explanation: &Explanation,
    number: &NumberFacts,
    line: &mut impl FnMut(&str, &str),
) {
    line("number", &number.canonical);
    let country = explanation.country.map_or_else(String::new, |country| {
        format!("; national numbers are of +{country}")
    });
    let table = explanation.number_table;
    let read_as = &number.read_as;
    line("read as", &format!("{read_as}{country} (table {table})"));
    let regions = match number.regions.is_empty() {
        true => "in no region's plan".to_owned(),
        false => number.regions.join(", "),
    };
    line("country", &format!("+{} {regions}", number.calling_code));
    let mobile = match number.mobile {
        _ if number.plan != "valid" => "",
        Some(true) => ", mobile",
        Some(false) => ", not mobile",
        None => ", mobile or not",
    };
    line("plan", &format!("{}{mobile}", number.plan));
    for (name, prefix) in [
        ("own", &number.own),
        ("valid", &number.valid),
        ("barred", &number.barred),
    ] {
        if let Some(prefix) = prefix {
            line(&format!("numbers.{name}"), prefix);
        }
    }
    line("assessment", &number.assessment);
}

fn about_channel(channel: &ChannelFacts, line: &mut impl FnMut(&str, &str)) {
    let revoked = if channel.revoked { ", revoked" } else { "" };
    line("channel", &format!("{}{revoked}", channel.name));
    if channel.calling_code_allowed == Some(false) {
        line("", "does not send to this country code");
    }
    if let Some(limits) = &channel.limits {
        line("left", &left(limits));
        if limits.live {
            line("code", "one is live");
        }
        for (name, at_ms) in [
            ("locked", limits.locked_until_ms),
            ("resend", limits.resend_at_ms),
        ] {
            if let Some(at_ms) = at_ms {
                line(name, &format!("not before {}", time::seconds(at_ms)));
            }
        }
    }
}

fn left(limits: &LimitFacts) -> String {
    let LimitFacts {
        sends_left,
        guesses_left,
        failures,
        ..
    } = limits;
    let spend = limits.spend_left.map_or_else(String::new, |left| {
        format!(", {left} sends of the channel's spend limit")
    });
    format!(
        "{sends_left} sends and {guesses_left} guesses now{spend}; {failures} failures in a row"
    )
}
