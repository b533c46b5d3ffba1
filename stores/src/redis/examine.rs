//! What a node of Redis is, and what about its configuration would lose records.

use std::collections::BTreeMap;

use redis::{Cmd, Value};

use super::connection::RedisLink;
use crate::remote::{Failed, Finding, Identity};

/// What was read from a node.
pub(super) struct Examined {
    pub(super) identity: Identity,
    pub(super) survives_restart: bool,
    pub(super) findings: Vec<Finding>,
}

/// Reads INFO.
async fn info(link: &RedisLink, sections: &[&str]) -> Result<BTreeMap<String, String>, Failed> {
    let mut command = Cmd::new();
    command.arg("INFO").arg(sections);
    let text = match link.ask(&command).await? {
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
pub(super) async fn identify(link: &RedisLink) -> Result<Identity, Failed> {
    identity(&info(link, &["replication"]).await?)
}

fn identity(info: &BTreeMap<String, String>) -> Result<Identity, Failed> {
    match info.get("role").map(String::as_str) {
        Some("master") => {}
        Some(_) => return Err(Failed::broken("refused: the server is a replica")),
        None => return Err(Failed::broken("the server does not tell its role")),
    }
    let id = info.get("master_replid").filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| Failed::broken("the server has no replication id"))?;
    let former = info.get("master_replid2");
    let former = former.filter(|id| id.bytes().any(|byte| byte != b'0'));
    Ok(Identity {
        id: id.clone(),
        predecessor: former.cloned(),
    })
}

/// The settings that matter, as far as the user may read them.
async fn config(link: &RedisLink) -> Result<BTreeMap<String, String>, Failed> {
    let mut command = Cmd::new();
    command.arg("CONFIG").arg("GET").arg("appendfsync");
    let mut settings = BTreeMap::new();
    let parts = match link.send(&command).await {
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

/// Examines a node. The error is why it is refused.
pub(super) async fn examine(
    link: &RedisLink,
    acknowledge: u32,
    vouched: bool,
) -> Result<Examined, Failed> {
    let sections = ["server", "replication", "memory", "persistence"];
    let info = info(link, &sections).await?;
    let settings = config(link).await?;
    judged(
        &info,
        settings.get("appendfsync").map(String::as_str),
        acknowledge,
        vouched,
    )
}

fn judged(
    info: &BTreeMap<String, String>,
    appendfsync: Option<&str>,
    acknowledge: u32,
    vouched: bool,
) -> Result<Examined, Failed> {
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
    let identity = identity(info)?;
    match field("maxmemory_policy") {
        "noeviction" => {}
        "" => {
            return Err(Failed::broken(
                "refused: the server does not tell maxmemory-policy",
            ));
        }
        _ => {
            let text = "refused: maxmemory-policy is not noeviction, so records would be evicted";
            return Err(Failed::broken(text));
        }
    }
    let mut findings = Vec::new();
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
        findings.push(Finding::NotChecked(
            "appendfsync, because CONFIG is forbidden: set vouched if it is always".to_owned(),
        ));
    }
    Ok(Examined {
        identity,
        survives_restart: has_aof && appendfsync.map_or(vouched, |value| value == "always"),
        findings,
    })
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

    fn refused(changes: &[(&str, &str)]) -> String {
        let judged = judged(&info(changes), Some("always"), 0, false);
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
            let judged = judged(&info(changes), fsync, acknowledge, vouched).unwrap();
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

    #[test]
    fn a_promoted_replica_names_its_predecessor() {
        let of = |changes| identity(&info(changes)).unwrap();
        assert_eq!(of(&[]).predecessor, None);
        let promoted = of(&[("master_replid2", "abc"), ("master_replid", "def")]);
        assert_eq!(promoted.predecessor.as_deref(), Some("abc"));
    }
}
