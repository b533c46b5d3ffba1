//! What a node of Redis is, and what about its configuration would lose records.

use std::collections::BTreeMap;

use redis::{Cmd, Value};

use super::address::{Address, address};
use super::server::Server;
use super::settings::RedisSettings;
use crate::remote::{Failed, Finding, Part};

/// What was read from a server.
pub(super) struct Examined {
    pub(super) identity: Part,
    pub(super) survives_restart: bool,
    pub(super) findings: Vec<Finding>,
    /// Its replicas that are connected.
    pub(super) replicas: Vec<Address>,
}

/// What is demanded of a server.
#[derive(Clone, Copy)]
pub(super) struct Demands {
    /// The replicas that must acknowledge a swap.
    pub(super) acknowledge: u32,
    /// Whether what cannot be examined is as it should be.
    pub(super) vouched: bool,
    /// Whether a replica may be promoted without the host.
    pub(super) fails_over: bool,
}

impl Demands {
    pub(super) fn of(settings: &RedisSettings, fails_over: bool) -> Self {
        Self {
            acknowledge: settings.acknowledge,
            vouched: settings.vouched,
            fails_over,
        }
    }
}

/// Reads INFO.
async fn info(server: &Server, sections: &[&str]) -> Result<BTreeMap<String, String>, Failed> {
    let mut command = Cmd::new();
    command.arg("INFO").arg(sections);
    let text = match server.ask(&command).await? {
        Value::BulkString(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Value::VerbatimString { text, .. } => text,
        _ => return Err(Failed::broken("the server does not answer INFO")),
    };
    let fields = text.lines().filter_map(|line| line.split_once(':'));
    Ok(fields
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect())
}

/// What identifies a node, which must be a primary.
pub(super) async fn identify(server: &Server) -> Result<Part, Failed> {
    identity(&info(server, &["replication"]).await?)
}

fn identity(info: &BTreeMap<String, String>) -> Result<Part, Failed> {
    match info.get("role").map(String::as_str) {
        Some("master") => {}
        Some(_) => return Err(Failed::broken("refused: the server is a replica")),
        None => return Err(Failed::broken("the server does not tell its role")),
    }
    let id = info.get("master_replid").filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| Failed::broken("the server has no replication id"))?;
    let former = info.get("master_replid2");
    let former = former.filter(|id| id.bytes().any(|byte| byte != b'0'));
    Ok(Part {
        id: id.clone(),
        predecessor: former.cloned(),
    })
}

/// The settings that matter, as far as the user may read them.
async fn config(server: &Server) -> Result<BTreeMap<String, String>, Failed> {
    let mut command = Cmd::new();
    command
        .arg("CONFIG")
        .arg("GET")
        .arg(&[FSYNC, MIN_REPLICAS, MAX_LAG]);
    let mut settings = BTreeMap::new();
    let parts = match server.send(&command, false).await {
        Ok(Value::Array(parts)) => parts,
        Ok(Value::Map(pairs)) => pairs
            .into_iter()
            .flat_map(|(name, value)| [name, value])
            .collect(),
        Ok(_) => Vec::new(),
        // Forbidden, or renamed.
        Err(error) if error.code().is_some() => Vec::new(),
        Err(_) => return Err(Failed::broken("the connection failed")),
    };
    for pair in parts.chunks_exact(2) {
        if let [Value::BulkString(name), Value::BulkString(value)] = pair {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            settings.insert(text(name), text(value));
        }
    }
    Ok(settings)
}

/// Examines a server. The error is why it is refused.
pub(super) async fn examine(server: &Server, demands: Demands) -> Result<Examined, Failed> {
    let sections = ["server", "replication", "memory", "persistence"];
    let info = info(server, &sections).await?;
    judged(&info, &config(server).await?, demands)
}

/// What was found about a replica, whose acknowledgements count.
pub(super) async fn examine_replica(server: &Server, demands: Demands) -> Option<Finding> {
    let warning = |text: &str| Some(Finding::Warning(text.to_owned()));
    let read = async {
        let info = info(server, &["persistence"]).await?;
        Ok::<_, Failed>((info, config(server).await?))
    };
    let Ok((info, settings)) = read.await else {
        let not_checked = Finding::NotChecked("the server does not answer".to_owned());
        return (!demands.vouched).then_some(not_checked);
    };
    let has_aof = info.get("aof_enabled").is_some_and(|on| on == "1");
    match settings.get(FSYNC).map(String::as_str) {
        _ if !has_aof => warning("appendonly is no: what it acknowledges is lost when it restarts"),
        Some("always") => None,
        Some(_) => {
            warning("appendfsync is not always: what it acknowledges may be lost in a crash")
        }
        None if demands.vouched => None,
        None => Some(Finding::NotChecked(UNREAD.to_owned())),
    }
}

