//! A small disk of a test.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A file system in memory, unmounted with the test.
pub struct Disk(TempDir);

impl Disk {
    /// `None`, and a line that says so, where it is forbidden to mount one.
    pub fn mount(megabytes: u32) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"]);
        let is_mounted = mount
            .arg(dir.path())
            .output()
            .is_ok_and(|output| output.status.success());
        if !is_mounted {
            println!("skipped: a file system cannot be mounted here");
            return None;
        }
        Some(Self(dir))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Gives it another size.
    pub fn grow(&self, megabytes: u32) {
        let mut mount = Command::new("mount");
        mount.args(["-o", &format!("remount,size={megabytes}m")]);
        assert!(mount.arg(self.path()).status().unwrap().success());
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }

    /// Takes the rest of it.
    pub fn fill(&self) {
        let mut file = File::create(self.ballast()).unwrap();
        let copied = std::io::copy(&mut std::io::repeat(7), &mut file);
        assert!(copied.is_err());
    }

    /// Gives it back.
    pub fn free(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Also if a process still uses it.
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}
