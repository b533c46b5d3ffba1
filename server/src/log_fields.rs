//! The fields of a line of the log as text without colours. The library writes
//! the same, but passes every name and sign through its styles, which is a large
//! part of the cost of an access line.

use core::fmt::{self, Debug, Write};

use tracing::field::{Field, Visit};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::format::Writer;

/// Writes `name=value name=value`, and the message without its name.
pub(crate) struct PlainFields;

impl<'w> FormatFields<'w> for PlainFields {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'w>, fields: R) -> fmt::Result {
        let mut line = Line {
            writer,
            is_empty: true,
            result: Ok(()),
        };
        fields.record(&mut line);
        line.result
    }
}

struct Line<'w> {
    writer: Writer<'w>,
    is_empty: bool,
    result: fmt::Result,
}

impl Line<'_> {
    fn write(&mut self, name: &str, value: &dyn Debug) -> fmt::Result {
        if !self.is_empty {
            self.writer.write_char(' ')?;
        }
        self.is_empty = false;
        if name == "message" {
            return write!(Printable(&mut self.writer), "{value:?}");
        }
        self.writer.write_str(name)?;
        self.writer.write_char('=')?;
        write!(self.writer, "{value:?}")
    }
}

impl Visit for Line<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => self.record_debug(field, &format_args!("{value}")),
            _ => self.record_debug(field, &value),
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.result = self.result.and_then(|()| self.write(field.name(), value));
    }
}

/// Escapes control characters, which could be commands for a terminal.
struct Printable<'a, 'w>(&'a mut Writer<'w>);

impl Write for Printable<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|char| match char {
            '\n' | '\r' | '\t' => self.0.write_char(char),
            '\0'..' ' | '\x7f' => write!(self.0, "\\x{:02x}", u32::from(char)),
            '\u{80}'..='\u{9f}' => write!(self.0, "\\u{{{:x}}}", u32::from(char)),
            _ => self.0.write_char(char),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Lines {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    fn events() {
        let none: Option<&str> = None;
        let (method, ms, peer) = ("GET", 0.25, "::1");
        tracing::info!(method, status = 200, ms, %peer, tenant = Some("a \"b\"\n"), none, "text");
        tracing::info!(yes = true, "listening on {peer}\x1b[2J\x07\u{9b}\n\tä");
        tracing::info!(error = ?io::ErrorKind::Other, least = i64::MIN);
        tracing::info!("text alone");
    }

    #[test]
    fn they_are_as_the_library_writes_them() {
        let (ours, theirs) = (Lines::default(), Lines::default());
        let format = || tracing_subscriber::fmt().without_time().with_ansi(false);
        let format_theirs = format().with_writer(theirs.clone());
        tracing::subscriber::with_default(format_theirs.finish(), events);
        let format_ours = format().with_writer(ours.clone()).fmt_fields(PlainFields);
        tracing::subscriber::with_default(format_ours.finish(), events);
        let text = |lines: Lines| String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        let ours = text(ours);
        assert_eq!(ours, text(theirs));
        assert!(ours.contains(r#"text method="GET" status=200 ms=0.25 peer=::1"#));
    }
}
