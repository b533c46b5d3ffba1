//! What a scan of the server's memory finds after requests have ended.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "helpers of tests fail as tests do"
)]

use core::net::SocketAddr;
use core::time::Duration;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use serde_json::Value;

const TOKEN: &str = "gateway-token-of-the-test";
const RADIUS: &str = "radius-secret-of-the-test";
/// Each number has a challenge of its own, whose code is redeemed.
const NUMBERS: usize = 20;

/// A gateway that accepts every message; returns the requests that it has.
fn gateway() -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    let requests = Arc::<Mutex<Vec<String>>>::default();
    let kept = Arc::clone(&requests);
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let mut bytes = Vec::new();
            let mut chunk = [0; 4096];
            while !String::from_utf8_lossy(&bytes).contains("}") {
                match stream.read(&mut chunk) {
                    Ok(0) | Err(_) => break,
                    Ok(read) => bytes.extend_from_slice(&chunk[..read]),
                }
            }
            let text = String::from_utf8(bytes).unwrap();
            kept.lock().unwrap().push(text);
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    });
    (addr, requests)
}

fn mpass(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mpass"));
    command
        .env_clear()
        .env("HOME", home)
        .env("GATEWAY_TOKEN", TOKEN)
        .env("RADIUS_SECRET", RADIUS)
        .stdin(Stdio::null());
    command
}

fn start(home: &Path, gateway: SocketAddr) -> (Child, SocketAddr) {
    start_with(home, gateway, "")
}

/// With `more` at the end of the configuration.
fn start_with(home: &Path, gateway: SocketAddr, more: &str) -> (Child, SocketAddr) {
    let config = format!(
        "listen = \"127.0.0.1:0\"\nstore = \"memory\"\nlimits.header_timeout = \"300ms\"\n\
         [gateway]\nurl = \"http://{gateway}/\"\n\
         body = '{{\"to\":\"{{{{to}}}}\",\"text\":\"{{{{text}}}}\"}}'\n\
         headers.authorization = \"Bearer {{{{secret.token}}}}\"\n\
         secrets.token.env = \"GATEWAY_TOKEN\"\n\
         [network]\nlisten = \"127.0.0.1:0\"\n[[network.nas]]\naddress = \"127.0.0.1\"\n\
         secret.env = \"RADIUS_SECRET\"\n{more}"
    );
    let file = home.join("mpass.toml");
    std::fs::write(&file, config).unwrap();
    let mut child = mpass(home)
        .args(["serve", "--config"])
        .arg(file)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let mut addr = None;
    let mut line = String::new();
    while !line.contains("opened") {
        line.clear();
        assert!(log.read_line(&mut line).unwrap() > 0, "it exited");
        if let Some((_, rest)) = line.split_once("listening on http://") {
            addr = Some(rest.trim().parse().unwrap());
        }
    }
    // So that the pipe does not fill up.
    std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
    (child, addr.unwrap())
}

fn get(addr: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(addr).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

/// The memory that the process can write to; `None` if the system refuses to
/// show it.
fn memory(process: u32) -> Option<Vec<u8>> {
    let maps = std::fs::read_to_string(format!("/proc/{process}/maps")).ok()?;
    let mut file = File::open(format!("/proc/{process}/mem")).ok()?;
    let mut memory = Vec::new();
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let range = line.split(' ').next()?;
        let (from, to) = range.split_once('-')?;
        let [from, to] = [from, to].map(|text| u64::from_str_radix(text, 16).unwrap());
        let mut part = vec![0; usize::try_from(to - from).unwrap()];
        file.seek(SeekFrom::Start(from)).ok()?;
        if file.read_exact(&mut part).is_ok() {
            // Most pages are empty; no text spans one.
            let pages = part.chunks(4096);
            let used = pages.filter(|page| page.iter().any(|byte| *byte != 0));
            used.for_each(|page| memory.extend_from_slice(page));
        }
    }
    Some(memory)
}

fn count(memory: &[u8], text: &str) -> usize {
    let text = text.as_bytes();
    let starts = memory
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == text[0]);
    starts
        .filter(|(at, _)| memory[*at..].starts_with(text))
        .count()
}

