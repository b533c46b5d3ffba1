//! The server-side state of OATH tokens.

use mpass_core::Error;
use mpass_core::challenge::{Keyring, Token, TokenPolicy};
use mpass_core::service::settings::{Group, Settings};

use crate::call::Call;
use crate::challenge::{WriteContext, write_attempt, write_context};
use crate::failure::Outcome;
use crate::kept::Keys;
use crate::object::Reply;
use crate::ocra::inputs;
use crate::pending::write_pending;
use crate::settings::values;
use crate::wire::Fields;

/// A token's ids, its policy, when the store was restored, and whether its
/// record must exist.
pub(crate) struct Bound<'a> {
    pub(crate) tenant: &'a [u8],
    pub(crate) id: &'a [u8],
    pub(crate) policy: TokenPolicy,
    pub(crate) restored_at_ms: Option<u64>,
    pub(crate) must_exist: bool,
}

impl<'a> Bound<'a> {
    pub(crate) fn read(input: &mut Fields<'a>) -> Outcome<Self> {
        Ok(Self {
            tenant: input.bytes()?,
            id: input.bytes()?,
            policy: TokenPolicy::from_values(&values(Group::Token, input)?)?,
            restored_at_ms: input.optional(Fields::u64)?,
            must_exist: input.bool()?,
        })
    }

    pub(crate) fn token<'k>(&self, keyring: &'k Keyring) -> Result<Token<'k>, Error> {
        let token = Token::new(keyring, self.policy, self.tenant, self.id)?;
        let token = token.restored_at(self.restored_at_ms);
        Ok(if self.must_exist {
            token.enrolled()
        } else {
            token
        })
    }
}

fn token<'k>(keyring: &'k Keyring, input: &mut Fields<'_>) -> Outcome<Token<'k>> {
    Ok(Bound::read(input)?.token(keyring)?)
}

/// What an operation on a record does.
type Work<'w, 'a> = &'w dyn Fn(&mut Call<'a>, &Token<'_>, &WriteContext<'a>) -> Outcome<()>;

/// Reads a token and a write context from the input and passes them to `work`.
fn on_record<'a>(call: &mut Call<'a>, work: Work<'_, 'a>) -> Outcome<()> {
    let keyring = call.object::<Keys>()?.read()?;
    let token = token(&keyring, &mut call.input)?;
    let context = write_context(&mut call.input)?;
    work(call, &token, &context)
}

pub(crate) fn key(call: &mut Call<'_>) -> Outcome<()> {
    let keyring = call.object::<Keys>()?.read()?;
    let key = token(&keyring, &mut call.input)?.key();
    call.reply.raw(&key.0);
    Ok(())
}

/// Reads a current record as the other operations do, and ignores it.
pub(crate) fn enroll(call: &mut Call<'_>) -> Outcome<()> {
    on_record(call, &|call, token, with| {
        let pending = token.enroll(call.input.u64()?, with.now_ms, &with.entropy)?;
        write_pending(&mut call.reply, pending);
        Ok(())
    })
}

pub(crate) fn attempt_hotp(call: &mut Call<'_>) -> Outcome<()> {
    on_record(call, &|call, token, with| {
        let (hotp, typed) = (call.other()?, call.input.text()?);
        let attempt = token.attempt_hotp(with.current, hotp, typed, with.now_ms, &with.entropy)?;
        write_attempt(&mut call.reply, attempt);
        Ok(())
    })
}

pub(crate) fn attempt_totp(call: &mut Call<'_>) -> Outcome<()> {
    on_record(call, &|call, token, with| {
        let (totp, typed) = (call.other()?, call.input.text()?);
        let attempt = token.attempt_totp(with.current, totp, typed, with.now_ms, &with.entropy)?;
        write_attempt(&mut call.reply, attempt);
        Ok(())
    })
}

pub(crate) fn resynchronize_hotp(call: &mut Call<'_>) -> Outcome<()> {
    on_record(call, &|call, token, with| {
        let (hotp, codes) = (call.other()?, call.input.list(Fields::text)?);
        let attempt =
            token.resynchronize_hotp(with.current, hotp, &codes, with.now_ms, &with.entropy)?;
        write_attempt(&mut call.reply, attempt);
        Ok(())
    })
}

pub(crate) fn resynchronize_totp(call: &mut Call<'_>) -> Outcome<()> {
    on_record(call, &|call, token, with| {
        let (totp, codes) = (call.other()?, call.input.list(Fields::text)?);
        let attempt =
            token.resynchronize_totp(with.current, totp, &codes, with.now_ms, &with.entropy)?;
        write_attempt(&mut call.reply, attempt);
        Ok(())
    })
}

pub(crate) fn ask(call: &mut Call<'_>) -> Outcome<()> {
    on_record(call, &|call, token, with| {
        let (question, life_ms) = (call.input.text()?, call.input.u64()?);
        let pending = token.ask(with.current, question, life_ms, with.now_ms, &with.entropy)?;
        write_pending(&mut call.reply, pending);
        Ok(())
    })
}

pub(crate) fn attempt_ocra(call: &mut Call<'_>) -> Outcome<()> {
    on_record(call, &|call, token, with| {
        let (ocra, response) = (call.other()?, call.input.text()?);
        let inputs = inputs(&mut call.input)?;
        let (now_ms, entropy) = (with.now_ms, &with.entropy);
        let attempt = token.attempt_ocra(with.current, ocra, inputs, response, now_ms, entropy)?;
        write_attempt(&mut call.reply, attempt);
        Ok(())
    })
}

pub(crate) fn unlock(call: &mut Call<'_>) -> Outcome<()> {
    on_record(call, &|call, token, with| {
        let pending = token.unlock(with.current, with.now_ms, &with.entropy)?;
        write_pending(&mut call.reply, pending);
        Ok(())
    })
}

pub(crate) fn status(call: &mut Call<'_>) -> Outcome<()> {
    on_record(call, &|call, token, with| {
        let status = token.status(with.current, with.now_ms)?;
        call.reply.optional(status.last, Reply::u64);
        call.reply.u64(status.drift.cast_unsigned());
        call.reply.u16(status.failures);
        call.reply.optional(status.retry_at_ms, Reply::u64);
        call.reply.bool(status.is_locked);
        Ok(())
    })
}
