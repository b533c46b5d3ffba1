use core::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use super::outcome::Outcome;
use crate::config::Config;
use crate::demo;
use crate::serve::{self, ServeOptions};

const EXAMPLES: &str = "\
Without --demo the server needs a gateway in its configuration, and channels
that mpass channel create makes. It ends on SIGTERM or Ctrl-C once the requests
that are on their way have their answers.

Examples:
  mpass serve --demo
  mpass serve --config /etc/mpass.toml
  mpass serve --config /etc/mpass.toml --listen 0.0.0.0:8443 --data-dir /var/lib/mpass";

/// Start the server
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ServeArgs {
    /// The configuration file (TOML)
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where to listen; 127.0.0.1:9091 unless the configuration says otherwise
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// The directory of the store; ~/.local/share/mpass unless the
    /// configuration says otherwise
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Show everything on this machine: a channel for loopback, and a page
    /// with the messages instead of a gateway
    #[arg(long)]
    demo: bool,
}

impl ServeArgs {
    pub(super) fn demo() -> Self {
        Self {
            config: None,
            listen: None,
            data_dir: None,
            demo: true,
        }
    }

    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let config = match &self.config {
            Some(path) => Config::load(path)?,
            None => Config::default(),
        };
        let data_dir = match self.data_dir {
            None if self.demo && config.data_dir.is_none() => Some(demo::default_data_dir()?),
            data_dir => data_dir,
        };
        let options = ServeOptions::new(config, self.listen, data_dir, self.demo)?;
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .context("cannot start")?
            .block_on(serve::run(options))?;
        Ok(Outcome::Done)
    }
}
