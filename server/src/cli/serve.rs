//! `mpass serve`.

use core::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use super::outcome::Outcome;
use crate::config::Config;
use crate::serve::{self, ServeOptions};
use crate::{demo, memory};

const EXAMPLES: &str = "\
Without --demo the server needs a gateway in its configuration, and channels
created with mpass channel create. SIGTERM or Ctrl-C stops it after requests in
flight have been answered.

Examples:
  mpass serve --demo
  mpass serve --config /etc/mpass.toml
  mpass serve --config /etc/mpass.toml --listen 0.0.0.0:8443 --data-dir /var/lib/mpass";

/// Start the server
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ServeArgs {
    /// Configuration file (TOML)
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Address to listen on [default: that of the configuration, or
    /// 127.0.0.1:9091]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Data directory [default: that of the configuration, or
    /// ~/.local/share/mpass]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Run the demo: callers on loopback, and a page with the messages instead
    /// of a gateway
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
        // Before anything secret is read.
        memory::protect()?;
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
            .context("cannot start the runtime")?
            .block_on(async {
                tokio::spawn(memory::keep_stacks_clear());
                serve::run(options).await
            })?;
        Ok(Outcome::Done)
    }
}
