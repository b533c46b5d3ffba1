//! Finds liboath; without it its columns are left out.

use std::path::Path;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(liboath)");
    println!("cargo::rerun-if-changed=build.rs");
    // So that installing it, or removing it, is noticed.
    let dirs = pkg_config::get_variable("pkg-config", "pc_path").unwrap_or_default();
    for dir in dirs.split(':').filter(|dir| Path::new(dir).is_dir()) {
        println!("cargo::rerun-if-changed={dir}");
    }
    // 2.6 brought TOTP of SHA-256 and SHA-512.
    let found = pkg_config::Config::new()
        .atleast_version("2.6")
        .probe("liboath");
    if found.is_ok() {
        println!("cargo::rustc-cfg=liboath");
    }
}
