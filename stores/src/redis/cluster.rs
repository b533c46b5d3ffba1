//! The masters of a cluster, and which slots they have.

use core::sync::atomic::{AtomicU16, Ordering};
use std::collections::BTreeMap;

use crc::{CRC_16_XMODEM, Crc};
use redis::aio::MultiplexedConnection;
use redis::{Cmd, Pipeline, Value};

use super::address::Address;

/// The number of slots of a cluster.
const SLOTS: u16 = 16384;
const CRC: Crc<u16> = Crc::<u16>::new(&CRC_16_XMODEM);

/// The slot of a key: of what is between its first braces, if there is something.
pub(super) fn slot(key: &[u8]) -> u16 {
    let tag = key.iter().position(|byte| *byte == b'{').and_then(|open| {
        let rest = &key[open + 1..];
        let length = rest.iter().position(|byte| *byte == b'}')?;
        (length > 0).then(|| &rest[..length])
    });
    CRC.checksum(tag.unwrap_or(key)) % SLOTS
}

/// Which of the masters has each slot.
pub(super) struct Slots(Vec<AtomicU16>);

impl Slots {
    /// The master of a key.
    pub(super) fn master(&self, key: &[u8]) -> usize {
        usize::from(self.0[usize::from(slot(key))].load(Ordering::Relaxed))
    }

    /// Another master has the slot.
    pub(super) fn set(&self, slot: u16, master: usize) {
        let master = u16::try_from(master).ok();
        if let (Some(place), Some(master)) = (self.0.get(usize::from(slot)), master) {
            place.store(master, Ordering::Relaxed);
        }
    }
}

/// A cluster, as one of its servers knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct View {
    /// Counts changes of the cluster.
    epoch: u64,
    /// The masters that have slots, in the order of their addresses.
    pub(super) masters: Vec<Address>,
    /// The master of each range of slots.
    ranges: BTreeMap<(u16, u16), Address>,
}

impl View {
    /// Asks a server, whose own address it may leave out.
    pub(super) async fn of(
        connection: &mut MultiplexedConnection,
        host: &str,
    ) -> Result<Self, String> {
        let mut pipeline = Pipeline::new();
        let mut command = Cmd::new();
        command.arg("CLUSTER").arg("INFO");
        pipeline.add_command(command);
        let mut command = Cmd::new();
        command.arg("CLUSTER").arg("SLOTS");
        pipeline.add_command(command);
        let answers = connection.send_packed_commands(&pipeline, 0, 2).await;
        let answers = answers.map_err(|error| match error.code() {
            Some(code) => format!("a server of the cluster answered {code}"),
            None => format!("the connection failed: {}", error.category()),
        })?;
        if let Some(Value::ServerError(error)) = answers.first() {
            return Err(format!("a server of the cluster answered {}", error.code()));
        }
        let [info, slots] = &answers[..] else {
            return Err(other());
        };
        Self::read(info, slots, host)
    }

    fn read(info: &Value, slots: &Value, host: &str) -> Result<Self, String> {
        let info = text(info).ok_or_else(other)?;
        let field = |name| {
            let mut lines = info.lines().filter_map(|line| line.split_once(':'));
            lines
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value.trim())
        };
        let epoch = field("cluster_current_epoch").and_then(|epoch| epoch.parse().ok());
        let Value::Array(entries) = slots else {
            return Err(other());
        };
        let ranges: Option<BTreeMap<_, _>> =
            entries.iter().map(|entry| range(entry, host)).collect();
        let ranges = ranges.ok_or_else(other)?;
        let covered: u32 = ranges
            .keys()
            .map(|(first, last)| u32::from(*last) + 1 - u32::from(*first))
            .sum();
        if covered != u32::from(SLOTS) {
            return Err("not every slot of the cluster has a master".to_owned());
        }
        let mut masters: Vec<_> = ranges.values().cloned().collect();
        masters.sort_unstable();
        masters.dedup();
        Ok(Self {
            epoch: epoch.ok_or_else(other)?,
            masters,
            ranges,
        })
    }

    /// The newest of several; the last error if there is none.
    pub(super) fn newest(views: Vec<Result<Self, String>>) -> Result<Self, String> {
        let mut newest: Result<Self, _> = Err("no server of the cluster answers".to_owned());
        for view in views {
            match (&newest, &view) {
                (Ok(first), Ok(other)) if first.epoch >= other.epoch => {}
                (Ok(_), Err(_)) => {}
                _ => newest = view,
            }
        }
        newest
    }

    /// Which of the masters has each slot.
    pub(super) fn slots(&self) -> Slots {
        let slots = Slots((0..SLOTS).map(|_| AtomicU16::new(0)).collect());
        self.set(&slots);
        slots
    }

    /// Brings the slots up to date.
    pub(super) fn set(&self, slots: &Slots) {
        for ((first, last), address) in &self.ranges {
            if let Ok(master) = self.masters.binary_search(address) {
                (*first..=*last).for_each(|slot| slots.set(slot, master));
            }
        }
    }
}

