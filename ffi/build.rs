//! Sets the SONAME of the shared library, which contains the ABI version.

use core::error::Error;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=src/version.rs");
    let source = fs::read_to_string("src/version.rs")?;
    let abi = source
        .lines()
        .find_map(|line| line.strip_prefix("pub const MPASS_ABI_VERSION: u32 = "))
        .and_then(|rest| rest.strip_suffix(';'))
        .ok_or("src/version.rs has no MPASS_ABI_VERSION")?;
    // Only ELF has sonames.
    if env::var("CARGO_CFG_TARGET_OS")? == "linux" {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libmpass.so.{abi}");
    }
    Ok(())
}
