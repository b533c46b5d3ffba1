//! One call of an operation, from its input to its reply.

use crate::object::{Class, Handles};
use crate::operation::Operation;
use crate::wire::{Failure, Fields, Outcome, Reply};

/// What an operation reads and writes.
pub(crate) struct Call<'a> {
    handles: &'a dyn Handles,
    handle: u64,
    pub(crate) input: Fields<'a>,
    pub(crate) reply: Reply,
    pub(crate) is_object_freed: bool,
}

impl<'a> Call<'a> {
    fn at<T: Class>(&self, handle: u64) -> Outcome<&'a T> {
        let object = self.handles.get(handle).ok_or(Failure::WrongHandle)?;
        object.downcast()
    }

    /// The object that the operation is called on.
    pub(crate) fn object<T: Class>(&self) -> Outcome<&'a T> {
        self.at(self.handle)
    }

    /// The object of a handle in the input.
    pub(crate) fn other<T: Class>(&mut self) -> Outcome<&'a T> {
        let handle = self.input.u64()?;
        self.at(handle)
    }
}

/// Performs the operation of a number on the object behind a handle, 0 where
/// it needs none.
pub fn call(handles: &mut dyn Handles, operation: u16, handle: u64, input: &[u8]) -> Reply {
    perform(handles, operation, handle, input)
        .unwrap_or_else(|failure| Reply::new(failure.number()))
}

fn perform(handles: &mut dyn Handles, operation: u16, handle: u64, input: &[u8]) -> Outcome<Reply> {
    let operation = Operation::of(operation).ok_or(Failure::UnknownOperation)?;
    let mut call = Call {
        handles,
        handle,
        input: Fields(input),
        reply: Reply::new(0),
        is_object_freed: false,
    };
    operation.work(&mut call)?;
    call.input.end()?;
    let (mut reply, is_object_freed) = (call.reply, call.is_object_freed);
    if is_object_freed {
        handles.remove(handle)?;
    }
    reply.hand_over(handles);
    Ok(reply)
}
