//! Commands whose output is shown only if they fail.

use std::ffi::OsStr;
use std::io::{Read, Seek};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The cargo that runs this program.
pub(crate) fn cargo(root: &Path) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    command(cargo, root)
}

/// A command at the root of the tree, without the variables that `cargo run`
/// set for this program: build scripts that watch them would run again each
/// time.
pub(crate) fn command(program: impl AsRef<OsStr>, root: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs a command to completion and returns its output, both streams combined.
///
/// If the command fails, the error contains its whole output.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let shown = shown(command);
    // A file, because reading a pipe would block until the last process that a
    // test may have left running has closed it.
    let mut file = tempfile::tempfile()?;
    command.stdout(file.try_clone()?).stderr(file.try_clone()?);
    let status = command
        .status()
        .with_context(|| format!("cannot start `{shown}`"))?;
    let mut output = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut output)?;
    let output = String::from_utf8_lossy(&output).into_owned();
    if !status.success() {
        bail!("`{shown}` failed ({status})\n{}", output.trim_end());
    }
    Ok(output)
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program());
    core::iter::once(program)
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}
