//! The context of a call: the objects, the input, the reply.

use crate::failure::{Failure, Outcome};
use crate::object::Reply;
use crate::object::{Class, Handles};
use crate::wire::Fields;

/// What an operation reads and writes.
pub(crate) struct Call<'a> {
    handles: &'a dyn Handles,
    handle: u64,
    pub(crate) input: Fields<'a>,
    pub(crate) reply: Reply,
    pub(crate) is_object_freed: bool,
}

impl<'a> Call<'a> {
    pub(crate) fn new(handles: &'a dyn Handles, handle: u64, input: &'a [u8]) -> Self {
        Self {
            handles,
            handle,
            input: Fields(input),
            reply: Reply::new(0),
            is_object_freed: false,
        }
    }

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
