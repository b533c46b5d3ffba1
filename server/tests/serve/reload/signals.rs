//! SIGHUP at any time, and reloads under load.

use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::fs;
use std::sync::Arc;

use mpass_server::admin::Operation;
use rustix::fs::{Mode, OFlags};
use rustix::process::Signal;

use super::process::{Process, config};
use super::{start, url};
use crate::support::{Manner, SEND, StandIn, client, contract_status, until};

/// Whether the process catches SIGHUP, which is signal 1 (proc(5)).
fn catches_hangups(process: &Process) -> bool {
    let status = fs::read_to_string(format!("/proc/{}/status", process.child.id()));
    let status = status.unwrap_or_default();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    let caught = caught.map(|caught| u64::from_str_radix(caught.trim(), 16).unwrap());
    caught.is_some_and(|caught| caught & 1 == 1)
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn during_the_start() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    for _ in 0..5 {
        let dir = tempfile::tempdir().unwrap();
        let text = config(dir.path(), &url(&gateway), "", "");
        let process = Process::spawn(dir, &text);
        until("the handler", || catches_hangups(&process)).await;
        while !process.log().contains("opened") {
            process.signal(Signal::HUP);
            tokio::task::yield_now().await;
        }
        let mut process = process.started().await;
        until("a reload after the start", || !process.reloads().is_empty()).await;
        process.signal(Signal::TERM);
        process.signal(Signal::HUP);
        assert_eq!(process.ended().await, Some(0), "{}", process.log());
    }
}

/// A pipe that nobody writes to stands for a file system that does not answer.
#[tokio::test]
async fn a_file_that_does_not_answer() {
    let (mut server, _gateway) = start("", "").await;
    let file = server.path().join("mpass.toml");
    fs::remove_file(&file).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&file).status();
    assert!(made.unwrap().success());
    server.signal(Signal::HUP);
    // There is a reader once the server reads.
    let mut writer = None;
    let has_reader = || {
        let flags = OFlags::WRONLY | OFlags::NONBLOCK;
        writer = rustix::fs::open(&file, flags, Mode::empty()).ok();
        writer.is_some()
    };
    until("the reading", has_reader).await;
    assert!(server.perform(Operation::Status).await.is_ok());
    server.signal(Signal::TERM);
    assert_eq!(server.ended().await, Some(0), "{}", server.log());
    drop(writer);
}

#[tokio::test]
async fn while_a_request_is_finished_after_sigterm() {
    let (mut server, gateway) = start("", "").await;
    gateway.set(Manner::Held);
    let key = server.channel().await;
    let path = format!(
        "http://{}{SEND}?apikey={key}&dest=%2B966500000000",
        server.addr
    );
    let request = tokio::spawn(client().get(path).send());
    gateway.has_received(1).await;
    server.signal(Signal::TERM);
    until("the end", || server.log().contains("stopping")).await;
    for _ in 0..20 {
        server.signal(Signal::HUP);
    }
    gateway.release(1);
    let response = request.await.unwrap().unwrap();
    let status = contract_status(&response.text().await.unwrap());
    assert_eq!(status, "0");
    assert_eq!(server.ended().await, Some(0), "{}", server.log());
}

/// Twenty reloads, each of other limits, another gateway and another level of the
/// log: no request fails, on new connections and on old ones.
#[tokio::test]
async fn no_request_fails_under_load() {
    const RELOADS: usize = 20;
    let (server, first) = start("", "").await;
    let second = StandIn::start(Manner::Answer(200, "")).await;
    let key = server.channel().await;
    let is_over = Arc::new(AtomicBool::new(false));
    let (sent, number) = (Arc::<AtomicU32>::default(), Arc::<AtomicU32>::default());
    let clients: Vec<_> = (0..4)
        .map(|index| {
            let base = format!("http://{}{SEND}?apikey={key}", server.addr);
            let (is_over, sent, number) = (is_over.clone(), sent.clone(), number.clone());
            tokio::spawn(async move {
                let kept = client();
                while !is_over.load(Ordering::Relaxed) {
                    let client = if index % 2 == 0 {
                        kept.clone()
                    } else {
                        client()
                    };
                    let number = number.fetch_add(1, Ordering::Relaxed);
                    let to = 966_500_000_000 + u64::from(number);
                    let response = client.get(format!("{base}&dest=%2B{to}")).send().await;
                    let response = response.unwrap();
                    assert_eq!(response.status(), 200);
                    let body = response.text().await.unwrap();
                    assert_eq!(contract_status(&body), "0");
                    sent.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for reload in 0..RELOADS {
        let before = sent.load(Ordering::Relaxed);
        until("requests", || sent.load(Ordering::Relaxed) > before + 20).await;
        let (gateway, level) = match reload % 2 {
            0 => (&second, "warn"),
            _ => (&first, "info"),
        };
        let more = format!(
            "log.level = \"{level}\"\nlimits.connections = {}",
            1000 + reload
        );
        server.write(&config(&server.path(), &url(gateway), &more, ""));
        let names = ["limits.connections", "log.level", "gateway.url"];
        assert_eq!(server.reload().await.unwrap(), names);
    }
    is_over.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.unwrap();
    }
    let received = first.requests().len() + second.requests().len();
    assert_eq!(received, sent.load(Ordering::Relaxed) as usize);
    assert!(!first.requests().is_empty() && !second.requests().is_empty());
    let done = server.metric("mpass_reloads_total{outcome=\"done\"}").await;
    assert_eq!(done, Some(RELOADS.to_string()));
}
