//! Secrets in files: text is read as what it is or refused, and only what is no
//! text is raw bytes.

use crate::support::{Run, run_with_input};

const BASE32: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const HEX: &str = "3132333435363738393031323334353637383930";
/// RFC 4226 appendix D, counter 0.
const CODE: &str = "755224\n";

fn run(command: &[&str], secret: impl AsRef<[u8]>) -> Run {
    let arguments = [command, &["--secret-file", "-"]].concat();
    run_with_input(&arguments, secret.as_ref())
}

fn hotp(secret: impl AsRef<[u8]>) -> Run {
    run(&["hotp"], secret)
}

#[test]
fn a_wrapped_secret_is_one_secret() {
    let halves = BASE32.split_at(16);
    let (front, back) = HEX.split_at(20);
    let pairs: Vec<&str> = (0..20).map(|at| &HEX[2 * at..2 * at + 2]).collect();
    for text in [
        // base32 -w 16, and with the line ends of Windows.
        format!("{}\n{}\n", halves.0, halves.1),
        format!("{}\r\n{}\r\n", halves.0, halves.1),
        format!("\u{feff}{BASE32}\n"),
        // xxd -p -c 10, xxd -p -c 1, and od -An -tx1.
        format!("{front}\n{back}\n"),
        pairs.join("\n"),
        format!(" {}", pairs.join(" ")),
    ] {
        assert_eq!(hotp(&text).done(), CODE, "{text:?}");
    }
}

/// The codes of a key URI and of `.google_authenticator` are those they state.
#[test]
fn a_file_that_states_its_codes() {
    // RFC 6238 appendix B: 8 digits, at 59 seconds.
    let uri = format!("note\notpauth://totp/a?secret={BASE32}&digits=8\n");
    let totp = ["totp", "--time", "59"];
    assert_eq!(run(&totp, &uri).done(), "94287082\n");
    let same = [&totp[..], &["--digits", "8"]].concat();
    assert_eq!(run(&same, &uri).done(), "94287082\n");
    let other = [&totp[..], &["--digits", "6"]].concat();
    assert!(run(&other, &uri).misuse().contains("--digits"));
    let other = [&totp[..], &["--algorithm", "sha256"]].concat();
    assert!(run(&other, &uri).misuse().contains("--algorithm"));
    let other = [&totp[..], &["--step", "60"]].concat();
    assert!(run(&other, &uri).misuse().contains("--step"));
    assert!(hotp(&uri).misuse().contains("mpass totp"));

    let file = format!("{BASE32}\n\" RATE_LIMIT 3 30\n\" TOTP_AUTH\n12345678\n");
    assert_eq!(run(&totp, &file).done(), "287082\n");
    let counted = file.replace("TOTP_AUTH", "HOTP_COUNTER 3");
    assert_eq!(hotp(&counted).done(), "969429\n");
    assert_eq!(run(&["hotp", "--counter", "0"], &counted).done(), CODE);
    assert!(run(&totp, &counted).misuse().contains("mpass hotp"));
    let ocra = [
        "ocra",
        "--suite",
        "OCRA-1:HOTP-SHA1-6:QN08",
        "--question",
        "00000000",
    ];
    for text in [&uri, &file] {
        let printed = run(&ocra, text);
        assert!(
            printed.stderr.contains("only the secret"),
            "{}",
            printed.stderr
        );
        assert_eq!(printed.done(), "237653\n");
    }
    let printed = run(&ocra, BASE32);
    assert_eq!(printed.stderr, "");
    assert_eq!(printed.done(), "237653\n");
    let verify = |response| run(&[&ocra[..], &["--verify", response]].concat(), BASE32);
    assert_eq!(verify("237-653").status, 0);
    assert_eq!(verify("237654").status, 1);
    for malformed in ["abc", "237", ""] {
        assert!(
            verify(malformed).misuse().contains("malformed"),
            "{malformed}"
        );
    }
}

