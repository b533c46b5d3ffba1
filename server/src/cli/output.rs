use std::io::{ErrorKind, Write};

use anyhow::Context;

/// Writes lines to the standard output stream. A reader that has gone away
/// (`| head -1`) is no failure.
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
        written => written.context("cannot write to the standard output stream"),
    }
}

/// Writes one line to the standard error stream, on which nothing depends.
pub(super) fn warn(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