const FSYNC: &str = "appendfsync";
const MIN_REPLICAS: &str = "min-replicas-to-write";
const MAX_LAG: &str = "min-replicas-max-lag";
const UNREAD: &str = "appendfsync, because CONFIG is forbidden: set vouched if it is always";

/// Whether a primary that was cut off from its replicas goes on storing what is lost
/// when one of them is promoted. `None` if that cannot be read.
fn stores_alone(settings: &BTreeMap<String, String>) -> Option<bool> {
    let is_none = |name| settings.get(name).map(|value| value == "0");
    Some(is_none(MIN_REPLICAS)? || is_none(MAX_LAG)?)
}

/// Refuses a server that is too old or evicts records.
fn refuse(info: &BTreeMap<String, String>) -> Result<(), Failed> {
    let field = |name: &str| info.get(name).map_or("", String::as_str);
    let version = field("redis_version");
    let major = version
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    // Valkey reports a version of Redis for its clients.
    if major.is_none_or(|major| major < 7) {
        return Err(Failed::broken("refused: the version is older than 7.0"));
    }
    match field("maxmemory_policy") {
        "noeviction" => Ok(()),
        "" => Err(Failed::broken(
            "refused: the server does not tell maxmemory-policy",
        )),
        _ => Err(Failed::broken(
            "refused: maxmemory-policy is not noeviction, so records would be evicted",
        )),
    }
}

/// Refuses a primary that stores alone although a replica may be promoted.
fn refuse_alone(
    settings: &BTreeMap<String, String>,
    demands: Demands,
) -> Result<Option<Finding>, Failed> {
    if !demands.fails_over || demands.acknowledge > 0 {
        return Ok(None);
    }
    match stores_alone(settings) {
        Some(true) => Err(Failed::broken(
            "refused: min-replicas-to-write or min-replicas-max-lag is 0, so that a primary \
             that was cut off stores what is lost: set them, or acknowledge",
        )),
        None if !demands.vouched => Ok(Some(Finding::NotChecked(format!(
            "{MIN_REPLICAS}, because CONFIG is forbidden: set vouched if it is at least 1"
        )))),
        _ => Ok(None),
    }
}

fn judged(
    info: &BTreeMap<String, String>,
    settings: &BTreeMap<String, String>,
    demands: Demands,
) -> Result<Examined, Failed> {
    refuse(info)?;
    let identity = identity(info)?;
    let (acknowledge, vouched) = (demands.acknowledge, demands.vouched);
    let appendfsync = settings.get(FSYNC).map(String::as_str);
    let field = |name: &str| info.get(name).map_or("", String::as_str);
    let mut findings = Vec::from_iter(refuse_alone(settings, demands)?);
    let mut warn = |text: &str| findings.push(Finding::Warning(text.to_owned()));
    let has_aof = field("aof_enabled") == "1";
    if !has_aof {
        warn("appendonly is no: a restart loses every record");
    } else if appendfsync.is_some_and(|value| value != "always") {
        warn("appendfsync is not always: a crash loses records of up to a second or more");
    }
    if has_aof && field("aof_last_write_status") == "err" {
        warn("the last write to the append-only file failed");
    }
    let replicas = field("connected_slaves").parse().unwrap_or(0_u32);
    if replicas < acknowledge {
        warn("fewer replicas are connected than must acknowledge: swaps fail");
    }
    if has_aof && appendfsync.is_none() && !vouched {
        findings.push(Finding::NotChecked(UNREAD.to_owned()));
    }
    Ok(Examined {
        identity,
        survives_restart: has_aof && appendfsync.map_or(vouched, |value| value == "always"),
        findings,
        replicas: replicas_of(info),
    })
}

