//! The command `mpass`: the server, its administration, and OATH codes.

use std::process::ExitCode;

fn main() -> ExitCode {
    mpass_server::cli::run()
}
