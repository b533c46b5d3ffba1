//! The keys and commands of the layout, and the answers to a swap.

use mpass_core::Error;
use mpass_core::store::{Kind, StoreKey, Swap, Swapped};
use redis::{Cmd, RedisError, ServerErrorKind, Value};
use sha1::{Digest as _, Sha1};

use crate::remote::Failed;

/// The script of a swap, which hosts in all languages use.
pub(super) const SWAP: &str = include_str!("../../layout/swap.lua");
/// Removes a document that has expired, unless it was replaced meanwhile.
pub(super) const DROP: &str = "if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then \
     return redis.call('HDEL', KEYS[1], ARGV[1]) end return 0";
/// How long an expired value is kept, so that clocks may differ.
pub(super) const MARGIN_MS: u64 = 24 * 60 * 60 * 1000;
/// An expiry that is later than this (in the year 9999) is as none.
const LATEST_MS: u64 = 253_402_300_799_999;

/// The keys of a prefix, and the name of the script.
pub(super) struct Layout {
    states: Vec<u8>,
    documents: Vec<u8>,
    sha1: String,
}

impl Layout {
    pub(super) fn new(prefix: &str) -> Self {
        Self {
            states: format!("{prefix}s:").into_bytes(),
            documents: format!("{prefix}d").into_bytes(),
            sha1: base16ct::lower::encode_string(&Sha1::digest(SWAP)),
        }
    }

    /// The hash of the documents.
    pub(super) fn documents(&self) -> &[u8] {
        &self.documents
    }

    /// What the keys of states begin with.
    pub(super) fn states(&self) -> &[u8] {
        &self.states
    }

    /// The key of Redis that a value is under.
    pub(super) fn key(&self, kind: Kind, key: &StoreKey) -> Vec<u8> {
        match kind {
            Kind::State => self.state(key),
            Kind::Document => self.documents.clone(),
        }
    }

    /// The key of a state.
    pub(super) fn state(&self, key: &StoreKey) -> Vec<u8> {
        [&self.states[..], &key.0].concat()
    }

    pub(super) fn load(&self, kind: Kind, key: &StoreKey) -> Cmd {
        let mut command = Cmd::new();
        match kind {
            Kind::State => command.arg("GET").arg(self.state(key)),
            Kind::Document => command.arg("HGET").arg(&self.documents).arg(&key.0),
        };
        command
    }

    /// A swap by the name of the script, or with its text where the server does not
    /// have it.
    pub(super) fn swap(&self, swap: &Swap, now_ms: u64, by_name: bool) -> Cmd {
        let mut command = Cmd::new();
        match by_name {
            true => command.arg("EVALSHA").arg(&self.sha1),
            false => command.arg("EVAL").arg(SWAP),
        };
        command.arg(1);
        match swap.kind {
            Kind::State => command.arg(self.state(&swap.key)).arg(""),
            Kind::Document => command.arg(&self.documents).arg(&swap.key.0),
        };
        command.arg(u8::from(swap.expected.is_some()));
        command.arg(swap.expected.as_deref().unwrap_or_default());
        command.arg(&swap.value);
        let ends = swap.expires_at_ms.filter(|end| *end <= LATEST_MS);
        match swap.kind {
            Kind::State => match ends {
                Some(end) => command.arg(remaining_ms(end, now_ms)),
                None => command.arg(""),
            },
            Kind::Document => command.arg(&ends.unwrap_or(0).to_be_bytes()),
        };
        command
    }
}

/// The time after which the engine drops a state, in milliseconds; at least 1.
fn remaining_ms(end: u64, now_ms: u64) -> u64 {
    (end + MARGIN_MS).saturating_sub(now_ms).max(1)
}

/// Splits the end off a document.
pub(super) fn document(mut field: Vec<u8>) -> Result<(u64, Vec<u8>), Failed> {
    let Some(end) = field.first_chunk::<8>() else {
        return Err(Failed::not_stored("a document is shorter than its end"));
    };
    let end = u64::from_be_bytes(*end);
    field.drain(..8);
    Ok((end, field))
}

