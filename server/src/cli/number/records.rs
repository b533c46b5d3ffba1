//! `mpass number unlock` and `mpass number erase`.

use anyhow::bail;
use clap::Args;

use crate::admin::{self, Operation, TenantKind};
use crate::cli::data::{Administration, DataArgs, Missing, block_on};
use crate::cli::output::print_lines;
use crate::cli::value::Hidden;

pub(super) const UNLOCK_EXAMPLES: &str = "\
A number is locked by too many wrong codes. It can be unlocked three times within 24
hours; wrong codes still count against the limit of guesses.

Example:
  mpass number unlock +966500000000 --channel shop";

pub(super) const ERASE_EXAMPLES: &str = "\
The code that was sent is not accepted any more, and its public id leads nowhere. What
counts against the limits of the number stays until it expires.

Example:
  mpass number erase +966500000000 --client partner";

/// A number of a tenant.
#[derive(Args)]
pub(super) struct Record {
    /// Number in international form, or in the national form of the tenant's country
    #[arg(value_name = "NUMBER")]
    number: Hidden,
    #[command(flatten)]
    tenant: Tenant,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Tenant {
    /// Name of the channel that has the number
    #[arg(long, value_name = "NAME")]
    channel: Option<String>,
    /// Name of the client that has the number
    #[arg(long, value_name = "NAME")]
    client: Option<String>,
    /// Id of the customer that has the number
    #[arg(long, value_name = "ID")]
    customer: Option<String>,
}

impl Record {
    pub(super) fn unlock(self) -> anyhow::Result<()> {
        self.run("the number is unlocked", |(kind, name), number| {
            Operation::UnlockNumber { kind, name, number }
        })
    }

    pub(super) fn erase(self) -> anyhow::Result<()> {
        self.run("the number is erased", |(kind, name), number| {
            Operation::EraseNumber { kind, name, number }
        })
    }

    fn run(
        self,
        done: &str,
        operation: impl FnOnce((TenantKind, String), String) -> Operation,
    ) -> anyhow::Result<()> {
        let number = self.number.expose().to_owned();
        let operation = operation(self.tenant.named()?, number);
        block_on(async {
            let mut administration = Administration::open(&self.data, Missing::Refuse).await?;
            match administration.perform(operation).await? {
                admin::Outcome::Done => Ok(()),
                _ => bail!("the server's response does not match the request"),
            }
        })?;
        print_lines([done])
    }
}

impl Tenant {
    fn named(self) -> anyhow::Result<(TenantKind, String)> {
        match (self.channel, self.client, self.customer) {
            (Some(name), ..) => Ok((TenantKind::Channel, name)),
            (_, Some(name), _) => Ok((TenantKind::Client, name)),
            (.., Some(name)) => Ok((TenantKind::Customer, name)),
            _ => bail!("name the tenant: --channel, --client or --customer"),
        }
    }
}
