//! Every OATH vector through the command line, also tampered.

use mpass_tests::coverage::COMMAND_LINE;
use mpass_tests::served::wrong;
use mpass_tests::vectors;

use crate::support::{run_anywhere, run_with_input};

const SECRET: &str = "3132333435363738393031323334353637383930";
const SECRET_BASE32: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/// Prints the code, accepts it, and rejects it tampered.
#[track_caller]
fn check(arguments: &[&str], code: &str) {
    let printed = run_anywhere(arguments);
    assert_eq!(printed.stderr, "", "{arguments:?}");
    assert_eq!(printed.done(), format!("{code}\n"), "{arguments:?}");
    for (typed, status) in [(code, 0), (&wrong(code), 1)] {
        let verified = run_anywhere(&[arguments, &["--verify", typed]].concat());
        assert_eq!(verified.status, status, "{arguments:?} {typed}");
        assert_eq!(verified.stdout, "", "{arguments:?} {typed}");
        assert!(!verified.stderr.contains(typed), "{}", verified.stderr);
    }
}

#[test]
fn hotp_vectors() {
    let file = vectors::hotp();
    let digits = file.digits.to_string();
    let arguments = ["hotp", "--secret-hex", &file.key_hex, "--digits", &digits];
    COMMAND_LINE.vectors("hotp.json", &file.vectors, |vector| {
        let counter = vector.counter.to_string();
        let algorithm = ["--counter", &counter, "--algorithm", &file.algorithm];
        check(&[&arguments[..], &algorithm].concat(), &vector.code);
    });
    let codes: Vec<&str> = file
        .vectors
        .iter()
        .map(|vector| vector.code.as_str())
        .collect();
    let window = (codes.len() - 1).to_string();
    let printed = run_anywhere(&[&arguments[..], &["--window", &window]].concat());
    assert_eq!(printed.done(), codes.join("\n") + "\n");
}

#[test]
fn totp_vectors() {
    let file = vectors::totp();
    let (digits, step, t0) = (
        file.digits.to_string(),
        file.step.to_string(),
        file.t0.to_string(),
    );
    COMMAND_LINE.vectors("totp.json", &file.vectors, |vector| {
        let time = vector.unix_time.to_string();
        check(
            &[
                "totp",
                "--secret-hex",
                &vector.key_hex,
                "--algorithm",
                &vector.algorithm,
                "--digits",
                &digits,
                "--step",
                &step,
                "--t0",
                &t0,
                "--time",
                &time,
            ],
            &vector.code,
        );
    });
}

#[test]
fn codes_of_known_mistakes_do_not_appear() {
    let vectors = vectors::totp_wrong().vectors;
    COMMAND_LINE.vectors("totp-wrong.json", &vectors, |vector| {
        let (digits, time) = (vector.digits.to_string(), vector.unix_time.to_string());
        let arguments = [
            ["totp", "--secret-hex", &vector.key_hex],
            ["--algorithm", &vector.algorithm, "--digits"],
            [&digits, "--time", &time],
        ]
        .concat();
        let wrong = &vector.wrong_code;
        let printed = run_anywhere(&arguments).done();
        assert_ne!(printed, format!("{wrong}\n"), "{}", vector.mistake);
        let verify = ["--window", "10", "--verify", wrong];
        let verified = run_anywhere(&[&arguments[..], &verify].concat());
        assert_eq!(verified.status, 1, "{}", vector.mistake);
    });
}

#[test]
fn typed_codes() {
    let file = vectors::typed_code();
    COMMAND_LINE.vectors("typed-code.json", &file.vectors, |vector| {
        let (counter, digits) = (vector.counter.to_string(), vector.digits.to_string());
        let arguments = ["hotp", "--secret-hex", &file.key_hex, "--counter", &counter];
        for (text, verdict) in [
            (&vector.text, &vector.verdict),
            (&vector.altered, &vector.altered_verdict),
        ] {
            let verify = ["--digits", &digits, &format!("--verify={text}")];
            let verified = run_anywhere(&[&arguments[..], &verify].concat());
            let status = i32::from(verdict != "Accept");
            assert_eq!(verified.status, status, "{text:?}");
        }
    });
}

#[test]
fn ocra_vectors() {
    for (file, vectors) in [
        ("ocra.json", vectors::ocra().vectors),
        ("ocra-more.json", vectors::ocra_more().vectors),
        ("ocra-suites.json", vectors::ocra_suites().vectors),
    ] {
        COMMAND_LINE.vectors(file, &vectors, check_ocra);
    }
}

fn check_ocra(vector: &vectors::Ocra) {
    let counter = vector.counter.map(|counter| counter.to_string());
    let time = vector.unix_time.map(|time| time.to_string());
    let mut arguments = vec!["ocra", "--secret-hex", &vector.key_hex];
    arguments.extend(["--suite", &vector.suite, "--question", &vector.question]);
    for (name, value) in [
        ("--counter", &counter),
        ("--pin", &vector.pin),
        ("--session-hex", &vector.session_hex),
        ("--time", &time),
    ] {
        if let Some(value) = value {
            arguments.extend([name, value]);
        }
    }
    check(&arguments, &vector.response);
}

