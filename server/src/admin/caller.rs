//! Who performs an operation on the admin socket.

use core::fmt;

use tokio::net::UnixStream;

/// The process at the other end of the socket, as the kernel knows it.
pub(super) struct Caller {
    user: Option<u32>,
    process: Option<i32>,
    /// The user that logged in, whatever the process has become since, such as
    /// root by sudo.
    login: Option<u32>,
}

impl Caller {
    pub(super) fn of(stream: &UnixStream) -> Self {
        let peer = stream.peer_cred().ok();
        let process = peer.and_then(|peer| peer.pid());
        Self {
            user: peer.map(|peer| peer.uid()),
            process,
            login: process.and_then(login),
        }
    }
}

impl Caller {
    /// The user that logged in, or else that of the process.
    pub(super) fn user(&self) -> Option<u32> {
        self.login.or(self.user)
    }
}

/// The audit system's user of a process; `None` where there is none.
fn login(process: i32) -> Option<u32> {
    let text = std::fs::read_to_string(format!("/proc/{process}/loginuid")).ok()?;
    let user = text.trim().parse().ok()?;
    (user != u32::MAX).then_some(user)
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |number: Option<i64>| number.map_or_else(|| "?".to_owned(), |n| n.to_string());
        let (user, process) = (self.user.map(i64::from), self.process.map(i64::from));
        write!(f, "user {}, process {}", number(user), number(process))?;
        match self.login {
            Some(login) => write!(f, ", logged in as user {login}"),
            None => Ok(()),
        }
    }
}
