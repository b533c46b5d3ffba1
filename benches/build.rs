//! Finds the peers in C. Missing peers are left out of the results.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=c");
    for peer in ["liboath", "nettle", "ipsec_mb"] {
        println!("cargo::rustc-check-cfg=cfg({peer})");
    }
    // Rebuilds after a peer was installed or removed.
    let dirs = pkg_config::get_variable("pkg-config", "pc_path").unwrap_or_default();
    for dir in dirs.split(':').filter(|dir| Path::new(dir).is_dir()) {
        println!("cargo::rerun-if-changed={dir}");
    }
    // Version 2.6 added TOTP with SHA-256 and SHA-512.
    let liboath = pkg_config::Config::new()
        .atleast_version("2.6")
        .probe("liboath");
    if liboath.is_ok() {
        println!("cargo::rustc-cfg=liboath");
    }
    if pkg_config::probe_library("nettle").is_ok() {
        compile("nettle");
    }
    // The Debian package has no pkg-config file.
    let header = Path::new("/usr/include/intel-ipsec-mb.h");
    println!("cargo::rerun-if-changed=/usr/include");
    if header.exists() {
        compile("ipsec_mb");
        println!("cargo::rustc-link-lib=IPSec_MB");
    }
}

/// Compiles the C shim of a peer.
fn compile(peer: &str) {
    cc::Build::new()
        .file(format!("c/{peer}.c"))
        .opt_level(3)
        .warnings_into_errors(true)
        .compile(&format!("bench_{peer}"));
    println!("cargo::rustc-cfg={peer}");
}
