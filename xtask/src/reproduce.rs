//! The C library built twice, in different surroundings, and compared.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::tree::Tree;
use crate::{install, paths, run};

/// The files that users link with.
const LIBRARIES: [&str; 2] = ["libmpass.so", "libmpass.a"];

/// What a library must not depend on.
struct Surroundings {
    /// The copy of the tree.
    root: PathBuf,
    /// `None` for those of this process.
    other: Option<Other>,
}

/// Another home, with another locale and time zone.
struct Other {
    home: PathBuf,
    /// Has links to the contents of the usual one.
    cargo_home: PathBuf,
}

/// Builds the C library twice, from copies of the tree at two paths and with two
/// homes, and compares the files. Takes as long as two release builds.
pub(crate) fn reproduce(tree: &Tree) -> Result<()> {
    let base = tree.target.join("reproduce");
    if base.exists() {
        fs::remove_dir_all(&base).with_context(|| format!("cannot remove {}", base.display()))?;
    }
    let other = Other::create(&base.join("another-home"))?;
    let mut places = vec![base.clone(), other.home.clone(), other.cargo_home.clone()];
    let first = Surroundings {
        root: base.join("a"),
        other: None,
    };
    let second = Surroundings {
        root: base.join("elsewhere/b-at-a-longer-path"),
        other: Some(other),
    };
    let [first, second] = [first.build(tree)?, second.build(tree)?];
    places.extend(std::env::home_dir().map(|home| home.join(".rustup")));
    for name in LIBRARIES {
        let built = [&first, &second].map(|directory| directory.join(name));
        for file in &built {
            paths::check(tree, file)?;
            paths::check_for(file, &places)?;
        }
        same(&built)?;
        println!("{name} is the same from two paths and two homes");
    }
    let shared = first.join("libmpass.so");
    install::check_stripped(tree, &shared)?;
    let mut readelf = run::command("readelf", &tree.root);
    let shown = run::capture(
        readelf
            .args(["--segments", "--dynamic", "--wide"])
            .arg(&shared),
    )?;
    hardened(&shown)?;
    println!("libmpass.so is hardened");
    Ok(())
}

/// Fails when the files differ, and names the first byte that does.
fn same(built: &[PathBuf; 2]) -> Result<()> {
    let [one, other] = built;
    let (bytes, others) = (fs::read(one)?, fs::read(other)?);
    if bytes == others {
        return Ok(());
    }
    let common = bytes.iter().zip(&others);
    let at = common.take_while(|(one, other)| one == other).count();
    bail!(
        "{} and {} differ from byte {at} on",
        one.display(),
        other.display()
    );
}

/// Fails when `readelf` shows a library with a writable table of addresses, an
/// executable stack, relocated code or a search path.
fn hardened(shown: &str) -> Result<()> {
    let segment = |name: &str| {
        let mut lines = shown.lines().map(str::trim_start);
        lines.find(|line| line.starts_with(name))
    };
    if segment("GNU_RELRO").is_none() {
        bail!("no GNU_RELRO: tables of addresses stay writable");
    }
    let stack = segment("GNU_STACK").context("no GNU_STACK: the stack is executable")?;
    if stack.contains("RWE") {
        bail!("the stack is executable");
    }
    let is_bound = |line: &str| line.contains("(FLAGS") && line.contains("NOW");
    if !shown.lines().any(is_bound) {
        bail!("no BIND_NOW: the table of functions stays writable");
    }
    for tag in ["(TEXTREL)", "(RPATH)", "(RUNPATH)"] {
        if shown.contains(tag) {
            bail!("it has {tag}");
        }
    }
    Ok(())
}

impl Other {
    fn create(home: &Path) -> Result<Self> {
        let cargo_home = home.join("cargo");
        fs::create_dir_all(&cargo_home)?;
        let usual = paths::cargo_home().context("no CARGO_HOME")?;
        for entry in fs::read_dir(&usual)? {
            let entry = entry?;
            symlink(entry.path(), cargo_home.join(entry.file_name()))?;
        }
        Ok(Self {
            home: home.to_owned(),
            cargo_home,
        })
    }

