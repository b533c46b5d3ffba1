//! The server side of the admin socket.

use core::net::{IpAddr, Ipv4Addr};
use core::time::Duration;
use std::fs;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use zeroize::Zeroizing;

use super::caller::Caller;
use super::failure::Failure;
use super::outcome::Outcome;
use super::path::SocketPath;
use super::protocol::Operation;
use super::repeated::has_repeated_key;
use super::running;
use super::wire::{LONGEST_LINE, Request, Response, ResultWire, VERSION};
use crate::admission::{Admission, Admitted, Budgets};
use crate::audit::{Actor, Via};
use crate::memory;
use crate::reload::Reloader;
use crate::state::State;

/// The longest request, in bytes. A tenant has at most 16 KiB in the store, and
/// its settings up to a few times that in JSON.
const LONGEST_REQUEST: u64 = 256 * 1024;
/// How long a connection may take for a request.
const SILENCE: Duration = Duration::from_secs(30);
/// How long a caller may take to read the response.
const WRITING: Duration = Duration::from_secs(10);
/// Connections at one time. For a further one, the one that has been silent for
/// the longest time is closed.
const CONNECTIONS: usize = 16;
/// How long a new connection waits, and then again, while all others are being
/// answered.
const PAUSE: Duration = Duration::from_millis(10);

/// All callers are one user, who has all connections.
const CALLER: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
const BUDGETS: Budgets = Budgets {
    connections: CONNECTIONS,
    per_peer: CONNECTIONS,
    per_proxy: CONNECTIONS,
    proxies: Vec::new(),
    memory: usize::MAX,
};

/// The socket `admin.sock` in the data directory. Only the user running the
/// server can use it: it has mode 0600, and each caller's user id is checked
/// with the kernel.
#[derive(Debug)]
pub struct AdminSocket {
    listener: UnixListener,
    path: PathBuf,
}

impl AdminSocket {
    /// Listens in a data directory, which is created with mode 0700 if it does
    /// not exist. A socket left behind by a killed server is replaced.
    ///
    /// # Errors
    /// When the socket cannot be created, or another server is listening on it.
    pub fn bind(data_dir: &Path) -> anyhow::Result<Self> {
        let context = || format!("cannot create the admin socket in {}", data_dir.display());
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(data_dir)
            .with_context(context)?;
        let path = SocketPath::of(data_dir).with_context(context)?;
        match fs::symlink_metadata(&path.real) {
            Ok(metadata) if metadata.file_type().is_socket() => {
                if std::os::unix::net::UnixStream::connect(&path.short).is_ok() {
                    bail!("another server is running on {}", data_dir.display());
                }
                fs::remove_file(&path.real).with_context(context)?;
            }
            Ok(_) => bail!("{} is not a socket", path.real.display()),
            Err(_) => {}
        }
        let listener = UnixListener::bind(&path.short).with_context(context)?;
        fs::set_permissions(&path.real, fs::Permissions::from_mode(0o600)).with_context(context)?;
        Ok(Self {
            listener,
            path: path.real,
        })
    }

