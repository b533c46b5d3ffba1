//! `mpass token`.

use anyhow::bail;
use clap::{Args, Subcommand};
use zeroize::Zeroizing;

use super::data::{Administration, DataArgs, Missing, block_on};
use super::outcome::Outcome;
use super::output::{print_lines, warn};
use crate::admin::{self, Operation, TokenInfo, TokenOperation, TokensOf};
use crate::administrators::Permission;
use crate::setting_text;
use crate::time;

const NOTES: &str = "\
Programs use the API with a token of an administrator. A token may do what it was made
for and what the administrator's role allows at the time of the request; it ends with
the administrator.

Permissions: read, statistics, audit, numbers, stop, test_gateway, tenants, gateways,
administrators, server.

Examples:
  mpass token create backup --for anna --permission read --life 90d
  mpass token list
  mpass token revoke 0123456789abcdef";

/// Manage the API tokens of administrators
#[derive(Args)]
#[command(after_help = NOTES)]
pub(super) struct TokenArgs {
    #[command(subcommand)]
    command: TokenCommand,
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Make an API token and print its secret
    #[command(after_help = "\
The secret is shown once.

Example:
  mpass token create backup --for anna --permission read --permission audit --life 90d")]
    Create {
        /// What the token is for: 1 to 64 bytes of text
        name: String,
        /// Administrator whose token it is; with --server, that of the token which
        /// makes it
        #[arg(long = "for", value_name = "ADMIN")]
        #[arg(required_unless_present = "server", conflicts_with = "server")]
        maker: Option<String>,
        /// What it may do, such as read; repeat it for several
        #[arg(long = "permission", value_name = "PERMISSION", required = true)]
        #[arg(value_parser = permission)]
        permissions: Vec<Permission>,
        /// How long it lasts: 1m to 366d
        #[arg(long = "life", value_name = "TIME", value_parser = life_ms)]
        life_ms: u64,
        #[command(flatten)]
        data: DataArgs,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List the API tokens, the newest first
    #[command(after_help = "Example:\n  mpass token list --for anna --json")]
    List {
        /// Only those of this administrator
        #[arg(long = "for", value_name = "ADMIN")]
        maker: Option<String>,
        #[command(flatten)]
        data: DataArgs,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// End an API token at once
    #[command(after_help = "Example:\n  mpass token revoke 0123456789abcdef")]
    Revoke {
        /// Id of the token, which mpass token list prints
        id: String,
        #[command(flatten)]
        data: DataArgs,
    },
}

impl TokenArgs {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        block_on(self.command.run())?;
        Ok(Outcome::Done)
    }
}

impl TokenCommand {
    async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Create {
                name,
                maker,
                permissions,
                life_ms,
                data,
                json,
            } => {
                let operation = TokenOperation::Create {
                    name,
                    permissions,
                    life_ms,
                    maker,
                    made_with: None,
                };
                create(operation, &data, json).await
            }
            Self::List { maker, data, json } => {
                let of = maker.map_or(TokensOf::All, TokensOf::Administrator);
                list(of, &data, json).await
            }
            Self::Revoke { id, data } => {
                let of = TokensOf::All;
                let operation = Operation::Token(TokenOperation::Revoke { id, of });
                let mut administration = Administration::open(&data, Missing::Refuse).await?;
                administration.perform(operation).await?;
                print_lines(["the API token has ended"])
            }
        }
    }
}

async fn create(operation: TokenOperation, data: &DataArgs, json: bool) -> anyhow::Result<()> {
    let mut administration = Administration::open(data, Missing::Refuse).await?;
    let outcome = administration.perform(Operation::Token(operation)).await?;
    let admin::Outcome::Token(new) = outcome else {
        bail!("the server's response does not match the request");
    };
    let text = Zeroizing::new(match json {
        true => serde_json::to_string(&new)?,
        false => format!("id      {}\ntoken   {}", new.token.id, new.secret),
    });
    print_lines([text.as_str()])?;
    warn("The API token is shown only once: store it for the program now.");
    Ok(())
}

async fn list(of: TokensOf, data: &DataArgs, json: bool) -> anyhow::Result<()> {
    let mut administration = Administration::open(data, Missing::Refuse).await?;
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let of = of.clone();
        let operation = Operation::Token(TokenOperation::List { of, after });
        let admin::Outcome::Tokens(page) = administration.perform(operation).await? else {
            bail!("the server's response does not match the request");
        };
        all.extend(page.tokens);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    if json {
        return print_lines([serde_json::to_string(&all)?.as_str()]);
    }
    if all.is_empty() {
        warn("there is no API token");
    }
    let lines: Vec<String> = all.iter().map(line).collect();
    print_lines(lines.iter().map(String::as_str))
}

fn line(token: &TokenInfo) -> String {
    let permissions: Vec<&str> = token.permissions.iter().map(|it| it.name()).collect();
    format!(
        "{}  {:20}  until {}  {}  {}",
        token.id,
        token.maker,
        time::seconds(token.until_ms),
        permissions.join(","),
        token.name
    )
}

fn permission(text: &str) -> Result<Permission, String> {
    Permission::from_name(text).ok_or_else(|| {
        let all: Vec<&str> = Permission::ALL.iter().map(|it| it.name()).collect();
        format!("expected one of {}", all.join(", "))
    })
}

fn life_ms(text: &str) -> Result<u64, String> {
    let ms = setting_text::duration_ms(text).map_err(|like| format!("the time is not {like}"))?;
    match (60_000..=366 * 86_400_000).contains(&ms) {
        true => Ok(ms),
        false => Err("an API token lasts for 1 minute to 366 days".to_owned()),
    }
}
