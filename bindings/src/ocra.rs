//! OCRA.

use mpass_core::oath::ocra::{Inputs, Mutual, Ocra, Suite, Tolerance};

use crate::call::Call;
use crate::failure::{Failure, Outcome};
use crate::oath::key;
use crate::object::Reply;
use crate::wire::Fields;

pub(crate) fn new(call: &mut Call<'_>) -> Outcome<()> {
    let suite: Suite = call.input.text()?.parse()?;
    let allow_short = call.input.bool()?;
    let key = key(call.object()?, suite.algorithm(), allow_short)?;
    call.reply.object(Ocra::new(key, suite)?);
    call.reply.text(suite.as_str());
    call.reply.algorithm(suite.algorithm());
    call.reply
        .optional(suite.digits(), |reply, digits| reply.u8(digits.get()));
    call.reply.bool(suite.has_counter());
    call.reply.count(suite.question_len());
    call.reply.bool(suite.pin_algorithm().is_some());
    call.reply.count(suite.session_len().unwrap_or(0));
    call.reply.u64(suite.time_step_seconds().unwrap_or(0));
    Ok(())
}

/// The inputs of a response. The time is in seconds (1) or time steps (2).
pub(crate) fn inputs<'a>(input: &mut Fields<'a>) -> Outcome<Inputs<'a>> {
    let mut inputs = Inputs::new(input.text()?);
    if let Some(counter) = input.optional(Fields::u64)? {
        inputs = inputs.with_counter(counter);
    }
    if let Some(pin) = input.optional(Fields::text)? {
        inputs = inputs.with_pin(pin);
    }
    if let Some(hash) = input.optional(Fields::bytes)? {
        inputs = inputs.with_pin_hash(hash);
    }
    if let Some(session) = input.optional(Fields::bytes)? {
        inputs = inputs.with_session(session);
    }
    Ok(match input.u8()? {
        0 => inputs,
        1 => inputs.with_time(input.u64()?),
        2 => inputs.with_time_step(input.u64()?),
        _ => return Err(Failure::Malformed),
    })
}

pub(crate) fn respond(call: &mut Call<'_>) -> Outcome<()> {
    let inputs = inputs(&mut call.input)?;
    let response = call.object::<Ocra>()?.respond(&inputs)?;
    call.reply.text(response.as_str());
    Ok(())
}

pub(crate) fn verify(call: &mut Call<'_>) -> Outcome<()> {
    let response = call.input.text()?;
    let inputs = inputs(&mut call.input)?;
    let tolerance = Tolerance {
        look_ahead: call.input.u32()?,
        past: call.input.u32()?,
        future: call.input.u32()?,
    };
    let ocra = call.object::<Ocra>()?;
    let matched = ocra.verify(response, &inputs, tolerance)?;
    call.reply.optional(matched, |reply, matched| {
        reply.optional(matched.counter, Reply::u64);
        reply.optional(matched.time_step, Reply::u64);
    });
    Ok(())
}

pub(crate) fn question(call: &mut Call<'_>) -> Outcome<()> {
    let entropy = call.input.secret()?;
    let question = call.object::<Ocra>()?.suite().generate_question(&entropy);
    call.reply.text(question.as_str());
    Ok(())
}

pub(crate) fn signature_question(call: &mut Call<'_>) -> Outcome<()> {
    let (algorithm, data) = (call.input.algorithm()?, call.input.bytes()?);
    let suite = call.object::<Ocra>()?.suite();
    let question = suite.signature_question(algorithm, data)?;
    call.reply.text(question.as_str());
    Ok(())
}

pub(crate) fn mutual(call: &mut Call<'_>) -> Outcome<()> {
    let (client, server) = (call.input.text()?, call.input.text()?);
    let mutual = Mutual::new(client, server)?;
    call.reply.text(mutual.for_server_response());
    call.reply.text(mutual.for_client_response());
    Ok(())
}
