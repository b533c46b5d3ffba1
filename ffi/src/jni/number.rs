//! Phone numbers, which Java keeps as their E.164 text.

use mpass_core::Error;
use mpass_core::number::{CallingCode, HexDigest, PhoneNumber, hash_batch as hash_numbers};

use super::call::Call;
use super::wire::{Fields, Outcome, Reply};

/// A calling code as Java's int.
pub(super) fn calling_code(input: &mut Fields<'_>) -> Outcome<CallingCode> {
    let code = u16::try_from(input.u32()?).map_err(|_| Error::UnknownCallingCode)?;
    Ok(CallingCode::new(code)?)
}

/// A number as Java keeps it.
pub(super) fn number(reply: &mut Reply, number: &PhoneNumber) {
    reply.text(number.as_str());
    reply.u16(number.calling_code().get());
    reply.display(number);
}

/// A number that Java kept.
pub(super) fn kept(input: &mut Fields<'_>) -> Outcome<PhoneNumber> {
    Ok(PhoneNumber::parse(input.text()?, None)?)
}

pub(super) fn parse(call: &mut Call<'_>) -> Outcome<()> {
    let text = call.input.text()?;
    #[cfg(feature = "deliberate-panic")]
    #[allow(clippy::panic)]
    if text == "panic" {
        panic!("a text that no exception shows");
    }
    let country = call.input.optional(calling_code)?;
    number(&mut call.reply, &PhoneNumber::parse(text, country)?);
    Ok(())
}

pub(super) fn from_national(call: &mut Call<'_>) -> Outcome<()> {
    let country = calling_code(&mut call.input)?;
    let text = call.input.text()?;
    number(&mut call.reply, &PhoneNumber::from_national(country, text)?);
    Ok(())
}

pub(super) fn hashes(call: &mut Call<'_>) -> Outcome<()> {
    let number = kept(&mut call.input)?;
    call.reply.text(number.national());
    call.reply.text(number.sha256_hex().as_str());
    call.reply.text(number.sha256_hex_without_plus().as_str());
    Ok(())
}

pub(super) fn hash_batch(call: &mut Call<'_>) -> Outcome<()> {
    let numbers = call.input.list(kept)?;
    let mut digests = vec![HexDigest::BLANK; numbers.len()];
    hash_numbers(&numbers, &mut digests);
    for digest in &digests {
        call.reply.text(digest.as_str());
    }
    Ok(())
}

pub(super) fn keyed_hash(call: &mut Call<'_>) -> Outcome<()> {
    let number = kept(&mut call.input)?;
    let hash = number.keyed_hash(&*call.input.secret()?);
    call.reply.bytes(&hash);
    Ok(())
}

/// Whether a digest that somebody sent is one of the number's public hashes:
/// with the plus sign, or without.
pub(super) fn digest(call: &mut Call<'_>) -> Outcome<()> {
    let number = kept(&mut call.input)?;
    let digest = HexDigest::parse(call.input.text()?)?;
    call.reply.bool(number.sha256_hex() == digest);
    call.reply.bool(number.sha256_hex_without_plus() == digest);
    Ok(())
}
