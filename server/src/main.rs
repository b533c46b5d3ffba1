//! The command `mpass`: the server, its administration, and codes by hand.

use std::process::ExitCode;

fn main() -> ExitCode {
    mpass_server::cli::run()
}
