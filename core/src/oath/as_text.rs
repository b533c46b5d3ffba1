//! Values that write themselves as text.

use core::fmt;

/// What can be written as text without options of formatting.
pub trait Written {
    /// Writes the text that `Display` shows.
    ///
    /// # Errors
    /// Those of `text`.
    fn write_to(&self, text: &mut dyn fmt::Write) -> fmt::Result;
}