/// Precedes a command for a key that another master is passing on.
pub(super) fn asking() -> Cmd {
    let mut command = Cmd::new();
    command.arg("ASKING");
    command
}

/// The answer to TIME, in milliseconds.
pub(super) fn time_ms(answer: &Value) -> Option<u64> {
    let Value::Array(parts) = answer else {
        return None;
    };
    let [Value::BulkString(seconds), Value::BulkString(micros)] = &parts[..] else {
        return None;
    };
    let number = |bytes| str::from_utf8(bytes).ok()?.parse::<u64>().ok();
    number(seconds)?
        .checked_mul(1000)?
        .checked_add(number(micros)? / 1000)
}

/// What the script answered.
pub(super) fn swapped(value: Value) -> Result<Swapped, Failed> {
    let other = || Failed::broken("the answer is not one of the script");
    let Value::Array(parts) = value else {
        return Err(other());
    };
    let mut parts = parts.into_iter();
    match (parts.next(), parts.next()) {
        (Some(Value::Int(1)), None) => Ok(Swapped::Stored),
        (Some(Value::Int(0)), None) => Ok(Swapped::Conflict(None)),
        (Some(Value::Int(0)), Some(Value::BulkString(current))) => {
            Ok(Swapped::Conflict(Some(current)))
        }
        _ => Err(other()),
    }
}

/// Whether the server does not have the script; nothing was run.
pub(super) fn lacks_script(error: &RedisError) -> bool {
    error.kind() == redis::ErrorKind::Server(ServerErrorKind::NoScript)
}

/// A failed command that changed nothing, or an error of the connection with the
/// outcome `uncertain`.
pub(super) fn failed(error: &RedisError, uncertain: Error) -> Failed {
    let Some(code) = error.code() else {
        return Failed {
            error: uncertain,
            ..Failed::broken(format!("the connection failed: {}", error.category()))
        };
    };
    // The server has answered: the script was not run, or its one write failed.
    let text = format!("the server answered {code}");
    match code {
        "OOM" => Failed {
            error: Error::StoreFull,
            ..Failed::not_stored(text)
        },
        // It is another node now, or its state must be looked at again.
        "READONLY" | "LOADING" | "MASTERDOWN" | "NOAUTH" | "MOVED" | "CLUSTERDOWN" => {
            Failed::broken(text)
        }
        _ => Failed::not_stored(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remaining_time_has_a_margin_and_does_not_wrap() {
        assert_eq!(remaining_ms(2_000, 1_000), MARGIN_MS + 1_000);
        assert_eq!(remaining_ms(0, MARGIN_MS), 1);
        assert_eq!(remaining_ms(0, u64::MAX), 1);
        assert_eq!(remaining_ms(LATEST_MS, 0), LATEST_MS + MARGIN_MS);
    }

    #[test]
    fn answers_of_the_script() {
        let bulk = |text: &[u8]| Value::BulkString(text.to_vec());
        let of = |parts: Vec<Value>| swapped(Value::Array(parts));
        assert_eq!(of(vec![Value::Int(1)]).unwrap(), Swapped::Stored);
        assert_eq!(of(vec![Value::Int(0)]).unwrap(), Swapped::Conflict(None));
        let shown = Swapped::Conflict(Some(b"x".to_vec()));
        assert_eq!(of(vec![Value::Int(0), bulk(b"x")]).unwrap(), shown);
        for odd in [vec![], vec![Value::Int(2)], vec![Value::Int(1), bulk(b"x")]] {
            assert!(of(odd).unwrap_err().breaks);
        }
        assert!(swapped(Value::Nil).is_err());
        assert_eq!(
            document([[0; 8], [7; 8]].concat()).unwrap(),
            (0, vec![7; 8])
        );
        assert!(document(vec![0; 7]).is_err());
    }
}
