//! Writing to standard error and standard output without ever waiting for who
//! reads them: a reader that has stopped costs lines, never a request or the end
//! of the process.

use core::time::Duration;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::sync::OnceLock;
use std::sync::mpsc;
use std::thread;

use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};

/// The maximum number of lines that wait to be written, about 2 MB.
const MOST_WAITING: usize = 8192;
/// The maximum number of bytes that lines are written together in: what a pipe
/// takes at once, so that those of several processes are not mixed (POSIX write).
const LONGEST_WRITE: usize = 4096;
/// The pause after the lines that waited were written.
const PAUSE: Duration = Duration::from_millis(1);
/// How long the end of the process waits for the last lines to be written.
const LAST_LINES: Duration = Duration::from_secs(1);

/// The lines dropped by the log of this process.
static DROPPED: OnceLock<ErrorCounter> = OnceLock::new();

/// Flushes the log when it is dropped, for at most a second.
#[derive(Debug)]
#[must_use]
pub struct Flush(Option<WorkerGuard>);

impl Drop for Flush {
    fn drop(&mut self) {
        if let Some(guard) = self.0.take() {
            // The guard waits, and prints to standard output if it gives up:
            // in a thread, which the end of the process ends.
            patiently(move || drop(guard));
        }
    }
}

/// A writer to standard error for the log, and whether it is a terminal. Lines
/// beyond the 8192 that may wait are dropped and counted.
pub fn standard_error() -> (NonBlocking, Flush, bool) {
    let is_terminal = io::stderr().is_terminal();
    let (writer, flush) = queue(io::stderr(), MOST_WAITING);
    // A second server in the same process keeps the log of the first.
    let _ = DROPPED.set(writer.error_counter());
    (writer, flush, is_terminal)
}

/// Lines of the log that were dropped because standard error was not read.
#[must_use]
pub fn dropped_lines() -> u64 {
    DROPPED
        .get()
        .map_or(0, |dropped| dropped.dropped_lines() as u64)
}

fn queue(to: impl Write + Send + 'static, most: usize) -> (NonBlocking, Flush) {
    let (writer, guard) = NonBlockingBuilder::default()
        .buffered_lines_limit(most)
        .lossy(true)
        .thread_name("mpass-log")
        .finish(Together(BufWriter::with_capacity(LONGEST_WRITE, to)));
    (writer, Flush(Some(guard)))
}

/// Writes the lines that wait with one call, and pauses then, so that under load
/// neither a call nor a wake-up of the thread is needed for each line.
struct Together<W: Write>(BufWriter<W>);

impl<W: Write> Write for Together<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    /// Called when no line waits.
    fn flush(&mut self) -> io::Result<()> {
        // There is no place to report it to.
        let _ = self.0.flush();
        thread::sleep(PAUSE);
        Ok(())
    }
}

/// Does something that may block, such as writing to a pipe, but waits for it
/// for a second only.
pub fn patiently(action: impl FnOnce() + Send + 'static) {
    let (done, is_done) = mpsc::channel();
    let spawned = thread::Builder::new().spawn(move || {
        action();
        let _ = done.send(());
    });
    if spawned.is_ok() {
        let _ = is_done.recv_timeout(LAST_LINES);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    /// Nobody reads the pipe, so the writer blocks once it is full.
    #[test]
    fn an_unread_pipe_costs_lines_and_blocks_nobody() {
        let (mut reader, pipe) = io::pipe().unwrap();
        let (mut writer, flush) = queue(pipe, 16);
        let dropped = writer.error_counter();
        let line = [b'x'; 1024];
        // A pipe holds 64 KiB.
        for _ in 0..1000 {
            writer.write_all(&line).unwrap();
        }
        assert!(dropped.dropped_lines() > 500);
        drop(writer);
        drop(flush);
        let mut some = [0; 1024];
        reader.read_exact(&mut some).unwrap();
        assert_eq!(some, line);
    }

    /// Records how many bytes each call wrote.
    struct Calls(mpsc::Sender<usize>);

    impl Write for Calls {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.send(bytes.len()).unwrap();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_that_wait_are_written_together_and_whole() {
        let (calls, written) = mpsc::channel();
        let (mut writer, flush) = queue(Calls(calls), 1024);
        for _ in 0..1000 {
            writer.write_all(&[b'x'; 100]).unwrap();
        }
        drop(writer);
        drop(flush);
        let written: Vec<_> = written.iter().collect();
        assert_eq!(written.iter().sum::<usize>(), 1000 * 100);
        assert!(written.iter().all(|len| len % 100 == 0 && *len <= 4096));
        assert!(written.len() < 500, "{}", written.len());
    }

    #[test]
    fn every_line_is_written_before_the_end() {
        let (mut reader, pipe) = io::pipe().unwrap();
        let (mut writer, flush) = queue(pipe, 128);
        for _ in 0..100 {
            writer.write_all(b"a line\n").unwrap();
        }
        assert_eq!(writer.error_counter().dropped_lines(), 0);
        drop(writer);
        drop(flush);
        let mut all = String::new();
        reader.read_to_string(&mut all).unwrap();
        assert_eq!(all.lines().count(), 100);
    }
}
