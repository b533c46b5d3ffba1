//! `mpass stop` and `mpass resume`.

use anyhow::bail;
use clap::{Args, Subcommand};
use mpass_core::Error;
use mpass_core::number::NumberPrefix;

use super::data::{Administration, DataArgs, Missing, block_on};
use super::outcome::Outcome;
use super::output::{print_lines, warn};
use crate::admin::{self, CutOffInfo, Operation, OrderedBy, StopTarget, TenantKind};
use crate::setting_text;
use crate::time;

const STOP_NOTES: &str = "\
A cut-off holds within a second, with and without a running server, and ends by
itself. Callers are answered as by a service that is unavailable; nothing is
counted or charged. Codes that were sent before can still be verified, except by a
tenant that is stopped. A second one of the same target takes the place of the
first. An administrator can end each at any time: see mpass resume.

Examples:
  mpass stop sends --for 1h --why 'gateway delivers twice'
  mpass stop prefix +882 --for 12h
  mpass stop tenant channel shop --for 30m
  mpass stop list";

const RESUME_NOTES: &str = "\
Examples:
  mpass resume sends
  mpass resume prefix +882
  mpass resume all";

/// Stop sends, a gateway, a tenant or a prefix of numbers for a while
#[derive(Args)]
#[command(after_help = STOP_NOTES)]
pub(super) struct StopArgs {
    #[command(subcommand)]
    command: StopCommand,
}

/// End what mpass stop has stopped, before its time
#[derive(Args)]
#[command(after_help = RESUME_NOTES)]
pub(super) struct ResumeArgs {
    #[command(subcommand)]
    command: ResumeCommand,
}

/// The end and the reason of a cut-off.
#[derive(Args)]
struct Order {
    /// How long: 1s to 30d, such as 1h
    #[arg(long = "for", value_name = "TIME", value_parser = life_ms)]
    life_ms: u64,
    /// Why: up to 120 bytes of text, which mpass stop list and the log show
    #[arg(long, value_name = "TEXT")]
    why: Option<String>,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Args)]
struct GatewayArg {
    /// Name of the gateway [default: every gateway]
    #[arg(value_name = "NAME")]
    gateway: Option<String>,
}

#[derive(Args)]
struct TenantArg {
    /// Kind of the tenant: channel, client or customer
    #[arg(value_name = "KIND", value_parser = tenant_kind)]
    kind: TenantKind,
    /// Name of the tenant
    #[arg(value_name = "NAME")]
    tenant: String,
}

#[derive(Args)]
struct PrefixArg {
    /// Beginning of numbers in canonical form: + and at least a country code
    #[arg(value_name = "PREFIX", value_parser = prefix)]
    prefix: NumberPrefix,
}

#[derive(Subcommand)]
enum StopCommand {
    /// Send nothing
    #[command(after_help = "Example:\n  mpass stop sends --for 1h")]
    Sends {
        #[command(flatten)]
        order: Order,
    },
    /// Send nothing through a gateway
    #[command(after_help = "\
A gateway is named by gateway.name in the configuration, or by mpass gateway list.

Example:
  mpass stop gateway main --for 30m")]
    Gateway {
        #[command(flatten)]
        gateway: GatewayArg,
        #[command(flatten)]
        order: Order,
    },
    /// Refuse all requests of a tenant
    #[command(after_help = "Example:\n  mpass stop tenant channel shop --for 1h")]
    Tenant {
        #[command(flatten)]
        tenant: TenantArg,
        #[command(flatten)]
        order: Order,
    },
    /// Send nothing to numbers with a prefix
    #[command(after_help = "\
mpass number normalize prints the canonical form of a number.

Example:
  mpass stop prefix +882 --for 12h --why pumping")]
    Prefix {
        #[command(flatten)]
        prefix: PrefixArg,
        #[command(flatten)]
        order: Order,
    },
    /// List what is stopped
    #[command(after_help = "Example:\n  mpass stop list --json")]
    List {
        #[command(flatten)]
        data: DataArgs,
        /// Print one JSON array
        #[arg(long)]
        json: bool,
    },
}

