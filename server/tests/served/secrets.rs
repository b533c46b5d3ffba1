//! After a whole life of a server nothing that it was trusted with stands in
//! any log or store file.

use std::fs;
use std::path::Path;

use mpass_tests::served::{Inbox, Service, number, wrong};

use crate::process::{Gateway, Process, create_channel, data_dir, printed, run};

/// Every file under a directory with its bytes.
fn files(dir: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            files(&entry.path(), found);
        } else if kind.is_file() {
            let bytes = fs::read(entry.path()).unwrap();
            found.push((entry.path().display().to_string(), bytes));
        }
    }
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn no_number_code_key_or_secret_in_any_log_or_store_file() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let gateway = Gateway::start();
    let keyring_file = dir.join("keyring").display().to_string();
    let mut secrets: Vec<String> = Vec::new();

    let process = Process::configured(dir, &gateway.config(dir));
    // Codes so long that none stands anywhere by chance.
    for (name, digits) in [("eight", "8"), ("ten", "10")] {
        let arguments = [
            "--name",
            name,
            "--digits",
            digits,
            "--keyring",
            &keyring_file,
        ];
        let key = create_channel(dir, &arguments);
        let service = Service::new(&process.base, &key);
        secrets.push(key);
        for round in 0..20 {
            let dest = number(6, round);
            assert!(service.send(&dest, "&app=Shop").is("0"));
            let code = gateway.code(&dest);
            assert!(service.verify(&dest, &wrong(&code), "&app=Shop").is("3"));
            assert!(service.verify(&dest, &code, "&app=Shop").is("0"));
            assert!(service.verify(&dest, &code, "").is("3"));
            secrets.push(dest.trim_start_matches('+').to_owned());
            secrets.push(dest.trim_start_matches("+966").to_owned());
            secrets.push(wrong(&code));
            secrets.push(code);
        }
        // Requests that fail, each in its own way, carry secrets as well.
        let dest = number(6, 0);
        assert_eq!(service.send(&dest, "").http, 429);
        assert!(service.send("+9665", "").is("1"));
        gateway.answer(500);
        assert!(service.send(&number(7, 0), "").is("100"));
        gateway.answer(400);
        assert!(service.send(&number(7, 1), "").is("100"));
        gateway.answer(200);
        for round in 0..2 {
            secrets.push(number(7, round).trim_start_matches('+').to_owned());
        }
    }
    let rotated = run(&[
        "channel",
        "rotate",
        "eight",
        "--json",
        "--data-dir",
        &data_dir(dir),
        "--keyring",
        &keyring_file,
    ]);
    assert!(rotated.status.success(), "{rotated:?}");
    let rotated: serde_json::Value = serde_json::from_slice(&rotated.stdout).unwrap();
    secrets.push(rotated["key"].as_str().unwrap().to_owned());
    assert_eq!(process.terminate(), Some(0));

    let keyring = fs::read_to_string(dir.join("keyring")).unwrap();
    let held = keyring.split_whitespace().filter(|word| word.len() == 64);
    secrets.extend(held.map(str::to_owned));
    assert!(secrets.len() > 160);

    let mut searched = Vec::new();
    files(Path::new(&data_dir(dir)), &mut searched);
    let (stdout, stderr) = printed(dir);
    assert!(stderr.contains("/mpass-web/rest/mv/verify"), "{stderr}");
    searched.push(("what it printed".to_owned(), stdout.into_bytes()));
    searched.push(("its log".to_owned(), stderr.into_bytes()));
    assert!(searched.iter().any(|(_, bytes)| bytes.len() > 4096));
    for secret in &secrets {
        let mut forms = vec![secret.clone().into_bytes()];
        if let Ok(value) = secret.parse::<u64>() {
            // As a number, in either byte order.
            forms.push(value.to_be_bytes().to_vec());
            forms.push(value.to_le_bytes().to_vec());
        }
        if secret.len() == 64 && secret.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let raw = (0..32).map(|at| u8::from_str_radix(&secret[2 * at..2 * at + 2], 16));
            forms.push(raw.collect::<Result<_, _>>().unwrap());
        }
        for form in forms {
            for (name, bytes) in &searched {
                assert!(!holds(bytes, &form), "{name} holds a secret: {secret}");
            }
        }
    }
}
