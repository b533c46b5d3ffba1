//! The system's random source.

use anyhow::anyhow;
use mpass_core::Error;
use mpass_core::store::Environment;
use zeroize::Zeroizing;

use crate::clock;

/// 32 fresh bytes of the system's random source.
///
/// # Errors
/// When the random source fails.
pub fn fresh() -> anyhow::Result<Zeroizing<[u8; 32]>> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *bytes)
        .map_err(|error| anyhow!("the system's random source failed: {error}"))?;
    Ok(bytes)
}

/// The system's clock and random source, for the engine's operations.
#[derive(Clone, Copy, Debug)]
pub struct System;

impl Environment for System {
    fn now_ms(&self) -> u64 {
        clock::now_ms()
    }

    fn entropy(&self) -> Result<[u8; 32], Error> {
        match fresh() {
            Ok(entropy) => Ok(*entropy),
            Err(_) => Err(Error::EntropyFailed),
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn calls_return_different_bytes() {
        assert_ne!(*super::fresh().unwrap(), *super::fresh().unwrap());
    }
}
