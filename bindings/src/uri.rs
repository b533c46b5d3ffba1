//! Key URIs. A handle contains the text, from which the core's type borrows.

use alloc::borrow::ToOwned;

use mpass_core::oath::uri::{KeyUri, Kind};
use mpass_core::oath::{Secret, written};
use zeroize::Zeroizing;

use crate::call::Call;
use crate::failure::{Failure, Outcome};
use crate::object::Reply;
use crate::object::UriText;
use crate::wire::Fields;

pub(crate) fn parse(call: &mut Call<'_>) -> Outcome<()> {
    let (strict, text) = (call.input.bool()?, call.input.text()?);
    if strict {
        KeyUri::parse_explained(text)?.check_strict()?;
    }
    write(&mut call.reply, text)
}

fn write(reply: &mut Reply, text: &str) -> Outcome<()> {
    let uri = KeyUri::parse_explained(text)?;
    reply.object(UriText(Zeroizing::new(text.to_owned())));
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
    reply.optional(uri.issuer(), |reply, issuer| reply.written(&issuer));
    reply.optional(uri.label_issuer(), |reply, issuer| reply.written(&issuer));
    reply.written(&uri.account());
    reply.algorithm(uri.algorithm());
    reply.u8(uri.digits().get());
    reply.list(uri.parameters(), |reply, (name, value)| {
        reply.written(&name);
        reply.written(&value);
    });
    reply.list(uri.cautions(), |reply, caution| {
        reply.text(caution.name());
    });
    Ok(())
}

pub(crate) fn new(call: &mut Call<'_>) -> Outcome<()> {
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
    write(&mut call.reply, &written(&uri.expose()))
}

pub(crate) fn expose(call: &mut Call<'_>) -> Outcome<()> {
    let uri = KeyUri::parse(&call.object::<UriText>()?.0)?;
    call.reply.written(&uri.expose());
    Ok(())
}

pub(crate) fn secret(call: &mut Call<'_>) -> Outcome<()> {
    let uri = KeyUri::parse(&call.object::<UriText>()?.0)?;
    call.reply.object(uri.secret().clone());
    Ok(())
}
