//! No error repeats a value: a marked secret in every place that a parser reads.

use std::path::Path;

use mpass_server::config::Config;

use crate::support::{Run, mpass, run};

/// A secret in the wrong place.
const MARK: &str = "hunter2Hunter3";
const EXAMPLE: &str = include_str!("../../../examples/mpass.toml");

/// The example with every setting, as a list of lines.
fn every_setting() -> Vec<String> {
    let lines = EXAMPLE.lines();
    let active = lines.map(|line| match line.strip_prefix('#') {
        Some(setting) if !setting.starts_with(' ') => setting.to_owned(),
        _ => line.to_owned(),
    });
    active.filter(|line| !line.starts_with('#')).collect()
}

/// Every setting in turn has another value: of a wrong type, a literal in place
/// of a reference, and with broken syntax.
#[test]
fn every_key_of_the_configuration() {
    let lines = every_setting();
    let (mut tried, mut refused) = (0, 0);
    for (index, line) in lines.iter().enumerate() {
        let Some((key, _)) = line.split_once(" = ") else {
            continue;
        };
        for value in [
            format!("\"{MARK}\""),
            format!("\"x, expected {MARK}\""),
            format!("[\"{MARK}\"]"),
            format!("{{ \"{MARK} x\" = \"{MARK}\" }}"),
            format!("{{ env = [\"{MARK}\"] }}"),
            format!("[{{ status = [\"{MARK}\"] }}]"),
            format!("\"Bearer {MARK}"),
            format!("Bearer {MARK}\""),
            format!("'{MARK}"),
            format!("\"{{{{{MARK}}}}}\""),
            format!("\"{{{{secret.{MARK}}}}}\""),
            format!("\"https://user:{MARK}@sms.example/?{{{{to}}}}{{{{text}}}}\""),
            format!("\"https://{MARK}:99999/\""),
            format!("\"\\{MARK}\""),
            MARK.to_owned(),
        ] {
            let mut lines = lines.clone();
            lines[index] = format!("{key} = {value}");
            tried += 1;
            let Err(error) = Config::parse(&lines.join("\n")) else {
                continue;
            };
            refused += 1;
            let error = format!("{error:#}");
            assert!(!error.contains(MARK), "{key} = {value}: {error}");
            assert_eq!(error.lines().count(), 1, "{key} = {value}: {error}");
            assert!(error.starts_with("line "), "{key} = {value}: {error}");
        }
    }
    // Otherwise the example is not read as it is written.
    assert!(tried > 500 && refused > 400, "{refused} of {tried}");
}

fn refusal(home: &Path, config: &str, variables: &[(&str, &str)]) -> String {
    let file = home.join("mpass.toml");
    std::fs::write(&file, config).unwrap();
    let mut command = mpass(home);
    command.current_dir(home).args(["serve", "--config"]);
    command.arg(file).envs(variables.iter().copied());
    let run: Run = command.output().unwrap().into();
    let error = run.misuse();
    assert!(!error.contains(MARK), "{config}: {error}");
    error
}

const GATEWAY: &str = "listen = \"127.0.0.1:0\"\nstore = \"memory\"\n\
                       gateway.url = \"http://127.0.0.1:9/?{{to}}{{text}}\"\n";