/// The addresses of the replicas that are connected.
fn replicas_of(info: &BTreeMap<String, String>) -> Vec<Address> {
    let replica = |(name, text): (&String, &String)| {
        let digits = name.strip_prefix("slave")?;
        digits.parse::<u32>().ok()?;
        let field = |name: &str| {
            let mut fields = text.split(',').filter_map(|field| field.split_once('='));
            fields.find(|(key, _)| *key == name).map(|(_, value)| value)
        };
        let is_online = field("state") == Some("online");
        let (host, port) = (field("ip")?, field("port")?);
        is_online.then(|| address(&format!("{host}:{port}"), None))?
    };
    info.iter().filter_map(replica).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(changes: &[(&str, &str)]) -> BTreeMap<String, String> {
        let fields = [
            ("redis_version", "7.0.15"),
            ("role", "master"),
            ("master_replid", "abc"),
            ("master_replid2", "0000"),
            ("maxmemory_policy", "noeviction"),
            ("aof_enabled", "1"),
            ("connected_slaves", "1"),
        ];
        let fields = fields.iter().chain(changes);
        fields
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn settings(appendfsync: Option<&str>, replicas: &str) -> BTreeMap<String, String> {
        let fsync = appendfsync.map(|value| (FSYNC, value));
        let all = fsync
            .into_iter()
            .flat_map(|fsync| [fsync, (MIN_REPLICAS, replicas), (MAX_LAG, "10")]);
        all.map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    const DEMANDS: Demands = Demands {
        acknowledge: 0,
        vouched: false,
        fails_over: false,
    };

    fn refused(changes: &[(&str, &str)]) -> String {
        let judged = judged(&info(changes), &settings(Some("always"), "0"), DEMANDS);
        judged.err().map(|failed| failed.text).unwrap_or_default()
    }

    #[test]
    fn what_is_refused() {
        assert_eq!(refused(&[]), "");
        assert!(refused(&[("redis_version", "6.2.1")]).contains("older than 7.0"));
        assert!(refused(&[("role", "slave")]).contains("replica"));
        for policy in ["allkeys-lru", "volatile-ttl", ""] {
            assert!(refused(&[("maxmemory_policy", policy)]).contains("maxmemory-policy"));
        }
    }

    #[test]
    fn what_is_warned_of() {
        let of = |changes: &[(&str, &str)], fsync, acknowledge, vouched| {
            let demands = Demands {
                acknowledge,
                vouched,
                fails_over: false,
            };
            let judged = judged(&info(changes), &settings(fsync, "0"), demands).unwrap();
            (judged.survives_restart, judged.findings.len())
        };
        assert_eq!(of(&[], Some("always"), 1, false), (true, 0));
        assert_eq!(of(&[], Some("everysec"), 0, true), (false, 1));
        assert_eq!(
            of(&[("aof_enabled", "0")], Some("always"), 0, true),
            (false, 1)
        );
        assert_eq!(of(&[], None, 0, false), (false, 1));
        assert_eq!(of(&[], None, 0, true), (true, 0));
        assert_eq!(of(&[], Some("always"), 2, false), (true, 1));
    }

    /// Without acknowledgement.
    #[test]
    fn a_primary_that_can_be_cut_off_needs_replicas() {
        let of = |fsync, replicas, acknowledge, vouched| {
            let demands = Demands {
                acknowledge,
                vouched,
                fails_over: true,
            };
            let judged = judged(&info(&[]), &settings(fsync, replicas), demands);
            judged
                .map(|judged| judged.findings.len())
                .map_err(|failed| failed.text)
        };
        assert_eq!(of(Some("always"), "1", 0, false), Ok(0));
        assert_eq!(of(Some("always"), "0", 1, false), Ok(0));
        let why = of(Some("always"), "0", 0, true).unwrap_err();
        assert!(why.contains("min-replicas-to-write"), "{why}");
        // CONFIG is forbidden.
        assert_eq!(of(None, "", 0, false), Ok(2));
        assert_eq!(of(None, "", 0, true), Ok(0));
    }

    #[test]
    fn replicas_that_are_connected() {
        let info = info(&[
            (
                "slave0",
                "ip=127.0.0.1,port=7001,state=online,offset=1,lag=0",
            ),
            (
                "slave1",
                "ip=127.0.0.1,port=7002,state=wait_bgsave,offset=0,lag=0",
            ),
            ("slave_repl_offset", "4"),
        ]);
        let replicas = replicas_of(&info);
        assert_eq!(replicas.len(), 1);
        assert_eq!(replicas[0].to_string(), "127.0.0.1:7001");
    }

    #[test]
    fn a_promoted_replica_names_its_predecessor() {
        let of = |changes| identity(&info(changes)).unwrap();
        assert_eq!(of(&[]).predecessor, None);
        let promoted = of(&[("master_replid2", "abc"), ("master_replid", "def")]);
        assert_eq!(promoted.predecessor.as_deref(), Some("abc"));
    }
}