    fn variables(&self) -> Vec<(&'static str, OsString)> {
        // Where the toolchains are does not depend on the other home.
        let given = std::env::var_os("RUSTUP_HOME");
        let usual = || std::env::home_dir().map(|home| home.join(".rustup").into());
        let rustup = given.or_else(usual).map(|path| ("RUSTUP_HOME", path));
        let others: [(&str, OsString); 6] = [
            ("HOME", self.home.clone().into()),
            ("CARGO_HOME", self.cargo_home.clone().into()),
            ("LC_ALL", "C".into()),
            ("TZ", "Pacific/Kiritimati".into()),
            ("USER", "another".into()),
            ("CARGO_BUILD_JOBS", "1".into()),
        ];
        others.into_iter().chain(rustup).collect()
    }
}

impl Surroundings {
    /// Builds a copy of the tree and returns the directory of the libraries.
    fn build(&self, tree: &Tree) -> Result<PathBuf> {
        copy(tree, &self.root)?;
        let copied = tree.at(&self.root);
        let mut cargo = run::cargo(&self.root);
        cargo.args(["build", "--locked", "--release", "-p", "mpass-ffi", "--lib"]);
        cargo.envs(self.other.iter().flat_map(Other::variables));
        paths::remap(&mut cargo, &copied, &[])?;
        run::capture(cargo.arg("--target-dir").arg(&copied.target))?;
        Ok(copied.target.join("release"))
    }
}

/// Copies what git has, as it stands in the working tree.
fn copy(tree: &Tree, at: &Path) -> Result<()> {
    let mut list = run::command("git", &tree.root);
    let files = run::capture(list.args(["ls-files", "-z"]))?;
    for file in files.split('\0').filter(|file| !file.is_empty()) {
        let (from, to) = (tree.root.join(file), at.join(file));
        if let (true, Some(parent)) = (from.is_file(), to.parent()) {
            fs::create_dir_all(parent)?;
            fs::copy(from, to)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From `readelf --segments --dynamic --wide`.
    const HARDENED: &str = "\
  LOAD           0x000000 0x0000000000000000 0x0000000000000000 0x04fc90 0x04fc90 R   0x1000
  GNU_RELRO      0x0b8f30 0x00000000000b9f30 0x00000000000b9f30 0x0040d0 0x0040d0 R   0x1
  GNU_STACK      0x000000 0x0000000000000000 0x0000000000000000 0x000000 0x000000 RW  0
 0x000000000000000e (SONAME)             Library soname: [libmpass.so.1]
 0x000000000000001e (FLAGS)              BIND_NOW
 0x000000006ffffffb (FLAGS_1)            Flags: NOW
";

    #[test]
    fn each_weakness_is_found() {
        hardened(HARDENED).unwrap();
        for (from, to) in [
            ("GNU_RELRO", "OTHER"),
            ("GNU_STACK", "OTHER"),
            ("RW  0", "RWE 0"),
            ("NOW", "LATER"),
            ("(SONAME)", "(RUNPATH)"),
            ("(SONAME)", "(RPATH)"),
            ("(SONAME)", "(TEXTREL)"),
        ] {
            hardened(&HARDENED.replace(from, to)).unwrap_err();
        }
    }

    #[test]
    fn one_byte_makes_a_difference() {
        let dir = tempfile::tempdir().unwrap();
        let files = ["one", "other"].map(|name| dir.path().join(name));
        for (text, at) in [("same", None), ("sand", Some(2)), ("same!", Some(4))] {
            fs::write(&files[0], "same").unwrap();
            fs::write(&files[1], text).unwrap();
            let differs = same(&files).map_err(|error| error.to_string());
            match at {
                None => differs.unwrap(),
                Some(at) => {
                    let error = differs.unwrap_err();
                    assert!(error.contains(&format!("from byte {at} on")), "{error}");
                }
            }
        }
    }

    #[test]
    fn the_other_home_is_another_one() {
        let dir = tempfile::tempdir().unwrap();
        let other = Other::create(&dir.path().join("home")).unwrap();
        let variables = other.variables();
        for name in ["HOME", "CARGO_HOME"] {
            let (_, value) = variables.iter().find(|(known, _)| *known == name).unwrap();
            assert!(Path::new(value).starts_with(dir.path()), "{name}");
        }
        assert!(other.cargo_home.join("registry").exists());
    }
}
