//! Values that write themselves as text.

use core::fmt;

/// What can be written as text without options of formatting, and without the code of
/// `core::fmt`, which nothing else in a small build uses.
pub trait Written {
    /// Passes the characters of the text that `Display` shows to `put`, in order.
    fn write_to(&self, put: &mut dyn FnMut(char));
}

/// `Display` of what writes itself.
pub(super) fn display(value: &dyn Written, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut result = Ok(());
    value.write_to(&mut |letter| {
        if result.is_ok() {
            result = fmt::Write::write_char(f, letter);
        }
    });
    result
}
