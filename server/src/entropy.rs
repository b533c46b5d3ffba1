//! The system's entropy as the engine wants it.

use anyhow::anyhow;
use zeroize::Zeroizing;

/// 32 fresh bytes of the system's random source.
///
/// # Errors
/// When the system has none to give.
pub fn fresh() -> anyhow::Result<Zeroizing<[u8; 32]>> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *bytes)
        .map_err(|error| anyhow!("the system's random source failed: {error}"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_two_are_equal() {
        assert_ne!(*super::fresh().unwrap(), *super::fresh().unwrap());
    }
}
