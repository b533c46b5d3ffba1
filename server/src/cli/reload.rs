//! `mpass reload`.

use anyhow::bail;
use clap::Args;

use super::data::{DataArgs, block_on};
use super::outcome::Outcome;
use super::output::print_lines;
use crate::admin::{self, Operation};

const EXAMPLES: &str = "\
The same as SIGHUP, and prints what has changed, or why nothing has. All of the
configuration is checked first, and the files and secrets that it names; then
everything that has changed is replaced at once, or nothing is. Secrets in
environment variables stay those of the start.

Examples:
  mpass reload --config /etc/mpass.toml
  mpass reload --data-dir /var/lib/mpass";

/// Have the running server reload its configuration
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ReloadArgs {
    #[command(flatten)]
    data: DataArgs,
}

impl ReloadArgs {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        block_on(async {
            let mut client = self.data.connect().await?;
            let admin::Outcome::Reloaded(names) = client.perform(Operation::Reload).await?? else {
                bail!("the server's response does not match the request");
            };
            let lines: Vec<String> = names.iter().map(|name| format!("changed {name}")).collect();
            match lines.as_slice() {
                [] => print_lines(["nothing has changed"])?,
                lines => print_lines(lines.iter().map(String::as_str))?,
            }
            Ok(Outcome::Done)
        })
    }
}
