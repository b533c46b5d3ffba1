//! Keyrings.

use mpass_core::challenge::Keyring;

use crate::call::Call;
use crate::failure::Outcome;
use crate::kept::Keys;
use crate::object::Reply;

pub(crate) fn generate(call: &mut Call<'_>) -> Outcome<()> {
    let keyring = Keyring::generate(&*call.input.secret()?);
    call.reply.object(Keys::new(keyring));
    Ok(())
}

pub(crate) fn parse(call: &mut Call<'_>) -> Outcome<()> {
    let keyring: Keyring = call.input.text()?.parse()?;
    call.reply.object(Keys::new(keyring));
    Ok(())
}

pub(crate) fn expose(call: &mut Call<'_>) -> Outcome<()> {
    let keyring = call.object::<Keys>()?.read()?;
    call.reply.written(&keyring.expose());
    Ok(())
}

pub(crate) fn add(call: &mut Call<'_>) -> Outcome<()> {
    let entropy = call.input.secret()?;
    call.input.end()?;
    let id = call.object::<Keys>()?.write()?.add(&entropy)?;
    call.reply.u16(id);
    Ok(())
}

pub(crate) fn activate(call: &mut Call<'_>) -> Outcome<()> {
    let id = call.input.u16()?;
    call.input.end()?;
    Ok(call.object::<Keys>()?.write()?.activate(id)?)
}

pub(crate) fn remove(call: &mut Call<'_>) -> Outcome<()> {
    let id = call.input.u16()?;
    call.input.end()?;
    Ok(call.object::<Keys>()?.write()?.remove(id)?)
}

pub(crate) fn ids(call: &mut Call<'_>) -> Outcome<()> {
    let keyring = call.object::<Keys>()?.read()?;
    call.reply.u16(keyring.newest());
    call.reply.list(keyring.ids(), Reply::u16);
    Ok(())
}

/// The same keys as an object of its own, which later changes do not touch.
pub(crate) fn copy(call: &mut Call<'_>) -> Outcome<()> {
    let copy = call.object::<Keys>()?.read()?.clone();
    call.reply.object(Keys::new(copy));
    Ok(())
}
