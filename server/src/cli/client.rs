//! `mpass client`.

use clap::{Args, Subcommand};
use mpass_core::service::{Network, Scope};

use super::data::{DataArgs, block_on};
use super::outcome::Outcome;
use super::policy::PolicyArgs;
use super::tenant::{self, Shown, TenantCommand, any};
use crate::admin::{self, ClientSpec, Listed, Operation, PolicySpec, TenantKind};

const EXAMPLES: &str = "\
The commands work with and without a running server: a server running on the
data directory performs them itself.

Examples:
  mpass client create --name app --redirect-uri https://app.example/back
  mpass client list
  mpass client rotate app";

const CREATE_EXAMPLES: &str = "\
The secret is shown only once: the store keeps only its hash. With --json the
output is one object, {\"name\":…,\"secret\":…}.

Examples:
  mpass client create --name otp --scope one-time-password-sms:send-validate
  mpass client create --name app --redirect-uri https://app.example/back --json
  mpass client create --name bank --scope number-verification:verify \\
      --scope number-verification:device-phone-number:read \\
      --redirect-uri https://bank.example/back --public-key 04d0f2…";

/// Manage clients, the callers of the CAMARA contracts
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ClientArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Create a client and print its secret
    #[command(after_help = CREATE_EXAMPLES)]
    Create(Box<Create>),
    #[command(flatten)]
    Tenant(TenantCommand),
}

#[derive(Args)]
struct Create {
    /// The client_id: letters, digits, ., - and _
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Address or network that it may call from; may be repeated [default: any]
    #[arg(long = "address", value_name = "CIDR")]
    addresses: Vec<Network>,
    /// Scope that it may request; may be repeated [default:
    /// number-verification:verify and one-time-password-sms:send-validate]
    #[arg(long = "scope", value_name = "SCOPE", value_parser = scope)]
    scopes: Vec<Scope>,
    /// Redirect URI of its logins, compared exactly; may be repeated
    #[arg(long = "redirect-uri", value_name = "URI")]
    redirect_uris: Vec<String>,
    /// Public key of its private_key_jwt assertions: an uncompressed point of
    /// P-256 in hexadecimal
    #[arg(long, value_name = "HEX")]
    public_key: Option<String>,
    #[command(flatten)]
    policy: PolicyArgs,
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
