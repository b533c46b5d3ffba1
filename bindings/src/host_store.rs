//! Stores implemented in the host's language, and their conformance test.

use alloc::vec::Vec;

use mpass_core::Error;
use mpass_core::store::{self, Kind, Listed, Store, StoreKey, Swap, Swapped};
use zeroize::Zeroizing;

use crate::failure::Outcome;
use crate::object::Reply;
use crate::store::{listed, swapped, write_swap};
use crate::wire::Fields;

const LOAD: u16 = 1;
const SWAP: u16 = 2;
const LIST: u16 = 3;

/// A store of the host, called through one function on packed bytes.
///
/// A request is a 16-bit number, 1 (load), 2 (swap) or 3 (list), followed by the
/// kind and the key; by the swap and the time; or by the optional key after which
/// the list begins and its limit, 32 bits. An answer starts with a 16-bit number:
/// 0, or the number of an [`Error`]. After 0 follows, for a load, the optional
/// value; for a swap, 1 if it was stored, 0 and the optional value that it found
/// instead, or 2 for [`Swapped::Expired`]; for a list, the documents with their
/// keys.
pub trait HostStore {
    /// Answers a request. `None` if the host cannot be called.
    fn call(&self, request: &[u8]) -> Option<Zeroizing<Vec<u8>>>;
}

struct Unpacked<'a, S>(&'a S);

impl<S: HostStore> Unpacked<'_, S> {
    fn call<T>(
        &self,
        request: &Reply,
        read: impl FnOnce(&mut Fields<'_>) -> Outcome<T>,
    ) -> Result<T, Error> {
        let answer = self.0.call(request.as_bytes()).ok_or(Error::StoreFailed)?;
        let mut fields = Fields(&answer);
        match fields.u16() {
            Ok(0) => read(&mut fields).map_err(|_| Error::StoreFailed),
            Ok(number) => Err([Error::StoreFull, Error::StoreUnknown]
                .into_iter()
                .find(|error| error.number() == number)
                .unwrap_or(Error::StoreFailed)),
            Err(_) => Err(Error::StoreFailed),
        }
    }
}

impl<S: HostStore> Store for Unpacked<'_, S> {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        let mut request = Reply::new(LOAD);
        request.u8(kind.number());
        request.raw(&key.0);
        self.call(&request, |answer| answer.optional(Fields::owned_bytes))
    }

    fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error> {
        let mut request = Reply::new(SWAP);
        write_swap(&mut request, swap);
        request.u64(now_ms);
        self.call(&request, swapped)
    }

    fn list(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        let mut request = Reply::new(LIST);
        request.optional(after, |request, after| request.raw(&after.0));
        request.u32(limit);
        self.call(&request, |answer| answer.list(listed))
    }
}

/// Runs the conformance test on a host's store. The input is the number of
/// threads and the number of rounds, 16 bits each, the time and 32 bytes of
/// entropy. The outcome is an optional text: the rule that the store violates.
pub fn probe(store: &(impl HostStore + Sync), input: &[u8]) -> Reply {
    run(store, &mut Fields(input)).unwrap_or_else(|failure| Reply::failed(&failure))
}

fn run(store: &(impl HostStore + Sync), input: &mut Fields<'_>) -> Outcome<Reply> {
    let (threads, rounds) = (input.u16()?, input.u16()?);
    let (now_ms, entropy) = (input.u64()?, input.array()?);
    input.end()?;
    let mut reply = Reply::new(0);
    let store = Unpacked(store);
    let failure = store::probe::probe(&store, threads.into(), rounds.into(), now_ms, entropy).err();
    reply.optional(failure, |reply, failure| reply.display(failure));
    Ok(reply)
}