    /// Serves administrators until `end`, then waits for the operations in
    /// flight.
    pub async fn serve(
        self,
        state: Arc<State>,
        reloader: Arc<Reloader>,
        end: impl Future<Output = ()>,
    ) {
        let counting = Arc::clone(&state);
        let count = move |_| counting.metrics.count_limited("admin_connections");
        let admission = Arc::new(Admission::new(BUDGETS, count));
        let (callers, closing) = (TaskTracker::new(), CancellationToken::new());
        tokio::pin!(end);
        loop {
            let accepted = tokio::select! {
                () = &mut end => break,
                accepted = self.accept(&admission) => accepted,
            };
            match accepted {
                Ok((stream, admitted)) => {
                    let (state, closing) = (Arc::clone(&state), closing.clone());
                    let reloader = Arc::clone(&reloader);
                    callers.spawn(async move {
                        let admitted = Arc::new(admitted);
                        tokio::select! {
                            () = converse(stream, &state, &reloader, &admitted, &closing) => {}
                            () = admitted.ended() => {}
                        }
                    });
                }
                Err(error) => {
                    tracing::warn!(target: "mpass", %error, "a connection to the admin socket failed");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
        // No further caller comes, and then no further request.
        drop(self);
        closing.cancel();
        callers.close();
        if tokio::time::timeout(WRITING, callers.wait()).await.is_err() {
            tracing::warn!(target: "mpass", "an administrator's operation did not end in time");
        }
    }

    async fn accept(&self, admission: &Arc<Admission>) -> anyhow::Result<(UnixStream, Admitted)> {
        let (stream, _) = self.listener.accept().await?;
        let caller = stream.peer_cred()?.uid();
        if caller != rustix::process::geteuid().as_raw() {
            bail!("connection from user {caller} refused");
        }
        loop {
            if let Some(admitted) = admission.admit(CALLER) {
                return Ok((stream, admitted));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

impl Drop for AdminSocket {
    fn drop(&mut self) {
        // If this fails, the next server replaces the socket.
        let _ = fs::remove_file(&self.path);
    }
}

/// Answers requests, one line each.
async fn converse(
    stream: UnixStream,
    state: &State,
    reloader: &Reloader,
    admitted: &Arc<Admitted>,
    closing: &CancellationToken,
) {
    let caller = Caller::of(&stream);
    let mut stream = BufReader::new(stream);
    loop {
        let mut line = Zeroizing::new(Vec::with_capacity(4096));
        let mut limited = (&mut stream).take(LONGEST_REQUEST);
        let read = tokio::time::timeout(SILENCE, limited.read_until(b'\n', &mut line));
        tokio::select! {
            biased;
            read = read => if !matches!(read, Ok(Ok(_))) {
                return;
            },
            () = closing.cancelled() => return,
        }
        let Some(in_flight) = admitted.begin(0, true) else {
            return;
        };
        let result = match line.last() {
            Some(b'\n') => answer(&line, state, reloader, &caller).await,
            // Without the rest of the line there is no next request.
            Some(_) if line.len() as u64 == LONGEST_REQUEST && skip_line(&mut stream).await => {
                let message = format!("the request is longer than {LONGEST_REQUEST} bytes");
                let failure = Failure::new(message);
                running::log_failure("none", &caller, &failure);
                Err(failure)
            }
            _ => return,
        };
        let response = Response {
            version: VERSION,
            result: result.into(),
        };
        drop(in_flight);
        let Ok(bytes) = serde_json::to_vec(&response) else {
            return;
        };
        let mut bytes = Zeroizing::new(bytes);
        wipe(response.result);
        bytes.push(b'\n');
        let write = tokio::time::timeout(WRITING, stream.write_all(&bytes));
        if !matches!(write.await, Ok(Ok(()))) {
            return;
        }
    }
}

/// Reads to the end of a line that is too long, within limits; returns whether it
/// has one.
async fn skip_line(stream: &mut BufReader<UnixStream>) -> bool {
    let skip = async {
        let mut skipped = 0;
        while skipped < LONGEST_LINE {
            let read = stream.fill_buf().await.ok()?;
            let end = read.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(read.len(), |end| end + 1);
            if taken == 0 {
                return None;
            }
            skipped += taken as u64;
            stream.consume(taken);
            if end.is_some() {
                return Some(());
            }
        }
        None
    };
    matches!(tokio::time::timeout(SILENCE, skip).await, Ok(Some(())))
}

fn wipe(result: ResultWire) {
    if let ResultWire::Outcome(outcome) = result {
        outcome.wipe();
    }
}

async fn answer(
    line: &[u8],
    state: &State,
    reloader: &Reloader,
    caller: &Caller,
) -> Result<Outcome, Failure> {
    memory::use_stack();
    let parsed = parse(line).inspect_err(|failure| running::log_failure("none", caller, failure));
    let actor = Actor {
        user: caller.user(),
        ..Actor::of(Via::Socket)
    };
    running::perform(state, reloader, &actor, caller, parsed?).await
}

fn parse(line: &[u8]) -> Result<Operation, Failure> {
    if has_repeated_key(line) {
        return Err(Failure::new("a JSON object of the request repeats a key"));
    }
    // The parser's own error would quote the line.
    let request: Request = serde_json::from_slice(line)
        .map_err(|_| Failure::new("the server does not support this request"))?;
    match request.version {
        VERSION => Ok(request.operation),
        _ => Err(Failure::new(
            "the server speaks a different version of the admin protocol",
        )),
    }
}
