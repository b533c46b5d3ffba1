//! Secrets.

use mpass_core::oath::Secret;

use crate::call::Call;
use crate::failure::Outcome;

pub(crate) fn from_bytes(call: &mut Call<'_>) -> Outcome<()> {
    let secret = Secret::from_bytes(call.input.bytes()?)?;
    call.reply.object(secret);
    Ok(())
}

pub(crate) fn from_base32(call: &mut Call<'_>) -> Outcome<()> {
    let secret = Secret::from_base32(call.input.text()?)?;
    call.reply.object(secret);
    Ok(())
}

pub(crate) fn from_hex(call: &mut Call<'_>) -> Outcome<()> {
    let secret = Secret::from_hex(call.input.text()?)?;
    call.reply.object(secret);
    Ok(())
}

pub(crate) fn generate(call: &mut Call<'_>) -> Outcome<()> {
    let algorithm = call.input.algorithm()?;
    let secret = Secret::generate(algorithm, &*call.input.secret()?);
    call.reply.object(secret);
    Ok(())
}

pub(crate) fn expose(call: &mut Call<'_>) -> Outcome<()> {
    call.reply.bytes(call.object::<Secret>()?.expose());
    Ok(())
}

pub(crate) fn expose_base32(call: &mut Call<'_>) -> Outcome<()> {
    let secret = call.object::<Secret>()?;
    call.reply.written(&secret.expose_base32());
    Ok(())
}

pub(crate) fn expose_hex(call: &mut Call<'_>) -> Outcome<()> {
    let secret = call.object::<Secret>()?;
    call.reply.written(&secret.expose_hex());
    Ok(())
}

pub(crate) fn length(call: &mut Call<'_>) -> Outcome<()> {
    call.reply.count(call.object::<Secret>()?.len());
    Ok(())
}
