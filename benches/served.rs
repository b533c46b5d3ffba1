//! `mpass serve` under load, beside a handler that answers a constant, in one
//! run: requests a second and processor time for a request.

// A benchmark that cannot be set up is broken.
#![allow(clippy::expect_used)]

use std::path::PathBuf;
use std::process::Command;

use mpass_benches::served::{
    CLIENT_CORE, Load, Measured, MpassServer, Pinned, SERVER_CORE, StoreUnderTest, constant, load,
};

/// The argument under which this program is the constant handler.
const CONSTANT: &str = "--constant";
/// The first number of each kind of store.
const FIRST: u64 = 500_000_000;
const EVER: u64 = 100_000_000;

fn main() {
    if std::env::args().any(|argument| argument == CONSTANT) {
        return constant::serve();
    }
    if std::env::args().any(|argument| argument == "--test") {
        // Needs an optimised server and a quiet machine.
        return println!("served: measured by `cargo xtask bench --only served`");
    }
    let Some(binary) = std::env::var_os("MPASS_BINARY").map(PathBuf::from) else {
        return println!("served: MPASS_BINARY names no mpass to measure; left out");
    };
    let gateway = handler(CLIENT_CORE);
    let yardstick = handler(SERVER_CORE);
    let seconds = 5;
    let constant = |clients| {
        load(
            &yardstick.0,
            &Load {
                address: &yardstick.1,
                kind: "constant",
                key: "key",
                first: FIRST,
                count: EVER,
                clients,
                seconds,
            },
        )
    };
    show("constant handler, 64 clients", &constant(64));
    for (name, store) in [
        ("memory", StoreUnderTest::Memory),
        ("embedded", StoreUnderTest::Embedded),
    ] {
        let dir = tempfile::tempdir().expect("a directory");
        let server = MpassServer::start(&binary, dir.path(), store, &gateway.1);
        let ask = |kind, clients, first, count| {
            load(
                &server.process,
                &Load {
                    address: &server.address,
                    kind,
                    key: &server.key,
                    first,
                    count,
                    clients,
                    seconds,
                },
            )
        };
        let sends = ask("send", 64, FIRST, EVER);
        show(&format!("send, {name}, 64 clients"), &sends);
        let sent = server.counted("sent") - 64;
        let verified = ask("verify", 64, FIRST, sent);
        show(&format!("verify, {name}, 64 clients"), &verified);
        println!("  of them {} wrong codes", server.counted("wrong_code"));
        if store == StoreUnderTest::Embedded {
            let one = ask("send", 1, 2 * FIRST, EVER);
            show("send, embedded, 1 client", &one);
            let one = ask("verify", 1, FIRST, sent);
            show("verify, embedded, 1 client", &one);
        }
        show("constant handler, 64 clients", &constant(64));
    }
}

/// This program as the constant handler, and its address.
fn handler(core: usize) -> (Pinned, String) {
    let this = std::env::current_exe().expect("a path");
    let mut command = Command::new(this);
    command.arg(CONSTANT);
    let mut process = Pinned::start(core, &command);
    let address = process.first_line();
    (process, address)
}

fn show(name: &str, measured: &Measured) {
    let (user, system) = measured.cpu_us();
    println!(
        "{name}: {:.0} requests/s, CPU {:.1} us a request ({user:.1} user, {system:.1} system), p99 {:?}",
        measured.per_second(),
        user + system,
        measured.p99,
    );
}
