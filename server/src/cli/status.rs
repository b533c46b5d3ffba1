//! `mpass status`.

use anyhow::bail;
use clap::Args;

use super::data::{DataArgs, block_on};
use super::outcome::Outcome;
use super::output::print_lines;
use super::stop::shown;
use crate::admin::machine::MachineStatus;
use crate::admin::status::{
    BudgetStatus, ConfigurationStatus, GatewayStatus, KeyringStatus, Level, RecentStatus, Status,
    StoreStatus,
};
use crate::admin::{self, Operation};
use crate::time;

const EXAMPLES: &str = "\
Asks the server running on the data directory. Problems come first: among them are a
store that does not answer or is closed, a clock that is behind, a certificate that
ends within 21 days (urgent within 7), and a gateway that did not accept the last
message. Fingerprints identify keys and settings without revealing them: machines
that share a store must have the same ones.

Examples:
  mpass status
  mpass status --json

Exit status: 0 nothing is wrong, 1 something is, 2 no server is running, or failure.";

/// Describe the running server and what is wrong with it
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct StatusArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl StatusArgs {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let status = block_on(ask(&self.data))?;
        match self.json {
            true => print_lines([serde_json::to_string(&status)?.as_str()])?,
            false => print_lines(lines(&status).iter().map(String::as_str))?,
        }
        Ok(match status.problems.is_empty() {
            true => Outcome::Done,
            false => Outcome::Rejected,
        })
    }
}

async fn ask(data: &DataArgs) -> anyhow::Result<Status> {
    let mut client = data.connect().await?;
    match client.perform(Operation::Status).await?? {
        admin::Outcome::Status(status) => Ok(*status),
        _ => bail!("the server's response does not match the request"),
    }
}

/// A status for the terminal.
fn lines(status: &Status) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = |name: &str, value: String| lines.push(format!("{name:14} {value}"));
    for problem in &status.problems {
        let level = match problem.level {
            Level::Error => "ERROR",
            Level::Warning => "WARNING",
        };
        line(level, format!("{}: {}", problem.about, problem.what));
    }
    let started = time::seconds(status.started_at_ms);
    let (version, pid) = (&status.version, status.pid);
    line(
        "server",
        format!("{version}, process {pid}, since {started}"),
    );
    for listener in &status.listeners {
        let realm = match listener.realm.as_str() {
            "" => String::new(),
            realm => format!(" (realm {realm})"),
        };
        line("listens on", format!("{}{realm}", listener.url));
    }
    if let Some(accounting) = &status.accounting {
        line("accounting on", accounting.clone());
    }
    line("configuration", configuration(&status.configuration));
    store(&status.store, &mut line);
    keyring(&status.keyring, &mut line);
    line("number table", status.number_table.to_string());
    let clock = &status.clock;
    let seen = clock.store_ms.map_or_else(String::new, |store_ms| {
        format!(", the store has seen {}", time::seconds(store_ms))
    });
    line("clock", format!("{}{seen}", time::seconds(clock.now_ms)));
    for certificate in &status.certificates {
        let ends = certificate.ends_at_ms.map(time::seconds);
        let ends = ends.unwrap_or_else(|| "at an unknown time".to_owned());
        line("certificate", format!("ends {ends}"));
    }
    for one in &status.gateways {
        line("gateway", gateway(one));
    }
    for cut_off in &status.cut_offs {
        let until = time::seconds(cut_off.until_ms);
        line(
            "stopped",
            format!("{}, until {until}", shown(&cut_off.target)),
        );
    }
    for one in &status.machines {
        line("machine", machine(one));
    }
    line("in use", budgets(&status.budgets));
    line("log", format!("{} lines dropped", status.log_lines_dropped));
    recent(&status.recent, &mut line);
    lines
}

fn configuration(configuration: &ConfigurationStatus) -> String {
    let file = configuration.file.as_ref();
    let file = file.map_or_else(|| "defaults".to_owned(), |file| file.display().to_string());
    format!("{file}, fingerprint {}", configuration.fingerprint)
}

fn store(store: &StoreStatus, line: &mut impl FnMut(&str, String)) {
    let layout = store.file_layout.map_or_else(String::new, |layout| {
        format!(" in {}, file layout {layout}", store.data_dir.display())
    });
    line("store", format!("{}{layout}", store.kind));
    let Some(header) = &store.header else {
        return;
    };
    let (layout, format, table) = (header.layout, header.write_format, header.number_table);
    line(
        "store header",
        format!(
            "layout {layout}, write format {format}, number table {table}, record key {}",
            header.active_key
        ),
    );
    if let Some(at_ms) = header.restored_at_ms {
        let closed = if header.closed { ", closed" } else { "" };
        line("restored", format!("{}{closed}", time::seconds(at_ms)));
    }
}

fn keyring(keyring: &KeyringStatus, line: &mut impl FnMut(&str, String)) {
    let file = keyring.file.as_ref();
    let file = file.map_or_else(
        || "in the environment".to_owned(),
        |file| file.display().to_string(),
    );
    line(
        "keyring",
        format!("{file}, fingerprint {}", keyring.locator),
    );
    for key in &keyring.keys {
        let active = if key.id == keyring.active {
            ", active"
        } else {
            ""
        };
        line(
            "record key",
            format!("{}, fingerprint {}{active}", key.id, key.fingerprint),
        );
    }
}

fn gateway(gateway: &GatewayStatus) -> String {
    let mut text = format!("{} {}", gateway.name, gateway.route);
    if let Some(reason) = &gateway.unusable {
        text = format!("{} cannot be used: {reason}", gateway.name);
    }
    if let Some(at_ms) = gateway.success_at_ms {
        text += &format!(", last accepted {}", time::seconds(at_ms));
    }
    if let Some(at_ms) = gateway.failure_at_ms {
        let why = gateway.failure.as_deref().unwrap_or_default();
        text += &format!(", last failed {} ({why})", time::seconds(at_ms));
    }
    text
}

fn machine(machine: &MachineStatus) -> String {
    let (name, version) = (machine.name(), &machine.version);
    let since = time::seconds(machine.started_at_ms);
    let mut text = format!("{name}, version {version}, since {since}");
    if let Some(ahead_ms) = machine.ahead_ms {
        text += &format!(", clock {ahead_ms:+} ms");
    }
    let keys = machine.keys.iter().map(|key| key.id.to_string());
    let keys: Vec<String> = keys.collect();
    text += &format!(
        ", record keys {} ({} active), configuration {}",
        keys.join(" "),
        machine.active_key,
        machine.configuration
    );
    if !machine.live {
        text += ", not running";
    }
    text
}

fn budgets(budgets: &BudgetStatus) -> String {
    let BudgetStatus {
        connections,
        most_connections,
        request_bytes,
        most_request_bytes,
        answering,
        ..
    } = budgets;
    format!(
        "{connections} of {most_connections} connections, {request_bytes} of \
         {most_request_bytes} bytes of requests, {answering} requests being answered"
    )
}

fn recent(recent: &RecentStatus, line: &mut impl FnMut(&str, String)) {
    line(
        "requests",
        format!("of the last {} minutes", recent.minutes),
    );
    for requests in &recent.requests {
        let tenant = requests.tenant.as_deref().unwrap_or("(no credential)");
        let reasons = requests.reasons.iter();
        let reasons: Vec<_> = reasons
            .map(|(reason, count)| format!("{reason} {count}"))
            .collect();
        let (contract, reasons) = (&requests.contract, reasons.join(", "));
        line("", format!("{contract} {tenant}: {reasons}"));
    }
}
