//! The version of the table that canonical numbers are a function of.

/// The version of the table of numbering plans and of the rules that parse
/// numbers with it.
///
/// The store keys of a number's records are derived from its canonical form, so
/// two versions of this library may share a store only if they agree on that
/// form. The version increases with every change by which
/// [`PhoneNumber::parse`] or [`PhoneNumber::from_national`] returns another
/// number for a text, refuses a text that it accepted, or accepts a number of a
/// country or a length that it refused. Characters that are accepted besides
/// ASCII digits, and errors, are not part of it.
///
/// Version 2 moves national prefixes, drops those after a country code, and reads
/// national numbers of every length of their plan. Version 3 moves Mexico's former 1
/// without its country code, refuses other prefixes for calls abroad than 00, and
/// returns only numbers that are read as themselves. Version 4 drops the former 8 of
/// Armenia, Azerbaijan, Georgia, Kyrgyzstan and Moldova, puts Benin's 01 before its
/// former numbers, and reads a country code without a plus sign before a trunk prefix.
///
/// [`PhoneNumber::parse`]: super::PhoneNumber::parse
/// [`PhoneNumber::from_national`]: super::PhoneNumber::from_national
pub const TABLE_VERSION: u16 = 4;

#[cfg(test)]
mod tests {
    use core::fmt::Write;
    use std::string::String;

    use sha2::{Digest, Sha256};

    use super::*;
    use crate::number::{CallingCode, PhoneNumber};

    /// The version and the digest of the canonical forms that belong to it.
    /// Whoever changes the digest increases the version.
    const DIGEST: (u16, &str) = (
        4,
        "f3714f33466ee11d1ba4fbbdab0a173d096ff65eae9a502bb8d0b8102e48f982",
    );

    /// Digits that national numbers and trunk prefixes begin with.
    const FIRST: [&str; 21] = [
        "", "0", "00", "01", "010", "0115", "01115", "02215", "044", "06", "081", "1", "1500",
        "15", "220215", "5", "7", "8", "80", "9", "99",
    ];

    fn add(to: &mut String, text: &str, country: Option<CallingCode>) {
        let mut add = |number: Result<PhoneNumber, _>| match number {
            Ok(number) => writeln!(to, "{}", number.as_str()).unwrap(),
            Err(_) => to.push_str("-\n"),
        };
        add(PhoneNumber::parse(text, country));
        if let Some(country) = country {
            add(PhoneNumber::from_national(country, text));
        }
    }

    /// The canonical forms, by code, of national numbers of every length in
    /// national and international form, with and without the country.
    #[test]
    fn a_change_of_the_table_changes_its_version() {
        let mut digest = Sha256::new();
        for code in 1..1000 {
            let country = CallingCode::new(code).ok();
            let mut forms = String::new();
            for first in FIRST {
                for len in 0..=14 {
                    let national = std::format!("{first}{}", &"23456789234567"[..len]);
                    for prefix in ["", "+", "00"] {
                        let text = std::format!("{prefix}{code}{national}");
                        add(&mut forms, &text, None);
                        add(&mut forms, &text, country);
                    }
                    add(&mut forms, &national, country);
                }
            }
            digest.update(std::format!("{code}\n{forms}"));
        }
        let mut hex = String::new();
        for byte in digest.finalize() {
            write!(hex, "{byte:02x}").unwrap();
        }
        assert_eq!((TABLE_VERSION, hex.as_str()), DIGEST);
    }
}
