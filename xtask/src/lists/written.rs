//! Generated files.

/// The comment at the beginning of every generated file, without its mark.
pub(super) const HEAD: &str = "Written by `cargo xtask lists`; do not edit.";

/// A generated file.
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
