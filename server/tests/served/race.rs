//! 64 callers at once against the embedded store.

use mpass_tests::coverage::COMMAND_LINE;
use mpass_tests::served::{self, Service};

use crate::process::Process;

const ROUNDS: u32 = 200;
const TRIES: u64 = 5;

/// How many codes were compared and found wrong, from the server's metrics: all
/// those answered as wrong, and at most one of those answered that no tries are
/// left.
fn compared(service: &Service) -> u64 {
    let metrics = service.get("/metrics").body;
    let count = |reason: &str| -> u64 {
        metrics
            .lines()
            .filter(|line| line.starts_with("mpass_requests_total"))
            .filter(|line| line.contains(&format!("reason=\"{reason}\"")))
            .filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok())
            .sum()
    };
    count("wrong_code")
}

#[test]
fn concurrent_wrong_codes_are_limited_by_the_tries() {
    let dir = tempfile::tempdir().unwrap();
    let process = Process::demo(dir.path());
    let (service, outbox) = process.demo_service(dir.path());
    // The last try is answered as "none left", so one fewer is answered as
    // "wrong".
    let told = || compared(&service);
    COMMAND_LINE.parallel(served::parallel_wrong_codes(
        &service,
        &outbox,
        ROUNDS,
        TRIES - 1,
        told,
    ));
}

#[test]
fn one_of_concurrent_right_codes_is_accepted() {
    let dir = tempfile::tempdir().unwrap();
    let process = Process::demo(dir.path());
    let (service, outbox) = process.demo_service(dir.path());
    COMMAND_LINE.parallel(served::parallel_right_codes(&service, &outbox, ROUNDS));
}
