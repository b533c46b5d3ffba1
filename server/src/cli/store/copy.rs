//! `mpass store copy`.

use core::time::Duration;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, ensure};
use clap::Args;
use mpass_core::challenge::Keyring;
use mpass_stores::copy::{Copied, Copy, CopyError, Progress};
use serde::Serialize;

use crate::admin::status::KeyringStatus;
use crate::cli::data::DataArgs;
use crate::cli::outcome::Outcome;
use crate::cli::output::{print_lines, warn};
use crate::config::Config;
use crate::entropy::System;
use crate::store::AnyStore;
use crate::store_copy::Side;
use crate::{directories, keyring_source, time};

/// How often progress is told.
const TOLD: Duration = Duration::from_secs(2);

pub(super) const EXAMPLES: &str = "\
The source is closed first: its servers answer with their contract's internal error
within a second, and start no more. The target opens once everything is copied and was
compared. A copy that was interrupted is run again with the same arguments. Both have
the same keyring, which is not copied.

Examples:
  mpass store copy --config mpass.toml --to new.toml
  mpass store copy --config mpass.toml --to new.toml --wait 0s      servers are stopped
  mpass store copy --config mpass.toml --to new.toml --abandon      back to the source

Exit status: 0 copied, 1 the contents differ and the target stays closed, 2 misuse or
failure.";

#[derive(Args)]
pub(super) struct CopyArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Configuration file (TOML) with the store that is copied to
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// How long requests may go on that began before the source was closed
    #[arg(long, value_name = "TIME", default_value = "20s")]
    #[arg(value_parser = humantime::parse_duration)]
    wait: Duration,
    /// Replace what is another value in the target
    #[arg(long)]
    overwrite: bool,
    /// Give up a copy that was not finished: close its target and open the source
    #[arg(long, conflicts_with = "overwrite")]
    abandon: bool,
    /// The target does not exist any more, and was never opened
    #[arg(long, requires = "abandon")]
    target_lost: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// The result, for `--json`.
#[derive(Serialize)]
struct Report {
    mark: String,
    states: u64,
    documents: u64,
    written: u64,
    expired: u64,
    network_records_left_behind: usize,
    dropped_until_ms: Option<u64>,
    keeps_dropped: bool,
    seconds: f64,
}

impl CopyArgs {
    pub(super) async fn run(self) -> anyhow::Result<Outcome> {
        ensure!(
            self.data.remote()?.is_none(),
            "a copy is made by a command on the machine itself: without --server"
        );
        let config = self.data.config()?;
        let to = Config::load(&self.to)?;
        let dir = self.data.data_dir(&config)?;
        let to_dir = match &to.data_dir {
            Some(dir) => dir.clone(),
            None => directories::default_data_dir()?,
        };
        ensure!(
            config.store != to.store || (!config.store.is_remote() && dir != to_dir),
            "the source and the target are the same store"
        );
        let keyring = self.data.existing_keyring(&config, &dir)?;
        self.check_keyring(&to, &to_dir, &keyring)?;
        let source = Side::source(&config.store, &dir, &keyring);
        let source = source.await.context("the source")?;
        if self.abandon && self.target_lost {
            return self.abandon(&source, &source, &keyring).await;
        }
        let target = Side::target(&to.store, &to_dir, &keyring);
        let target = target.await.context("the target")?;
        for side in [&source, &target] {
            side.notes.iter().for_each(|note| warn(note));
        }
        match self.abandon {
            true => self.abandon(&source, &target, &keyring).await,
            false => self.copy(&source, &target, &keyring).await,
        }
    }

