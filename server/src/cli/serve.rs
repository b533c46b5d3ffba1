//! `mpass serve`.

use core::net::SocketAddr;
use core::time::Duration;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use super::config_file::ConfigArgs;
use super::outcome::Outcome;
use crate::handover::Inherited;
use crate::serve::{self, Source};
use crate::{demo, directories, memory};

const EXAMPLES: &str = "\
Without --demo the server needs a gateway in its configuration, and channels
created with mpass channel create. SIGTERM or Ctrl-C stops it after requests in
flight have been answered. SIGHUP, or mpass reload, reloads the configuration.

Examples:
  mpass serve --demo
  mpass serve --config /etc/mpass.toml
  mpass serve --config /etc/mpass.toml --listen 0.0.0.0:8443 --data-dir /var/lib/mpass";

/// How long the end of the process waits for work that blocks.
const LAST_WORK: Duration = Duration::from_secs(5);

/// Start the server
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ServeArgs {
    #[command(flatten)]
    config: ConfigArgs,
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
            config: ConfigArgs::default(),
            listen: None,
            data_dir: None,
            demo: true,
        }
    }

    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        // Before there is a second thread.
        let inherited = Inherited::from_env()?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .context("cannot start the runtime")?;
        let served = runtime.block_on(async {
            // First of all, because it would end the process.
            let hangup = serve::hangup_signal()?;
            // Before anything secret is read.
            memory::protect()?;
            tokio::spawn(memory::keep_stacks_clear());
            let source = Source {
                config: self.config.path(self.demo),
                listen: self.listen,
                data_dir: self.data_dir,
                demo: self.demo,
                default_data_dir: match self.demo {
                    true => demo::default_data_dir,
                    false => directories::default_data_dir,
                },
            };
            let options = self.config.named(self.demo, source.read())?;
            serve::run(options, inherited, hangup).await
        });
        // A thread that waits for a disk is not waited for.
        runtime.shutdown_timeout(LAST_WORK);
        served.map(|()| Outcome::Done)
    }
}
