//! Sockets of a service manager, and what it is notified of.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};

use rustix::process::Signal;

use crate::manager::{Manager, Process};

const MEMORY: &str =
    "store = \"memory\"\n[gateway]\nurl = \"http://127.0.0.1:9/?{{to}}{{text}}\"\n";
const O_CLOEXEC: u32 = 0o2_000_000;

fn health(stream: &mut TcpStream) -> String {
    stream
        .write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

/// A connection waits in the socket until there is a server, and while another
/// one follows it.
#[test]
fn connections_wait_for_the_server() {
    let manager = Manager::new(MEMORY);
    let mut early = TcpStream::connect(manager.addr).unwrap();
    let mut server = manager.start();
    assert!(health(&mut early).starts_with("HTTP/1.1 200"));
    assert_eq!(manager.next_state(), "READY=1");
    let of_socket = |(name, target): &(String, PathBuf)| {
        (name == "3").then(|| target.to_string_lossy().starts_with("socket:"))
    };
    let is_socket = server.open_files().iter().find_map(of_socket);
    assert_eq!(is_socket, Some(true));
    assert_ne!(server.descriptor_flags("3") & O_CLOEXEC, 0);
    server.signal(Signal::TERM);
    assert_eq!(manager.next_state(), "STOPPING=1");
    assert_eq!(server.wait(), Some(0));
    let mut waiting = TcpStream::connect(manager.addr).unwrap();
    let _successor = manager.start();
    assert!(health(&mut waiting).starts_with("HTTP/1.1 200"));
    assert_eq!(manager.next_state(), "READY=1");
}

/// The configuration of accounting on an address.
fn accounting(addr: &str, secret: &Path) -> String {
    format!(
        "[network]\nlisten = \"{addr}\"\n[[network.nas]]\naddress = \"127.0.0.1\"\n\
         secret = {{ file = '{}' }}\n",
        secret.display()
    )
}

/// The one line of a server that refuses to start.
fn refusal(manager: &Manager) -> String {
    let mut server = Process::start(manager.command("$$"));
    assert_eq!(server.wait(), Some(2), "{}", server.log());
    let log = server.log();
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(!manager.data().exists());
    log
}

#[test]
fn any_difference_is_refused() {
    let mut manager = Manager::new(MEMORY);
    let secret = manager.dir.path().join("secret");
    std::fs::write(&secret, "0123456789abcdef0123456789abcdef").unwrap();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let other_addr = other.local_addr().unwrap();
    for (names, more, words) in [
        ("mpass.socket", "", "no socket \"main\""),
        ("", "", "no socket \"main\""),
        ("main:more", "", "LISTEN_FDNAMES has 2 names for 1 sockets"),
        (
            "main",
            &accounting("127.0.0.1:1813", &secret),
            "no socket \"accounting\"",
        ),
        (
            "main",
            "[[login.realms]]\nlisten = \"127.0.0.1:9092\"\nrealm = \"b\"\n",
            "no socket \"login-b\"",
        ),
    ] {
        manager.names = names.to_owned();
        manager.configure(&format!("{MEMORY}{more}"));
        let error = refusal(&manager);
        assert!(error.contains(words), "{error}");
    }
    manager.configure(MEMORY);

    // One too many, one at another address, and ones of another kind.
    manager.sockets.push(other.into());
    for (names, words) in [
        ("main:more", "a socket \"more\" bound to"),
        ("main:main", "a socket \"main\" bound to"),
        ("more:main", "\"main\" is bound to"),
    ] {
        manager.names = names.to_owned();
        let error = refusal(&manager);
        assert!(error.contains(words), "{error}");
        assert!(error.contains(&other_addr.to_string()), "{error}");
    }
    manager.sockets.pop();
    manager.names = "main".to_owned();
    let listener = manager.sockets.pop().unwrap();
    let datagrams = UdpSocket::bind(manager.addr).unwrap();
    let connected = TcpStream::connect(manager.addr).unwrap();
    let file = std::fs::File::open("/dev/null").unwrap();
    for (socket, words) in [
        (datagrams.into(), "of the wrong kind"),
        (connected.into(), "not listening"),
        (file.into(), "neither a TCP nor a UDP socket"),
    ] {
        manager.sockets = vec![socket];
        let error = refusal(&manager);
        assert!(error.contains(words), "{error}");
    }
    drop(listener);
}

/// `sd_listen_fds(3)`: the sockets are for the process of `LISTEN_PID` only.
#[test]
fn sockets_of_another_process_are_not_taken() {
    let manager = Manager::new(MEMORY);
    let mut server = Process::start(manager.command("1"));
    // The address is in use by the manager's socket.
    assert_eq!(server.wait(), Some(2));
    let log = server.log();
    assert!(log.contains("cannot listen on"), "{log}");
}

/// Every listener has its socket: the main one and the one for accounting.
#[test]
fn accounting_comes_on_its_socket() {
    let mut manager = Manager::new("");
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let addr = socket.local_addr().unwrap();
    let secret = manager.dir.path().join("secret");
    std::fs::write(&secret, "0123456789abcdef0123456789abcdef").unwrap();
    let network = accounting(&addr.to_string(), &secret);
    manager.configure(&format!("{MEMORY}{network}"));
    manager.names = "main:accounting".to_owned();
    manager.sockets.push(socket.into());
    let mut server = manager.start();
    server.wait_for("opened");
    let log = server.log();
    assert!(
        log.contains(&format!("receiving RADIUS accounting on {addr}")),
        "{log}"
    );
    server.signal(Signal::TERM);
    assert_eq!(server.wait(), Some(0), "{}", server.log());
}

/// The predecessor's store is waited for, but not without end.
#[test]
fn a_store_that_stays_open_is_refused() {
    let gateway = MEMORY.replace("store = \"memory\"\n", "");
    let manager = Manager::new(&format!("limits.handover_timeout = \"100ms\"\n{gateway}"));
    let mut first = manager.start();
    first.wait_for("opened");
    let mut second = manager.start();
    assert_eq!(second.wait(), Some(2), "{}", second.log());
    let log = second.log();
    assert!(log.contains("is in use"), "{log}");
    // One that is told to stop while it waits does so.
    manager.configure(&gateway);
    let mut third = manager.start();
    third.wait_for("waiting for the server");
    third.signal(Signal::TERM);
    assert_eq!(third.wait(), Some(0), "{}", third.log());
    first.signal(Signal::TERM);
    assert_eq!(first.wait(), Some(0), "{}", first.log());
}

/// Datagrams to a service manager that does not read them wait without end.
#[test]
fn a_service_manager_that_does_not_read_is_not_waited_for() {
    let manager = Manager::new(MEMORY);
    let full = UnixDatagram::unbound().unwrap();
    full.set_nonblocking(true).unwrap();
    while full
        .send_to(b"x", manager.dir.path().join("notify"))
        .is_ok()
    {}
    let mut server = manager.start();
    let mut stream = TcpStream::connect(manager.addr).unwrap();
    assert!(health(&mut stream).starts_with("HTTP/1.1 200"));
    server.signal(Signal::TERM);
    assert_eq!(server.wait(), Some(0));
}
