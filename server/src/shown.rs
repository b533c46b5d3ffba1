//! Texts of the configuration and the command line in messages.

use core::fmt;
use std::path::Path;

/// A path in a message. What is neither absolute nor the path of something that
/// exists may be a secret that was written where its file was expected, so it is
/// not shown.
pub(crate) fn path(path: &Path) -> impl fmt::Display {
    match path.is_absolute() || path.exists() || has_directory(path) {
        true => path.display().to_string(),
        false => "the file with the given relative path".to_owned(),
    }
}

/// The name of an environment variable in a message, if it looks like one.
pub(crate) fn variable(name: &str) -> &str {
    let is_letter = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    let is_name = |byte: u8| is_letter(byte) || byte.is_ascii_digit();
    let looks_like_one = name.contains('_') && name.bytes().all(is_name);
    if looks_like_one { name } else { "the variable" }
}

fn has_directory(path: &Path) -> bool {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    parent.is_some_and(Path::exists)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_place_of_a_path() {
        let dir = tempfile::tempdir().unwrap();
        let absolute = dir.path().join("nothing");
        assert_eq!(path(&absolute).to_string(), absolute.display().to_string());
        assert_eq!(path(Path::new("src/nothing")).to_string(), "src/nothing");
        assert_eq!(path(Path::new("Cargo.toml")).to_string(), "Cargo.toml");
        for secret in ["hunter2", "", "dGVz/dA=="] {
            let shown = path(Path::new(secret)).to_string();
            assert_eq!(shown, "the file with the given relative path", "{secret}");
        }
    }
}
