//! The exchanges of the wire contracts.

use core::net::IpAddr;

use mpass_core::Error;
use mpass_core::service::settings::{Group, Settings};
use mpass_core::service::{
    Answer, AnswerKind, AssessmentKind, Engine, EngineSettings, Introspection, Reason,
    Reply as Answered, Request, RsaPublicKey, Sms, Step,
};

use crate::call::Call;
use crate::failure::{Failure, Outcome};
use crate::kept::{Keys, Running, Serving};
use crate::number::{number, write_number};
use crate::object::Reply;
use crate::settings::values;
use crate::store::write_swap;
use crate::wire::Fields;

pub(crate) fn engine_new(call: &mut Call<'_>) -> Outcome<()> {
    let settings = EngineSettings::from_values(&values(Group::Engine, &mut call.input)?)?;
    let keyring = call.object::<Keys>()?.read()?.clone();
    let engine = Engine::with_settings(keyring, settings)?;
    call.reply.object(Serving::new(engine));
    Ok(())
}

/// Applies what the header of the store says: when it was restored, and whether
/// it is closed.
pub(crate) fn engine_apply(call: &mut Call<'_>) -> Outcome<()> {
    let restored_at_ms = call.input.optional(Fields::u64)?;
    let is_closed = call.input.bool()?;
    call.input.end()?;
    let mut engine = call.object::<Serving>()?.write()?;
    *engine = engine
        .with_restored_at(restored_at_ms)
        .with_store_closed(is_closed);
    Ok(())
}

fn address(input: &mut Fields<'_>) -> Outcome<IpAddr> {
    let bytes = input.bytes()?;
    match (<[u8; 4]>::try_from(bytes), <[u8; 16]>::try_from(bytes)) {
        (Ok(v4), _) => Ok(v4.into()),
        (_, Ok(v6)) => Ok(v6.into()),
        _ => Err(Failure::Core(Error::InvalidAddress)),
    }
}

/// Writes an address in the format that [`address`] reads.
fn write_address(reply: &mut Reply, address: IpAddr) {
    match address {
        IpAddr::V4(v4) => reply.bytes(&v4.octets()),
        IpAddr::V6(v6) => reply.bytes(&v6.octets()),
    }
}

/// The bytes of an address, for languages that have it as text.
pub(crate) fn address_parse(call: &mut Call<'_>) -> Outcome<()> {
    let address = call.input.text()?.parse();
    write_address(&mut call.reply, address.map_err(|_| Error::InvalidAddress)?);
    Ok(())
}

/// Back from [`address_parse`].
pub(crate) fn address_text(call: &mut Call<'_>) -> Outcome<()> {
    let address = address(&mut call.input)?;
    call.reply.display(address);
    Ok(())
}

pub(crate) fn begin(call: &mut Call<'_>) -> Outcome<()> {
    let input = &mut call.input;
    let (method, path, query) = (input.text()?, input.text()?, input.text()?);
    let headers = input.list(|input| Ok((input.text()?, input.text()?)))?;
    let (body, peer) = (input.bytes()?, address(input)?);
    let (now_ms, entropy) = (input.u64()?, input.secret()?);
    let request = Request {
        method,
        path,
        query,
        headers: &headers,
        body,
        peer,
    };
    let engine = call.object::<Serving>()?.read()?;
    let exchange = engine.begin(&request, now_ms, &entropy);
    call.reply.object(Running::new(exchange));
    Ok(())
}

fn answer(input: &mut Fields<'_>) -> Outcome<Answer> {
    Ok(match input.entry(AnswerKind::from_number)? {
        AnswerKind::Begin => Answer::Begin,
        AnswerKind::Loaded => Answer::Loaded(input.optional(Fields::owned_bytes)?),
        AnswerKind::Stored => Answer::Stored,
        AnswerKind::Conflict => Answer::Conflict(input.optional(Fields::owned_bytes)?),
        AnswerKind::Delivered => Answer::Delivered,
        AnswerKind::Refused => Answer::Refused,
        AnswerKind::Unknown => Answer::Unknown,
        AnswerKind::Failed | AnswerKind::Full => Answer::Failed,
        AnswerKind::Unsupported => Answer::Unsupported,
        AnswerKind::Expired => Answer::Expired,
        AnswerKind::Introspected => Answer::Introspected(input.optional(introspection)?),
        AnswerKind::Resolved => Answer::Resolved(input.optional(number)?),
        AnswerKind::Assessed => assessed(input)?,
        AnswerKind::SigningKeys => Answer::SigningKeys(input.list(rsa_key)?),
        AnswerKind::Signed => Answer::Signed(input.owned_bytes()?),
        AnswerKind::Genuine => Answer::Genuine,
        AnswerKind::Forged => Answer::Forged,
        AnswerKind::Listed => return Err(Failure::Malformed),
        _ => return Err(Failure::Malformed),
    })
}