fn other() -> String {
    "a server of the cluster gives another answer".to_owned()
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::BulkString(bytes) => str::from_utf8(bytes).ok(),
        Value::VerbatimString { text, .. } | Value::SimpleString(text) => Some(text),
        _ => None,
    }
}

/// The first and the last slot, and their master.
fn range(entry: &Value, host: &str) -> Option<((u16, u16), Address)> {
    let Value::Array(parts) = entry else {
        return None;
    };
    let [
        Value::Int(first),
        Value::Int(last),
        Value::Array(master),
        ..,
    ] = &parts[..]
    else {
        return None;
    };
    let (first, last) = (u16::try_from(*first).ok()?, u16::try_from(*last).ok()?);
    if first > last || last >= SLOTS {
        return None;
    }
    let [named, Value::Int(port), ..] = &master[..] else {
        return None;
    };
    // A server that does not know how it is reached.
    let named = text(named).filter(|name| !name.is_empty() && *name != "?");
    let address = Address {
        host: named.unwrap_or(host).to_owned(),
        port: u16::try_from(*port).ok()?,
    };
    Some(((first, last), address))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the specification of Redis Cluster.
    #[test]
    fn slots_of_keys() {
        assert_eq!(slot(b"123456789"), 0x31c3);
        assert_eq!(slot(b"{user1000}.following"), slot(b"user1000"));
        assert_eq!(slot(b"foo{}{bar}"), CRC.checksum(b"foo{}{bar}") % SLOTS);
        assert_eq!(slot(b"foo{{bar}}zap"), slot(b"{bar"));
        assert_eq!(slot(b"foo{bar"), CRC.checksum(b"foo{bar") % SLOTS);
    }

    fn entry(first: i64, last: i64, host: &str, port: i64) -> Value {
        let host = Value::BulkString(host.as_bytes().to_vec());
        let master = Value::Array(vec![host, Value::Int(port)]);
        Value::Array(vec![Value::Int(first), Value::Int(last), master])
    }

    fn view(epoch: u64, entries: Vec<Value>) -> Result<View, String> {
        let info = format!("cluster_state:ok\r\ncluster_current_epoch:{epoch}\r\n");
        let info = Value::BulkString(info.into_bytes());
        View::read(&info, &Value::Array(entries), "asked")
    }

    #[test]
    fn the_newest_view_counts() {
        let one = view(3, vec![entry(0, 16383, "", 1)]).unwrap();
        assert_eq!(one.masters[0].to_string(), "asked:1");
        let split = vec![
            entry(0, 99, "b", 1),
            entry(100, 199, "a", 1),
            entry(200, 16383, "b", 1),
        ];
        let two = view(4, split).unwrap();
        assert_eq!(two.masters.len(), 2);
        let slots = two.slots();
        // foo is in slot 12182.
        assert_eq!(slots.master(b"foo"), 1);
        slots.set(12182, 0);
        assert_eq!(slots.master(b"foo"), 0);
        two.set(&slots);
        assert_eq!(slots.master(b"foo"), 1);
        let gap = view(9, vec![entry(0, 16382, "a", 1)]);
        assert!(gap.is_err());
        assert!(view(9, vec![entry(0, 16384, "a", 1)]).is_err());
        let views = vec![Ok(one), gap.clone(), Ok(two.clone())];
        assert_eq!(View::newest(views), Ok(two));
        assert_eq!(View::newest(vec![gap.clone()]), gap);
        assert!(View::newest(Vec::new()).is_err());
    }
}
