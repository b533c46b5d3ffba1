//! kill -9 between and during attempts: spent attempts stay spent, and accepted
//! codes stay used.

use std::sync::Mutex;
use std::thread;

use mpass_tests::served::{Inbox, Service, number, wrong};

use crate::process::Process;

/// Kills a server and starts it again, on another port.
fn restarted(process: Process, dir: &std::path::Path) -> Process {
    process.kill();
    Process::demo(dir)
}

#[test]
fn attempts_and_accepts_survive_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let mut process = Process::demo(dir);
    let (attempted, accepted) = (number(3, 0), number(3, 1));
    let (service, outbox) = process.demo_service(dir);
    for dest in [&attempted, &accepted] {
        assert!(service.send(dest, "").is("0"));
    }
    let (code, used) = (outbox.code(&attempted), outbox.code(&accepted));
    assert!(service.verify(&accepted, &used, "").is("0"));
    for _ in 0..5 {
        let (service, _) = process.demo_service(dir);
        assert!(service.verify(&attempted, &wrong(&code), "").is("3"));
        process = restarted(process, dir);
    }
    let (service, _) = process.demo_service(dir);
    assert!(service.verify(&attempted, &code, "").is("3"));
    assert!(service.verify(&accepted, &used, "").is("3"));
}

#[test]
fn an_unused_challenge_survives_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let process = Process::demo(dir.path());
    let dest = number(3, 2);
    let (service, outbox) = process.demo_service(dir.path());
    assert!(service.send(&dest, "").is("0"));
    let code = outbox.code(&dest);
    assert!(service.verify(&dest, &wrong(&code), "").is("3"));
    let process = restarted(process, dir.path());
    let (service, _) = process.demo_service(dir.path());
    assert!(service.verify(&dest, &code, "").is("0"));
}

/// Callers race with the right code while the server is killed; at most one of
/// them receives an accept, before and after.
#[test]
fn a_kill_under_load_gives_no_second_accept() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    for round in 0..5 {
        let dest = number(4, round);
        let process = Process::demo(dir);
        let (service, outbox) = process.demo_service(dir);
        assert!(service.send(&dest, "").is("0"));
        let code = outbox.code(&dest);
        let accepts = Mutex::new(0);
        let base = process.base.clone();
        thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    let address = base.trim_start_matches("http://");
                    let told = attempt_that_may_break(address, &service, &dest, &code);
                    *accepts.lock().unwrap() += u32::from(told);
                });
            }
            process.kill();
        });
        let process = Process::demo(dir);
        let (service, _) = process.demo_service(dir);
        let again = u32::from(service.verify(&dest, &code, "").is("0"));
        let told = *accepts.lock().unwrap();
        assert!(
            told + again <= 1,
            "round {round}: {told} and {again} accepts"
        );
        process.kill();
    }
}

/// Whether an accept was received on a connection that may break at any point.
fn attempt_that_may_break(address: &str, service: &Service, dest: &str, code: &str) -> bool {
    use std::io::{Read, Write};
    let Ok(mut stream) = std::net::TcpStream::connect(address) else {
        return false;
    };
    let path = service.verify_path(dest, code, "");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let mut answer = Vec::new();
    let _ = stream.write_all(request.as_bytes());
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).contains("\"status\":\"0\"")
}
