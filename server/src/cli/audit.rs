//! `mpass audit`.

use clap::{Args, Subcommand};
use serde_json::Value as Json;

use super::data::{Administration, DataArgs, Missing, block_on};
use super::outcome::Outcome;
use super::output::{print_lines, print_unchanged, warn};
use super::value;
use crate::admin::{
    self, AuditHead, AuditOperation, AuditPage, AuditQuestion, AuditReport, MOST_ENTRIES, Operation,
};
use crate::audit::Link;

const NOTES: &str = "\
Every change is recorded with who made it, from where, what was before and after, as a
chain: each entry has a MAC over itself and the entry before. The server writes the
last entry's number and MAC to its log each minute; given to verify as an anchor, such
a line shows whether later entries were removed or an older state was put back.

Examples:
  mpass audit list --by anna --since 2026-01-01T00:00:00Z
  mpass audit export > audit.jsonl
  mpass audit verify --anchor 1042:5f2b...";

/// Read, export and verify the audit log
#[derive(Args)]
#[command(after_help = NOTES)]
pub(super) struct AuditArgs {
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Args)]
struct Filter {
    /// Only by this administrator, API token (its id) or user (user:UID)
    #[arg(long, value_name = "WHO")]
    by: Option<String>,
    /// Only this operation, such as channel.update, or those that begin so: channel.
    #[arg(long, value_name = "OPERATION")]
    what: Option<String>,
    /// Only on this tenant, gateway or administrator
    #[arg(long, value_name = "NAME")]
    on: Option<String>,
    /// Only since this time: Unix seconds, or such as 2026-01-01T00:00:00Z
    #[arg(long, value_name = "TIME", value_parser = value::unix_time)]
    since: Option<u64>,
    /// Only before this time
    #[arg(long, value_name = "TIME", value_parser = value::unix_time)]
    until: Option<u64>,
}

