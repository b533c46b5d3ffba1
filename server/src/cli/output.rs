//! Output to the terminal.

use std::io::{ErrorKind, Write};

use anyhow::Context;

/// Writes lines to standard output. A closed pipe (`| head -1`) is not an
/// error.
pub(super) fn print_lines<'a>(lines: impl IntoIterator<Item = &'a str>) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    let write = || {
        for line in lines {
            stdout.write_all(line.as_bytes())?;
            stdout.write_all(b"\n")?;
        }
        stdout.flush()
    };
    match write() {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to standard output"),
    }
}

/// Writes one line to standard error, ignoring failures.
pub(super) fn warn(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
