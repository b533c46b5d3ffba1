//! Operations of customers and clients beyond their settings: credits and
//! access tokens.

use mpass_core::service::{Client, Customer, Grant, Scope};

use crate::call::Call;
use crate::challenge::write_context;
use crate::failure::Outcome;
use crate::kept::Keys;
use crate::number::number;
use crate::pending::write_pending;
use crate::wire::Fields;

fn customer(call: &mut Call<'_>) -> Outcome<Customer> {
    let (store_key, value) = (call.input.store_key()?, call.input.bytes()?);
    let keyring = call.object::<Keys>()?.read()?;
    Ok(Customer::open(&keyring, &store_key, value)?)
}

pub(crate) fn customer_fresh_id(call: &mut Call<'_>) -> Outcome<()> {
    let (now_ms, entropy) = (call.input.u64()?, call.input.secret()?);
    call.reply.text(&Customer::fresh_id(now_ms, &entropy));
    Ok(())
}

/// The store key of a customer's credit record.
pub(crate) fn credits_key(call: &mut Call<'_>) -> Outcome<()> {
    let customer = customer(call)?;
    let keyring = call.object::<Keys>()?.read()?;
    call.reply.raw(&customer.credits(&keyring).key().0);
    Ok(())
}

pub(crate) fn credits_balance(call: &mut Call<'_>) -> Outcome<()> {
    let customer = customer(call)?;
    let current = call.input.optional(Fields::bytes)?;
    let keyring = call.object::<Keys>()?.read()?;
    let balance = customer.credits(&keyring).balance(current)?;
    call.reply.u64(balance);
    Ok(())
}

pub(crate) fn credits_add(call: &mut Call<'_>) -> Outcome<()> {
    let customer = customer(call)?;
    let with = write_context(&mut call.input)?;
    let paid = call.input.u64()?;
    let keyring = call.object::<Keys>()?.read()?;
    let credits = customer.credits(&keyring);
    let pending = credits.add(with.current, paid, with.now_ms, &with.entropy)?;
    write_pending(&mut call.reply, pending);
    Ok(())
}

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
