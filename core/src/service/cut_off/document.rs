//! The kind of document that the cut-offs of a store are.

use crate::challenge::Document;
use crate::labels;

/// The document of the cut-offs. A store has one.
pub(in crate::service) const DOCUMENT: Document = Document {
    format: 0x54,
    label: labels::CUT_OFFS,
    plain: None,
};
