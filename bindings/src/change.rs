//! Operations on a store, which every language drives in the same way: begin,
//! and pass the answer of the store to [`next`] until it is done.
//!
//! An operation needs a function that begins it with [`begin`], and a function
//! that writes its outcome; steps and answers are written and read here.

use alloc::boxed::Box;

use mpass_core::Error;
use mpass_core::service::AnswerKind;
use mpass_core::store::{
    Change, Decision, Operation, Progress, StoreAnswer, StoreStep, StoreStepKind,
};

use crate::call::Call;
use crate::failure::{Failure, Outcome};
use crate::object::{Driven, Reply, Steps};
use crate::store::{listed, write_swap};
use crate::wire::Fields;

/// What precedes an outcome instead of the number of a step.
const DONE: u8 = 0;

/// A decision of a change.
pub(crate) type Decided<T> = Result<Decision<T>, Error>;

struct Written<O, W> {
    operation: O,
    write: W,
}

impl<O, W> Steps for Written<O, W>
where
    O: Operation<Error: Into<Failure>> + Send + Sync,
    W: Fn(&mut Reply, O::Outcome) + Send + Sync,
{
    fn next(&mut self, answer: StoreAnswer, now_ms: u64, reply: &mut Reply) -> Outcome<()> {
        let progress = self.operation.next(answer, now_ms).map_err(Into::into)?;
        match progress {
            Progress::Step(step) => write_step(reply, &step),
            Progress::Done(outcome) => {
                reply.u8(DONE);
                (self.write)(reply, outcome);
                Ok(())
            }
        }
    }
}

/// Replies with an operation to be driven. `write` writes its outcome.
pub(crate) fn begin<O>(
    reply: &mut Reply,
    operation: O,
    write: impl Fn(&mut Reply, O::Outcome) + Send + Sync + 'static,
) where
    O: Operation<Error: Into<Failure>> + Send + Sync + 'static,
{
    let driven: Box<dyn Steps> = Box::new(Written { operation, write });
    reply.object(Driven::new(driven));
}

/// What writes an outcome.
pub(crate) type Write = Box<dyn FnOnce(&mut Reply) + Send + Sync>;

/// An outcome as what `write` writes of it: with outcomes of one type, the steps of
/// all changes are code of one type.
pub(crate) fn writing<T>(write: fn(&mut Reply, T)) -> impl Fn(T) -> Write + Send + Sync
where
    T: Send + Sync + 'static,
{
    move |outcome| Box::new(move |reply: &mut Reply| write(reply, outcome))
}

/// Replies with a change to be driven. `write` writes its outcome.
pub(crate) fn begin_change<T, E>(
    reply: &mut Reply,
    change: Change<'static, T, E>,
    entropy: &[u8; 32],
    write: fn(&mut Reply, T),
) where
    T: Send + Sync + 'static,
    E: From<Error> + Into<Failure> + 'static,
{
    begin_written(reply, change.map(writing(write)).begin(entropy));
}

/// Replies with an operation to be driven whose outcome writes itself.
pub(crate) fn begin_written(
    reply: &mut Reply,
    operation: impl Operation<Outcome = Write, Error: Into<Failure>> + Send + Sync + 'static,
) {
    begin(reply, operation, |reply, write: Write| write(reply));
}

/// The next step of an operation after the answer to the last one: the number
/// of the step and its content, or 0 and the outcome.
pub(crate) fn next(call: &mut Call<'_>) -> Outcome<()> {
    let answer = answer(&mut call.input)?;
    let now_ms = call.input.u64()?;
    call.input.end()?;
    let mut driven = call.object::<Driven>()?.write()?;
    driven.next(answer, now_ms, &mut call.reply)
}

/// Reads the store's answer to a step: the number of its kind, and the value or
/// the documents of the kinds that contain them.
fn answer(input: &mut Fields<'_>) -> Outcome<StoreAnswer> {
    Ok(match input.entry(AnswerKind::from_number)? {
        AnswerKind::Begin => StoreAnswer::Begin,
        AnswerKind::Loaded => StoreAnswer::Loaded(input.optional(Fields::owned_bytes)?),
        AnswerKind::Stored => StoreAnswer::Stored,
        AnswerKind::Conflict => StoreAnswer::Conflict(input.optional(Fields::owned_bytes)?),
        AnswerKind::Expired => StoreAnswer::Expired,
        AnswerKind::Listed => StoreAnswer::Listed(input.list(listed)?),
        AnswerKind::Unknown => StoreAnswer::Unknown,
        AnswerKind::Failed => StoreAnswer::Failed,
        AnswerKind::Full => StoreAnswer::Full,
        _ => return Err(Failure::Malformed),
    })
}

fn write_step(reply: &mut Reply, step: &StoreStep) -> Outcome<()> {
    match step {
        StoreStep::Load { kind, key } => {
            reply.u8(StoreStepKind::Load.number());
            reply.u8(kind.number());
            reply.raw(&key.0);
        }
        StoreStep::Swap(swap) => {
            reply.u8(StoreStepKind::Swap.number());
            write_swap(reply, swap);
        }
        StoreStep::List { after, limit } => {
            reply.u8(StoreStepKind::List.number());
            reply.optional(*after, |reply, after| reply.raw(&after.0));
            reply.u32(*limit);
        }
        _ => return Err(Failure::Malformed),
    }
    Ok(())
}
