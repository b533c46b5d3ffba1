//! A file of static addresses and numbers.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, anyhow, bail, ensure};
use mpass_core::network::Endpoint;
use mpass_core::number::PhoneNumber;

use super::config::is_realm;
use super::table::NetworkTable;
use crate::numbers::NumbersConfig;
use crate::{plain_file, shown};

/// The maximum length of the file: a table has at most a few million entries.
const LONGEST: u64 = 1024 * 1024 * 1024;

/// Adds the entries of a file. Each line has an address or an IPv6 /64, a
/// number in international form and optionally a realm, separated by commas. The
/// number must be in its country's plan or of the operator, and the only one of its
/// address in the realm. A byte order mark before the first line is left out.
/// Empty lines and lines that begin with `#` are ignored.
///
/// # Errors
/// An error that names the line but does not show its phone number.
pub(super) fn load(
    table: &NetworkTable,
    path: &Path,
    numbers: &NumbersConfig,
) -> anyhow::Result<()> {
    let name = shown::path(path);
    let text = plain_file::read_text(path, LONGEST)
        .with_context(|| format!("cannot read network.table {name}"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut seen = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if !line.is_empty() && !line.starts_with('#') {
            let context = || format!("network.table {name}, line {}", index + 1);
            let (realm, endpoint, number) = entry(line, numbers).with_context(context)?;
            let first = *seen.entry((realm, endpoint)).or_insert(number);
            if first != number {
                return Err(anyhow!("the address has another number on a line before"))
                    .with_context(context);
            }
            table.add(realm, endpoint, number).with_context(context)?;
        }
    }
    Ok(())
}

/// The realm, the address and the number of a line.
fn entry<'a>(
    line: &'a str,
    numbers: &NumbersConfig,
) -> anyhow::Result<(&'a str, Endpoint, PhoneNumber)> {
    let mut fields = line.split(',').map(str::trim);
    let (Some(endpoint), Some(number), realm, None) =
        (fields.next(), fields.next(), fields.next(), fields.next())
    else {
        bail!("expected `address,number` or `address,number,realm`");
    };
    let realm = realm.unwrap_or_default();
    let endpoint: Endpoint = endpoint
        .parse()
        .context("the first field is not an address or an IPv6 /64")?;
    let number =
        PhoneNumber::parse(number, None).context("the second field is not a phone number")?;
    ensure!(
        numbers.is_subscriber(&number),
        "the second field is not a number of a country's plan or of numbers.own"
    );
    ensure!(is_realm(realm), "the third field is not a valid realm");
    Ok((realm, endpoint, number))
}

#[cfg(test)]
mod tests {
    use super::super::config::NetworkConfig;
    use super::super::table::Resolved;
    use super::*;

    fn load_text(text: &str) -> anyhow::Result<NetworkTable> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let config = NetworkConfig {
            entries: 5,
            ..NetworkConfig::default()
        };
        let table = NetworkTable::new(config.limits());
        load(&table, file.path(), &NumbersConfig::default())?;
        Ok(table)
    }

    #[test]
    fn entries_do_not_expire() {
        let table = load_text(
            "\u{feff}127.0.0.1,+966500000001\n# subscribers\n\n127.0.0.1, +966500000001\r\n\
             2001:db8:1:2::/64,966500000002,lab\n\
             127.0.0.1,+966500000003,lab\n",
        )
        .unwrap();
        let number = |text| Resolved::Number(PhoneNumber::parse(text, None).unwrap());
        for (realm, address, resolved) in [
            ("", "127.0.0.1", number("+966500000001")),
            ("", "::ffff:127.0.0.1", number("+966500000001")),
            ("lab", "2001:db8:1:2::7", number("+966500000002")),
            ("", "2001:db8:1:2::7", Resolved::Unknown),
            ("lab", "127.0.0.1", number("+966500000003")),
            ("lab", "10.0.0.9", Resolved::Unknown),
        ] {
            for now_ms in [0, u64::MAX] {
                let found = table.resolve(realm, address.parse().unwrap(), now_ms);
                assert_eq!(found, resolved, "{address} in {realm:?} at {now_ms}");
            }
        }
    }

    #[test]
    fn mistakes_are_named_by_line_and_without_the_number() {
        for (line, word) in [
            ("10.0.0.1", "address,number"),
            ("10.0.0.1,966500000001,a,b", "address,number"),
            ("10.0.0.0/24,966500000001", "first field"),
            ("2001:db8::/56,966500000001", "first field"),
            ("10.0.0.1,96650000000x", "second field"),
            ("10.0.0.1,0500000001", "second field"),
            ("10.0.0.1,+1122334455", "second field"),
            ("10.0.0.1,966500000001,a b", "third field"),
        ] {
            let error = load_text(&format!("# one\n{line}\n")).unwrap_err();
            let error = format!("{error:#}");
            assert!(error.contains("line 2") && error.contains(word), "{error}");
            assert!(!error.contains("0000000"), "{error}");
        }
        let twice = "10.0.0.1,+966500000001\n::ffff:10.0.0.1,+966500000002\n";
        let error = format!("{:#}", load_text(twice).unwrap_err());
        assert!(error.contains("line 2: the address"), "{error}");
        let error = load_text(&"10.0.0.1,966500000001\n".repeat(6)).unwrap_err();
        assert!(format!("{error:#}").contains("line 6: the network table is full"));
    }
}
