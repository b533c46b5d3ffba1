//! When a stored record was written, whatever its kind.

use super::keyring::Keyring;
use super::record::{self, Reader};
use super::state::State as Challenge;
use super::token::State as Token;
use super::{alias, credits, once, spend, state, token};
use crate::Error;
use crate::store::StoreKey;

/// Checks length, kind and authentication of a record of any kind, and returns
/// the latest time at which it was issued or written, in milliseconds of Unix
/// time. `None` for a record that has no such time: of credits, of a spend limit,
/// or of the use of a token.
///
/// After a backup was put back, nothing of a store is accepted if
/// [`Header::restored_at_ms`](super::Header::restored_at_ms) is later than this
/// time of every record.
///
/// # Errors
/// [`Error::RecordFormat`] for another length or an unknown kind;
/// [`Error::RecordForged`] if the record is not authentic under this store key;
/// [`Error::UnknownRecordKey`] if the keyring lacks its record key.
pub fn written_at(
    keyring: &Keyring,
    store_key: &StoreKey,
    record: &[u8],
) -> Result<Option<u64>, Error> {
    let format = *record.first().ok_or(Error::RecordFormat)?;
    let open = || record::open(keyring, store_key, format, record);
    match format {
        state::FORMAT => Ok(Some(Challenge::read(open()?)?.written_at)),
        token::FORMAT => Ok(Some(Token::read(open()?)?.latest())),
        alias::FORMAT => alias_issued_at(open()?, alias::number_end).map(Some),
        alias::OTHER_FORMAT => alias_issued_at(open()?, alias::other_end).map(Some),
        credits::FORMAT | once::FORMAT | spend::FORMAT => open().map(|_| None),
        _ => Err(Error::RecordFormat),
    }
}

fn alias_issued_at(
    reader: Reader<'_>,
    end: fn(Reader<'_>) -> Result<u64, Error>,
) -> Result<u64, Error> {
    Ok(end(reader)?.saturating_sub(alias::ALIAS_LIFE_MS))
}

#[cfg(test)]
#[path = "written_tests.rs"]
mod tests;
