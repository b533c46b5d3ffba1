//! The text printed at the start: how to use the demo.

use core::net::SocketAddr;
use std::path::Path;

use super::administrator::Administrator;
use super::callers::Callers;
use super::names::NUMBER;

/// The locations shown in the banner.
#[derive(Clone, Copy, Debug)]
pub struct Paths<'a> {
    /// `http` or `https`.
    pub scheme: &'a str,
    /// The data directory; `None` for a memory store.
    pub data_dir: Option<&'a Path>,
    /// The keyring's file; `None` when it is in the environment.
    pub keyring: Option<&'a Path>,
    /// The URL of the portal, if it listens.
    pub portal: Option<&'a str>,
}

pub(super) fn text(
    callers: &Callers,
    administrator: &Administrator,
    address: SocketAddr,
    paths: &Paths<'_>,
) -> String {
    let base = format!("{}://{address}", paths.scheme);
    let data = match paths.data_dir {
        Some(path) => path.display().to_string(),
        None => "in memory".to_owned(),
    };
    let keyring = match paths.keyring {
        Some(path) => format!("{} (next to the data, in the demo only)", path.display()),
        None => "in the environment".to_owned(),
    };
    let more = match paths.data_dir {
        Some(path) => format!(
            "\nTo create another channel: mpass channel create --name NAME --data-dir '{}'\n",
            path.display()
        ),
        None => String::new(),
    };
    let (channel, customer, client) = (Callers::CHANNEL, Callers::CUSTOMER, Callers::CLIENT);
    let Callers {
        key,
        password,
        secret,
    } = callers;
    let (key, password, secret) = (key.as_str(), password.as_str(), secret.as_str());
    let administration = administration(administrator, paths);
    let dest = NUMBER.replace('+', "%2B");
    format!(
        "\
mpass demo: no message leaves this machine, and only this machine may call.

  page      {base}/
  outbox    {base}/outbox.json
  openapi   {base}/openapi
  data      {data}
  keyring   {keyring}

Callers of the mPass, VerifyNow and CAMARA contracts:

  channel   {channel}
  key       {key}
  customer  {customer}
  password  {password} (in base64, as requests carry it)
  client    {client}
  secret    {secret}

{administration}
Send a code, read it on the page, and verify it:

  curl '{base}/mpass-web/rest/mv/msg?apikey={key}&dest={dest}'
  curl '{base}/mpass-web/rest/mv/verify?apikey={key}&dest={dest}&otp=CODE'
{more}"
    )
}

/// How to administer the demo.
fn administration(administrator: &Administrator, paths: &Paths<'_>) -> String {
    let portal = match paths.portal {
        Some(url) => format!("  portal         {url}\n"),
        None => String::new(),
    };
    let password = administrator.password.as_ref();
    let password = password.map_or("(another one was set)", |password| password.as_str());
    format!(
        "\
Administrator, with an authenticator for the second factor:

{portal}  administrator  {name}
  sign-in        {password}
  authenticator  {uri}
  api-token      {token}
",
        name = Administrator::NAME,
        uri = *administrator.uri,
        token = *administrator.token,
    )
}
