//! Values that write themselves as text.

use core::fmt;

/// What can be written as text without options of formatting, and without the code of
/// `core::fmt`, which nothing else in a small build uses.
pub trait Written {
    /// Passes the characters of the text that `Display` shows to `put`, in order.
    fn write_to(&self, put: &mut dyn FnMut(char));
}

/// `Display` of what writes itself.
pub(crate) fn display(value: &dyn Written, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut result = Ok(());
    value.write_to(&mut |letter| {
        if result.is_ok() {
            result = fmt::Write::write_char(f, letter);
        }
    });
    result
}

/// Writes a text.
pub(crate) fn text(put: &mut dyn FnMut(char), text: &str) {
    text.chars().for_each(put);
}

/// Writes a number. Without the tables and options of `core::fmt`.
pub(crate) fn decimal(put: &mut dyn FnMut(char), number: u64) {
    let mut place = 1;
    while number / place >= 10 {
        place *= 10;
    }
    while place > 0 {
        let [digit, ..] = (number / place % 10).to_le_bytes();
        put(char::from(b'0' + digit));
        place /= 10;
    }
}
