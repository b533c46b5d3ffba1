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
Each command works while the server runs on the data directory, which then
carries it out, and while none does.

Examples:
  mpass channel create --name shop --address 10.1.0.0/16 --app Shop
  mpass channel list
  mpass channel rotate shop
  mpass channel unlock --name shop --number +966500000000";

const CREATE_EXAMPLES: &str = "\
The key is shown this once: only a hash of it is kept. With --json the output
is one object, {\"name\":…,\"key\":…}.

Examples:
  mpass channel create --name shop --address 10.1.0.0/16 --address 2001:db8::/32
  mpass channel create --name bank --app Bank --digits 8 --lifetime 2m --tries 3 \\
      --country 966 --calling-code 966 --host bank.example --json
  mpass channel create --name kiosk --sends 3/1h --guesses 20/1d \\
      --text-en 'Code {{code}} for {{app}}, good for {{minutes}} min'";

/// The channels: who may ask for codes, from where, and by which rules
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ChannelArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a channel and show its key
    #[command(after_help = CREATE_EXAMPLES)]
    Create(Box<Create>),
    #[command(flatten)]
    Tenant(TenantCommand),
}

#[derive(Args)]
struct Create {
    /// Its name: letters, digits, -, _ and .
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Where it calls from, an address or a network; may be repeated;
    /// anywhere if it is not given
    #[arg(long = "address", value_name = "CIDR")]
    addresses: Vec<Network>,
    /// What it sends for; may be repeated; anything if it is not given
    #[arg(long = "app", value_name = "NAME", value_parser = app)]
    apps: Vec<App>,
    #[command(flatten)]
    policy: PolicyArgs,
    /// The country of numbers in national form
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

/// What its messages say.
#[derive(Args)]
struct TextArgs {
    /// The host of the web page that codes are typed in: messages end with
    /// the line that lets a browser fill them in there only
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// Its English text, with {{code}}, and {{app}} and {{minutes}} if wanted
    #[arg(long, value_name = "TEXT", value_parser = value::template)]
    text_en: Option<Template>,
    /// Its Arabic text
    #[arg(long, value_name = "TEXT", value_parser = value::template)]
    text_ar: Option<Template>,
    /// The sender that its messages show, for gateways that take one
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
