//! The sockets that a service manager opened for the server and keeps open over
//! its restarts (`sd_listen_fds(3)`).

use core::net::SocketAddr;
use std::env::{self, VarError};
use std::net::{TcpListener, UdpSocket};

use anyhow::{Context, anyhow, bail, ensure};
use listenfd::ListenFd;
use rustix::net::sockopt;

const PID: &str = "LISTEN_PID";
const COUNT: &str = "LISTEN_FDS";
const NAMES: &str = "LISTEN_FDNAMES";
/// Only `listenfd` knows this variable. It is not part of the protocol.
const FIRST: &str = "LISTEN_FDS_FIRST_FD";
/// The first descriptor that is passed.
const START: usize = 3;
/// More than a server has addresses.
const MOST: usize = 1000;

/// Sockets that the service manager passed, each with its name, until the
/// server's addresses have taken them.
#[derive(Debug, Default)]
pub struct Inherited {
    sockets: Vec<(String, Socket)>,
}

#[derive(Debug)]
enum Socket {
    Tcp(TcpListener, SocketAddr),
    Udp(UdpSocket, SocketAddr),
}

impl Socket {
    fn addr(&self) -> SocketAddr {
        match self {
            Self::Tcp(_, addr) | Self::Udp(_, addr) => *addr,
        }
    }
}

impl Inherited {
    /// The sockets passed to this process; none if `LISTEN_PID` is another
    /// process or `LISTEN_FDS` is not set. They are closed on exec, and the two
    /// variables are removed, so that no other process takes them for its own.
    ///
    /// To be called once, while the process has one thread.
    ///
    /// # Errors
    /// When a variable is malformed, a socket has no name, or a descriptor is
    /// neither a listening TCP socket nor a UDP socket.
    pub fn from_env() -> anyhow::Result<Self> {
        let variables = [PID, COUNT, NAMES].map(variable);
        let [pid, count, names] = variables;
        let expected = passed(pid?, count?, names?, std::process::id())?;
        ensure!(variable(FIRST)?.is_none(), "{FIRST} is not supported");
        // Removes the variables whoever they are for.
        let mut passed = ListenFd::from_env();
        let sockets = expected.into_iter().enumerate().map(|(index, name)| {
            let socket = take(&mut passed, index);
            let descriptor = START + index;
            let context = || format!("{COUNT}: descriptor {descriptor} ({name:?})");
            Ok((name.clone(), socket.with_context(context)?))
        });
        let sockets = sockets.collect::<anyhow::Result<_>>()?;
        Ok(Self { sockets })
    }

    /// Whether no sockets were passed: then the server opens its own.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sockets.is_empty()
    }

    /// The listening socket with a name that is bound to an address.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn take_tcp(&mut self, name: &str, addr: SocketAddr) -> anyhow::Result<TcpListener> {
        let is_right = |socket: &Socket| matches!(socket, Socket::Tcp(..));
        match self.take(name, addr, is_right)? {
            Socket::Tcp(listener, _) => Ok(listener),
            Socket::Udp(..) => Err(anyhow!("the socket {name:?} is not a TCP socket")),
        }
    }

    /// The UDP socket with a name that is bound to an address.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn take_udp(&mut self, name: &str, addr: SocketAddr) -> anyhow::Result<UdpSocket> {
        let is_right = |socket: &Socket| matches!(socket, Socket::Udp(..));
        match self.take(name, addr, is_right)? {
            Socket::Udp(socket, _) => Ok(socket),
            Socket::Tcp(..) => Err(anyhow!("the socket {name:?} is not a UDP socket")),
        }
    }

    fn take(
        &mut self,
        name: &str,
        addr: SocketAddr,
        is_right: impl Fn(&Socket) -> bool,
    ) -> anyhow::Result<Socket> {
        let found = self
            .sockets
            .iter()
            .position(|(other, socket)| other == name && socket.addr() == addr && is_right(socket));
        if let Some(index) = found {
            return Ok(self.sockets.swap_remove(index).1);
        }
        let mut named = self.sockets.iter().filter(|(other, _)| other == name);
        match named.next() {
            Some((_, socket)) if socket.addr() != addr => bail!(
                "the service manager's socket {name:?} is bound to {}, but the configuration \
                 listens on {addr}",
                socket.addr()
            ),
            Some(_) => bail!(
                "the service manager's socket {name:?} for {addr} is of the wrong kind: TCP \
                 instead of UDP, or the other way round"
            ),
            None => bail!(
                "the service manager passes no socket {name:?} (FileDescriptorName=) for {addr}, \
                 on which the configuration listens"
            ),
        }
    }

    /// Refuses sockets that nothing has taken.
    ///
    /// # Errors
    /// When there is one.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        match self.sockets.first() {
            None => Ok(()),
            Some((name, socket)) => Err(anyhow!(
                "the service manager passes a socket {name:?} bound to {}, on which the \
                 configuration does not listen",
                socket.addr()
            )),
        }
    }
}

