//! The versions of the library and of its ABI.

use core::ffi::c_char;

/// The version of the ABI that this header describes. It is increased when
/// programs compiled with an older header would no longer work.
pub const MPASS_ABI_VERSION: u32 = 1;

/// Returns the `MPASS_ABI_VERSION` of the loaded library. A program should
/// compare it with its own before calling anything else. Threads: any.
#[unsafe(no_mangle)]
pub extern "C" fn mpass_abi_version() -> u32 {
    MPASS_ABI_VERSION
}

/// Returns the version of the loaded library, such as `0.1.0`, as
/// NUL-terminated ASCII. The text stays valid as long as the library is loaded;
/// the caller must not free it. Never NULL. Threads: any.
#[unsafe(no_mangle)]
pub extern "C" fn mpass_version_string() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

#[cfg(test)]
mod tests {
    use core::ffi::CStr;

    use super::*;

    const HEADER: &str = include_str!("../../include/mpass.h");

    fn defined(name: &str) -> Option<&'static str> {
        let line = |line: &'static str| line.strip_prefix("#define ")?.strip_prefix(name);
        HEADER.lines().find_map(line).map(str::trim)
    }

    #[test]
    fn library_header_and_package_have_the_same_version() {
        // SAFETY: the string is static and ends in NUL.
        let version = unsafe { CStr::from_ptr(mpass_version_string()) };
        assert_eq!(version.to_str(), Ok(env!("CARGO_PKG_VERSION")));
        let quoted = format!("\"{}\"", env!("CARGO_PKG_VERSION"));
        assert_eq!(defined("MPASS_VERSION_STRING "), Some(quoted.as_str()));
        let parts = [
            (
                defined("MPASS_VERSION_MAJOR "),
                env!("CARGO_PKG_VERSION_MAJOR"),
            ),
            (
                defined("MPASS_VERSION_MINOR "),
                env!("CARGO_PKG_VERSION_MINOR"),
            ),
            (
                defined("MPASS_VERSION_PATCH "),
                env!("CARGO_PKG_VERSION_PATCH"),
            ),
        ];
        for (in_header, in_package) in parts {
            assert_eq!(in_header, Some(in_package));
        }
    }

    #[test]
    fn library_and_header_have_the_same_abi_version() {
        let abi = mpass_abi_version().to_string();
        assert_eq!(defined("MPASS_ABI_VERSION "), Some(abi.as_str()));
        // cargo-c takes the number in the SONAME from the manifest.
        let manifest = include_str!("../Cargo.toml");
        let capi = manifest.split("[package.metadata.capi.library]").nth(1);
        let version = format!("\nversion = \"{abi}.0.0\"\n");
        assert!(capi.is_some_and(|capi| capi.contains(&version)));
    }
}
