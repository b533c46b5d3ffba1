//! A file that is written.

/// How every written file begins, behind the mark of a comment.
pub(super) const HEAD: &str = "Written by `cargo xtask lists`; do not edit.";

/// A file that is written.
pub(super) struct Written {
    /// Its path below the root of the tree.
    pub(super) path: String,
    pub(super) text: String,
}

impl Written {
    pub(super) fn new(path: impl Into<String>, text: String) -> Self {
        let path = path.into();
        Self { path, text }
    }
}
