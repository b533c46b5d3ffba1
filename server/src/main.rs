//! The command `mpass`: the server, its administration, and OATH codes.

use std::alloc::System;
use std::process::ExitCode;

use zeroizing_alloc::ZeroAlloc;

/// Clears memory when it is freed. Requests, numbers and codes pass through
/// buffers of libraries that do not wipe them.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    mpass_server::cli::run()
}
