//! The tools that steps need, and their installation.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, anyhow, bail};

use crate::run;

/// Directories with headers of C libraries.
const INCLUDE: &[&str] = &["/usr/include", "/usr/local/include"];

/// Asked by Debian whether a service may be started; 101 means no.
const POLICY: &str = "/usr/sbin/policy-rc.d";

/// Something that a step needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// A program on the path, and its Debian package.
    Program(&'static str, &'static str),
    /// A C library, identified by its header, and its Debian package. If it
    /// cannot be installed, the step prints a note and runs without it.
    Library(&'static str, &'static str),
    /// A Python module, and its Debian package.
    Module(&'static str, &'static str),
    /// A component of the Rust toolchain, and its cargo command.
    Component(&'static str, &'static str),
}

impl Need {
    fn is_met(self, root: &Path) -> bool {
        match self {
            Self::Program(name, _) => on_path(name),
            Self::Library(header, _) => INCLUDE
                .iter()
                .any(|directory| Path::new(directory).join(header).is_file()),
            Self::Module(name, _) => {
                let import = format!("import {name}");
                run::capture(run::command("python3", root).args(["-c", &import])).is_ok()
            }
            Self::Component(_, command) => {
                run::capture(run::cargo(root).args([command, "--version"])).is_ok()
            }
        }
    }

    fn package(self) -> Option<&'static str> {
        match self {
            Self::Program(_, package) | Self::Library(_, package) | Self::Module(_, package) => {
                Some(package)
            }
            Self::Component(..) => None,
        }
    }
}

/// Installs the missing ones of `needs`. If that is not possible without
/// asking, the error is one line with exactly what to install.
pub(crate) fn provide(needs: &[Need], root: &Path) -> Result<()> {
    let mut wanted = missing(needs, root);
    for need in &wanted {
        if let Need::Component(component, _) = need {
            let add = ["component", "add", component];
            if run::capture(run::command("rustup", root).args(add)).is_err() {
                bail!(
                    "the Rust component {component} is missing: rustup component add {component}"
                );
            }
        }
    }
    let packages: Vec<_> = wanted.iter().filter_map(|need| need.package()).collect();
    if packages.is_empty() {
        return Ok(());
    }
    let failure = match may_install() {
        true => apt_install(&packages, root).err(),
        false => None,
    };
    wanted = missing(needs, root);
    let (optional, required): (Vec<_>, Vec<_>) = wanted
        .into_iter()
        .partition(|need| matches!(need, Need::Library(..)));
    if !required.is_empty() {
        let line = please_install(&required);
        return Err(failure.map_or_else(|| anyhow!("{line}"), |error| error.context(line.clone())));
    }
    if !optional.is_empty() {
        println!(
            "note: continuing without optional libraries; {}",
            please_install(&optional)
        );
    }
    Ok(())
}

/// Whether packages can be installed without asking: as root on Debian or a
/// derivative.
pub(crate) fn may_install() -> bool {
    let root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    root && on_path("apt-get")
}

/// Installs Debian packages; the caller has checked [`may_install`].
pub(crate) fn apt_install(packages: &[&str], root: &Path) -> Result<()> {
    let apt = || {
        let mut apt = run::command("apt-get", root);
        // Without starting services of the packages: tests start their own.
        apt.env("DEBIAN_FRONTEND", "noninteractive")
            .env("RUNLEVEL", "1");
        apt.arg("-qq");
        apt
    };
    println!("installing {}", packages.join(" "));
    run::capture(apt().arg("update"))?;
    let without_services = NoServices::begin(Path::new(POLICY))?;
    let installed = run::capture(
        apt()
            .args(["install", "-y", "--no-install-recommends"])
            .args(packages),
    );
    drop(without_services);
    installed.map(|_| ())
}

/// Keeps Debian from starting the services of packages while it exists.
struct NoServices<'a>(Option<&'a Path>);

impl<'a> NoServices<'a> {
    /// Writes the policy, unless the system has one.
    fn begin(policy: &'a Path) -> Result<Self> {
        if policy.exists() {
            return Ok(Self(None));
        }
        fs::write(policy, "#!/bin/sh\nexit 101\n")?;
        let written = Self(Some(policy));
        fs::set_permissions(policy, fs::Permissions::from_mode(0o755))?;
        Ok(written)
    }
}

impl Drop for NoServices<'_> {
    fn drop(&mut self) {
        if let Some(policy) = self.0 {
            // A policy that stays only keeps services from starting.
            let _ = fs::remove_file(policy);
        }
    }
}

/// Whether a program of that name is on the path.
pub(crate) fn on_path(name: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|directory| directory.join(name).is_file())
    })
}

fn missing(needs: &[Need], root: &Path) -> Vec<Need> {
    let mut missing: Vec<Need> = Vec::new();
    for need in needs {
        if !missing.contains(need) && !need.is_met(root) {
            missing.push(*need);
        }
    }
    missing
}

fn please_install(needs: &[Need]) -> String {
    let packages: Vec<_> = needs.iter().filter_map(|need| need.package()).collect();
    format!(
        "missing Debian packages: sudo apt-get install --no-install-recommends {}",
        packages.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_kept_from_starting_during_an_installation() {
        let directory = tempfile::tempdir().unwrap();
        let policy = directory.path().join("policy-rc.d");
        let guard = NoServices::begin(&policy).unwrap();
        assert_eq!(Command::new(&policy).status().unwrap().code(), Some(101));
        drop(guard);
        assert!(!policy.exists());
        fs::write(&policy, "the system's own").unwrap();
        drop(NoServices::begin(&policy).unwrap());
        assert!(policy.exists());
    }

    #[test]
    fn missing_tools_are_listed_once_by_package() {
        let here = Path::new(".");
        let absent = Need::Program("mpass-no-such-program", "no-such-package");
        let needs = [Need::Program("cargo", "cargo"), absent, absent];
        assert_eq!(missing(&needs, here), [absent]);
        assert!(please_install(&[absent]).ends_with(" no-such-package"));
    }
}
