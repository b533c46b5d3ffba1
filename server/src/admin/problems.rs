//! What is wrong with a running server.

use mpass_core::Error;

use super::machine_problems::machines;
use super::status::{Level, Problem, Status};
use crate::certificate;
use crate::time;

/// A budget is nearly used up from this many percent.
const NEARLY: usize = 90;

/// The problems of a server, the urgent ones first.
pub(super) fn problems(status: &Status) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut found = |level, about: &str, what: String| {
        problems.push(Problem {
            level,
            about: about.to_owned(),
            what,
        });
    };
    store(status, &mut found);
    for failure in &status.configuration.failures {
        let what = format!("an older state is in use, because a reload failed: {failure}");
        found(Level::Error, "configuration", what);
    }
    for one in &status.certificates {
        if let Some((level, what)) = certificate(one.ends_at_ms, status.clock.now_ms) {
            found(level, "certificates", what);
        }
    }
    gateways(status, &mut found);
    machines(&status.machines, status.store.header.as_ref(), &mut found);
    for cut_off in &status.cut_offs {
        let (word, until) = (cut_off.target.word(), time::seconds(cut_off.until_ms));
        let what = format!("an administrator has stopped {word}, until {until}");
        found(Level::Warning, "cut_offs", what);
    }
    budgets(status, &mut found);
    problems.sort_by_key(|problem| problem.level);
    problems
}

fn gateways(status: &Status, found: &mut impl FnMut(Level, &str, String)) {
    for gateway in &status.gateways {
        let name = &gateway.name;
        if let Some(reason) = &gateway.unusable {
            let what = format!("{name} cannot be used: {reason}");
            found(Level::Warning, "gateways", what);
        }
        if gateway.failure_at_ms > gateway.success_at_ms {
            let cause = gateway.failure.as_deref().unwrap_or_default();
            let what = format!("the last message was not accepted by {name}: {cause}");
            found(Level::Warning, "gateways", what);
        }
    }
    if status.gateways.iter().all(|one| one.unusable.is_some()) {
        let what = "no gateway can be used: no message can be sent".to_owned();
        found(Level::Error, "gateways", what);
    }
}

fn store(status: &Status, found: &mut impl FnMut(Level, &str, String)) {
    if let Some(failure) = &status.store.write_failure {
        let what =
            format!("the store cannot be written, so no code is sent or verified: {failure}");
        found(Level::Error, "store", what);
    }
    let Some(header) = &status.store.header else {
        let what = "the store does not answer, or its header cannot be read";
        found(Level::Error, "store", what.to_owned());
        return;
    };
    if header.closed {
        let what = "the store was restored and is closed: run mpass store restored --confirm";
        found(Level::Error, "store", what.to_owned());
    }
    let clock = &status.clock;
    if header.restored_at_ms > Some(clock.now_ms) {
        let what = format!(
            "{}: set the clock, or run mpass store restored",
            Error::RestoredLater
        );
        found(Level::Error, "clock", what);
    } else if clock.behind_ms > 0 {
        let what = format!(
            "the clock is {} s behind the time that the store has seen: set the clock",
            clock.behind_ms.div_ceil(1000)
        );
        found(Level::Error, "clock", what);
    }
}

/// The problem of a certificate that ends soon or has ended.
fn certificate(ends_at_ms: Option<u64>, now_ms: u64) -> Option<(Level, String)> {
    let Some(ends_at_ms) = ends_at_ms else {
        let what = "the end of a certificate cannot be read".to_owned();
        return Some((Level::Warning, what));
    };
    let when = time::seconds(ends_at_ms);
    let left = certificate::left(ends_at_ms, now_ms);
    let (level, what) = match left {
        certificate::Left::Enough => return None,
        certificate::Left::Weeks(days) => (Level::Warning, format!("ends in {days} days")),
        certificate::Left::Days(days) => (Level::Error, format!("ends in {days} days")),
        certificate::Left::Nothing => (Level::Error, "has ended".to_owned()),
    };
    Some((level, format!("a certificate {what}, on {when}")))
}

fn budgets(status: &Status, found: &mut impl FnMut(Level, &str, String)) {
    let budgets = &status.budgets;
    let (most, configured) = (budgets.most_connections, budgets.configured_connections);
    if most < configured {
        let what = format!(
            "{most} of the configured {configured} connections are possible: raise the limit \
             on file descriptors"
        );
        found(Level::Warning, "budgets", what);
    }
    for (what, used, most) in [
        ("connections", budgets.connections, most),
        (
            "bytes of requests",
            budgets.request_bytes,
            budgets.most_request_bytes,
        ),
    ] {
        if used.saturating_mul(100) >= most.saturating_mul(NEARLY) {
            let what = format!("{used} of {most} {what} are in use");
            found(Level::Warning, "budgets", what);
        }
    }
}
