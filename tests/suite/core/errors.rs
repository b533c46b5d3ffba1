//! The list of errors against the C header.

use mpass_core::Error;

/// Converts `InvalidBase32` to `INVALID_BASE32`.
fn screaming(name: &str) -> String {
    let mut text = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(character.to_ascii_uppercase());
    }
    text
}

/// An error that is added, removed, renamed or renumbered fails here until the
/// C header agrees.
#[test]
fn every_error_is_in_the_header_by_name_and_number() {
    let header = include_str!("../../../include/mpass.h");
    let listed: Vec<(&str, u16)> = header
        .lines()
        .filter_map(|line| line.trim().strip_prefix("MPASS_STATUS_"))
        .filter_map(|entry| entry.strip_suffix(',')?.split_once(" = "))
        .map(|(name, number)| (name, number.parse().unwrap()))
        .filter(|(_, number)| *number > 99)
        .collect();
    let errors: Vec<(String, u16)> = Error::ALL
        .iter()
        .map(|error| (screaming(error.name()), error.number()))
        .collect();
    let errors: Vec<(&str, u16)> = errors
        .iter()
        .map(|(name, number)| (name.as_str(), *number))
        .collect();
    assert_eq!(errors, listed);
}