/// A key URI is built from every form of a file, with the codes that it states.
#[test]
fn a_key_uri_from_a_file_that_states_its_codes() {
    let build = |kind, options: &[&str], text: &str| {
        let command = [&["uri", "build", kind, "--account", "b"], options].concat();
        run(&command, text)
    };
    let written = |rest: &str| format!("otpauth://{}", rest.replace("=S&", &format!("={BASE32}&")));
    let uri = written("totp/A:a?secret=S&issuer=A&algorithm=SHA256&digits=8&period=60");
    let expected = written("totp/b?secret=S&algorithm=SHA256&digits=8&period=60\n");
    assert_eq!(build("totp", &[], &uri).done(), expected);
    assert_eq!(
        build("totp", &["--digits", "8", "--step", "60"], &uri).done(),
        expected
    );
    for (option, value) in [("--digits", "6"), ("--algorithm", "sha1"), ("--step", "30")] {
        assert!(
            build("totp", &[option, value], &uri)
                .misuse()
                .contains(option)
        );
    }
    assert!(build("hotp", &[], &uri).misuse().contains("uri build totp"));

    let file = format!("{BASE32}\n\" HOTP_COUNTER 3\n12345678\n");
    let counted = |counter: u64| written(&format!("hotp/b?secret=S&counter={counter}\n"));
    assert_eq!(build("hotp", &[], &file).done(), counted(3));
    assert_eq!(build("hotp", &["--counter", "4"], &file).done(), counted(4));
    assert!(
        build("totp", &[], &file)
            .misuse()
            .contains("uri build hotp")
    );
}

/// `--step` and `period` are in seconds.
#[test]
fn a_step_in_milliseconds_is_refused() {
    for command in [
        &["totp", "--step", "30000"][..],
        &["uri", "build", "totp", "--account", "a", "--step", "30000"],
    ] {
        let said = run(command, BASE32).misuse();
        assert!(said.contains("milliseconds"), "{said}");
    }
    let uri = format!("otpauth://totp/a?secret={BASE32}&period=30000");
    assert!(run(&["totp"], &uri).misuse().contains("milliseconds"));
}

