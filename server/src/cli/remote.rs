//! Commands on a server's API.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clap::Args;
use zeroize::Zeroizing;

use crate::admin::{self, Failure, Operation, Outcome};
use crate::portal::api::client;
use crate::{plain_file, shown};

/// The longest file of a token or code, in bytes.
const LONGEST: u64 = 4096;

/// A server's API, in place of a data directory.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct RemoteArgs {
    /// Perform it by the API of the server at this URL, such as
    /// https://otp.example:9092; http only to this machine
    #[arg(long, value_name = "URL", requires = "token_file")]
    #[arg(conflicts_with_all = ["data_dir", "keyring", "demo", "config"])]
    server: Option<String>,
    /// File with the API token, which only its owner may read
    #[arg(long, value_name = "FILE", requires = "server")]
    token_file: Option<PathBuf>,
    /// Certificates of the authorities that the server's is from [default: those
    /// of the system]
    #[arg(long, value_name = "FILE", requires = "server")]
    ca: Option<PathBuf>,
    /// File with a code of your authenticator, for changes of a gateway's target
    #[arg(long, value_name = "FILE", requires = "server")]
    totp_file: Option<PathBuf>,
}

/// What performs operations elsewhere.
pub(super) enum Connected {
    /// The admin socket of a server on this machine.
    Socket(admin::Client),
    /// The API of a server.
    Api(Box<client::Client>),
}

impl From<admin::Client> for Connected {
    fn from(client: admin::Client) -> Self {
        Self::Socket(client)
    }
}

impl Connected {
    /// Has the server perform an operation.
    ///
    /// # Errors
    /// When the server does not respond. Its response is the inner result.
    pub(super) async fn perform(
        &mut self,
        operation: Operation,
    ) -> anyhow::Result<Result<Outcome, Failure>> {
        match self {
            Self::Socket(client) => client.perform(operation).await,
            Self::Api(client) => client.perform(&operation).await,
        }
    }
}

impl RemoteArgs {
    /// The URL.
    pub(super) fn url(&self) -> Option<&str> {
        self.server.as_deref()
    }

    /// The API that is named, if one is.
    pub(super) fn open(&self) -> anyhow::Result<Option<Connected>> {
        let (Some(url), Some(file)) = (&self.server, &self.token_file) else {
            return Ok(None);
        };
        let token = private(file, "--token-file")?;
        let code = match &self.totp_file {
            Some(file) => Some(private(file, "--totp-file")?),
            None => None,
        };
        let code = code.as_ref().map(|code| code.as_str());
        let client = client::Client::new(url, &token, code, self.ca.as_deref())?;
        Ok(Some(Connected::Api(Box::new(client))))
    }
}

/// The text of a file that nobody but its owner may read.
fn private(path: &Path, option: &str) -> anyhow::Result<Zeroizing<String>> {
    let cannot = || match path.symlink_metadata() {
        Ok(_) => format!("{option}: cannot read {}", shown::path(path)),
        // A name that is no file's may be a secret in the wrong place.
        Err(_) => format!("{option} takes the name of a file, and there is no such file"),
    };
    let file = plain_file::open(path).with_context(cannot)?;
    let mode = file.metadata().with_context(cannot)?.permissions().mode();
    ensure!(
        mode & 0o077 == 0,
        "{option}: other users may use {}: chmod 600 it",
        shown::path(path)
    );
    let text = plain_file::text_of(file, LONGEST).with_context(cannot)?;
    Ok(Zeroizing::new(
        text.trim_end_matches(['\r', '\n']).to_owned(),
    ))
}
