//! Operations on a token that a store is driven through.

use alloc::string::String;
use alloc::vec::Vec;

use mpass_core::Error;
use mpass_core::challenge::{Keyring, Token, TokenPolicy, Verdict};
use mpass_core::oath::ocra::Ocra;
use mpass_core::oath::{Hotp, Totp};
use mpass_core::store::{Change, Kind};
use zeroize::Zeroizing;

use crate::call::Call;
use crate::challenge_change::{typed, write_verdict};
use crate::change::begin_change;
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

/// What is to be done with a token, with what the caller gave for it. One type, so
/// that one function drives them all.
enum Task {
    Enroll(u64),
    Hotp(Hotp, Zeroizing<String>),
    Totp(Totp, Zeroizing<String>),
    Ocra(Response),
    ResynchronizeHotp(Hotp, Codes),
    ResynchronizeTotp(Totp, Codes),
    Ask(String, u64),
    Unlock,
}

/// Codes in a row.
type Codes = Vec<Zeroizing<String>>;

/// The outcome of any of them.
enum Done {
    Flag(bool),
    Verdict(Verdict),
    Asked,
}

impl Task {
    /// The codes that are resynchronised with, which [`Self::change`] borrows.
    fn codes(&self) -> Vec<&str> {
        match self {
            Self::ResynchronizeHotp(_, codes) | Self::ResynchronizeTotp(_, codes) => {
                codes.iter().map(|code| code.as_str()).collect()
            }
            _ => Vec::new(),
        }
    }

    fn change<'a>(
        &'a self,
        token: &'a Token<'_>,
        codes: &'a [&'a str],
    ) -> Result<Change<'a, Done>, Error> {
        let attempt = match self {
            Self::Enroll(counter) => return Ok(token.enrolling(*counter).map(Done::Flag)),
            Self::Unlock => return Ok(token.unlocking().map(Done::Flag)),
            Self::Ask(question, life_ms) => {
                return Ok(token.asking(question, *life_ms).map(|()| Done::Asked));
            }
            Self::Hotp(hotp, typed) => token.attempting_hotp(hotp, typed),
            Self::Totp(totp, typed) => token.attempting_totp(totp, typed),
            Self::Ocra(response) => response.attempting(token)?,
            Self::ResynchronizeHotp(hotp, _) => token.resynchronizing_hotp(hotp, codes),
            Self::ResynchronizeTotp(totp, _) => token.resynchronizing_totp(totp, codes),
        };
        Ok(attempt.map(Done::Verdict))
    }
}

fn write(reply: &mut Reply, done: Done) {
    match done {
        Done::Flag(flag) => reply.bool(flag),
        Done::Verdict(verdict) => write_verdict(reply, verdict),
        Done::Asked => {}
    }
}

/// Reads a token, entropy and what `read` reads, and replies with the task to be
/// driven.
fn begin(call: &mut Call<'_>, read: fn(&mut Call<'_>) -> Outcome<Task>) -> Outcome<()> {
    let (owned, entropy) = Owned::read(call)?;
    let task = read(call)?;
    let (key, known) = {
        let (token, codes) = (owned.borrow()?, task.codes());
        (token.key(), task.change(&token, &codes)?.known())
    };
    let change = Change::<_, Error>::new(Kind::State, key, move |current, moment| {
        let (token, codes) = (owned.borrow()?, task.codes());
        task.change(&token, &codes)?.decide(current, moment)
    });
    begin_change(&mut call.reply, change.unless(known), &entropy, write);
    Ok(())
}

fn generator<G: Class + Clone + 'static>(call: &mut Call<'_>) -> Outcome<G> {
    Ok(call.other::<G>()?.clone())
}

fn codes(call: &mut Call<'_>) -> Outcome<Codes> {
    let text = |input: &mut Fields<'_>| input.owned_text().map(Zeroizing::new);
    call.input.list(text)
}

pub(crate) fn enroll(call: &mut Call<'_>) -> Outcome<()> {
    begin(call, |call| Ok(Task::Enroll(call.input.u64()?)))
}

pub(crate) fn attempt_hotp(call: &mut Call<'_>) -> Outcome<()> {
    begin(call, |call| Ok(Task::Hotp(generator(call)?, typed(call)?)))
}

pub(crate) fn attempt_totp(call: &mut Call<'_>) -> Outcome<()> {
    begin(call, |call| Ok(Task::Totp(generator(call)?, typed(call)?)))
}

pub(crate) fn resynchronize_hotp(call: &mut Call<'_>) -> Outcome<()> {
    begin(call, |call| {
        Ok(Task::ResynchronizeHotp(generator(call)?, codes(call)?))
    })
}

pub(crate) fn resynchronize_totp(call: &mut Call<'_>) -> Outcome<()> {
    begin(call, |call| {
        Ok(Task::ResynchronizeTotp(generator(call)?, codes(call)?))
    })
}

pub(crate) fn ask(call: &mut Call<'_>) -> Outcome<()> {
    begin(call, |call| {
        Ok(Task::Ask(call.input.owned_text()?, call.input.u64()?))
    })
}

pub(crate) fn attempt_ocra(call: &mut Call<'_>) -> Outcome<()> {
    begin(call, |call| Ok(Task::Ocra(Response::read(call)?)))
}

pub(crate) fn unlock(call: &mut Call<'_>) -> Outcome<()> {
    begin(call, |_| Ok(Task::Unlock))
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
        let (ocra, typed) = (generator(call)?, typed(call)?);
        let packed = call.input.0;
        inputs(&mut call.input)?;
        let len = packed.len() - call.input.0.len();
        Ok(Self {
            ocra,
            typed,
            inputs: Zeroizing::new(packed[..len].to_vec()),
        })
    }

    fn attempting<'a>(&'a self, token: &'a Token<'_>) -> Result<Change<'a, Verdict>, Error> {
        // They were read once before.
        let inputs = inputs(&mut Fields(&self.inputs)).map_err(|failure| match failure {
            Failure::Core(error) => error,
            _ => Error::MissingInput,
        })?;
        Ok(token.attempting_ocra(&self.ocra, inputs, &self.typed))
    }
}
