//! Operations on a token that a store is driven through.

use alloc::string::String;
use alloc::vec::Vec;

use mpass_core::Error;
use mpass_core::challenge::{Keyring, Token, TokenPolicy, Verdict};
use mpass_core::oath::ocra::Ocra;
use mpass_core::oath::{Hotp, Totp};
use mpass_core::store::{Change, Kind, Moment};
use zeroize::Zeroizing;

use crate::call::Call;
use crate::challenge_change::{nothing, typed, write_verdict};
use crate::change::{Decided, begin_change};
use crate::failure::{Failure, Outcome};
use crate::kept::Keys;
use crate::object::Class;
use crate::object::Reply;
use crate::ocra::inputs;
use crate::token::Bound;
use crate::wire::Fields;

/// A token and what it borrows.
struct Owned {
    keyring: Keyring,
    policy: TokenPolicy,
    tenant: Vec<u8>,
    id: Vec<u8>,
    restored_at_ms: Option<u64>,
    must_exist: bool,
}

impl Owned {
    #[inline(never)] // The operations read it in the same way.
    fn read(call: &mut Call<'_>) -> Outcome<(Self, Zeroizing<[u8; 32]>)> {
        let bound = Bound::read(&mut call.input)?;
        let owned = Self {
            keyring: call.object::<Keys>()?.read()?.clone(),
            tenant: bound.tenant.into(),
            id: bound.id.into(),
            policy: bound.policy,
            restored_at_ms: bound.restored_at_ms,
            must_exist: bound.must_exist,
        };
        Ok((owned, call.input.secret()?))
    }

    fn borrow(&self) -> Result<Token<'_>, Error> {
        let bound = Bound {
            tenant: &self.tenant,
            id: &self.id,
            policy: self.policy,
            restored_at_ms: self.restored_at_ms,
            must_exist: self.must_exist,
        };
        bound.token(&self.keyring)
    }
}

/// As [`change_unless`], for a change that depends on the record.
fn change<R, T>(
    call: &mut Call<'_>,
    read: impl FnOnce(&mut Call<'_>) -> Outcome<R>,
    decide: impl Fn(&Token<'_>, &R, Option<&[u8]>, Moment<'_>) -> Decided<T> + Send + Sync + 'static,
    write: fn(&mut Reply, T),
) -> Outcome<()>
where
    R: Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    change_unless(call, read, |_, _| None, decide, write)
}

/// Reads a token, entropy and what `read` reads from the input, and begins the
/// change by `decide`, unless its outcome is known without the record.
fn change_unless<R, T>(
    call: &mut Call<'_>,
    read: impl FnOnce(&mut Call<'_>) -> Outcome<R>,
    known: impl FnOnce(&Token<'_>, &R) -> Option<T>,
    decide: impl Fn(&Token<'_>, &R, Option<&[u8]>, Moment<'_>) -> Decided<T> + Send + Sync + 'static,
    write: fn(&mut Reply, T),
) -> Outcome<()>
where
    R: Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    let (owned, entropy) = Owned::read(call)?;
    let with = read(call)?;
    let token = owned.borrow()?;
    let (key, known) = (token.key(), known(&token, &with));
    let change = Change::new(Kind::State, key, move |current, moment| {
        decide(&owned.borrow()?, &with, current, moment)
    });
    begin_change(&mut call.reply, change.unless(known), &entropy, write);
    Ok(())
}

/// A code that was typed, and what generates the right ones.
fn code<G: Class + Clone + 'static>(call: &mut Call<'_>) -> Outcome<(G, Zeroizing<String>)> {
    Ok((call.other::<G>()?.clone(), typed(call)?))
}

/// Several codes that were typed, and what generates the right ones.
fn codes<G: Class + Clone + 'static>(call: &mut Call<'_>) -> Outcome<(G, Vec<Zeroizing<String>>)> {
    let generator = call.other::<G>()?.clone();
    let codes = call
        .input
        .list(|input| input.owned_text().map(Zeroizing::new))?;
    Ok((generator, codes))
}

fn texts(codes: &[Zeroizing<String>]) -> Vec<&str> {
    codes.iter().map(|code| code.as_str()).collect()
}

