//! Misuse exits with 2 and one line that contains no value.

use crate::support::run_anywhere;

/// In place of a secret, a code or a number.
const SECRET: &str = "3132333435363738393031323334353637383931";

#[test]
fn misuse_prints_one_line_without_the_value() {
    let secret = ["--secret-hex", SECRET];
    let hotp = |more: &[&'static str]| [&["hotp"], &secret[..], more].concat();
    for (arguments, words) in [
        (vec!["frobnicate"], "unknown command"),
        (vec![SECRET], "unknown command"),
        (vec!["channel"], "create"),
        (vec!["hotp"], "--secret-hex"),
        (vec!["hotp", SECRET], "unexpected argument"),
        (vec!["hotp", "--secret-hx", SECRET], "--secret-hex"),
        (vec!["hotp", "--secret-hex"], "--secret-hex"),
        (
            vec![
                "hotp",
                "--secret-hex",
                "31323334353637383930313233343536373839ZZ",
            ],
            "valid hexadecimal",
        ),
        (vec!["hotp", "--secret-hex", ""], "--secret-hex"),
        (
            vec!["hotp", "--secret-base32", "31323334353637383930180189"],
            "character 2 of the secret is 1",
        ),
        (
            vec!["hotp", "--secret-file", "/nonexistent/token.key"],
            "cannot read",
        ),
        (hotp(&["--secret-base32", SECRET]), "--secret-base32"),
        (hotp(&["--secret-hex", SECRET]), "--secret-hex"),
        (hotp(&["--digits", "3"]), "4 to 10"),
        (hotp(&["--digits", "11"]), "4 to 10"),
        (hotp(&["--digits", "six"]), "4 to 10"),
        (hotp(&["--algorithm", "md5"]), "sha256"),
        (hotp(&["--counter", "-1"]), "--counter"),
        (hotp(&["--counter", "18446744073709551616"]), "--counter"),
        (
            hotp(&["--counter", "18446744073709551615", "--window", "1"]),
            "last counter",
        ),
        (hotp(&["--window", "100000"]), "--window"),
        (hotp(&["--time", "59"]), "--time"),
        (hotp(&["--secret-format", "hex"]), "--secret-file"),
        (
            vec!["totp", "--secret-hex", SECRET, "--step", "0"],
            "at least one second",
        ),
        (
            vec!["totp", "--secret-hex", SECRET, "--time", "yesterday"],
            "1970",
        ),
        (
            vec!["totp", "--secret-hex", SECRET, "--time", "1", "--t0", "2"],
            "range of time steps",
        ),
        (
            vec!["ocra", "--secret-hex", SECRET, "--question", "1"],
            "--suite",
        ),
        (
            vec![
                "ocra",
                "--secret-hex",
                SECRET,
                "--suite",
                "OCRA-2:x",
                "--question",
                "1",
            ],
            "suite",
        ),
        (
            vec![
                "ocra",
                "--secret-hex",
                SECRET,
                "--suite",
                "OCRA-1:HOTP-SHA1-6:QN08",
                "--question",
                "abc",
            ],
            "question",
        ),
        (
            vec![
                "ocra",
                "--secret-hex",
                SECRET,
                "--suite",
                "OCRA-1:HOTP-SHA1-6:C-QN08",
                "--question",
                "1",
            ],
            "missing",
        ),
        (
            vec![
                "ocra",
                "--secret-hex",
                SECRET,
                "--suite",
                "OCRA-1:HOTP-SHA1-6:QN08",
                "--question",
                "1",
                "--pin",
                "31323334",
            ],
            "does not use",
        ),
        (vec!["number", "normalize", "0500000000"], "--country"),
        (vec!["number", "normalize", "+966 five"], "not a digit"),
        (vec!["number", "hash", ""], "empty"),
        (
            vec!["number", "normalize", "0500000000", "--country", "SA"],
            "--country",
        ),
        (
            vec!["uri", "parse", "https://example.com/3132333435"],
            "key URI",
        ),
        (
            vec![
                "uri",
                "parse",
                "otpauth://totp/a?secret=31323334353637383901",
            ],
            "base32",
        ),
        (vec!["channel", "create"], "--name"),
        (vec!["channel", "create", "--name", "a b"], "name"),
        (
            vec![
                "channel",
                "create",
                "--name",
                "a",
                "--address",
                "10.0.0.0/40",
            ],
            "--address",
        ),
        (
            vec!["channel", "create", "--name", "a", "--digits", "4"],
            "--allow-weak",
        ),
        (
            vec!["channel", "create", "--name", "a", "--lifetime", "forever"],
            "--lifetime",
        ),
        (
            vec!["channel", "create", "--name", "a", "--tries", "0"],
            "--tries",
        ),
        (
            vec!["channel", "create", "--name", "a", "--sends", "10"],
            "--sends",
        ),
        (
            vec![
                "channel",
                "create",
                "--name",
                "a",
                "--text",
                "en=no placeholder",
            ],
            "--text",
        ),
        (
            vec!["channel", "create", "--name", "a", "--lock", "40d"],
            "--lock 40d",
        ),
        (
            vec!["channel", "create", "--name", "a", "--text", "ar=no"],
            "{{code}}",
        ),
        (
            vec!["channel", "create", "--name", "a", "--text", "{{code}}"],
            "en=TEXT",
        ),
        (
            vec![
                "channel",
                "create",
                "--name",
                "a",
                "--text",
                "en_US.UTF-8={{code}}",
            ],
            "BCP 47",
        ),
        (
            vec![
                "channel",
                "create",
                "--name",
                "a",
                "--text",
                "en={{code}}",
                "--text",
                "EN={{code}}",
            ],
            "--text",
        ),
        (vec!["channel", "rotate"], "NAME"),
        (vec!["serve", "--listen", "everywhere"], "--listen"),
        (
            vec!["serve", "--config", "/nonexistent/mpass.toml"],
            "cannot read",
        ),
        (
            vec![
                "serve",
                "--demo",
                "--listen",
                "0.0.0.0:0",
                "--data-dir",
                "/nonexistent",
            ],
            "loopback",
        ),
    ] {
        let ended = run_anywhere(&arguments);
        assert_eq!(
            ended.status, 2,
            "{arguments:?}: {}{}",
            ended.stdout, ended.stderr
        );
        let line = ended.misuse();
        assert!(line.contains(words), "{arguments:?}: {line}");
        for value in [SECRET, "3132333435", "0500000000", "ZZ", "966 five"] {
            assert!(!line.contains(value), "{arguments:?}: {line}");
        }
    }
}

#[test]
fn help_is_on_standard_output_and_has_examples() {
    for arguments in [
        &["--help"][..],
        &["serve", "--help"],
        &["channel", "create", "--help"],
        &["key", "--help"],
        &["totp", "--help"],
        &["ocra", "-h"],
        &["help", "number", "normalize"],
    ] {
        let help = run_anywhere(arguments);
        assert_eq!(help.stderr, "");
        assert!(help.done().contains("Example"), "{arguments:?}");
    }
    let version = run_anywhere(&["--version"]).done();
    assert_eq!(version, concat!("mpass ", env!("CARGO_PKG_VERSION"), "\n"));
}
