//! The machine and the versions that figures were measured with.

use std::collections::BTreeMap;
use std::fs;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::run;
use crate::tree::Tree;

/// Instruction sets used by the kernels.
const FEATURES: &[&str] = &[
    "sha_ni",
    "avx2",
    "avx512f",
    "avx512bw",
    "avx512vl",
    "avx512_vbmi2",
];
/// Crates whose versions are recorded.
const CRATES: &[&str] = &[
    "criterion",
    "hmac",
    "libreauth",
    "sha1",
    "sha2",
    "totp-rfc",
    "totp-rs",
];
/// Debian packages whose versions are recorded.
const PACKAGES: &[&str] = &["liboath-dev", "nettle-dev", "libipsec-mb-dev", "valgrind"];

/// The machine of a run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) family: String,
    pub(crate) features: Vec<String>,
    pub(crate) processors: usize,
    pub(crate) memory_mib: u64,
    pub(crate) is_virtual: bool,
    pub(crate) system: String,
}

impl Machine {
    /// The current machine, as Linux describes it.
    pub(super) fn this(tree: &Tree) -> Result<Self> {
        let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let of = |name: &str| field(&cpuinfo, name).unwrap_or("unknown").to_owned();
        let flags: Vec<&str> =
            field(&cpuinfo, "flags").map_or(Vec::new(), |flags| flags.split_whitespace().collect());
        let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let kib = field(&memory, "MemTotal").and_then(|kib| kib.split(' ').next());
        let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
        let system = release
            .lines()
            .find_map(|line| line.strip_prefix("PRETTY_NAME="))
            .unwrap_or("unknown")
            .trim_matches('"')
            .to_owned();
        let kernel = run::capture(run::command("uname", &tree.root).arg("-sr"))?;
        let family = format!(
            "family {}, model {}, stepping {}",
            of("cpu family"),
            of("model"),
            of("stepping")
        );
        let is_there = |feature: &&&str| flags.contains(*feature);
        Ok(Self {
            processor: of("model name"),
            family,
            features: FEATURES
                .iter()
                .filter(is_there)
                .map(ToString::to_string)
                .collect(),
            processors: std::thread::available_parallelism().map_or(1, usize::from),
            memory_mib: kib.and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024,
            is_virtual: flags.contains(&"hypervisor"),
            system: format!("{system}, {}", kernel.trim()),
        })
    }
}

/// The value of the first line `name : value` with that name.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        (found.trim() == name).then(|| value.trim())
    })
}

/// Versions of compilers, crates, packages and modules in this run.
pub(super) fn versions(tree: &Tree) -> Result<BTreeMap<String, String>> {
    let mut versions = BTreeMap::from([("libmpass".into(), tree.version.to_string())]);
    for (name, program, argument) in [
        ("rustc", "rustc", "-V"),
        ("cc", "cc", "--version"),
        ("go", "go", "version"),
        ("node", "node", "--version"),
    ] {
        if let Ok(printed) = run::capture(run::command(program, &tree.root).arg(argument)) {
            let first = printed.lines().next().unwrap_or_default();
            // Some print their own name first.
            let version = first.trim().trim_start_matches(name);
            versions.insert(name.into(), version.trim().to_owned());
        }
    }
    for package in tree.packages()? {
        if CRATES.contains(&package.name.as_str()) {
            // If there are two versions, the newer one is ours.
            let version = package.version.to_string();
            let known = versions
                .entry(format!("crate {}", package.name))
                .or_default();
            if *known < version {
                *known = version;
            }
        }
    }
    for package in PACKAGES {
        let mut query = run::command("dpkg-query", &tree.root);
        query.args(["-W", "-f", "${Version}", package]);
        if let Ok(version) = run::capture(&mut query) {
            versions.insert((*package).to_owned(), version.trim().to_owned());
        }
    }
    let module = fs::read_to_string(tree.root.join("benches/go/go.mod"))?;
    let peer = "github.com/pquerna/otp";
    if let Some(version) = module.lines().find_map(|line| line.split_once(peer)) {
        versions.insert(peer.into(), version.1.trim().to_owned());
    }
    Ok(versions)
}

/// Today, as `2026-11-22`.
pub(super) fn today(tree: &Tree) -> Result<String> {
    let date = run::capture(run::command("date", &tree.root).args(["-u", "+%F"]))?;
    Ok(date.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn the_first_field_of_a_name_is_taken() {
        let text = "model\t\t: 17\nmodel name\t: X : Y\nmodel\t\t: 18\n";
        assert_eq!(field(text, "model"), Some("17"));
        assert_eq!(field(text, "model name"), Some("X : Y"));
        assert_eq!(field(text, "flags"), None);
    }
}
