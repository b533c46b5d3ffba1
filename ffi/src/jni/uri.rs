//! Key URIs. A handle holds the text, since the engine's value borrows it.

use mpass_core::oath::uri::{KeyUri, Kind};
use mpass_core::oath::{Secret, exposed};
use zeroize::Zeroizing;

use super::call::Call;
use super::wire::{Failure, Fields, Outcome, Reply, algorithm_number};

/// The text of a URI that was read before.
pub(super) struct Held(Zeroizing<String>);

pub(super) fn parse(call: &mut Call<'_>) -> Outcome<()> {
    let text = call.input.text()?;
    give(&mut call.reply, text)
}

fn give(reply: &mut Reply, text: &str) -> Outcome<()> {
    let uri = KeyUri::parse(text)?;
    reply.give(Held(Zeroizing::new(text.to_owned())));
    match uri.kind() {
        Kind::Hotp { counter } => {
            reply.u8(1);
            reply.u64(counter);
        }
        Kind::Totp { period } => {
            reply.u8(2);
            reply.u64(period);
        }
    }
    reply.optional(uri.issuer(), |reply, issuer| reply.display(issuer));
    reply.display(uri.account());
    reply.u8(algorithm_number(uri.algorithm()));
    reply.u8(uri.digits().get());
    reply.count(uri.parameters().count());
    for (name, value) in uri.parameters() {
        reply.display(name);
        reply.display(value);
    }
    reply.count(uri.cautions().count());
    for caution in uri.cautions() {
        reply.display(format_args!("{caution:?}"));
    }
    Ok(())
}

pub(super) fn new(call: &mut Call<'_>) -> Outcome<()> {
    let secret = call.object::<Secret>()?.clone();
    let kind = match (call.input.u8()?, call.input.u64()?) {
        (1, counter) => Kind::Hotp { counter },
        (2, period) => Kind::Totp { period },
        _ => return Err(Failure::Malformed),
    };
    let mut uri = KeyUri::new(kind, call.input.text()?, secret)?;
    if let Some(issuer) = call.input.optional(Fields::text)? {
        uri = uri.with_issuer(issuer)?;
    }
    uri = uri.with_algorithm(call.input.algorithm()?);
    uri = uri.with_digits(call.input.digits()?);
    give(&mut call.reply, &exposed(uri.expose()))
}

pub(super) fn expose(call: &mut Call<'_>) -> Outcome<()> {
    let uri = KeyUri::parse(&call.object::<Held>()?.0)?;
    call.reply.display(uri.expose());
    Ok(())
}

pub(super) fn secret(call: &mut Call<'_>) -> Outcome<()> {
    let uri = KeyUri::parse(&call.object::<Held>()?.0)?;
    call.reply.give(uri.secret().clone());
    Ok(())
}
