//! Access tokens of clients.

use mpass_core::service::{Client, Grant, Scope};

use crate::call::Call;
use crate::failure::Outcome;
use crate::kept::Keys;
use crate::number::number;

/// Issues an access token to a client.
pub(crate) fn grant_token(call: &mut Call<'_>) -> Outcome<()> {
    let keyring = call.object::<Keys>()?.read()?;
    let input = &mut call.input;
    let (store_key, value) = (input.store_key()?, input.bytes()?);
    let client = Client::open(&keyring, &store_key, value)?;
    let grant = Grant {
        scopes: input.list(|input| Ok(Scope::parse(input.text()?)?))?,
        number: input.optional(number)?,
        is_by_network: input.bool()?,
        life_s: input.u64()?,
    };
    let (now_ms, entropy) = (input.u64()?, input.secret()?);
    let token = grant.token(&keyring, &client, now_ms, &entropy)?;
    call.reply.text(&token);
    Ok(())
}
