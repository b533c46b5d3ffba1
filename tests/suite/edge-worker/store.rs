//! The store of a world: the engine writes tenants into it as the worker reads them.

use mpass_core::Error;
use mpass_core::store::{Kind, Listed, Store, StoreKey, Swap, Swapped, probe};
use mpass_tests::wire::{PARALLEL, Wire};
use serde_json::{Value, json};

use crate::edge::World;

fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

/// Bytes in hexadecimal, or `null`.
fn bytes(value: &Value) -> Option<Vec<u8>> {
    let text = value.as_str()?;
    Some(base16ct::lower::decode_vec(text).unwrap())
}

impl Store for World {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        let input = json!({ "kind": kind.name(), "key": hex(&key.0) });
        Ok(bytes(&self.test("store/load", &input).json()))
    }

    fn swap(&self, swap: &Swap, _: u64) -> Result<Swapped, Error> {
        let input = json!({
            "kind": swap.kind.name(),
            "key": hex(&swap.key.0),
            "expected": swap.expected.as_deref().map(hex),
            "value": hex(&swap.value),
            "expiresAtMs": swap.expires_at_ms,
        });
        let swapped = self.test("store/swap", &input).json();
        Ok(match (&swapped["stored"], &swapped["expired"]) {
            (Value::Bool(true), _) => Swapped::Stored,
            (_, Value::Bool(true)) => Swapped::Expired,
            _ => Swapped::Conflict(bytes(&swapped["current"])),
        })
    }

    fn list(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        let input = json!({ "after": after.map(|key| hex(&key.0)), "limit": limit });
        let listed = self.test("store/list", &input).json();
        let documents = listed.as_array().unwrap().iter().map(|document| {
            let key = bytes(&document["key"]).unwrap();
            let value = bytes(&document["value"]).unwrap();
            (StoreKey(key.try_into().unwrap()), value)
        });
        Ok(documents.collect())
    }
}

/// The engine's own rules for stores, on a store in Durable Objects.
#[test]
fn keeps_every_rule() {
    let world = World::new();
    probe::probe(&world, PARALLEL, 2, world.now_ms(), world.entropy()).unwrap();
}
