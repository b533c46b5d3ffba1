//! `mpass statistics`.

use anyhow::bail;
use clap::Args;

use super::data::{Administration, DataArgs, Missing, block_on};
use super::outcome::Outcome;
use super::output::print_lines;
use crate::admin::{self, Operation};
use crate::statistics::{
    Counts, GatewayRow, Percentiles, Row, StatisticsAnswer, StatisticsPoint, StatisticsQuestion,
    TenantName, Window,
};
use crate::time;

const NOTES: &str = "\
Counts are added up over all machines of the store. They contain no number. Each
document names the 64 tenants and 96 countries with the most requests of its interval;
the others are counted together.

Examples:
  mpass statistics
  mpass statistics --window day --tenant channel:shop
  mpass statistics --window 90d --country 966 --json";

/// Show what became of requests and messages, by tenant, country and gateway
#[derive(Args)]
#[command(after_help = NOTES)]
pub(super) struct StatisticsArgs {
    /// The last hour by minutes, the last day by quarters of an hour, or the last 90
    /// days by hours: hour, day or 90d
    #[arg(long, value_name = "WINDOW", default_value = "hour")]
    window: Window,
    /// Only the requests of this tenant, such as channel:shop
    #[arg(long, value_name = "KIND:NAME", conflicts_with = "country")]
    tenant: Option<TenantName>,
    /// Only the requests about numbers with this country code
    #[arg(long, value_name = "CODE", value_parser = clap::value_parser!(u16).range(1..=999))]
    country: Option<u16>,
    #[command(flatten)]
    data: DataArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl StatisticsArgs {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let question = StatisticsQuestion {
            window: self.window,
            tenant: self.tenant,
            country: self.country,
        };
        let answer = block_on(ask(&self.data, question))?;
        match self.json {
            true => print_lines([serde_json::to_string(&answer)?.as_str()])?,
            false => print_lines(lines(&answer).iter().map(String::as_str))?,
        }
        Ok(Outcome::Done)
    }
}

async fn ask(data: &DataArgs, question: StatisticsQuestion) -> anyhow::Result<StatisticsAnswer> {
    let mut administration = Administration::open(data, Missing::Refuse).await?;
    match administration
        .perform(Operation::Statistics(question))
        .await?
    {
        admin::Outcome::Statistics(answer) => Ok(*answer),
        _ => bail!("the server's response does not match the request"),
    }
}

/// An answer for the terminal: intervals in which something happened, then the sums.
fn lines(answer: &StatisticsAnswer) -> Vec<String> {
    let mut lines = vec![heading("since")];
    let is_empty = |point: &&StatisticsPoint| point.counts == Counts::default();
    for point in answer.points.iter().filter(|point| !is_empty(point)) {
        let since = time::seconds(point.start_ms);
        lines.push(row(&since, &point.counts, point.latency));
    }
    lines.push(row("all", &answer.total.counts, answer.total.latency));
    for (title, rows) in [("tenant", &answer.tenants), ("country", &answer.countries)] {
        table(&mut lines, title, rows);
    }
    if !answer.gateways.is_empty() {
        lines.push(String::new());
        let (name, taken) = ("gateway", "delivered");
        lines.push(format!(
            "{name:32} {taken:>9} {:>9} {:>9} {:>9} {:>9}",
            "refused", "unknown", "p50 ms", "p99 ms"
        ));
    }
    lines.extend(answer.gateways.iter().map(gateway));
    lines
}

fn table(lines: &mut Vec<String>, title: &str, rows: &[Row]) {
    if !rows.is_empty() {
        lines.push(String::new());
        lines.push(heading(title));
    }
    lines.extend(rows.iter().map(|one| row(&one.name, &one.counts, None)));
}

fn heading(title: &str) -> String {
    format!(
        "{title:32} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "sent",
        "accepted",
        "converted",
        "wrong",
        "refused",
        "failed",
        "segments",
        "p50 ms",
        "p99 ms"
    )
}

fn row(name: &str, counts: &Counts, latency: Option<Percentiles>) -> String {
    let converted = counts.conversion().map_or_else(
        || "-".to_owned(),
        |share| format!("{}.{}%", share / 100, share % 100 / 10),
    );
    let failed = counts.failed + counts.gateway_refused + counts.gateway_unknown;
    format!(
        "{name:32} {:>9} {:>9} {converted:>9} {:>9} {:>9} {failed:>9} {:>9} {}",
        counts.sends,
        counts.accepted,
        counts.wrong,
        counts.refused,
        counts.segments,
        times(latency)
    )
}

fn gateway(row: &GatewayRow) -> String {
    format!(
        "{:32} {:>9} {:>9} {:>9} {}",
        row.name,
        row.delivered,
        row.refused,
        row.unknown,
        times(row.latency)
    )
}

fn times(latency: Option<Percentiles>) -> String {
    let times = latency.map(|it| (format!("{:.1}", it.p50_ms), format!("{:.1}", it.p99_ms)));
    let (median, slow) = times.unwrap_or_else(|| ("-".to_owned(), "-".to_owned()));
    format!("{median:>9} {slow:>9}")
}
