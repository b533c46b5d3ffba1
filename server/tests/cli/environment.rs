//! `MPASS_CONFIG`, and the names of what commands write to.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Run, mpass, run};

/// A configuration with its data and keyring in a directory.
fn config(dir: &Path) -> PathBuf {
    fs::create_dir_all(dir).unwrap();
    let file = dir.join("mpass.toml");
    let text = format!(
        "data_dir = '{}'\nkeyring.file = '{}'\n",
        dir.join("data").display(),
        dir.join("keyring").display()
    );
    fs::write(&file, text).unwrap();
    file
}

fn run_with(home: &Path, variable: &Path, arguments: &[&str]) -> Run {
    let mut command = mpass(home);
    command.env("MPASS_CONFIG", variable).args(arguments);
    command.output().unwrap().into()
}

#[test]
fn the_variable_names_the_configuration_of_every_command() {
    let home = tempfile::tempdir().unwrap();
    let [one, other] = ["one", "other"].map(|name| home.path().join(name));
    let (of_one, of_other) = (config(&one), config(&other));
    let create = ["channel", "create", "--name", "shop"];
    let created = run_with(home.path(), &of_one, &create);
    let keyring = one.join("keyring");
    let expected = format!("created the keyring {}\n", keyring.display());
    assert!(created.stderr.contains(&expected), "{}", created.stderr);
    let expected = format!("wrote to {}\n", one.join("data").display());
    assert!(created.stderr.contains(&expected), "{}", created.stderr);
    created.done();
    assert!(one.join("data/store.sqlite").exists());
    assert!(!home.path().join(".local").exists() && !home.path().join(".config").exists());
    for arguments in [
        &["channel", "list"][..],
        &["channel", "show", "shop"],
        &["key", "list"],
        &["store", "check"],
        &[
            "number",
            "explain",
            "+966500000000",
            "--channel",
            "shop",
            "--json",
        ],
    ] {
        let read = run_with(home.path(), &of_one, arguments);
        assert!(
            !read.stderr.contains("wrote"),
            "{arguments:?}: {}",
            read.stderr
        );
        read.done();
        // The option is stronger, and reading creates nothing.
        let option = ["--config", of_other.to_str().unwrap()];
        let read = run_with(home.path(), &of_one, &[arguments, &option[..]].concat());
        read.misuse();
        assert!(!other.join("data").exists() && !other.join("keyring").exists());
    }
    let rotated = run_with(home.path(), &of_one, &["key", "rotate"]);
    let expected = format!("wrote to {}\n", keyring.display());
    assert_eq!(rotated.stderr, expected);
    rotated.done();
}

#[test]
fn errors_and_help_name_the_variable() {
    let home = tempfile::tempdir().unwrap();
    let missing = home.path().join("missing.toml");
    for arguments in [&["channel", "list"][..], &["serve"], &["status"]] {
        let error = run_with(home.path(), &missing, arguments).misuse();
        let expected = format!("error: MPASS_CONFIG: cannot read {}", missing.display());
        assert!(error.starts_with(&expected), "{error}");
        let help = run(home.path(), &[arguments, &["--help"]].concat()).done();
        assert!(help.contains("$MPASS_CONFIG"), "{help}");
    }
    let option = ["channel", "list", "--config", missing.to_str().unwrap()];
    let error = run_with(home.path(), &missing, &option).misuse();
    assert!(error.starts_with("error: cannot read "), "{error}");
    let help = run(home.path(), &["--help"]).done();
    assert!(help.contains("MPASS_CONFIG"), "{help}");
}

/// The demo must not find the data of a server.
#[test]
fn the_demo_and_an_empty_variable_have_no_configuration() {
    let home = tempfile::tempdir().unwrap();
    let missing = home.path().join("missing.toml");
    let create = ["channel", "create", "--name", "shop", "--demo"];
    let created = run_with(home.path(), &missing, &create);
    let demo = home.path().join(".local/share/mpass/demo");
    let expected = format!("wrote to {}\n", demo.display());
    assert!(created.stderr.contains(&expected), "{}", created.stderr);
    created.done();
    run_with(home.path(), Path::new(""), &create[..4]).done();
    assert!(home.path().join(".local/share/mpass/store.sqlite").exists());
}