#[test]
fn a_window_looks_forward_only() {
    let verify = |counter, window, code| {
        run_anywhere(&[
            "hotp",
            "--secret-hex",
            SECRET,
            "--counter",
            counter,
            "--window",
            window,
            "--verify",
            code,
        ])
    };
    let found = verify("0", "3", "969429");
    assert_eq!(
        (found.status, found.stderr.as_str()),
        (0, "accepted: counter 3\n")
    );
    assert_eq!(verify("0", "2", "969429").status, 1);
    assert_eq!(verify("4", "9", "969429").status, 1);
    for typed in ["٩٦٩٤٢٩", " 969 429"] {
        assert_eq!(verify("0", "3", typed).status, 0, "{typed:?}");
    }
    for other in ["96942", "9694290", "+69429", "abcdef", ""] {
        assert_eq!(verify("0", "3", other).status, 1, "{other:?}");
    }
}

#[test]
fn a_time_window_looks_both_ways() {
    let verify = |time, window| {
        let arguments = ["totp", "--secret-hex", SECRET, "--time", time];
        let more = ["--digits", "8", "--window", window, "--verify", "94287082"];
        run_anywhere(&[&arguments[..], &more].concat())
    };
    let found = verify("59", "0");
    assert_eq!(
        (found.status, found.stderr.as_str()),
        (0, "accepted: time step 1\n")
    );
    for time in ["29", "89"] {
        assert_eq!(verify(time, "0").status, 1);
        assert_eq!(verify(time, "1").status, 0);
    }
    assert_eq!(verify("1970-01-01T00:00:59Z", "0").status, 0);
}

#[test]
fn the_secret_in_every_format() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("token.key");
    std::fs::write(&file, format!("{SECRET_BASE32}\n")).unwrap();
    let file = file.to_str().unwrap();
    for source in [
        ["--secret-hex", SECRET],
        [
            "--secret-hex",
            "31:32:33:34:35 36-37-38-39-30 31323334353637383930",
        ],
        ["--secret-base32", SECRET_BASE32],
        ["--secret-base32", "gezd gnbv gy3t qojq-gezd-gnbv-gy3t-qojq"],
        ["--secret-file", file],
    ] {
        let printed = run_anywhere(&[&["hotp", "--counter", "1"][..], &source].concat());
        assert_eq!(printed.done(), "287082\n", "{source:?}");
    }
    let arguments = ["hotp", "--counter", "1", "--secret-file", "-"];
    let printed = run_with_input(&arguments, format!("{SECRET}\n").as_bytes());
    assert_eq!(printed.done(), "287082\n");
    let raw = [&arguments[..], &["--secret-format", "raw"]].concat();
    assert_eq!(
        run_with_input(&raw, b"12345678901234567890").done(),
        "287082\n"
    );
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("token.key");
    std::fs::write(&path, SECRET).unwrap();
    for (mode, warns) in [(0o644, true), (0o600, false)] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let printed = run_anywhere(&["hotp", "--secret-file", path.to_str().unwrap()]);
        assert_eq!(
            printed.stderr.contains("warning"),
            warns,
            "{}",
            printed.stderr
        );
        assert_eq!(printed.done(), "755224\n");
    }
}

#[test]
fn short_secrets_say_so() {
    let short = ["hotp", "--secret-hex", "31323334"];
    assert!(run_anywhere(&short).misuse().contains("--allow-short"));
    let code = run_anywhere(&[&short[..], &["--allow-short"]].concat()).done();
    assert_eq!(code.trim().len(), 6);
}

#[test]
fn uris_there_and_back() {
    let uri = run_anywhere(&[
        "uri",
        "build",
        "totp",
        "--account",
        "ali@example.com",
        "--issuer",
        "Example Shop",
        "--secret-hex",
        SECRET,
        "--digits",
        "8",
        "--algorithm",
        "sha256",
        "--step",
        "60",
    ])
    .done();
    assert!(uri.starts_with("otpauth://totp/Example%20Shop:"), "{uri}");
    let parsed = run_anywhere(&["uri", "parse", uri.trim()]).done();
    assert_eq!(
        parsed,
        "type=totp\nissuer=Example Shop\naccount=ali@example.com\nalgorithm=SHA256\n\
         digits=8\nperiod=60\n"
    );
    let arguments = ["uri", "parse", "-", "--json", "--show-secret"];
    let parsed = run_with_input(&arguments, uri.as_bytes()).done();
    let parsed: serde_json::Value = serde_json::from_str(&parsed).unwrap();
    assert_eq!(parsed["secret"], SECRET_BASE32);
    assert_eq!(parsed["digits"], 8);
}
