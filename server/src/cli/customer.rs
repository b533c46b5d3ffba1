//! `mpass customer`.

use clap::{Args, Subcommand};
use mpass_core::service::{Network, Template};

use super::data::{Administration, DataArgs, block_on};
use super::outcome::Outcome;
use super::output::print_lines;
use super::policy::PolicyArgs;
use super::tenant::{self, Shown, TenantCommand, any};
use super::value;
use crate::admin::{self, CustomerSpec, Listed, Operation, PolicySpec, TenantKind};

const EXAMPLES: &str = "\
The commands work with and without a running server: a server running on the
data directory performs them itself.

Examples:
  mpass customer create --digits 6
  mpass customer list
  mpass customer credits C-0123456789ABCDE --add 1000";

const CREATE_EXAMPLES: &str = "\
The customer is assigned an id. Its password is shown only once: the store keeps
only its hash. With --json the output is one object, {\"name\":…,\"password\":…};
requests carry the password in base64, as key.

By default codes have 4 digits and a lifetime of 60s, with 3 tries per code and 9
wrong codes per number and day.

Examples:
  mpass customer create
  mpass customer create --digits 6 --lifetime 2m --credits 10000 --json";

/// Manage customers, the callers of the VerifyNow contract, and their credits
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct CustomerArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Create a customer and print its id and password
    #[command(after_help = CREATE_EXAMPLES)]
    Create(Box<Create>),
    #[command(flatten)]
    Tenant(TenantCommand),
    /// Print a customer's credits, after adding some
    #[command(after_help = "Example:\n  mpass customer credits C-0123456789ABCDE --add 1000")]
    Credits {
        #[command(flatten)]
        name: tenant::Name,
        /// Number of credits to add
        #[arg(long, value_name = "N", default_value_t = 0)]
        add: u64,
        #[command(flatten)]
        data: DataArgs,
    },
}

#[derive(Args)]
struct Create {
    /// Address or network that it may call from; may be repeated [default: any]
    #[arg(long = "address", value_name = "CIDR")]
    addresses: Vec<Network>,
    /// Initial credits [default: 100]
    #[arg(long, value_name = "N")]
    credits: Option<u64>,
    #[command(flatten)]
    policy: PolicyArgs,
    /// English text with {{code}}, and optionally {{app}} and {{minutes}}
    #[arg(long, value_name = "TEXT", value_parser = value::template)]
    text_en: Option<Template>,
    /// Host of the web page where codes are entered: messages end with the line
    /// that lets a browser fill in the code there only
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// Sender of its messages, for gateways that support one
    #[arg(long, value_name = "NAME")]
    sender: Option<String>,
    #[command(flatten)]
    data: DataArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl Shown for CustomerSpec {
    const TENANT: TenantKind = TenantKind::Customer;
    const CREDENTIAL: &'static str = "password";
    const COLUMNS: [&'static str; 2] = ["ADDRESSES", "TEST CREDITS"];

    fn cells(&self) -> [String; 2] {
        [
            any(&self.addresses),
            self.test_credits.unwrap_or_default().to_string(),
        ]
    }

    fn policy(&self) -> &PolicySpec {
        &self.policy
    }

    fn listed(outcome: admin::Outcome) -> Option<Listed<Self>> {
        match outcome {
            admin::Outcome::Customers(listed) => Some(listed),
            _ => None,
        }
    }
}

impl CustomerArgs {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        block_on(self.command.run())?;
        Ok(Outcome::Done)
    }
}

impl Command {
    async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Create(create) => {
                let spec = tenant::checked(create.spec())?;
                let operation = Operation::CreateCustomer(Box::new(spec));
                tenant::new_key::<CustomerSpec>(&create.data, operation, create.json).await
            }
            Self::Tenant(command) => command.run::<CustomerSpec>().await,
            Self::Credits { name, add, data } => {
                let name = name.get();
                let mut administration = Administration::open(&data).await?;
                let operation = Operation::AddCredits { name, credits: add };
                let admin::Outcome::Credits(credits) = administration.perform(operation).await?
                else {
                    return Err(tenant::mismatched_response());
                };
                print_lines([credits.to_string().as_str()])
            }
        }
    }
}

impl Create {
    fn spec(&self) -> CustomerSpec {
        let text = self.text_en.as_ref();
        CustomerSpec {
            name: String::new(),
            addresses: self.addresses.iter().map(ToString::to_string).collect(),
            policy: self.policy.spec(),
            test_credits: self.credits,
            text_en: text.map(|text| text.as_str().to_owned()),
            host: self.host.clone(),
            sender: self.sender.clone(),
        }
    }
}