#[derive(Subcommand)]
enum AuditCommand {
    /// List entries, the newest first
    #[command(after_help = "Example:\n  mpass audit list --what gateway. --limit 20")]
    List {
        #[command(flatten)]
        filter: Filter,
        /// How many at most
        #[arg(long, value_name = "COUNT", default_value_t = 50)]
        #[arg(value_parser = clap::value_parser!(u32).range(1..=100_000))]
        limit: u32,
        #[command(flatten)]
        data: DataArgs,
        /// Print one JSON object per line
        #[arg(long)]
        json: bool,
    },
    /// Print all entries as they are stored, the oldest first, one JSON object per line
    #[command(after_help = "Example:\n  mpass audit export --after 1042 >> audit.jsonl")]
    Export {
        /// Only entries with greater numbers
        #[arg(long, value_name = "NUMBER", default_value_t = 0)]
        after: u64,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Read the whole log and check that nothing is missing or changed
    #[command(after_help = "\
The command ends with 1 if something is wrong.

Example:
  mpass audit verify --anchor 1042:5f2b...")]
    Verify {
        /// Entry that must be part of the log, NUMBER:MAC; repeat it for several
        #[arg(long = "anchor", value_name = "ANCHOR", value_parser = anchor)]
        anchors: Vec<Link>,
        #[command(flatten)]
        data: DataArgs,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Print the last entry as an anchor
    #[command(after_help = "Example:\n  mpass audit head")]
    Head {
        #[command(flatten)]
        data: DataArgs,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
}

impl AuditArgs {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        block_on(self.command.run())
    }
}

impl AuditCommand {
    async fn run(self) -> anyhow::Result<Outcome> {
        match self {
            Self::List {
                filter,
                limit,
                data,
                json,
            } => list(filter, limit, &data, json).await?,
            Self::Export { after, data } => export(after, &data).await?,
            Self::Verify {
                anchors,
                data,
                json,
            } => return verify(&anchors, &data, json).await,
            Self::Head { data, json } => {
                let mut administration = open(&data).await?;
                let operation = Operation::Audit(AuditOperation::Head);
                let admin::Outcome::AuditHead(head) = administration.perform(operation).await?
                else {
                    return Err(mismatched());
                };
                print_head(&head, json)?;
            }
        }
        Ok(Outcome::Done)
    }
}

async fn open(data: &DataArgs) -> anyhow::Result<Administration> {
    Administration::open(data, Missing::Refuse).await
}

fn mismatched() -> anyhow::Error {
    anyhow::anyhow!("the server's response does not match the request")
}

async fn page(
    administration: &mut Administration,
    question: AuditQuestion,
) -> anyhow::Result<AuditPage> {
    let operation = Operation::Audit(AuditOperation::List(question));
    match administration.perform(operation).await? {
        admin::Outcome::Audit(page) => Ok(page),
        _ => Err(mismatched()),
    }
}

async fn list(filter: Filter, limit: u32, data: &DataArgs, json: bool) -> anyhow::Result<()> {
    let mut administration = open(data).await?;
    let ms = |seconds: Option<u64>| seconds.map(|seconds| seconds.saturating_mul(1000));
    let mut question = AuditQuestion {
        by: filter.by,
        what: filter.what,
        on: filter.on,
        since_ms: ms(filter.since),
        until_ms: ms(filter.until),
        ..AuditQuestion::default()
    };
    let mut left = limit;
    while left > 0 {
        question.limit = Some(left.min(MOST_ENTRIES));
        let page = page(&mut administration, question.clone()).await?;
        left -= u32::try_from(page.lines.len()).unwrap_or(left).min(left);
        let lines: Vec<String> = match json {
            true => page.lines,
            false => page.lines.iter().map(|text| line(text)).collect(),
        };
        print_lines(lines.iter().map(String::as_str))?;
        question.before = page.next;
        if page.next.is_none() {
            break;
        }
    }
    if left == limit {
        warn("there is no such entry");
    }
    Ok(())
}

async fn export(after: u64, data: &DataArgs) -> anyhow::Result<()> {
    let mut administration = open(data).await?;
    let mut next = Some(after);
    while let Some(after) = next {
        let question = AuditQuestion {
            after: Some(after),
            limit: Some(MOST_ENTRIES),
            ..AuditQuestion::default()
        };
        let page = page(&mut administration, question).await?;
        print_unchanged(&page.lines)?;
        next = page.next;
    }
    Ok(())
}

async fn verify(anchors: &[Link], data: &DataArgs, json: bool) -> anyhow::Result<Outcome> {
    let anchors = anchors.iter().map(ToString::to_string).collect();
    let operation = Operation::Audit(AuditOperation::Verify { anchors });
    let admin::Outcome::AuditReport(report) = open(data).await?.perform(operation).await? else {
        return Err(mismatched());
    };
    let lines = match json {
        true => vec![serde_json::to_string(&report)?],
        false => verified(&report),
    };
    print_lines(lines.iter().map(String::as_str))?;
    Ok(match report.faults.is_empty() {
        true => Outcome::Done,
        false => Outcome::Rejected,
    })
}

fn verified(report: &AuditReport) -> Vec<String> {
    if !report.faults.is_empty() {
        return report.faults.clone();
    }
    match (report.first, &report.last) {
        (Some(first), Some(last)) => vec![format!(
            "{} entries from {first} on, nothing missing or changed; the last is {last}",
            report.entries
        )],
        _ => vec!["the audit log is empty".to_owned()],
    }
}

fn print_head(head: &AuditHead, json: bool) -> anyhow::Result<()> {
    match json {
        true => print_lines([serde_json::to_string(head)?.as_str()]),
        false => print_lines([head.anchor.as_str()]),
    }
}

/// An entry in one line.
fn line(text: &str) -> String {
    let Ok(entry) = serde_json::from_str::<Json>(text) else {
        return text.to_owned();
    };
    let word = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    let by = &entry["by"];
    let who = match (by["name"].as_str(), by["user"].as_u64()) {
        (Some(name), _) => name.to_owned(),
        (None, Some(user)) => format!("user:{user}"),
        (None, None) => "-".to_owned(),
    };
    let via = by["via"].as_str().unwrap_or_default();
    let line = format!(
        "{:>6}  {}  {:6}  {:22}  {:24}  {who} ({via})  {}",
        entry["number"],
        word("at"),
        word("step"),
        word("what"),
        word("on"),
        word("error"),
    );
    line.trim_end().to_owned()
}

fn anchor(text: &str) -> Result<Link, String> {
    text.parse().map_err(|error: &str| error.to_owned())
}
