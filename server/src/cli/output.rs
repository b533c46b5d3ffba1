//! Output to the terminal.

use core::fmt::Write as _;
use std::borrow::Cow;
use std::io::{ErrorKind, IsTerminal, Write};

use anyhow::Context;

use crate::log_queue;

/// Writes lines to standard output, with everything escaped that could pass for
/// another line or reorder one. A closed pipe (`| head -1`) is not an error.
pub(super) fn print_lines<'a>(lines: impl IntoIterator<Item = &'a str>) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    let write = || {
        for line in lines {
            stdout.write_all(escaped(line).as_bytes())?;
            stdout.write_all(b"\n")?;
        }
        stdout.flush()
    };
    match write() {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to standard output"),
    }
}

/// Writes lines to standard output as they are, for files; a terminal gets them as
/// [`print_lines`] writes them.
pub(super) fn print_unchanged(lines: &[String]) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    if stdout.is_terminal() {
        drop(stdout);
        return print_lines(lines.iter().map(String::as_str));
    }
    let mut write = || {
        for line in lines {
            writeln!(stdout, "{line}")?;
        }
        stdout.flush()
    };
    match write() {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to standard output"),
    }
}

/// Writes one line to standard error, ignoring failures. Nobody waits longer than
/// a second for who reads it.
pub(super) fn warn(line: &str) {
    let line = escaped(line).into_owned();
    log_queue::patiently(move || {
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    });
}

/// Text in which controls, line separators and direction marks are `\uXXXX`,
/// which JSON reads as the same text. Line feeds and tabs stay: they are the
/// commands' own, since no name contains one.
fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        // Writing to a string does not fail.
        let _ = match is_escaped(letter) {
            true => write!(escaped, "\\u{:04x}", u32::from(letter)),
            false => escaped.write_char(letter),
        };
    }
    Cow::Owned(escaped)
}

fn is_escaped(letter: char) -> bool {
    match letter {
        '\n' | '\t' => false,
        '\u{2028}' | '\u{2029}' => true,
        '\u{61c}' | '\u{200e}' | '\u{200f}' => true,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        letter => letter.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn lines_are_what_they_seem() {
        assert_eq!(
            escaped("a\u{2028}b\u{2029}c\u{85}d\u{b}e\u{c}f\rg\u{1b}[2Jh\u{7f}\0"),
            "a\\u2028b\\u2029c\\u0085d\\u000be\\u000cf\\u000dg\\u001b[2Jh\\u007f\\u0000"
        );
        for mark in "\u{61c}\u{200e}\u{200f}\u{202a}\u{202e}\u{2066}\u{2069}".chars() {
            let mark = mark.to_string();
            assert!(escaped(&mark).starts_with("\\u"), "{mark:?}");
        }
        for same in ["name=v\tw\n", "می\u{200c}خواهم", "CORP\\ali", "أحمد"] {
            assert_eq!(escaped(same), same);
        }
    }
}
