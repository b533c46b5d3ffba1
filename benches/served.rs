//! `mpass serve` under load, compared with a handler that returns a constant, a
//! handler that also calls the gateway, and, if installed, privacyIDEA:
//! processor time per request and requests per second.
//!
//! The load generator and the measured process run on separate processors.

// A benchmark that cannot be set up must fail.
#![allow(clippy::expect_used)]

use std::path::{Path, PathBuf};

use mpass_benches::options::Options;
use mpass_benches::results::{Measured, record};
use mpass_benches::served::{
    CLIENT_CORE, Engine, Handler, Load, Loaded, MpassServer, Pinned, PrivacyIdea, Recording,
    SERVER_CORE, StoreUnderTest, handler, load,
};

/// The first national number. 2^26 numbers follow before it repeats.
const FIRST: u64 = 500_000_000;
const EVER: u64 = 1 << 26;
/// Concurrent clients, enough to share syncs to disk.
const MANY: u32 = 64;

fn main() {
    if let Some(meant) = handler::meant() {
        return handler::serve(meant);
    }
    let Some(options) = Options::read("served") else {
        return;
    };
    if options.is_trial() {
        // Needs an optimised server and an otherwise idle machine.
        return println!("served: left out of a trial; see `cargo xtask bench --only served`");
    }
    let Some(binary) = path("MPASS_SERVER") else {
        return println!("served: left out, MPASS_SERVER names no `mpass` to measure");
    };
    let gateway = Handler::constant(CLIENT_CORE);
    if let Some(directory) = path("MPASS_RECORDINGS") {
        return recorded(&binary, &gateway.address, &directory);
    }
    for store in [StoreUnderTest::Memory, StoreUnderTest::Embedded] {
        served(&binary, store, &gateway.address);
    }
    match path("MPASS_PRIVACYIDEA") {
        Some(environment) => privacy_idea(&environment),
        None => println!("served: MPASS_PRIVACYIDEA names no environment of it; left out"),
    }
}

fn path(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from)
}

/// Puts load on a process at an address, over `count` numbers from the first
/// on.
fn asked(
    (process, address): (&Pinned, &str),
    key: &str,
    kind: &str,
    clients: u32,
    (first, count): (u64, u64),
) -> Loaded {
    let request = Load {
        address,
        kind,
        key,
        first,
        count,
        clients,
    };
    load(process, &request)
}

/// Measures sends and verifications on one kind of store, with the reference
/// handlers in between.
fn served(binary: &Path, store: StoreUnderTest, gateway: &str) {
    let dir = tempfile::tempdir().expect("a directory");
    let server = MpassServer::start(binary, dir.path(), &Engine::start(store), gateway);
    let constant = Handler::constant(SERVER_CORE);
    let asking = Handler::asking(SERVER_CORE, gateway);
    let ask = |kind, clients, first, count| {
        let target = (&server.process, &*server.address);
        asked(target, &server.key, kind, clients, (first, count))
    };
    let beside = |handler: &Handler, kind| {
        let target = (&handler.process, &*handler.address);
        asked(target, &server.key, kind, MANY, (FIRST, EVER))
    };
    let name = store.name();
    let sends = ask("send", MANY, FIRST, EVER);
    let group = format!("served send, {name}");
    show(&group, &sends, &beside(&constant, "send"));
    let asking = beside(&asking, "send").cpu_us();
    println!("{group}: the one that asks the gateway {asking:.1} us");
    microseconds(&group, "axum, asking the gateway", asking);
    // Requests in flight when the load ended may not have been sent.
    let sent = server.counted("sent").saturating_sub(u64::from(MANY));
    let verified = ask("verify", MANY, FIRST, sent);
    let group = format!("served verify, {name}");
    show(&group, &verified, &beside(&constant, "verify"));
    assert!(
        server.counted("wrong_code") >= verified.requests.min(sent) * 9 / 10,
        "verifications met no challenge"
    );
    if store == StoreUnderTest::Embedded {
        let group = format!("served, requests a second, {name}");
        for (kind, together) in [("send", &sends), ("verify", &verified)] {
            let first = FIRST + if kind == "send" { EVER } else { 0 };
            let alone = ask(kind, 1, first, sent);
            number(&group, &format!("{kind}, 1 client"), alone.per_second());
            number(
                &group,
                &format!("{kind}, {MANY} clients"),
                together.per_second(),
            );
        }
    }
}

/// Profiles sends and verifications on the memory store.
fn recorded(binary: &Path, gateway: &str, directory: &Path) {
    let dir = tempfile::tempdir().expect("a directory");
    let engine = Engine::start(StoreUnderTest::Memory);
    let server = MpassServer::start(binary, dir.path(), &engine, gateway);
    let mut count = EVER;
    for kind in ["send", "verify"] {
        let file = directory.join(kind).with_extension("data");
        let recording = Recording::start(&server.process, &file);
        let target = (&server.process, &*server.address);
        let loaded = asked(target, &server.key, kind, MANY, (FIRST, count));
        recording.end();
        println!("{kind}: {} requests recorded", loaded.requests);
        count = loaded.requests;
    }
}

/// A wrong code for one token, as privacyIDEA validates it.
fn privacy_idea(environment: &Path) {
    let dir = tempfile::tempdir().expect("a directory");
    let peer = PrivacyIdea::start(environment, dir.path());
    let loaded = peer.load();
    microseconds(
        "served verify, memory store",
        "privacyIDEA",
        loaded.cpu_us(),
    );
    println!("privacyIDEA: {:.0} requests a second", loaded.per_second());
}

/// Prints and records a measurement and its reference.
fn show(group: &str, ours: &Loaded, constant: &Loaded) {
    let (user, system) = ours.cpu_us_split();
    println!(
        "{group}: {:.0} requests/s, p99 {:?}; CPU {:.1} us a request ({user:.1} own, \
         {system:.1} in the kernel); the constant {:.1} us",
        ours.per_second(),
        ours.p99,
        ours.cpu_us(),
        constant.cpu_us(),
    );
    microseconds(group, "mpass", ours.cpu_us());
    microseconds(group, "mpass, its own", user);
    microseconds(group, "mpass, in the kernel", system);
    microseconds(group, "axum, a constant", constant.cpu_us());
}

fn microseconds(group: &str, name: &str, value: f64) {
    put(group, name, value, "us");
}

fn number(group: &str, name: &str, value: f64) {
    println!("{group}: {name}: {value:.0}");
    put(group, name, value, "1/s");
}

fn put(group: &str, name: &str, value: f64, unit: &str) {
    record(&Measured {
        group,
        name,
        at: None,
        value,
        unit,
    });
}
