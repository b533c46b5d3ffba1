//! The time of a server under test.

use core::sync::atomic::{AtomicU64, Ordering};
use std::path::{Path, PathBuf};

use mpass_server::clock;

/// What a debug build of the server takes the name of the file from.
pub(crate) const VARIABLE: &str = "MPASS_TEST_CLOCK";

/// A clock that stands still until a test moves it: see `server/src/clock.rs`.
pub(crate) struct Clock {
    file: PathBuf,
    now_ms: AtomicU64,
}

impl Clock {
    /// A clock in a directory, at the system's time.
    pub(crate) fn new(dir: &Path) -> Self {
        let clock = Self {
            file: dir.join("clock"),
            now_ms: AtomicU64::new(clock::now_ms()),
        };
        clock.pass(0);
        clock
    }

    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    pub(crate) fn now_ms(&self) -> u64 {
        self.now_ms.load(Ordering::SeqCst)
    }

    /// Moves it forward.
    pub(crate) fn pass(&self, ms: u64) {
        self.set(self.now_ms() + ms);
    }

    /// Sets it, also to an earlier time.
    pub(crate) fn set(&self, now_ms: u64) {
        self.now_ms.store(now_ms, Ordering::SeqCst);
        // In one step: the server may be reading.
        let next = self.file.with_extension("next");
        std::fs::write(&next, now_ms.to_string()).unwrap();
        std::fs::rename(&next, &self.file).unwrap();
    }
}

/// The clock of the server compiled by itself, as a debug build and as a
/// release build have it: only the former can be set.
#[test]
fn a_release_build_has_no_clock_that_can_be_set() {
    let dir = tempfile::tempdir().unwrap();
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src/clock.rs");
    let main = dir.path().join("main.rs");
    let text = format!("#[path = {source:?}]\nmod clock;\n");
    let text = format!("{text}fn main() {{ println!(\"{{}}\", clock::now_ms()); }}\n");
    std::fs::write(&main, text).unwrap();
    let file = dir.path().join("clock");
    std::fs::write(&file, "12345\n").unwrap();
    for (profile, is_set) in [("-Cdebug-assertions=on", true), ("-O", false)] {
        let program = dir.path().join("program");
        let mut rustc = std::process::Command::new("rustc");
        rustc.args(["--edition", "2024", profile, "-o"]);
        let output = rustc.arg(&program).arg(&main).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let mut program = std::process::Command::new(program);
        let output = program.env(VARIABLE, &file).output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let printed: u64 = printed.trim().parse().unwrap();
        assert_eq!(printed == 12345, is_set, "{profile}: {printed}");
    }
}