#[derive(Subcommand)]
enum ResumeCommand {
    /// Send again
    #[command(after_help = "Example:\n  mpass resume sends")]
    Sends {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Send through a gateway again
    #[command(after_help = "Example:\n  mpass resume gateway main")]
    Gateway {
        #[command(flatten)]
        gateway: GatewayArg,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Answer a tenant again
    #[command(after_help = "Example:\n  mpass resume tenant channel shop")]
    Tenant {
        #[command(flatten)]
        tenant: TenantArg,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Send to numbers with a prefix again
    #[command(after_help = "Example:\n  mpass resume prefix +882")]
    Prefix {
        #[command(flatten)]
        prefix: PrefixArg,
        #[command(flatten)]
        data: DataArgs,
    },
    /// End every cut-off, and replace a list that is damaged
    #[command(after_help = "Example:\n  mpass resume all")]
    All {
        #[command(flatten)]
        data: DataArgs,
    },
}

impl From<GatewayArg> for StopTarget {
    fn from(gateway: GatewayArg) -> Self {
        let name = gateway.gateway;
        Self::Gateway { name }
    }
}

impl From<TenantArg> for StopTarget {
    fn from(tenant: TenantArg) -> Self {
        Self::Tenant {
            kind: tenant.kind,
            name: tenant.tenant,
        }
    }
}

impl From<PrefixArg> for StopTarget {
    fn from(prefix: PrefixArg) -> Self {
        Self::Prefix {
            prefix: prefix.prefix.as_str().to_owned(),
        }
    }
}

impl StopArgs {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let (target, order) = match self.command {
            StopCommand::Sends { order } => (StopTarget::Sends, order),
            StopCommand::Gateway { gateway, order } => (gateway.into(), order),
            StopCommand::Tenant { tenant, order } => (tenant.into(), order),
            StopCommand::Prefix { prefix, order } => (prefix.into(), order),
            StopCommand::List { data, json } => {
                block_on(list(&data, json))?;
                return Ok(Outcome::Done);
            }
        };
        block_on(stop(target, order))?;
        Ok(Outcome::Done)
    }
}

impl ResumeArgs {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let (target, data) = match self.command {
            ResumeCommand::Sends { data } => (Some(StopTarget::Sends), data),
            ResumeCommand::Gateway { gateway, data } => (Some(gateway.into()), data),
            ResumeCommand::Tenant { tenant, data } => (Some(tenant.into()), data),
            ResumeCommand::Prefix { prefix, data } => (Some(prefix.into()), data),
            ResumeCommand::All { data } => (None, data),
        };
        block_on(resume(target, &data))?;
        Ok(Outcome::Done)
    }
}

async fn stop(target: StopTarget, order: Order) -> anyhow::Result<()> {
    let mut administration = Administration::open(&order.data, Missing::Refuse).await?;
    let operation = Operation::Stop {
        target,
        life_ms: order.life_ms,
        why: order.why,
        by: OrderedBy {
            user: Some(rustix::process::getuid().as_raw()),
            name: None,
        },
    };
    let stopped = perform(&mut administration, operation).await?;
    let lines: Vec<String> = stopped
        .iter()
        .map(|one| {
            let until = time::seconds(one.until_ms);
            format!("stopped {} until {until}", shown(&one.target))
        })
        .collect();
    print_lines(lines.iter().map(String::as_str))?;
    if !administration.has_server() {
        warn("no server is running on the data: the cut-off holds when one starts");
    }
    Ok(())
}

async fn resume(target: Option<StopTarget>, data: &DataArgs) -> anyhow::Result<()> {
    let mut administration = Administration::open(data, Missing::Refuse).await?;
    let ended = perform(&mut administration, Operation::Resume { target }).await?;
    let mut lines: Vec<String> = ended
        .iter()
        .map(|one| format!("resumed {}", shown(&one.target)))
        .collect();
    if lines.is_empty() {
        lines.push("nothing was stopped".to_owned());
    }
    print_lines(lines.iter().map(String::as_str))
}

async fn list(data: &DataArgs, json: bool) -> anyhow::Result<()> {
    let mut administration = Administration::open(data, Missing::Refuse).await?;
    let cut_offs = perform(&mut administration, Operation::ListCutOffs).await?;
    if json {
        return print_lines([serde_json::to_string(&cut_offs)?.as_str()]);
    }
    let lines: Vec<String> = cut_offs.iter().map(line).collect();
    print_lines(lines.iter().map(String::as_str))?;
    if cut_offs.is_empty() {
        warn("nothing is stopped");
    }
    Ok(())
}

async fn perform(
    administration: &mut Administration,
    operation: Operation,
) -> anyhow::Result<Vec<CutOffInfo>> {
    match administration.perform(operation).await? {
        admin::Outcome::CutOffs(cut_offs) => Ok(cut_offs),
        _ => bail!("the server's response does not match the request"),
    }
}

/// A cut-off for the terminal.
fn line(cut_off: &CutOffInfo) -> String {
    let target = shown(&cut_off.target);
    let until = time::seconds(cut_off.until_ms);
    let by = match (&cut_off.by_name, cut_off.by) {
        (Some(name), _) => format!("administrator {name}"),
        (None, Some(user)) => format!("user {user}"),
        (None, None) => "user ?".to_owned(),
    };
    let why = cut_off.why.as_deref().unwrap_or_default();
    let line = format!("{target:28}  until {until}  by {by}  {why}");
    line.trim_end().to_owned()
}

/// A target as it is typed.
pub(super) fn shown(target: &StopTarget) -> String {
    let word = target.word();
    match target {
        StopTarget::Sends | StopTarget::Gateway { name: None } => word.to_owned(),
        StopTarget::Gateway { name: Some(name) } => format!("{word} {name}"),
        StopTarget::Tenant { kind, name } => format!("{word} {} {name}", kind.name()),
        StopTarget::Prefix { prefix } => format!("{word} {prefix}"),
    }
}

fn life_ms(text: &str) -> Result<u64, String> {
    let ms = setting_text::duration_ms(text).map_err(|like| format!("the time is not {like}"))?;
    match (1000..=30 * 86_400_000).contains(&ms) {
        true => Ok(ms),
        false => Err(Error::InvalidCutOffLife.to_string()),
    }
}

fn tenant_kind(text: &str) -> Result<TenantKind, String> {
    let kind = TenantKind::from_name(text);
    kind.ok_or_else(|| "expected channel, client or customer".to_owned())
}

fn prefix(text: &str) -> Result<NumberPrefix, String> {
    text.parse().map_err(|error: Error| error.to_string())
}