/// A literal in place of a file or a variable, and files with the mark in them.
#[test]
fn every_file_of_the_configuration() {
    let home = tempfile::tempdir().unwrap();
    let file = |name: &str, text: String| {
        let path = home.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let pem =
        |kind: &str, body: &str| format!("-----BEGIN {kind}-----\n{body}\n-----END {kind}-----\n");
    let files = [
        MARK.to_owned(),
        file("text", format!("{MARK}\n")),
        file("section", format!("-----BEGIN {MARK}\n-----END {MARK}\n")),
        file("half", format!("-----BEGIN PRIVATE KEY-----\n{MARK}\n")),
        file("certificate", pem("CERTIFICATE", &format!("{MARK}!"))),
        file(
            "key",
            pem("PRIVATE KEY", &format!("{MARK}\n-----END {MARK}-----")),
        ),
        file("line", format!("a\0{MARK}\nb")),
    ];
    for name in &files {
        for setting in [
            format!("tls = {{ certificates = '{name}', key = '{name}' }}"),
            format!("gateway.ca_certificates = '{name}'"),
            format!("login.signing_keys = ['{name}']"),
            format!("network.table = '{name}'"),
        ] {
            let error = refusal(home.path(), &[GATEWAY, &setting].concat(), &[]);
            let (key, _) = setting.split_once(" = ").unwrap();
            assert!(error.contains(key), "{setting}: {error}");
        }
    }
    for source in ["env", "file"] {
        let config = format!("{GATEWAY}gateway.secrets.x.{source} = \"{MARK}\"");
        let error = refusal(home.path(), &config, &[]);
        assert!(error.contains("gateway.secrets.x"), "{error}");
    }
    let config = format!(
        "{GATEWAY}gateway.headers.a = \"{{{{secret.x}}}}\"\ngateway.secrets.x.env = \"X_SECRET\""
    );
    let broken = format!("{MARK}\nb");
    let error = refusal(home.path(), &config, &[("X_SECRET", broken.as_str())]);
    assert!(error.contains("gateway.headers.a"), "{error}");
    let nas = "\nnetwork.listen = '127.0.0.1:0'\n[[network.nas]]\naddress = '127.0.0.1'\n\
               interim_interval = '1h'\nsecret = ";
    for secret in [
        format!("'{MARK}'"),
        format!("{{ env = '{MARK}' }}"),
        format!("{{ file = '{MARK}' }}"),
    ] {
        let error = refusal(home.path(), &format!("{GATEWAY}{nas}{secret}"), &[]);
        assert!(error.contains("network.nas"), "{error}");
    }
    for (variable, text) in [
        ("MPASS_KEYRING", MARK.to_owned()),
        (
            "MPASS_KEYRING",
            format!("mpass keyring 1\nlocator {MARK}\n"),
        ),
        ("MPASS_KEYRING_FILE", files[1].clone()),
        ("MPASS_KEYRING_FILE", files[2].clone()),
    ] {
        let error = refusal(home.path(), GATEWAY, &[(variable, text.as_str())]);
        assert!(
            error.contains("keyring") || error.contains("KEYRING"),
            "{error}"
        );
    }
}

/// Values of options that are not settings of a tenant: those are shown, because
/// none of them is a secret.
#[test]
fn every_option() {
    let home = tempfile::tempdir().unwrap();
    for arguments in [
        &["serve", "--listen", MARK][..],
        &["serve", "--config", MARK, "--listen", MARK],
        &["serve", MARK],
        &["serve", "--demo", MARK],
        &["--token", MARK],
        &[MARK],
        &["hotp", "--secret-hex", MARK],
        &["hotp", "--secret-base32", "hunter2Hunter3!"],
        &["hotp", "--secret-file", MARK],
        &["hotp", "--secret-format", MARK],
        &["hotp", "--secret-hex", "00", "--digits", MARK],
        &["hotp", "--secret-hex", "00", "--algorithm", MARK],
        &["hotp", "--secret-hex", "00", "--counter", MARK],
        &["hotp", "--secret-hex", "00", "--window", MARK],
        &["totp", "--secret-hex", "00", "--time", MARK],
        &["totp", "--secret-hex", "00", "--step", MARK],
        &[
            "ocra",
            "--secret-hex",
            "00",
            "--suite",
            MARK,
            "--question",
            "1",
        ],
        &["number", "normalize", MARK],
        &["number", "hash", MARK],
        &["number", "check", "1", "--country", MARK],
        &["uri", "parse", MARK],
        &[
            "uri",
            "parse",
            "otpauth://totp/a?secret=hunter2Hunter3&digits=hunter2Hunter3",
        ],
        &["key", "activate", MARK],
        &["key", "remove", MARK],
        &["key", MARK],
        &["channel", "show", MARK, MARK],
        &["channel", "revoke", "--name", MARK, "--x", MARK],
        &["client", "create", "--name", "a", "--public-key", MARK],
    ] {
        let error = run(home.path(), arguments).misuse();
        assert!(!error.contains(MARK), "{arguments:?}: {error}");
    }
}
