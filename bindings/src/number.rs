//! Phone numbers, which hosts represent as their E.164 text.

use mpass_core::Error;
use mpass_core::number::{CallingCode, HexDigest, PhoneNumber, TABLE_VERSION};

use crate::call::Call;
use crate::failure::Outcome;
use crate::object::Reply;
use crate::wire::Fields;

pub(crate) fn calling_code(input: &mut Fields<'_>) -> Outcome<CallingCode> {
    Ok(CallingCode::new(input.narrow(Error::UnknownCallingCode)?)?)
}

/// Writes a number with its calling code and its masked form.
pub(crate) fn write_number(reply: &mut Reply, number: &PhoneNumber) {
    reply.text(number.as_str());
    reply.u16(number.calling_code().get());
    reply.written(number);
}

/// A number in its E.164 form.
pub(crate) fn number(input: &mut Fields<'_>) -> Outcome<PhoneNumber> {
    Ok(PhoneNumber::parse(input.text()?, None)?)
}

pub(crate) fn parse(call: &mut Call<'_>) -> Outcome<()> {
    let text = call.input.text()?;
    let country = call.input.optional(calling_code)?;
    write_number(&mut call.reply, &PhoneNumber::parse(text, country)?);
    Ok(())
}

pub(crate) fn from_national(call: &mut Call<'_>) -> Outcome<()> {
    let country = calling_code(&mut call.input)?;
    let text = call.input.text()?;
    write_number(&mut call.reply, &PhoneNumber::from_national(country, text)?);
    Ok(())
}

pub(crate) fn hashes(call: &mut Call<'_>) -> Outcome<()> {
    let number = number(&mut call.input)?;
    call.reply.text(number.national());
    call.reply.text(number.sha256_hex().as_str());
    call.reply.text(number.sha256_hex_without_plus().as_str());
    Ok(())
}

#[cfg(feature = "batch")]
pub(crate) fn hash_batch(call: &mut Call<'_>) -> Outcome<()> {
    let numbers = call.input.list(number)?;
    let mut digests = alloc::vec![HexDigest::BLANK; numbers.len()];
    mpass_core::number::hash_batch(&numbers, &mut digests);
    for digest in &digests {
        call.reply.text(digest.as_str());
    }
    Ok(())
}

pub(crate) fn keyed_hash(call: &mut Call<'_>) -> Outcome<()> {
    let number = number(&mut call.input)?;
    let hash = number.keyed_hash(&*call.input.secret()?);
    call.reply.bytes(&hash);
    Ok(())
}

/// Whether a digest is one of the number's public hashes, with or without the
/// plus sign.
pub(crate) fn has_digest(call: &mut Call<'_>) -> Outcome<()> {
    let number = number(&mut call.input)?;
    let digest = HexDigest::parse(call.input.text()?)?;
    call.reply.bool(number.sha256_hex() == digest);
    call.reply.bool(number.sha256_hex_without_plus() == digest);
    Ok(())
}

/// The version of the table of numbering plans.
#[allow(clippy::unnecessary_wraps)]
pub(crate) fn table_version(call: &mut Call<'_>) -> Outcome<()> {
    call.reply.u16(TABLE_VERSION);
    Ok(())
}
