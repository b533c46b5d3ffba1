//! What the access log has in place of a path.

/// The template of a response's path, for one that contains names. An extension of the
/// response.
#[derive(Clone, Debug)]
pub(crate) struct LoggedPath(pub(crate) String);
