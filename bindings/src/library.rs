//! The library itself: its version and lists, and freeing objects.

#[cfg(feature = "texts")]
use mpass_core::Error;

use crate::call::Call;
use crate::failure::Outcome;

/// Frees the object.
// All operations have the same signature.
#[allow(clippy::unnecessary_wraps)]
pub(crate) fn free(call: &mut Call<'_>) -> Outcome<()> {
    call.is_object_freed = true;
    Ok(())
}

/// The version of the library.
#[allow(clippy::unnecessary_wraps)]
pub(crate) fn version(call: &mut Call<'_>) -> Outcome<()> {
    call.reply.text(env!("CARGO_PKG_VERSION"));
    Ok(())
}

/// All errors of the core: number, name and text.
#[cfg(feature = "texts")]
#[allow(clippy::unnecessary_wraps)]
pub(crate) fn errors(call: &mut Call<'_>) -> Outcome<()> {
    call.reply.list(Error::ALL, |reply, error| {
        reply.u16(error.number());
        reply.text(error.name());
        reply.display(error);
    });
    Ok(())
}
