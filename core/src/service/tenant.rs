use crate::Error;
use crate::challenge::{Keyring, fresh, open_value, seal_value, sealing_key};
use crate::store::{Kind, NEVER, StoreKey, Swap};

/// The swap that seals a tenant's value with the newest record key, contents
/// unchanged; `None` when it is already sealed with that.
///
/// Tenants are rarely written, so they stay under the key of their last
/// writing. Before a record key is removed from the keyring every value of
/// [`Kind::Tenant`] has to go through here.
///
/// # Errors
/// [`Error::RecordFormat`], [`Error::RecordForged`] or
/// [`Error::UnknownRecordKey`] when `current` is not a tenant of ours at this
/// place.
pub fn reseal_tenant(
    keyring: &Keyring,
    place: &StoreKey,
    current: &[u8],
    now_ms: u64,
    entropy: &[u8; 32],
) -> Result<Option<Swap>, Error> {
    let format = *current.first().ok_or(Error::RecordFormat)?;
    let payload = open_value(keyring, place, format, current)?;
    if sealing_key(current) == Some(keyring.newest()) {
        return Ok(None);
    }
    let stamp = fresh(b"stamp", entropy, now_ms, place, Some(current), b"reseal");
    Ok(Some(Swap {
        kind: Kind::Tenant,
        key: *place,
        expected: Some(current.to_vec()),
        value: seal_value(keyring, place, format, stamp, payload)?,
        expires_at_ms: NEVER,
    }))
}
