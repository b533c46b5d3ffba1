//! The client side of the admin socket.

use core::time::Duration;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use zeroize::Zeroizing;

use super::failure::Failure;
use super::outcome::Outcome;
use super::path::SocketPath;
use super::protocol::Operation;
use super::wire::{LONGEST_LINE, Request, Response, VERSION};

/// The timeout for a response.
const ANSWER: Duration = Duration::from_secs(30);

/// A connection to the server running on a data directory.
pub struct Client {
    stream: BufReader<UnixStream>,
}

impl Client {
    /// Connects; `None` when no server is running on the directory.
    ///
    /// # Errors
    /// When the socket cannot be reached for another reason, for example
    /// because it belongs to another user.
    pub async fn connect(data_dir: &Path) -> anyhow::Result<Option<Self>> {
        let context = || format!("cannot reach the admin socket in {}", data_dir.display());
        let path = match SocketPath::of(data_dir) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            path => path.with_context(context)?,
        };
        match UnixStream::connect(&path.short).await {
            Ok(stream) => {
                // The server takes commands of its own user only.
                let user = stream.peer_cred().with_context(context)?.uid();
                ensure!(
                    user == rustix::process::geteuid().as_raw(),
                    "the server on {} runs as user {user}: run the command as that user",
                    data_dir.display()
                );
                Ok(Some(Self {
                    stream: BufReader::new(stream),
                }))
            }
            // A killed server leaves its socket behind, without a listener.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::NotFound | ErrorKind::ConnectionRefused
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(error).with_context(context),
        }
    }

    /// Has the server perform an operation.
    ///
    /// # Errors
    /// When the server does not respond. Its response is the inner result.
    pub async fn perform(
        &mut self,
        operation: Operation,
    ) -> anyhow::Result<Result<Outcome, Failure>> {
        let request = Request {
            version: VERSION,
            operation,
        };
        let mut line = Zeroizing::new(serde_json::to_vec(&request)?);
        line.push(b'\n');
        let answer = tokio::time::timeout(ANSWER, self.exchange(&line));
        let line = answer
            .await
            .context("the server does not respond on its admin socket")?
            .context("the server closed the connection to its admin socket")?;
        let response: Response = serde_json::from_slice(&line).map_err(|_| {
            anyhow::anyhow!("the server speaks a different version of the admin protocol")
        })?;
        if response.version != VERSION {
            bail!("the server speaks a different version of the admin protocol");
        }
        Ok(response.result.into())
    }

    async fn exchange(&mut self, request: &[u8]) -> std::io::Result<Zeroizing<Vec<u8>>> {
        self.stream.write_all(request).await?;
        self.stream.flush().await?;
        let mut line = Zeroizing::new(Vec::with_capacity(4096));
        let mut limited = (&mut self.stream).take(LONGEST_LINE);
        limited.read_until(b'\n', &mut line).await?;
        match line.last() {
            Some(b'\n') => Ok(line),
            _ => Err(ErrorKind::UnexpectedEof.into()),
        }
    }
}
