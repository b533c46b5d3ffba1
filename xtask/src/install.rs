//! `cargo xtask install`: the C library, its header, and the files for pkg-config
//! and CMake.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::tree::Tree;
use crate::{header, paths, run};

/// The system libraries that a Rust static library needs on Linux.
const STATIC_LIBS: &str = "-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc";

/// Builds the library with a cargo profile and installs it below `prefix`.
pub(crate) fn install(tree: &Tree, prefix: &Path, profile: &str) -> Result<()> {
    if !cfg!(target_os = "linux") {
        bail!("only Linux is supported; on other systems use cargo-c: cargo cinstall -p mpass-ffi");
    }
    let libraries = built(tree, profile)?;
    let abi = abi(tree)?;
    let [include, lib] = ["include", "lib"].map(|name| prefix.join(name));
    let (pkgconfig, cmake) = (lib.join("pkgconfig"), lib.join("cmake/mpass"));
    for directory in [&include, &pkgconfig, &cmake] {
        fs::create_dir_all(directory)
            .with_context(|| format!("cannot create {}", directory.display()))?;
    }
    let shared = format!("libmpass.so.{abi}");
    replace(&libraries.join("libmpass.so"), &lib.join(&shared))?;
    header::check_exports(tree, &lib.join(&shared), Vec::new())?;
    if profile == "release" {
        check_stripped(tree, &lib.join(&shared))?;
        paths::check(tree, &lib.join(&shared))?;
    }
    replace(&libraries.join("libmpass.a"), &lib.join("libmpass.a"))?;
    replace(&tree.root.join("include/mpass.h"), &include.join("mpass.h"))?;
    let link = lib.join("libmpass.so");
    if link.symlink_metadata().is_ok() {
        fs::remove_file(&link)?;
    }
    symlink(&shared, &link)?;
    fs::write(pkgconfig.join("mpass.pc"), pkg_config(tree))?;
    fs::write(cmake.join("mpassConfig.cmake"), cmake_config(&shared))?;
    fs::write(cmake.join("mpassConfigVersion.cmake"), cmake_version(tree))?;
    Ok(())
}

/// Builds the libraries and returns their directory.
fn built(tree: &Tree, profile: &str) -> Result<PathBuf> {
    let mut cargo = run::cargo(&tree.root);
    cargo.args(["build", "--locked", "-p", "mpass-ffi", "--lib"]);
    if profile == "release" {
        paths::remap(&mut cargo, tree, &[])?;
    }
    run::capture(cargo.args(["--profile", profile]))?;
    Ok(tree.target.join(profile_directory(profile)))
}

/// The name of cargo's output directory for a profile.
pub(crate) fn profile_directory(profile: &str) -> &str {
    match profile {
        "dev" => "debug",
        profile => profile,
    }
}

/// Fails when a shared library has more symbols than those it exports.
pub(crate) fn check_stripped(tree: &Tree, library: &Path) -> Result<()> {
    let mut readelf = run::command("readelf", &tree.root);
    let sections = run::capture(readelf.args(["-S", "--wide"]).arg(library))?;
    if sections.contains(".symtab") || sections.contains(".debug_") {
        bail!("{} is not stripped", library.display());
    }
    Ok(())
}

/// The ABI number, read from the header.
fn abi(tree: &Tree) -> Result<String> {
    let header = fs::read_to_string(tree.root.join("include/mpass.h"))?;
    header
        .lines()
        .find_map(|line| line.strip_prefix("#define MPASS_ABI_VERSION "))
        .map(str::to_owned)
        .context("include/mpass.h has no MPASS_ABI_VERSION")
}

/// Copies a file and renames the copy over the old one, which a program may have
/// mapped.
fn replace(from: &Path, to: &Path) -> Result<()> {
    let fresh = to.with_extension("new");
    fs::copy(from, &fresh).with_context(|| format!("cannot copy {}", from.display()))?;
    fs::rename(&fresh, to)?;
    Ok(())
}

fn pkg_config(tree: &Tree) -> String {
    format!(
        "prefix=${{pcfiledir}}/../..\n\
         libdir=${{prefix}}/lib\n\
         includedir=${{prefix}}/include\n\n\
         Name: mpass\n\
         Description: OTP and phone-number verification engine\n\
         Version: {}\n\
         Cflags: -I${{includedir}}\n\
         Libs: -L${{libdir}} -lmpass\n\
         Libs.private: {STATIC_LIBS}\n",
        tree.version
    )
}

fn cmake_config(shared: &str) -> String {
    format!(
        "get_filename_component(_mpass_prefix \"${{CMAKE_CURRENT_LIST_DIR}}/../../..\" ABSOLUTE)\n\
         if(NOT TARGET mpass::mpass)\n\
         \x20 add_library(mpass::mpass SHARED IMPORTED)\n\
         \x20 set_target_properties(mpass::mpass PROPERTIES\n\
         \x20   IMPORTED_LOCATION \"${{_mpass_prefix}}/lib/{shared}\"\n\
         \x20   IMPORTED_SONAME \"{shared}\"\n\
         \x20   INTERFACE_INCLUDE_DIRECTORIES \"${{_mpass_prefix}}/include\")\n\
         \x20 add_library(mpass::mpass_static STATIC IMPORTED)\n\
         \x20 set_target_properties(mpass::mpass_static PROPERTIES\n\
         \x20   IMPORTED_LOCATION \"${{_mpass_prefix}}/lib/libmpass.a\"\n\
         \x20   INTERFACE_INCLUDE_DIRECTORIES \"${{_mpass_prefix}}/include\"\n\
         \x20   INTERFACE_LINK_LIBRARIES \"{STATIC_LIBS}\")\n\
         endif()\n\
         unset(_mpass_prefix)\n"
    )
}

/// Compatible within the minor number as long as the major one is 0.
fn cmake_version(tree: &Tree) -> String {
    let version = &tree.version;
    format!(
        "set(PACKAGE_VERSION \"{version}\")\n\
         if(PACKAGE_FIND_VERSION VERSION_GREATER PACKAGE_VERSION\n\
         \x20  OR NOT \"${{PACKAGE_FIND_VERSION_MAJOR}}.${{PACKAGE_FIND_VERSION_MINOR}}\" VERSION_EQUAL \"{}.{}\")\n\
         \x20 set(PACKAGE_VERSION_COMPATIBLE FALSE)\n\
         else()\n\
         \x20 set(PACKAGE_VERSION_COMPATIBLE TRUE)\n\
         \x20 if(PACKAGE_FIND_VERSION VERSION_EQUAL PACKAGE_VERSION)\n\
         \x20   set(PACKAGE_VERSION_EXACT TRUE)\n\
         \x20 endif()\n\
         endif()\n",
        version.major, version.minor
    )
}