#[test]
fn what_is_in_doubt_is_refused() {
    let both = "23456723456723456723456723456723";
    let said = hotp(both).misuse();
    assert!(
        said.contains("--hex") && said.contains("--base32"),
        "{said}"
    );
    assert_ne!(
        run(&["hotp", "--hex"], both).done(),
        run(&["hotp", "--base32"], both).done()
    );
    for (text, words) in [
        (
            "GEZDGNBVGY3TQOJQ\nGEZ1GNBVGY3TQOJQ\n",
            "line 2, character 4 of the secret is 1",
        ),
        ("31323334353637383930313233343536373839O0", "character 39"),
        ("not a secret!", "--raw"),
        ("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\0", "--raw"),
        ("# token\nGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "character 1"),
        ("otpauth://totp/a?digits=6", "secret"),
        ("\n", "empty"),
    ] {
        let said = hotp(text).misuse();
        assert!(said.contains(words), "{said}");
        assert!(!said.contains("GEZ") && !said.contains("3132"), "{said}");
    }
    // UTF-16, as PowerShell 5 redirects.
    let wide: Vec<u8> = BASE32.encode_utf16().flat_map(u16::to_le_bytes).collect();
    hotp([&[0xff, 0xfe][..], &wide].concat()).misuse();
    hotp(wide).misuse();
}

/// What was chosen in reading a key URI is printed where its codes are used.
#[test]
fn the_cautions_of_a_key_uri_are_printed() {
    let uri = format!("otpauth://totp/a?secret={BASE32}&issuer=A&amp;digits=8&x=1\n");
    let printed = run(&["totp", "--time", "59"], &uri);
    assert!(
        printed.stderr.contains("&amp; is read as &"),
        "{}",
        printed.stderr
    );
    assert!(printed.stderr.contains("not used"), "{}", printed.stderr);
    assert!(!printed.stderr.contains("six digits"), "{}", printed.stderr);
    assert_eq!(printed.done(), "94287082\n");
    let refused = run(&["totp", "--time", "59", "--strict"], &uri).misuse();
    assert!(
        refused.contains("EscapedAmpersand, UnknownParameter"),
        "{refused}"
    );
    let strict = format!("otpauth://hotp/a?secret={BASE32}&counter=0\n");
    assert_eq!(run(&["hotp", "--strict"], &strict).done(), CODE);
    assert_eq!(run(&["hotp", "--strict"], BASE32).done(), CODE);
}

/// The option of an input that the suite requires or does not use, and the part
/// of a suite that is at fault.
#[test]
fn inputs_and_parts_of_a_suite_are_named() {
    for (suite, option, words) in [
        ("OCRA-1:HOTP-SHA1-6:C-QN08", "", "--counter is missing"),
        ("OCRA-1:HOTP-SHA1-6:QN08-P", "", "--pin is missing"),
        ("OCRA-1:HOTP-SHA1-6:QN08-S", "", "--session-hex is missing"),
        (
            "OCRA-1:HOTP-SHA1-6:QN08",
            "--counter=1",
            "--counter is invalid",
        ),
        ("OCRA-1:HOTP-SHA1-6:QN08", "--pin=1234", "--pin is invalid"),
        (
            "OCRA-1:HOTP-SHA1-6:QN08",
            "--session-hex=00",
            "--session-hex is invalid",
        ),
        ("OCRA-1:HOTP-SHA1-6:QN08", "--time=1", "--time is invalid"),
        (
            "OCRA-1:HOTP-SHA1-3:QN08",
            "",
            "--suite is invalid: the function",
        ),
        ("OCRA-1:HOTP-SHA1-6:C", "", "begin with Q"),
        ("OCRA-1:HOTP-SHA1-6:QN08-S64", "", "S001 to S999"),
        ("ocra-1:hotp-sha1-6:qn08", "", "upper case"),
    ] {
        let mut arguments = vec!["ocra", "--suite", suite, "--question", "00000000"];
        arguments.extend(Some(option).filter(|option| !option.is_empty()));
        let said = run(&arguments, BASE32).misuse();
        assert!(said.contains(words), "{suite} {option}: {said}");
    }
    // Without --time it is now.
    let by_time = [
        "ocra",
        "--suite",
        "OCRA-1:HOTP-SHA1-6:QN08-T",
        "--question",
        "1",
    ];
    assert_eq!(run(&by_time, BASE32).done().len(), 7);
}

#[test]
fn a_secret_as_the_name_of_a_file_is_not_shown() {
    for secret in [
        BASE32.to_owned(),
        format!("otpauth://totp/a?secret={BASE32}"),
    ] {
        let said = crate::support::run_anywhere(&["totp", "--secret-file", &secret]).misuse();
        assert!(
            !said.contains("GEZD") && said.contains("--secret-file"),
            "{said}"
        );
    }
}

#[test]
fn raw_bytes() {
    let bytes: Vec<u8> = (0x80..0x94).collect();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let code = run(&["hotp", "--hex"], hex).done();
    assert_eq!(hotp(&bytes).done(), code);
    assert_eq!(run(&["hotp", "--raw"], &bytes).done(), code);
    // Text is raw bytes only by request.
    let text = "12345678901234567890";
    for raw in [&["--raw"][..], &["--secret-format", "raw"]] {
        assert_eq!(run(&[&["hotp"], raw].concat(), text).done(), CODE);
    }
    assert!(
        run(&["hotp", "--raw", "--hex"], text)
            .misuse()
            .contains("--hex")
    );
    // No form of its own for the options that have one.
    let said = crate::support::run_anywhere(&["hotp", "--secret-hex", HEX, "--raw"]);
    assert!(said.misuse().contains("--secret-file"));
}

#[test]
fn a_time_in_milliseconds_is_refused() {
    for time in ["1790000000000", "253402300800"] {
        let said = run(&["totp", "--time", time], BASE32).misuse();
        assert!(said.contains("milliseconds"), "{said}");
        let verify = ["totp", "--verify", "755224", "--time", time];
        assert!(run(&verify, BASE32).misuse().contains("milliseconds"));
    }
    assert_eq!(
        run(&["totp", "--time", "253402300799"], BASE32)
            .done()
            .len(),
        7
    );
}