/// A public RSA key: modulus and exponent.
fn rsa_key(input: &mut Fields<'_>) -> Outcome<RsaPublicKey> {
    let modulus = input.bytes()?;
    Ok(RsaPublicKey::new(modulus, input.bytes()?)?)
}

fn write_rsa_key(reply: &mut Reply, key: &RsaPublicKey) {
    reply.bytes(key.modulus());
    reply.bytes(RsaPublicKey::EXPONENT);
}

fn assessed(input: &mut Fields<'_>) -> Outcome<Answer> {
    let kind = input.entry(AssessmentKind::from_number)?;
    let mobile = match kind {
        AssessmentKind::Valid => input.optional(Fields::bool)?,
        _ => None,
    };
    Ok(kind.answer(mobile))
}

fn introspection(input: &mut Fields<'_>) -> Outcome<Introspection> {
    Ok(Introspection {
        id: input.optional(Fields::owned_text)?,
        client: input.owned_text()?,
        scopes: input.list(Fields::owned_text)?,
        number: input.optional(number)?,
        is_by_network: input.bool()?,
        issued_at_ms: input.optional(Fields::u64)?,
        expires_at_ms: input.optional(Fields::u64)?,
    })
}

pub(crate) fn next(call: &mut Call<'_>) -> Outcome<()> {
    let answer = answer(&mut call.input)?;
    let now_ms = call.input.u64()?;
    call.input.end()?;
    let step = call.object::<Running>()?.write()?.next(answer, now_ms);
    write_step(&mut call.reply, &step)
}

/// Writes the number and the content of a step.
fn write_step(reply: &mut Reply, step: &Step) -> Outcome<()> {
    reply.u8(step.kind().number());
    match step {
        Step::Load { kind, key } => {
            reply.u8(kind.number());
            reply.raw(&key.0);
        }
        Step::Swap(swap) => write_swap(reply, swap),
        Step::Assess(assess) => {
            write_number(reply, &assess.number);
            reply.optional(assess.country, |reply, country| reply.u16(country.get()));
        }
        Step::Deliver(sms) => write_sms(reply, sms),
        Step::Introspect(introspect) => reply.text(&introspect.token),
        Step::Resolve(address) => write_address(reply, *address),
        Step::SigningKeys => {}
        Step::Sign(sign) => {
            write_rsa_key(reply, &sign.key);
            reply.bytes(&sign.message);
        }
        Step::CheckSignature(check) => {
            write_rsa_key(reply, &check.key);
            reply.bytes(&check.message);
            reply.bytes(&check.signature);
        }
        Step::Reply(answered) => write_reply(reply, answered),
        _ => return Err(Failure::Malformed),
    }
    Ok(())
}

fn write_sms(reply: &mut Reply, sms: &Sms) {
    write_number(reply, &sms.to);
    reply.text(&sms.text);
    reply.optional(sms.sender.as_deref(), Reply::text);
    reply.u8(sms.language.number());
    reply.u8(sms.alphabet.number());
    reply.count(sms.segments);
}

fn write_reply(reply: &mut Reply, answered: &Answered) {
    reply.u16(answered.status);
    reply.list(&answered.headers, |reply, (name, value)| {
        reply.text(name);
        reply.text(value);
    });
    reply.bytes(&answered.body);
    reply.u16(answered.reason.number());
}

/// All reasons: number and name.
pub(crate) fn reasons(call: &mut Call<'_>) -> Outcome<()> {
    call.reply.list(Reason::ALL, |reply, reason| {
        reply.u16(reason.number());
        reply.text(reason.name());
    });
    Ok(())
}
