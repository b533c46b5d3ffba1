//! The encoding of records in the contents of a document, in CBOR: when it was
//! written, its key, and the record. What a later version appends is skipped.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use minicbor::{Decode, Encode};

use super::address::{Address, Holder};
use super::key::{NameHash, NasKey, SessionKey};
use super::nas::Nas;
use super::session::Session;
use crate::Error;

/// When a record was written. Merged by maximum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub(super) struct Written {
    /// In milliseconds of Unix time.
    #[n(0)]
    pub(super) at_ms: u64,
    /// By the clock of the table.
    #[n(1)]
    pub(super) table_ms: u64,
}

#[derive(Encode, Decode)]
struct NasKeyWire<'a> {
    #[n(0)]
    source: IpAddr,
    #[b(1)]
    realm: &'a str,
    #[n(2)]
    name: NameHash,
}

impl<'a> NasKeyWire<'a> {
    fn of(key: &'a NasKey) -> Self {
        Self {
            source: key.source,
            realm: &key.realm,
            name: key.name,
        }
    }

    fn read(&self) -> NasKey {
        NasKey {
            source: self.source,
            realm: self.realm.into(),
            name: self.name,
        }
    }
}

#[derive(Encode, Decode)]
struct SessionWire<'a> {
    #[n(0)]
    written: Written,
    #[b(1)]
    nas: NasKeyWire<'a>,
    #[n(2)]
    id: NameHash,
    #[n(3)]
    session: Session,
}

#[derive(Encode, Decode)]
struct NasWire<'a> {
    #[n(0)]
    written: Written,
    #[b(1)]
    key: NasKeyWire<'a>,
    #[n(2)]
    nas: Nas,
}

#[derive(Encode, Decode)]
struct AddressWire {
    #[n(0)]
    written: Written,
    #[n(1)]
    holders: Vec<HolderWire>,
    #[n(2)]
    crowded_until: u64,
}

/// A session at an address. The realm is that of the address.
#[derive(Encode, Decode)]
struct HolderWire {
    #[n(0)]
    source: IpAddr,
    #[n(1)]
    name: NameHash,
    #[n(2)]
    id: NameHash,
    #[n(3)]
    holder: Holder,
}

fn encoded(value: &impl Encode<()>) -> Result<Vec<u8>, Error> {
    minicbor::to_vec(value).map_err(|_| Error::RecordFormat)
}

fn decoded<'a, T: Decode<'a, ()>>(contents: &'a [u8]) -> Result<T, Error> {
    minicbor::decode(contents).map_err(|_| Error::RecordFormat)
}

pub(super) fn encode_session(
    key: &SessionKey,
    session: &Session,
    written: Written,
) -> Result<Vec<u8>, Error> {
    encoded(&SessionWire {
        written,
        nas: NasKeyWire::of(&key.nas),
        id: key.id,
        session: session.clone(),
    })
}

pub(super) fn decode_session(contents: &[u8]) -> Result<(Written, SessionKey, Session), Error> {
    let wire: SessionWire<'_> = decoded(contents)?;
    let key = SessionKey {
        nas: wire.nas.read(),
        id: wire.id,
    };
    Ok((wire.written, key, wire.session))
}

pub(super) fn encode_nas(key: &NasKey, nas: &Nas, written: Written) -> Result<Vec<u8>, Error> {
    encoded(&NasWire {
        written,
        key: NasKeyWire::of(key),
        nas: *nas,
    })
}

pub(super) fn decode_nas(contents: &[u8]) -> Result<(Written, NasKey, Nas), Error> {
    let wire: NasWire<'_> = decoded(contents)?;
    Ok((wire.written, wire.key.read(), wire.nas))
}

pub(super) fn encode_address(address: &Address, written: Written) -> Result<Vec<u8>, Error> {
    let holder = |(key, holder): (&Arc<SessionKey>, &Holder)| HolderWire {
        source: key.nas.source,
        name: key.nas.name,
        id: key.id,
        holder: holder.clone(),
    };
    encoded(&AddressWire {
        written,
        holders: address.holders.iter().map(holder).collect(),
        crowded_until: address.crowded_until,
    })
}

pub(super) fn decode_address(
    realm: &Arc<str>,
    contents: &[u8],
) -> Result<(Written, Address), Error> {
    let wire: AddressWire = decoded(contents)?;
    let holder = |wire: HolderWire| {
        let nas = NasKey {
            source: wire.source,
            realm: Arc::clone(realm),
            name: wire.name,
        };
        (Arc::new(SessionKey { nas, id: wire.id }), wire.holder)
    };
    let address = Address {
        holders: wire.holders.into_iter().map(holder).collect(),
        crowded_until: wire.crowded_until,
    };
    Ok((wire.written, address))
}

/// A phone number that may be unknown, as an integer of its digits.
pub(super) mod number {
    use minicbor::decode::{self, Decoder};
    use minicbor::encode::{self, Encoder, Write};

    use crate::number::PhoneNumber;

    pub(in super::super) fn encode<C, W: Write>(
        number: &Option<PhoneNumber>,
        encoder: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        match number {
            Some(number) => encoder.u64(number.to_u64())?.ok(),
            None => encoder.null()?.ok(),
        }
    }

    pub(in super::super) fn decode<C>(
        decoder: &mut Decoder<'_>,
        _: &mut C,
    ) -> Result<Option<PhoneNumber>, decode::Error> {
        let Some(digits) = decoder.decode::<Option<u64>>()? else {
            return Ok(None);
        };
        let number = PhoneNumber::from_u64(digits);
        number
            .map(Some)
            .map_err(|_| decode::Error::message("not a number"))
    }
}
