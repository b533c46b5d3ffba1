//! 64 callers at once against the embedded store.

use mpass_tests::coverage::COMMAND_LINE;
use mpass_tests::served::{self, Service};

use crate::process::Process;

const ROUNDS: u32 = 200;
const TRIES: u64 = 5;

/// How many codes were compared and found wrong, from the server's metrics:
/// all that were told so, and at most one of those told that no tries are
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
fn wrong_codes_at_once_are_compared_no_more_than_the_tries() {
    let dir = tempfile::tempdir().unwrap();
    let process = Process::demo(dir.path());
    let (service, outbox) = process.demo_service(dir.path());
    // The last of the tries is told as "none left", so one fewer is told as
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
fn of_right_codes_at_once_one_is_accepted() {
    let dir = tempfile::tempdir().unwrap();
    let process = Process::demo(dir.path());
    let (service, outbox) = process.demo_service(dir.path());
    COMMAND_LINE.parallel(served::parallel_right_codes(&service, &outbox, ROUNDS));
}
