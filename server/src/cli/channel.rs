//! `mpass channel`.

use clap::{Args, Subcommand};
use mpass_core::number::CallingCode;
use mpass_core::service::{App, Network, Template};

use super::data::{DataArgs, block_on};
use super::outcome::Outcome;
use super::policy::PolicyArgs;
use super::tenant::{self, Shown, TenantCommand, any};
use super::value;
use crate::admin::{self, ChannelSpec, Listed, Operation, PolicySpec, TenantKind};

const EXAMPLES: &str = "\
The commands work with and without a running server: a server running on the
data directory performs them itself.

Examples:
  mpass channel create --name shop --address 10.1.0.0/16 --app Shop
  mpass channel list
  mpass channel rotate shop
  mpass channel unlock --name shop --number +966500000000";

const CREATE_EXAMPLES: &str = "\
The key is shown only once: the store keeps only its hash. With --json the output
is one object, {\"name\":…,\"key\":…}.

Examples:
  mpass channel create --name shop --address 10.1.0.0/16 --address 2001:db8::/32
  mpass channel create --name bank --app Bank --digits 8 --lifetime 2m --tries 3 \\
      --country 966 --calling-code 966 --host bank.example --json
  mpass channel create --name kiosk --sends 3/1h --guesses 20/1d \\
      --text-en 'Code {{code}} for {{app}}, good for {{minutes}} min'";

/// Manage channels, the callers of the mPass contract
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ChannelArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Create a channel and print its key
    #[command(after_help = CREATE_EXAMPLES)]
    Create(Box<Create>),
    #[command(flatten)]
    Tenant(TenantCommand),
}

#[derive(Args)]
struct Create {
    /// Name: letters, digits, ., - and _
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Address or network that it may call from; may be repeated [default: any]
    #[arg(long = "address", value_name = "CIDR")]
    addresses: Vec<Network>,
    /// Application that it may send for; may be repeated [default: any]
    #[arg(long = "app", value_name = "NAME", value_parser = app)]
    apps: Vec<App>,
    #[command(flatten)]
    policy: PolicyArgs,
    /// Country code of numbers in national form
    #[arg(long, value_name = "CODE", value_parser = value::calling_code)]
    country: Option<CallingCode>,
    #[command(flatten)]
    text: TextArgs,
    #[command(flatten)]
    data: DataArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// The content of its messages.
#[derive(Args)]
struct TextArgs {
    /// Host of the web page where codes are entered: messages end with the line
    /// that lets a browser fill in the code there only
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// English text with {{code}}, and optionally {{app}} and {{minutes}}
    #[arg(long, value_name = "TEXT", value_parser = value::template)]
    text_en: Option<Template>,
    /// Arabic text
    #[arg(long, value_name = "TEXT", value_parser = value::template)]
    text_ar: Option<Template>,
    /// Sender of its messages, for gateways that support one
    #[arg(long, value_name = "NAME")]
    sender: Option<String>,
}

fn app(text: &str) -> Result<App, mpass_core::Error> {
    App::new(text)
}

impl Shown for ChannelSpec {
    const TENANT: TenantKind = TenantKind::Channel;
    const CREDENTIAL: &'static str = "key";
    const COLUMNS: [&'static str; 2] = ["ADDRESSES", "APPS"];

    fn cells(&self) -> [String; 2] {
        [any(&self.addresses), any(&self.apps)]
    }

    fn policy(&self) -> &PolicySpec {
        &self.policy
    }

    fn listed(outcome: admin::Outcome) -> Option<Listed<Self>> {
        match outcome {
            admin::Outcome::Channels(listed) => Some(listed),
            _ => None,
        }
    }
}

impl ChannelArgs {
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
                let operation = Operation::CreateChannel(Box::new(spec));
                tenant::new_key::<ChannelSpec>(&create.data, operation, create.json).await
            }
            Self::Tenant(command) => command.run::<ChannelSpec>().await,
        }
    }
}

impl Create {
    fn spec(&self) -> ChannelSpec {
        let text_of = |template: &Option<Template>| {
            let template = template.as_ref()?;
            Some(template.as_str().to_owned())
        };
        ChannelSpec {
            name: self.name.clone(),
            addresses: self.addresses.iter().map(ToString::to_string).collect(),
            apps: self
                .apps
                .iter()
                .map(|app| app.as_str().to_owned())
                .collect(),
            policy: self.policy.spec(),
            country: self.country.map(CallingCode::get),
            host: self.text.host.clone(),
            text_en: text_of(&self.text.text_en),
            text_ar: text_of(&self.text.text_ar),
            sender: self.text.sender.clone(),
        }
    }
}
