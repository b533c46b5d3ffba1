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
Each command works while the server runs on the data directory, which then
carries it out, and while none does.

Examples:
  mpass customer create --digits 6
  mpass customer list
  mpass customer credits C-0123456789ABCDE --add 1000";

const CREATE_EXAMPLES: &str = "\
The customer is given an id. Its password is shown this once: only a hash of it
is kept. With --json the output is one object, {\"name\":…,\"password\":…}; a
request carries the password in base64, as key.

Codes have 4 digits for 60s unless something else is said, with 3 wrong codes
each and 9 for one number in a day.

Examples:
  mpass customer create
  mpass customer create --digits 6 --lifetime 2m --credits 10000 --json";

/// The customers: who may call VerifyNow, and how many messages they have paid
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct CustomerArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a customer and show its id and password
    #[command(after_help = CREATE_EXAMPLES)]
    Create(Box<Create>),
    #[command(flatten)]
    Tenant(TenantCommand),
    /// Print how many credits a customer has, and add some
    #[command(after_help = "Example:\n  mpass customer credits C-0123456789ABCDE --add 1000")]
    Credits {
        #[command(flatten)]
        name: tenant::Name,
        /// How many to add
        #[arg(long, value_name = "N", default_value_t = 0)]
        add: u64,
        #[command(flatten)]
        data: DataArgs,
    },
}

#[derive(Args)]
struct Create {
    /// Where it calls from, an address or a network; may be repeated;
    /// anywhere if it is not given
    #[arg(long = "address", value_name = "CIDR")]
    addresses: Vec<Network>,
    /// The credits that it begins with [default: 100]
    #[arg(long, value_name = "N")]
    credits: Option<u64>,
    #[command(flatten)]
    policy: PolicyArgs,
    /// Its English text, with {{code}}, and {{app}} and {{minutes}} if wanted
    #[arg(long, value_name = "TEXT", value_parser = value::template)]
    text_en: Option<Template>,
    /// The host of the web page that codes are typed in: messages end with
    /// the line that lets a browser fill them in there only
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// The sender that its messages show, for gateways that take one
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
                    return Err(tenant::another_answer());
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
