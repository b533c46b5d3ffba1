//! Passwords: Argon2id over a keyed hash, one computation at a time.

use std::sync::{Arc, Mutex, PoisonError};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use mpass_core::challenge::Keyring;
use mpass_core::documents::HostHash;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use zeroize::{Zeroize, Zeroizing};

/// The parameters of new hashes: the second choice of RFC 9106 section 4 at the size
/// that OWASP recommends.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// The greatest parameters of a stored hash that are computed.
const MOST_MEMORY_KIB: u32 = 64 * 1024;
const MOST_PASSES: u32 = 8;
/// How many computations may wait for the one that runs.
const QUEUE: usize = 8;

/// The shortest password, in code points: it is never the only factor.
pub(super) const SHORTEST: usize = 12;
/// The longest password, in bytes.
pub(super) const LONGEST: usize = 256;

/// A password as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StoredPassword {
    memory_kib: u32,
    passes: u32,
    salt: String,
    hash: String,
}

/// Too many computations wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy;

/// A place among the computations that wait.
#[derive(Debug)]
pub(super) struct Place {
    _permit: OwnedSemaphorePermit,
}

/// Computes the hashes of passwords, in 19 MiB that are kept after the first one.
///
/// Threads take turns at computing. Memory that each of them allocated would stay with
/// the arena of its thread when it is freed, and there are many arenas.
#[derive(Clone, Debug)]
pub struct Hasher {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    memory: Arc<Mutex<Vec<Block>>>,
    #[cfg(test)]
    computed: Arc<core::sync::atomic::AtomicU32>,
}

impl Default for Hasher {
    fn default() -> Self {
        Self {
            running: Arc::new(Semaphore::new(1)),
            waiting: Arc::new(Semaphore::new(QUEUE + 1)),
            memory: Arc::default(),
            #[cfg(test)]
            computed: Arc::default(),
        }
    }
}

impl Hasher {
    /// The stored form of a new password.
    ///
    /// # Errors
    /// [`Busy`] if too many computations wait.
    pub(super) async fn store(
        &self,
        keyring: &Keyring,
        password: &str,
        salt: [u8; 16],
    ) -> Result<StoredPassword, Busy> {
        let keyed = HostHash::Password.of(keyring, &[password.as_bytes()]);
        let place = self.reserve()?;
        let hash = self.compute(place, keyed, salt, MEMORY_KIB, PASSES).await;
        Ok(StoredPassword {
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            salt: base16ct::lower::encode_string(&salt),
            hash: base16ct::lower::encode_string(&hash.ok_or(Busy)?),
        })
    }

    /// A place among the computations that wait.
    ///
    /// # Errors
    /// [`Busy`] if too many computations wait.
    pub(super) fn reserve(&self) -> Result<Place, Busy> {
        let waiting = Arc::clone(&self.waiting).try_acquire_owned();
        let _permit = waiting.map_err(|_| Busy)?;
        Ok(Place { _permit })
    }

    /// Whether this is the password. Without a stored one it takes as long, and is
    /// not.
    pub(super) async fn verify(
        &self,
        place: Place,
        keyring: &Keyring,
        stored: Option<&StoredPassword>,
        password: &str,
    ) -> bool {
        let keyed = HostHash::Password.of(keyring, &[password.as_bytes()]);
        let read = stored.and_then(StoredPassword::read);
        let (salt, expected) = read.unwrap_or_default();
        let memory_kib = stored.map_or(MEMORY_KIB, |it| it.memory_kib);
        let passes = stored.map_or(PASSES, |it| it.passes);
        let computed = self.compute(place, keyed, salt, memory_kib, passes).await;
        let is_same = computed.is_some_and(|hash| bool::from(hash.ct_eq(&expected)));
        is_same && read.is_some()
    }

    async fn compute(
        &self,
        _place: Place,
        keyed: Zeroizing<[u8; 32]>,
        salt: [u8; 16],
        memory_kib: u32,
        passes: u32,
    ) -> Option<[u8; 32]> {
        #[cfg(test)]
        self.computed
            .fetch_add(memory_kib * passes, core::sync::atomic::Ordering::Relaxed);
        let running = Arc::clone(&self.running);
        // It is never closed.
        let permit = running.acquire_owned().await.ok()?;
        let memory = Arc::clone(&self.memory);
        let computing = tokio::task::spawn_blocking(move || {
            // It goes on if nobody waits for it any more, and holds the memory.
            let _permit = permit;
            let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
            compute(&mut memory, &keyed, &salt, memory_kib, passes)
        });
        computing.await.ok()?
    }
}

#[cfg(test)]
impl Hasher {
    /// KiB times passes that were computed so far.
    pub(super) fn computed(&self) -> u32 {
        self.computed.load(core::sync::atomic::Ordering::Relaxed)
    }
}

impl StoredPassword {
    /// Whether the parameters are those of new hashes.
    pub(super) fn is_current(&self) -> bool {
        (self.memory_kib, self.passes) == (MEMORY_KIB, PASSES)
    }

    fn read(&self) -> Option<([u8; 16], [u8; 32])> {
        let (mut salt, mut hash) = ([0; 16], [0; 32]);
        let salt_len = base16ct::lower::decode(&self.salt, &mut salt).ok()?.len();
        let hash_len = base16ct::lower::decode(&self.hash, &mut hash).ok()?.len();
        (salt_len == 16 && hash_len == 32).then_some((salt, hash))
    }
}

/// `None` for parameters out of bounds.
fn compute(
    memory: &mut Vec<Block>,
    keyed: &[u8; 32],
    salt: &[u8; 16],
    memory_kib: u32,
    passes: u32,
) -> Option<[u8; 32]> {
    if memory_kib > MOST_MEMORY_KIB || passes > MOST_PASSES {
        return None;
    }
    let params = Params::new(memory_kib, passes, LANES, Some(32)).ok()?;
    let blocks = params.block_count();
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut hash = [0; 32];
    memory.resize(blocks, Block::new());
    let computed = argon.hash_password_into_with_memory(keyed, salt, &mut hash, &mut *memory);
    memory.iter_mut().for_each(Zeroize::zeroize);
    // Stored parameters may be greater than those of new hashes.
    memory.truncate(MEMORY_KIB as usize);
    memory.shrink_to_fit();
    computed.ok()?;
    Some(hash)
}
