use clap::{Args, Subcommand};
use mpass_core::service::{Network, Scope};

use super::data::{DataArgs, block_on};
use super::outcome::Outcome;
use super::policy::PolicyArgs;
use super::tenant::{self, Shown, TenantCommand, any};
use crate::admin::{self, ClientSpec, Listed, Operation, PolicySpec, TenantKind};

const EXAMPLES: &str = "\
Each command works while the server runs on the data directory, which then
carries it out, and while none does.

Examples:
  mpass client create --name app --redirect-uri https://app.example/back
  mpass client list
  mpass client rotate app";

const CREATE_EXAMPLES: &str = "\
The secret is shown this once: only a hash of it is kept. With --json the
output is one object, {\"name\":…,\"secret\":…}.

Examples:
  mpass client create --name otp --scope one-time-password-sms:send-validate
  mpass client create --name app --redirect-uri https://app.example/back --json
  mpass client create --name bank --scope number-verification:verify \\
      --scope number-verification:device-phone-number:read \\
      --redirect-uri https://bank.example/back --public-key 04d0f2…";

/// The clients: who may call the CAMARA contracts, and what for
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ClientArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a client and show its secret
    #[command(after_help = CREATE_EXAMPLES)]
    Create(Box<Create>),
    #[command(flatten)]
    Tenant(TenantCommand),
}

#[derive(Args)]
struct Create {
    /// Its client_id: letters, digits, -, _ and .
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Where it calls from, an address or a network; may be repeated;
    /// anywhere if it is not given
    #[arg(long = "address", value_name = "CIDR")]
    addresses: Vec<Network>,
    /// What it may ask for; may be repeated; number-verification:verify and
    /// one-time-password-sms:send-validate if it is not given
    #[arg(long = "scope", value_name = "SCOPE", value_parser = scope)]
    scopes: Vec<Scope>,
    /// Where a login may send a user agent back to, compared exactly; may be
    /// repeated
    #[arg(long = "redirect-uri", value_name = "URI")]
    redirect_uris: Vec<String>,
    /// The public key of its private_key_jwt assertions: a point of P-256,
    /// uncompressed, in hexadecimal
    #[arg(long, value_name = "HEX")]
    public_key: Option<String>,
    #[command(flatten)]
    policy: PolicyArgs,
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

fn scope(text: &str) -> Result<Scope, mpass_core::Error> {
    Scope::parse(text)
}

impl Shown for ClientSpec {
    const TENANT: TenantKind = TenantKind::Client;
    const CREDENTIAL: &'static str = "secret";
    const COLUMNS: [&'static str; 2] = ["ADDRESSES", "SCOPES"];

    fn cells(&self) -> [String; 2] {
        [any(&self.addresses), any(&self.scopes)]
    }

    fn policy(&self) -> &PolicySpec {
        &self.policy
    }

    fn listed(outcome: admin::Outcome) -> Option<Listed<Self>> {
        match outcome {
            admin::Outcome::Clients(listed) => Some(listed),
            _ => None,
        }
    }
}

impl ClientArgs {
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
                let operation = Operation::CreateClient(Box::new(spec));
                tenant::new_key::<ClientSpec>(&create.data, operation, create.json).await
            }
            Self::Tenant(command) => command.run::<ClientSpec>().await,
        }
    }
}

impl Create {
    fn spec(&self) -> ClientSpec {
        ClientSpec {
            name: self.name.clone(),
            addresses: self.addresses.iter().map(ToString::to_string).collect(),
            scopes: self
                .scopes
                .iter()
                .map(|scope| scope.name().to_owned())
                .collect(),
            policy: self.policy.spec(),
            redirect_uris: self.redirect_uris.clone(),
            public_key: self.public_key.clone(),
            host: self.host.clone(),
            sender: self.sender.clone(),
        }
    }
}