/// What is found how often, and how often at most it may be.
type Found = (&'static str, usize, usize);

fn found(memory: &[u8], key: &str, numbers: &[String], codes: &[String]) -> [Found; 5] {
    let all = |texts: &[String]| texts.iter().map(|text| count(memory, text)).sum();
    [
        ("channel key", count(memory, key), 0),
        ("numbers", all(numbers), 0),
        ("codes", all(codes), 0),
        // In use: the environment, the configuration, the header of every message,
        // and the key of every packet.
        ("gateway token", count(memory, TOKEN), 3),
        ("RADIUS secret", count(memory, RADIUS), 2),
    ]
}

fn is_within(found: &Found) -> bool {
    found.1 <= found.2
}

#[test]
fn what_remains_in_memory() {
    let home = tempfile::tempdir().unwrap();
    let (gateway, requests) = gateway();
    let (mut server, addr) = start(home.path(), gateway);
    let created = mpass(home.path())
        .args(["channel", "create", "--name", "a", "--json"])
        .args(["--digits", "8", "--resend-interval", "0s"])
        .output()
        .unwrap();
    assert!(created.status.success(), "{created:?}");
    let created: Value = serde_json::from_slice(&created.stdout).unwrap();
    let key = created["key"].as_str().unwrap();
    let numbers: Vec<String> = (0..NUMBERS).map(|n| format!("9665000731{n:02}")).collect();
    let mut codes = Vec::new();
    for number in &numbers {
        let query = format!("apikey={key}&dest=%2B{number}");
        let sent = get(addr, &format!("/mpass-web/rest/mv/msg?{query}"));
        assert!(sent.contains("\"0\""), "{sent}");
        let message = requests.lock().unwrap().last().unwrap().clone();
        let text = message.rsplit("\"text\":").next().unwrap();
        let mut runs = text.split(|letter: char| !letter.is_ascii_digit());
        let code = runs.find(|run| run.len() == 8).unwrap().to_owned();
        let accepted = get(
            addr,
            &format!("/mpass-web/rest/mv/verify?{query}&otp={code}"),
        );
        assert!(accepted.contains("\"0\""), "{accepted}");
        codes.push(code);
    }
    // Connections end a moment after their last answer.
    let deadline = Instant::now() + Duration::from_secs(20);
    let memory = loop {
        let memory = memory(server.id());
        let is_clear =
            |memory: &Vec<u8>| found(memory, key, &numbers, &codes).iter().all(is_within);
        if memory.as_ref().is_none_or(is_clear) || Instant::now() > deadline {
            break memory;
        }
        std::thread::sleep(Duration::from_millis(200));
    };
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", server.id())).unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    let core: Vec<&str> = core.unwrap().split_whitespace().collect();
    assert_eq!(core[4..6], ["0", "0"], "{limits}");
    let Some(memory) = memory else {
        // The process is not dumpable; only root can read its memory.
        assert!(!rustix::process::geteuid().is_root());
        return;
    };
    assert!(memory.len() > 100_000, "the scan reads the heap");
    let found = found(&memory, key, &numbers, &codes);
    println!("{found:?}");
    assert!(found.iter().all(is_within), "{found:?}");
}

/// A line of the status of a process, in KiB.
fn status_kib(process: u32, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Signs in from an address of loopback; returns the status.
async fn sign_in(portal: SocketAddr, n: u8) -> u16 {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from(([127, 0, 1, n], 0))).unwrap();
    let mut stream = socket.connect(portal).await.unwrap();
    let body = format!("name=nobody-{n}&password=a+wrong+password&code=123456");
    let request = format!(
        "POST /signin HTTP/1.1\r\nHost: {portal}\r\nOrigin: http://{portal}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

/// Each password takes 19 MiB: a hundred at once would take 1.9 GiB. One is computed at
/// a time, eight wait, and the others are asked to come again.
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_sign_ins_at_once() {
    let home = tempfile::tempdir().unwrap();
    let (gateway, _) = gateway();
    // Found by binding; the server takes it a moment later.
    let portal = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let more = format!("[portal]\nlisten = \"{portal}\"\n");
    let (mut server, _) = start_with(home.path(), gateway, &more);
    assert_eq!(sign_in(portal, 1).await, 403);
    let before = status_kib(server.id(), "VmHWM:");
    let all = (2..102).map(|n| tokio::spawn(sign_in(portal, n)));
    let statuses = futures_util::future::join_all(all).await;
    let count = |status| {
        let same = statuses
            .iter()
            .filter(|one| *one.as_ref().unwrap() == status);
        same.count()
    };
    let peak = status_kib(server.id(), "VmHWM:");
    let (refused, busy) = (count(403), count(429));
    server.kill().unwrap();
    server.wait().unwrap();
    println!("{before} KiB before, {peak} KiB at most; {refused} computed, {busy} not");
    assert_eq!(refused + busy, 100);
    assert!(refused >= 9, "{refused}");
    assert!(peak < 512 * 1024, "{peak} KiB");
    // What one takes was there before. Memory that stays with a thread when it is freed
    // would add up.
    assert!(peak - before < 19 * 1024, "{before} KiB, then {peak} KiB");
}
