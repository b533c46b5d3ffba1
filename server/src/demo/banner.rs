use core::net::SocketAddr;
use std::path::Path;

/// Where the demo keeps what it keeps.
#[derive(Clone, Copy, Debug)]
pub struct Places<'a> {
    /// `http` or `https`.
    pub scheme: &'a str,
    /// The data directory; `None` for a memory store.
    pub data_dir: Option<&'a Path>,
    /// The keyring's file; `None` for the environment's.
    pub keyring: Option<&'a Path>,
}

/// The number that the ready-made requests are for: nobody has it.
const NUMBER: &str = "%2B966500000000";

pub(super) fn text(key: &str, address: Option<SocketAddr>, places: &Places<'_>) -> String {
    let address = address.map_or_else(|| "127.0.0.1:9091".to_owned(), |a| a.to_string());
    let base = format!("{}://{address}", places.scheme);
    let data = match places.data_dir {
        Some(path) => path.display().to_string(),
        None => "in memory".to_owned(),
    };
    let keyring = match places.keyring {
        Some(path) => format!(
            "{} (beside the data, which only the demo does)",
            path.display()
        ),
        None => "in the environment".to_owned(),
    };
    let more = match places.data_dir {
        Some(path) => format!(
            "\nA channel of your own: mpass channel create --name NAME --data-dir '{}'\n",
            path.display()
        ),
        None => String::new(),
    };
    format!(
        "\
mpass demo: no message leaves this machine.

  page     {base}/
  outbox   {base}/outbox.json
  channel  demo, for loopback only
  key      {key}
  data     {data}
  keyring  {keyring}

Send a code, read it on the page, and verify it:

  curl '{base}/mpass-web/rest/mv/msg?apikey={key}&dest={NUMBER}'
  curl '{base}/mpass-web/rest/mv/verify?apikey={key}&dest={NUMBER}&otp=CODE'
{more}"
    )
}