pub(crate) fn enroll(call: &mut Call<'_>) -> Outcome<()> {
    change(
        call,
        |call| call.input.u64(),
        |token, counter, current, moment| token.enrolling(*counter).decide(current, moment),
        Reply::bool,
    )
}

pub(crate) fn attempt_hotp(call: &mut Call<'_>) -> Outcome<()> {
    change_unless(
        call,
        code::<Hotp>,
        |token, (hotp, typed)| token.attempting_hotp(hotp, typed).known(),
        |token, (hotp, typed), current, moment| {
            token.attempting_hotp(hotp, typed).decide(current, moment)
        },
        write_verdict,
    )
}

pub(crate) fn attempt_totp(call: &mut Call<'_>) -> Outcome<()> {
    change_unless(
        call,
        code::<Totp>,
        |token, (totp, typed)| token.attempting_totp(totp, typed).known(),
        |token, (totp, typed), current, moment| {
            token.attempting_totp(totp, typed).decide(current, moment)
        },
        write_verdict,
    )
}

pub(crate) fn resynchronize_hotp(call: &mut Call<'_>) -> Outcome<()> {
    change_unless(
        call,
        codes::<Hotp>,
        |token, (hotp, codes)| token.resynchronizing_hotp(hotp, &texts(codes)).known(),
        |token, (hotp, codes), current, moment| {
            let codes = texts(codes);
            let resynchronizing = token.resynchronizing_hotp(hotp, &codes);
            resynchronizing.decide(current, moment)
        },
        write_verdict,
    )
}

pub(crate) fn resynchronize_totp(call: &mut Call<'_>) -> Outcome<()> {
    change_unless(
        call,
        codes::<Totp>,
        |token, (totp, codes)| token.resynchronizing_totp(totp, &texts(codes)).known(),
        |token, (totp, codes), current, moment| {
            let codes = texts(codes);
            let resynchronizing = token.resynchronizing_totp(totp, &codes);
            resynchronizing.decide(current, moment)
        },
        write_verdict,
    )
}

pub(crate) fn ask(call: &mut Call<'_>) -> Outcome<()> {
    change(
        call,
        |call| Ok((call.input.owned_text()?, call.input.u64()?)),
        |token, (question, life_ms), current, moment| {
            token.asking(question, *life_ms).decide(current, moment)
        },
        |_, ()| {},
    )
}

/// A response, what generates the right one, and the packed inputs of the
/// response, which contain a PIN.
struct Response {
    ocra: Ocra,
    typed: Zeroizing<String>,
    inputs: Zeroizing<Vec<u8>>,
}

impl Response {
    fn read(call: &mut Call<'_>) -> Outcome<Self> {
        let (ocra, typed) = code::<Ocra>(call)?;
        let packed = call.input.0;
        inputs(&mut call.input)?;
        let len = packed.len() - call.input.0.len();
        Ok(Self {
            ocra,
            typed,
            inputs: Zeroizing::new(packed[..len].to_vec()),
        })
    }

    fn attempting<'a>(&'a self, token: &'a Token<'a>) -> Result<Change<'a, Verdict>, Error> {
        // They were read once before.
        let inputs = inputs(&mut Fields(&self.inputs)).map_err(|failure| match failure {
            Failure::Core(error) => error,
            _ => Error::MissingInput,
        })?;
        Ok(token.attempting_ocra(&self.ocra, inputs, &self.typed))
    }

    fn known(&self, token: &Token<'_>) -> Option<Verdict> {
        self.attempting(token).ok()?.known()
    }

    fn decide(
        &self,
        token: &Token<'_>,
        current: Option<&[u8]>,
        moment: Moment<'_>,
    ) -> Decided<Verdict> {
        self.attempting(token)?.decide(current, moment)
    }
}

pub(crate) fn attempt_ocra(call: &mut Call<'_>) -> Outcome<()> {
    change_unless(
        call,
        Response::read,
        |token, response| response.known(token),
        |token, response, current, moment| response.decide(token, current, moment),
        write_verdict,
    )
}

pub(crate) fn unlock(call: &mut Call<'_>) -> Outcome<()> {
    change(
        call,
        nothing,
        |token, (), current, moment| token.unlocking().decide(current, moment),
        Reply::bool,
    )
}
