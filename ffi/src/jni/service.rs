//! The exchanges of the wire contracts.

use core::net::IpAddr;
use std::sync::Mutex;

use mpass_core::Error;
use mpass_core::service::{
    Alphabet, Answer, Assessment, Engine, EngineSettings, Exchange, Introspection, Language,
    Reason, Reply as Answered, Request, Sms, Step, TokenUse,
};

use super::call::Call;
use super::challenge::Keys;
use super::number::{kept, number};
use super::store::{kind_number, write_swap};
use super::wire::{Failure, Fields, Outcome, Reply};

/// An exchange, which one thread at a time goes on with.
pub(super) type Held = Mutex<Exchange>;

pub(super) fn engine_new(call: &mut Call<'_>) -> Outcome<()> {
    let settings = EngineSettings {
        issuer: call.input.optional(Fields::text)?.map(str::to_owned),
        token_use: match call.input.u8()? {
            1 => TokenUse::Once,
            2 => TokenUse::WithinLife,
            _ => return Err(Failure::Malformed),
        },
    };
    let keyring = call.object::<Keys>()?.read()?.clone();
    call.reply.give(Engine::with_settings(keyring, settings)?);
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

/// An address as [`address`] reads it.
fn write_address(reply: &mut Reply, address: IpAddr) {
    match address {
        IpAddr::V4(v4) => reply.bytes(&v4.octets()),
        IpAddr::V6(v6) => reply.bytes(&v6.octets()),
    }
}

pub(super) fn begin(call: &mut Call<'_>) -> Outcome<()> {
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
    let exchange = call.object::<Engine>()?.begin(&request, now_ms, &entropy);
    call.reply.give(Held::new(exchange));
    Ok(())
}

fn answer(input: &mut Fields<'_>) -> Outcome<Answer> {
    let value = |input: &mut Fields<'_>| Ok(input.bytes()?.to_vec());
    Ok(match input.u8()? {
        0 => Answer::Begin,
        1 => Answer::Loaded(input.optional(value)?),
        2 => Answer::Stored,
        3 => Answer::Conflict(input.optional(value)?),
        4 => Answer::Assessed(assessment(input)?),
        5 => Answer::Delivered,
        6 => Answer::Refused,
        7 => Answer::Unknown,
        8 => Answer::Failed,
        9 => Answer::Unsupported,
        10 => Answer::Introspected(input.optional(introspection)?),
        11 => Answer::Resolved(input.optional(kept)?),
        _ => return Err(Failure::Malformed),
    })
}

fn assessment(input: &mut Fields<'_>) -> Outcome<Assessment> {
    Ok(match input.u8()? {
        1 => Assessment::Valid {
            number: kept(input)?,
            mobile: input.optional(Fields::bool)?,
        },
        2 => Assessment::Invalid,
        3 => Assessment::NotAllowed,
        4 => Assessment::Blocked,
        5 => Assessment::Foreign,
        _ => return Err(Failure::Malformed),
    })
}

fn introspection(input: &mut Fields<'_>) -> Outcome<Introspection> {
    Ok(Introspection {
        id: input.optional(Fields::text)?.map(str::to_owned),
        client: input.text()?.to_owned(),
        scopes: input.list(|input| Ok(input.text()?.to_owned()))?,
        number: input.optional(kept)?,
        is_by_network: input.bool()?,
        expires_at_ms: input.u64()?,
    })
}

pub(super) fn next(call: &mut Call<'_>) -> Outcome<()> {
    let answer = answer(&mut call.input)?;
    let now_ms = call.input.u64()?;
    let step = call.object::<Held>()?.lock()?.next(answer, now_ms);
    let reply = &mut call.reply;
    match step {
        Step::Load { kind, key } => {
            reply.u8(1);
            reply.u8(kind_number(kind));
            reply.raw(&key.0);
        }
        Step::Swap(swap) => {
            reply.u8(2);
            write_swap(reply, &swap);
        }
        Step::Assess(assess) => {
            reply.u8(3);
            reply.text(&assess.number);
            reply.optional(assess.country, |reply, country| reply.u16(country.get()));
        }
        Step::Deliver(sms) => {
            reply.u8(4);
            write_sms(reply, &sms);
        }
        Step::Introspect(introspect) => {
            reply.u8(5);
            reply.text(&introspect.token);
        }
        Step::Resolve(address) => {
            reply.u8(6);
            write_address(reply, address);
        }
        Step::Reply(answered) => {
            reply.u8(7);
            write_reply(reply, &answered);
        }
        // A step that this package does not know is one that it cannot do.
        _ => return Err(Failure::Malformed),
    }
    Ok(())
}

fn write_sms(reply: &mut Reply, sms: &Sms) {
    number(reply, &sms.to);
    reply.text(&sms.text);
    reply.optional(sms.sender.as_deref(), Reply::text);
    reply.u8(match sms.language {
        Language::English => 1,
        Language::Arabic => 2,
    });
    reply.u8(match sms.alphabet {
        Alphabet::Gsm7 => 1,
        Alphabet::Ucs2 => 2,
    });
    reply.count(sms.segments);
}

fn write_reply(reply: &mut Reply, answered: &Answered) {
    reply.u16(answered.status);
    reply.count(answered.headers.len());
    for (name, value) in &answered.headers {
        reply.text(name);
        reply.text(value);
    }
    reply.bytes(&answered.body);
    reply.u16(answered.reason.number());
}

/// Every reason: number and name.
pub(super) fn reasons(call: &mut Call<'_>) -> Outcome<()> {
    call.reply.count(Reason::ALL.len());
    for reason in Reason::ALL {
        call.reply.u16(reason.number());
        call.reply.text(reason.name());
    }
    Ok(())
}
