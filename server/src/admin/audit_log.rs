//! An administrator's reading of the audit log.

use mpass_core::challenge::Keyring;

use super::audit::{
    AuditHead, AuditOperation, AuditPage, AuditQuestion, AuditReport, MOST_ENTRIES,
};
use super::failure::Failure;
use super::outcome::Outcome;
use crate::audit::{AuditLog, Entry, Link};
use crate::store::AnyStore;

/// The entries of a page without a limit.
const ENTRIES: u32 = 100;
/// How many entries are read for one page, whatever the filter passes over.
const MOST_READ: usize = 5000;

/// Performs an operation on the audit log.
///
/// # Errors
/// A [`Failure`] when the store fails, or the log is damaged where it is read.
pub(super) async fn perform(
    store: &AnyStore,
    keyring: &Keyring,
    operation: AuditOperation,
) -> Result<Outcome, Failure> {
    let log = AuditLog::new(store, keyring);
    match operation {
        AuditOperation::List(question) => list(&log, &question).await.map(Outcome::Audit),
        AuditOperation::Verify { anchors } => {
            let anchors = anchors.iter().map(|text| text.parse::<Link>());
            let anchors = anchors
                .collect::<Result<Vec<_>, _>>()
                .map_err(Failure::new)?;
            let report = log.verify(&anchors).await?;
            Ok(Outcome::AuditReport(AuditReport {
                entries: report.entries,
                first: report.first,
                last: report.last.map(|link| link.to_string()),
                faults: report.faults.iter().map(ToString::to_string).collect(),
            }))
        }
        AuditOperation::Head => {
            let last = log.last().await;
            Ok(Outcome::AuditHead(AuditHead {
                number: last.number,
                anchor: last.to_string(),
            }))
        }
    }
}

/// A page of the entries that were asked for.
async fn list(log: &AuditLog<'_>, question: &AuditQuestion) -> Result<AuditPage, Failure> {
    let limit = question.limit.unwrap_or(ENTRIES);
    if !(1..=MOST_ENTRIES).contains(&limit) {
        return Err(Failure::new(format!(
            "limit: a page has 1 to {MOST_ENTRIES} entries"
        )));
    }
    let limit = limit as usize;
    let (mut lines, mut read) = (Vec::new(), 0);
    let mut at = match question.after {
        Some(after) => after,
        None => question.before.unwrap_or(u64::MAX),
    };
    loop {
        let batch = match question.after {
            Some(_) => log.lines_after(at).await?,
            None => log.lines_before(at, ENTRIES as usize).await?,
        };
        if batch.is_empty() {
            return Ok(AuditPage { lines, next: None });
        }
        for line in batch {
            let Some(found) = Numbered::of(&line) else {
                return Err(mpass_core::Error::RecordFormat.into());
            };
            let is_past = question.after.is_some()
                && question.before.is_some_and(|before| found.number >= before);
            if is_past {
                return Ok(AuditPage { lines, next: None });
            }
            (at, read) = (found.number, read + 1);
            if found.is_of(question) {
                lines.push(line);
            }
            if lines.len() == limit || read == MOST_READ {
                let next = Some(at).filter(|at| question.after.is_some() || *at > 1);
                return Ok(AuditPage { lines, next });
            }
        }
    }
}

/// A line, as far as a filter compares it.
#[derive(serde::Deserialize)]
struct Numbered {
    number: u64,
    at_ms: u64,
    #[serde(flatten)]
    entry: Entry,
}

impl Numbered {
    fn of(line: &str) -> Option<Self> {
        serde_json::from_str(line).ok()
    }

    fn is_of(&self, question: &AuditQuestion) -> bool {
        let Entry { by, what, on, .. } = &self.entry;
        let is_by = |wanted: &str| {
            let user = by.user.map(|user| format!("user:{user}"));
            [&by.name, &by.token, &user]
                .into_iter()
                .any(|it| it.as_deref() == Some(wanted))
        };
        let is_what = |wanted: &str| match wanted.ends_with('.') {
            true => what.starts_with(wanted),
            false => what == wanted,
        };
        // A number may follow the name.
        let is_on = |wanted: &str| {
            on.as_deref().is_some_and(|on| {
                let rest = on.strip_prefix(wanted);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            })
        };
        question.by.as_deref().is_none_or(is_by)
            && question.what.as_deref().is_none_or(is_what)
            && question.on.as_deref().is_none_or(is_on)
            && question.since_ms.is_none_or(|since| self.at_ms >= since)
            && question.until_ms.is_none_or(|until| self.at_ms < until)
    }
}