    /// Compares the keyring with the one of the target's configuration.
    fn check_keyring(&self, to: &Config, to_dir: &Path, keyring: &Keyring) -> anyhow::Result<()> {
        match keyring_source::present(to, to_dir, false)? {
            None => warn(&format!(
                "{} has no keyring yet: its servers need that of the source",
                self.to.display()
            )),
            Some(other) => {
                let [own, other] = [keyring, &other].map(|it| KeyringStatus::of(it, None));
                ensure!(
                    own.locator == other.locator && own.keys == other.keys,
                    "the keyring of {} is another one",
                    self.to.display()
                );
            }
        }
        Ok(())
    }

    async fn abandon(
        &self,
        source: &Side,
        target: &Side,
        keyring: &Keyring,
    ) -> anyhow::Result<Outcome> {
        let copy = steps(source, target, keyring, false);
        copy.abandon(self.target_lost).await?;
        print_lines([match self.json {
            true => r#"{"abandoned":true}"#,
            false => "the source is open again, and the target is closed",
        }])?;
        Ok(Outcome::Done)
    }

    async fn copy(
        &self,
        source: &Side,
        target: &Side,
        keyring: &Keyring,
    ) -> anyhow::Result<Outcome> {
        let begun = Instant::now();
        let copy = steps(source, target, keyring, self.overwrite);
        let mark = copy.begin().await?;
        warn(&format!("the source is closed ({mark})"));
        if source.has_servers() {
            tokio::time::sleep(self.wait).await;
        }
        let copied = match copy.fill(&mut progress()).await {
            Err(error @ CopyError::Differs(_)) => {
                warn(&error.to_string());
                return Ok(Outcome::Rejected);
            }
            copied => copied?,
        };
        source.check_node().await.context("the source")?;
        target.check_node().await.context("the target")?;
        let network = source.network_records().await?;
        copy.open(&mark).await?;
        let report = report(mark.to_string(), &copied, network, begun.elapsed());
        tell(&report);
        print_lines([match self.json {
            true => serde_json::to_string(&report)?,
            false => format!(
                "copied {} records and {} documents in {:.1} s; the target is open",
                report.states, report.documents, report.seconds
            ),
        }
        .as_str()])?;
        Ok(Outcome::Done)
    }
}

fn steps<'a>(
    source: &'a Side,
    target: &'a Side,
    keyring: &'a Keyring,
    overwrites: bool,
) -> Copy<'a, AnyStore, AnyStore, System> {
    Copy {
        source: &source.store,
        target: &target.store,
        keyring,
        environment: &System,
        kind: target.kind(),
        overwrites,
    }
}

/// Tells progress on standard error: the first of each walk, and then at times.
fn progress() -> impl FnMut(Progress) {
    let mut last: Option<(bool, Instant)> = None;
    move |progress: Progress| {
        let is_due =
            last.is_none_or(|(compares, at)| compares != progress.compares || at.elapsed() >= TOLD);
        if is_due {
            let verb = if progress.compares {
                "compared"
            } else {
                "copied"
            };
            warn(&format!("{verb} {} values", progress.values));
            last = Some((progress.compares, Instant::now()));
        }
    }
}

fn report(mark: String, copied: &Copied, network: usize, took: Duration) -> Report {
    Report {
        mark,
        states: copied.compared.states,
        documents: copied.compared.documents,
        written: copied.filled.written,
        expired: copied.compared.expired,
        network_records_left_behind: network,
        dropped_until_ms: copied.dropped.state_ms.max(copied.dropped.document_ms),
        keeps_dropped: copied.keeps_dropped,
        seconds: took.as_secs_f64(),
    }
}

/// What an operator should know about the target.
fn tell(report: &Report) {
    if report.network_records_left_behind > 0 {
        warn(&format!(
            "{} records of the network were not copied: servers learn the sessions again from \
             the network's accounting",
            report.network_records_left_behind
        ));
    }
    if let (Some(until_ms), false) = (report.dropped_until_ms, report.keeps_dropped) {
        warn(&format!(
            "the target cannot keep that values which ended by {} were dropped: its servers' \
             clocks must be right",
            time::seconds(until_ms)
        ));
    }
}
