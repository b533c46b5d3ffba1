//! Challenges.

use mpass_core::challenge::{
    Attempt, Binding, Challenge, ChallengeId, Issue, Keyring, Policy, Refusal, Subject, SubjectKind,
};
use mpass_core::service::settings::Group;
use zeroize::Zeroizing;

use crate::call::Call;
use crate::failure::Outcome;
use crate::kept::Keys;
use crate::object::Reply;
use crate::pending::write_pending;
use crate::settings::values;
use crate::wire::Fields;

/// The current record, the time and the entropy of an operation on a record.
pub(crate) struct WriteContext<'a> {
    pub(crate) current: Option<&'a [u8]>,
    pub(crate) now_ms: u64,
    pub(crate) entropy: Zeroizing<[u8; 32]>,
}

pub(crate) fn write_context<'a>(input: &mut Fields<'a>) -> Outcome<WriteContext<'a>> {
    Ok(WriteContext {
        current: input.optional(Fields::bytes)?,
        now_ms: input.u64()?,
        entropy: input.secret()?,
    })
}

/// The subject of a challenge and what else a code is bound to, with the policy
/// and when the store was restored.
pub(crate) struct Bound<'a> {
    pub(crate) service: &'a str,
    pub(crate) tenant: &'a [u8],
    pub(crate) subject: Subject,
    pub(crate) context: &'a str,
    pub(crate) policy: Policy,
    pub(crate) restored_at_ms: Option<u64>,
}

impl<'a> Bound<'a> {
    pub(crate) fn read(input: &mut Fields<'a>) -> Outcome<Self> {
        Ok(Self {
            service: input.text()?,
            tenant: input.bytes()?,
            subject: subject(input)?,
            context: input.text()?,
            policy: values(Group::Policy, input)?.policy()?,
            restored_at_ms: input.optional(Fields::u64)?,
        })
    }

    fn challenge<'b>(&'b self, keyring: &'b Keyring) -> Challenge<'b> {
        let binding = Binding {
            service: self.service,
            tenant: self.tenant,
            subject: &self.subject,
            context: self.context,
        };
        Challenge::new(keyring, &self.policy, binding).restored_at(self.restored_at_ms)
    }
}

/// A subject as its kind and a text in any spelling.
fn subject(input: &mut Fields<'_>) -> Outcome<Subject> {
    let kind = input.entry(SubjectKind::from_number)?;
    Ok(Subject::parse(kind, input.text()?)?)
}

/// Writes a subject's canonical text and its masked form.
pub(crate) fn subject_parse(call: &mut Call<'_>) -> Outcome<()> {
    let subject = subject(&mut call.input)?;
    call.reply.text(subject.as_str());
    call.reply.written(&subject);
    Ok(())
}

/// What an operation on a record does.
type Work<'w, 'a> = &'w dyn Fn(&mut Call<'a>, &Challenge<'_>, &WriteContext<'a>) -> Outcome<()>;

/// Reads a challenge and a write context from the input and passes them to
/// `work`.
fn on_record<'a>(call: &mut Call<'a>, work: Work<'_, 'a>) -> Outcome<()> {
    let bound = Bound::read(&mut call.input)?;
    let context = write_context(&mut call.input)?;
    let keyring = call.object::<Keys>()?.read()?;
    work(call, &bound.challenge(&keyring), &context)
}

pub(crate) fn key(call: &mut Call<'_>) -> Outcome<()> {
    let bound = Bound::read(&mut call.input)?;
    let keyring = call.object::<Keys>()?.read()?;
    let key = bound.challenge(&keyring).key();
    call.reply.raw(&key.0);
    Ok(())
}

pub(crate) fn issue(call: &mut Call<'_>) -> Outcome<()> {
    on_record(call, &|call, challenge, with| {
        match challenge.issue(with.current, with.now_ms, &with.entropy)? {
            Issue::Pending(pending) => {
                call.reply.u8(0);
                write_pending(&mut call.reply, pending);
            }
            Issue::Refused(refused) => {
                call.reply.u8(1);
                write_refusal(&mut call.reply, refused);
            }
            Issue::Corrected(refused, correction) => {
                call.reply.u8(2);
                write_refusal(&mut call.reply, refused);
                write_pending(&mut call.reply, correction);
            }
        }
        Ok(())
    })
}

pub(crate) fn write_refusal(reply: &mut Reply, refusal: Refusal) {
    reply.u8(refusal.reason.number());
    reply.optional(refusal.retry_at_ms, Reply::u64);
}

pub(crate) fn attempt(call: &mut Call<'_>) -> Outcome<()> {
    on_record(call, &|call, challenge, with| {
        let typed = call.input.text()?;
        let attempt = challenge.attempt(with.current, typed, with.now_ms, &with.entropy)?;
        write_attempt(&mut call.reply, attempt);
        Ok(())
    })
}

pub(crate) fn write_attempt(reply: &mut Reply, attempt: Attempt) {
    match attempt {
        Attempt::Pending(pending) => {
            reply.u8(0);
            write_pending(reply, pending);
        }
        Attempt::Told(verdict) => {
            reply.u8(1);
            reply.u8(verdict.number());
        }
    }
}

pub(crate) fn refund(call: &mut Call<'_>) -> Outcome<()> {
    on_record(call, &|call, challenge, with| {
        let id = *call.other::<ChallengeId>()?;
        let pending = challenge.refund(with.current, id, with.now_ms, &with.entropy)?;
        call.reply.optional(pending, write_pending);
        Ok(())
    })
}

pub(crate) fn unlock(call: &mut Call<'_>) -> Outcome<()> {
    on_record(call, &|call, challenge, with| {
        let pending = challenge.unlock(with.current, with.now_ms, &with.entropy)?;
        write_pending(&mut call.reply, pending);
        Ok(())
    })
}
