//! Dispatch: runs an operation by its number.

use crate::call::Call;
use crate::failure::{Failure, Outcome};
use crate::object::Handles;
use crate::object::Reply;
use crate::operation::Operation;

/// Runs the operation with a number on the object behind a handle, which is 0
/// if the operation needs none.
pub fn call(handles: &mut dyn Handles, operation: u16, handle: u64, input: &[u8]) -> Reply {
    perform(handles, operation, handle, input).unwrap_or_else(|failure| Reply::failed(&failure))
}

/// [`call`] where the handle is the first field of the input, for bindings that
/// pass bytes only.
pub fn call_packed(handles: &mut dyn Handles, operation: u16, input: &[u8]) -> Reply {
    match input.split_first_chunk() {
        Some((handle, input)) => call(handles, operation, u64::from_be_bytes(*handle), input),
        None => Reply::failed(&Failure::Malformed),
    }
}

fn perform(handles: &mut dyn Handles, operation: u16, handle: u64, input: &[u8]) -> Outcome<Reply> {
    let operation = Operation::of(operation).ok_or(Failure::UnknownOperation)?;
    let mut call = Call::new(handles, handle, input);
    operation.work(&mut call)?;
    call.input.end()?;
    let (mut reply, is_object_freed) = (call.reply, call.is_object_freed);
    if is_object_freed {
        handles.remove(handle)?;
    }
    reply.hand_over(handles);
    Ok(reply)
}