fn variable(name: &'static str) -> anyhow::Result<Option<String>> {
    match env::var(name) {
        Ok(text) => Ok(Some(text)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(anyhow!("{name} is malformed")),
    }
}

/// The names of the sockets that were passed to this process.
fn passed(
    pid: Option<String>,
    count: Option<String>,
    names: Option<String>,
    own_pid: u32,
) -> anyhow::Result<Vec<String>> {
    let (Some(pid), Some(count)) = (pid, count) else {
        return Ok(Vec::new());
    };
    let pid: u32 = pid.parse().map_err(|_| anyhow!("{PID} is malformed"))?;
    if pid != own_pid {
        return Ok(Vec::new());
    }
    let count: usize = count.parse().map_err(|_| anyhow!("{COUNT} is malformed"))?;
    ensure!(count <= MOST, "{COUNT} is more than {MOST}");
    if count == 0 {
        return Ok(Vec::new());
    }
    let names = names.with_context(|| format!("{NAMES} is not set: each socket needs a name"))?;
    let names: Vec<String> = names.split(':').map(str::to_owned).collect();
    ensure!(
        names.len() == count,
        "{NAMES} has {} names for {count} sockets",
        names.len()
    );
    Ok(names)
}

/// A socket, which does not block and is closed on exec.
fn take(passed: &mut ListenFd, index: usize) -> anyhow::Result<Socket> {
    if let Ok(Some(listener)) = passed.take_tcp_listener(index) {
        ensure!(
            sockopt::socket_acceptconn(&listener)?,
            "a TCP socket that is not listening"
        );
        listener.set_nonblocking(true)?;
        let addr = listener.local_addr()?;
        return Ok(Socket::Tcp(listener, addr));
    }
    let socket = passed.take_udp_socket(index);
    let socket = socket.map_err(|_| anyhow!("neither a TCP nor a UDP socket"))?;
    let socket = socket.context("taken twice")?;
    socket.set_nonblocking(true)?;
    let addr = socket.local_addr()?;
    Ok(Socket::Udp(socket, addr))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Option<String> {
        Some(value.to_owned())
    }

    /// `sd_listen_fds(3)`: nothing is passed without the variables or to another
    /// process, and malformed variables are an error.
    #[test]
    fn variables() {
        for (pid, count, names, expected) in [
            (None, None, None, Some(&[][..])),
            (None, text("1"), text("main"), Some(&[])),
            (text("7"), None, None, Some(&[])),
            (text("8"), text("1"), text("main"), Some(&[])),
            (text("7"), text("0"), text(""), Some(&[])),
            (text("7"), text("1"), text("main"), Some(&["main"])),
            (text("7"), text("2"), text("main:"), Some(&["main", ""])),
            (text("x"), text("1"), text("main"), None),
            (text(""), text("1"), text("main"), None),
            (text("7"), text("x"), text("main"), None),
            (text("7"), text("-1"), text("main"), None),
            (text("7"), text("4294967295"), text("main"), None),
            (text("7"), text("1"), None, None),
            (text("7"), text("1"), text("main:more"), None),
            (text("7"), text("2"), text("main"), None),
        ] {
            let shown = format!("{pid:?} {count:?} {names:?}");
            let names = passed(pid, count, names, 7).ok();
            let names: Option<Vec<&str>> = names
                .as_ref()
                .map(|names| names.iter().map(String::as_str).collect());
            assert_eq!(names.as_deref(), expected, "{shown}");
        }
    }

    fn inherited(names: &[&str]) -> Inherited {
        let sockets = names.iter().map(|name| {
            let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
            let addr = socket.local_addr().unwrap();
            ((*name).to_owned(), Socket::Udp(socket, addr))
        });
        Inherited {
            sockets: sockets.collect(),
        }
    }

    #[test]
    fn a_socket_needs_its_name_its_address_and_its_kind() {
        let mut sockets = inherited(&["accounting", "other"]);
        let [addr, of_other] = [0, 1].map(|index| sockets.sockets[index].1.addr());
        for (name, addr, words) in [
            ("accounting", of_other, "is bound to"),
            ("main", addr, "no socket \"main\""),
        ] {
            let error = sockets.take_udp(name, addr).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
        let error = sockets.take_tcp("accounting", addr).unwrap_err();
        assert!(error.to_string().contains("wrong kind"), "{error}");
        assert!(sockets.take_udp("accounting", addr).is_ok());
        assert!(sockets.take_udp("accounting", addr).is_err());
        let error = sockets.finish().unwrap_err().to_string();
        assert!(error.contains("\"other\""), "{error}");
        assert!(inherited(&[]).finish().is_ok());
    }
}
