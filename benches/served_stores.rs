//! `mpass serve` on each of its stores, under the same load: processor time for each
//! request, latency at half of what it can serve, and races of right codes. Compared
//! with a handler that returns a constant and, if installed, with otpgateway.
//!
//! The measured process has one processor; the load generator, the gateway and the
//! engine behind a store have another one.

// A benchmark that cannot be set up must fail.
#![allow(clippy::expect_used)]

use std::path::{Path, PathBuf};

use mpass_benches::options::Options;
use mpass_benches::results::{Measured, record};
use mpass_benches::served::steady::{self, Steady};
use mpass_benches::served::{
    CLIENT_CORE, Engine, Handler, Load, Loaded, MpassServer, OtpGateway, Outbox, Pinned, RACERS,
    RACES, SERVER_CORE, StoreUnderTest, handler, load, races,
};

/// The first national number. 2^26 numbers follow before it repeats.
const FIRST: u64 = 500_000_000;
const EVER: u64 = 1 << 26;
/// Concurrent clients, enough to share syncs to disk.
const CLIENTS: u32 = 64;
const OTPGATEWAY: &str = "otpgateway, Redis without AOF";

fn main() {
    if let Some(meant) = handler::meant() {
        return handler::serve(meant);
    }
    if let Some(steady) = steady::meant() {
        return steady.perform();
    }
    let Some(options) = Options::read("served_stores") else {
        return;
    };
    if options.is_trial() {
        // Needs an optimised server and an otherwise idle machine.
        return println!("served_stores: left out of a trial; see `cargo xtask bench`");
    }
    let Some(binary) = path("MPASS_SERVER") else {
        return println!("served_stores: left out, MPASS_SERVER names no `mpass` to measure");
    };
    let gateway = Handler::constant(CLIENT_CORE);
    let mut constants = Vec::new();
    for store in StoreUnderTest::ALL {
        measured(&binary, store, &gateway.address);
        constants.push(constant().cpu_us());
        raced(&binary, store);
    }
    match path("MPASS_OTPGATEWAY") {
        Some(binary) => otpgateway(&binary),
        None => println!("served_stores: MPASS_OTPGATEWAY names no otpgateway; left out"),
    }
    constants.sort_by(f64::total_cmp);
    put(
        VERIFY,
        "axum, a constant",
        constants[constants.len() / 2],
        "us",
    );
}

const SEND: &str = "processor time of a send";
const VERIFY: &str = "processor time of a verification";

fn path(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from)
}

/// Sends, then verifications alone, then both at half of that rate.
fn measured(binary: &Path, store: StoreUnderTest, gateway: &str) {
    let dir = tempfile::tempdir().expect("a directory");
    let engine = Engine::start(store);
    let server = MpassServer::start(binary, dir.path(), &engine, gateway);
    let ask = |kind, count| {
        let target = (&server.process, &*server.address);
        asked(target, &server.key, kind, count)
    };
    let name = store.name();
    let sends = ask("send", EVER);
    // Requests in flight when the load ended may not have been sent.
    let sent = server.counted("sent").saturating_sub(u64::from(CLIENTS));
    let verified = ask("verify", sent);
    assert!(
        server.counted("wrong_code") >= verified.requests.min(sent) * 9 / 10,
        "verifications met no challenge"
    );
    put(SEND, name, sends.cpu_us(), "us");
    let (user, system) = verified.cpu_us_split();
    put(VERIFY, name, verified.cpu_us(), "us");
    put("its own part", name, user, "us");
    put("in the kernel", name, system, "us");
    put(
        "verifications, 64 clients",
        name,
        verified.per_second(),
        "1/s",
    );
    let rate = verified.per_second() / 2.0;
    let steady = Steady {
        address: server.address.clone(),
        key: server.key.clone(),
        first: FIRST,
        count: sent,
        // Rates are far below 2^32.
        rate: format!("{rate:.0}").parse().unwrap_or(1),
    };
    let latency = steady.run();
    for (what, time) in [("p50", latency.p50), ("p99", latency.p99)] {
        let group = format!("a verification at half of that rate, {what}");
        put(&group, name, time.as_secs_f64() * 1e6, "us");
    }
}

/// The handler under the load of verifications.
fn constant() -> Loaded {
    let constant = Handler::constant(SERVER_CORE);
    asked(
        (&constant.process, &constant.address),
        "key",
        "verify",
        EVER,
    )
}

fn asked((process, address): (&Pinned, &str), key: &str, kind: &str, count: u64) -> Loaded {
    let request = Load {
        address,
        kind,
        key,
        first: FIRST,
        count,
        clients: CLIENTS,
    };
    load(process, &request)
}

/// Counts what is accepted of right codes that arrive together.
fn raced(binary: &Path, store: StoreUnderTest) {
    let (dir, outbox) = (tempfile::tempdir().expect("a directory"), Outbox::start());
    let engine = Engine::start(store);
    let server = MpassServer::start(binary, dir.path(), &engine, &outbox.address);
    accepts(store.name(), races(&server, &outbox));
}

fn otpgateway(binary: &Path) {
    let dir = tempfile::tempdir().expect("a directory");
    let peer = OtpGateway::start(binary, dir.path());
    let checked = peer.load();
    put(VERIFY, OTPGATEWAY, checked.cpu_us(), "us");
    put(
        "verifications, 64 clients",
        OTPGATEWAY,
        checked.per_second(),
        "1/s",
    );
    accepts(OTPGATEWAY, peer.races());
}

fn accepts(name: &str, accepted: u64) {
    let group = format!("accepted in {RACES} races of {RACERS} right codes");
    // Far below 2^32.
    let accepted = u32::try_from(accepted).unwrap_or(u32::MAX);
    put(&group, name, f64::from(accepted), "codes");
}

fn put(group: &str, name: &str, value: f64, unit: &str) {
    println!("{group}: {name}: {value:.1} {unit}");
    record(&Measured {
        group,
        name,
        at: None,
        value,
        unit,
    });
}
