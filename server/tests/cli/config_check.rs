//! `mpass config check`.

use core::time::Duration;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use mpass_server::clock;
use rcgen::{CertificateParams, KeyPair};
use serde_json::Value;

use crate::support::{Run, json, run};

const GATEWAY: &str = "[gateway]\nurl = 'https://sms.example/?to={{to}}&text={{text}}'\n";

struct Site {
    home: tempfile::TempDir,
}

impl Site {
    fn new() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// Writes and checks a configuration with its data and keyring here.
    fn check(&self, text: &str, more: &[&str]) -> Run {
        let text = format!(
            "data_dir = '{}'\nkeyring.file = '{}'\n{text}",
            self.path("data").display(),
            self.path("keyring").display()
        );
        let file = self.write("mpass.toml", &text);
        let before = names(self.home.path());
        let check = ["config", "check", "--config", file.to_str().unwrap()];
        let run = run(self.home.path(), &[&check, more].concat());
        assert_eq!(names(self.home.path()), before, "a check creates nothing");
        run
    }

    fn findings(&self, text: &str) -> (i32, Value) {
        let run = self.check(text, &["--json"]);
        (run.status, json(&run.stdout))
    }
}

/// Every path below a directory.
fn names(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(names(&path));
        }
        found.push(path);
    }
    found.sort();
    found
}

/// The lines of findings, each with its key.
fn found(findings: &Value, list: &str) -> Vec<(Option<u64>, String, String)> {
    let list = findings[list].as_array().unwrap().iter();
    list.map(|one| {
        let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
        assert!(text("file").ends_with("mpass.toml"), "{one}");
        (one["line"].as_u64(), text("key"), text("what"))
    })
    .collect()
}

/// A certificate for some days, and its key.
fn certificate(days: u64) -> (String, String) {
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let end = Duration::from_millis(clock::now_ms()) + Duration::from_secs(days * 86_400 + 3600);
    params.not_after = rcgen::date_time_ymd(1970, 1, 1) + end;
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    (certificate.pem(), key.serialize_pem())
}

#[test]
fn a_valid_configuration() {
    let site = Site::new();
    let checked = site.check(GATEWAY, &[]);
    assert_eq!(checked.status, 0, "{}{}", checked.stdout, checked.stderr);
    assert!(
        checked.stdout.ends_with("mpass.toml is valid\n"),
        "{}",
        checked.stdout
    );
    let (status, findings) = site.findings(GATEWAY);
    assert_eq!((status, &findings["problems"]), (0, &serde_json::json!([])));
}

/// Lines 1 and 2 are those of the data directory and the keyring.
#[test]
fn everything_is_reported_and_no_value() {
    let site = Site::new();
    let secret = site.path("no-such-token");
    let text = format!(
        "listen = '0.0.0.0:9091'\n\
         [limits]\n\
         connections = 'SECRET'\n\
         header_timeout = '2h'\n\
         [numbers]\n\
         barred = ['SECRET']\n\
         [login]\n\
         issuer = 'ftp://SECRET'\n\
         signing_keys = ['/SECRET/key.pem']\n\
         [network]\n\
         entries = 0\n\
         [gateway]\n\
         url = 'http://sms.example/?to={{{{to}}}}'\n\
         timeout = '1h'\n\
         [gateway.secrets]\n\
         token = {{ file = '{}' }}\n\
         other = {{ env = 'NO_SUCH_VARIABLE' }}\n",
        secret.display()
    );
    let (status, findings) = site.findings(&text);
    let problems = found(&findings, "problems");
    assert_eq!(status, 1, "{problems:#?}");
    for (line, key, what) in [
        (3, "listen", "is not loopback"),
        (5, "limits.connections", "expected a whole number"),
        (6, "limits.header_timeout", "between 100ms and 60s"),
        (8, "numbers.barred", "malformed prefix"),
        (10, "login.issuer", "issuer"),
        (11, "login.signing_keys", "cannot read"),
        (13, "network.entries", "between 1 and 10000000"),
        (15, "gateway.url", "unencrypted"),
        (16, "gateway.timeout", "between 100ms and 7s"),
        (18, "gateway.secrets.token", "cannot read"),
        (19, "gateway.secrets.other", "NO_SUCH_VARIABLE is not set"),
    ] {
        let is_it = |one: &&(Option<u64>, String, String)| {
            one.0 == Some(line) && one.1 == key && one.2.contains(what)
        };
        assert_eq!(
            problems.iter().filter(is_it).count(),
            1,
            "{line} {key}: {problems:#?}"
        );
    }
    assert!(
        !findings
            .to_string()
            .replace("/SECRET/key.pem", "")
            .contains("SECRET")
    );
    let lines = site.check(&text, &[]).stdout;
    assert!(
        lines.contains("mpass.toml: line 16: gateway.timeout must be"),
        "{lines}"
    );
    let errors = lines.lines().filter(|line| line.starts_with("error: "));
    assert_eq!(errors.count(), problems.len(), "{lines}");
    let broken = site.check("a = SECRET\nb = 'SECRET\n", &[]);
    assert_eq!(broken.status, 1);
    assert!(broken.stdout.contains("line 3: ") && broken.stdout.contains("line 4: "));
    assert!(!broken.stdout.contains("SECRET"), "{}", broken.stdout);
}

#[test]
fn certificates_match_and_last() {
    let site = Site::new();
    let text = |certificates: &Path, key: &Path| {
        format!(
            "{GATEWAY}[tls]\ncertificates = '{}'\nkey = '{}'\n",
            certificates.display(),
            key.display()
        )
    };
    let mut files = Vec::new();
    for days in [5, 15, 60] {
        let (certificate, key) = certificate(days);
        let certificate = site.write(&format!("{days}.pem"), &certificate);
        files.push((certificate, site.write(&format!("{days}-key.pem"), &key)));
    }
    for ((certificate, key), days) in files.iter().zip([Some(5), Some(15), None]) {
        let (status, findings) = site.findings(&text(certificate, key));
        let warnings = found(&findings, "warnings");
        assert_eq!(status, 0, "{findings}");
        let ends = warnings.iter().find(|one| one.1 == "tls.certificates");
        let expected = days.map(|days| format!("ends in {days} days"));
        assert_eq!(ends.is_some(), days.is_some(), "{warnings:#?}");
        if let (Some(ends), Some(expected)) = (ends, expected) {
            assert!(ends.2.contains(&expected), "{warnings:#?}");
        }
    }
    let (status, findings) = site.findings(&text(&files[0].0, &files[1].1));
    let problems = found(&findings, "problems");
    assert_eq!((status, problems.len()), (1, 1), "{problems:#?}");
    assert!(problems[0].2.contains("do not match"), "{problems:#?}");
    let missing = site.path("missing.pem");
    let (status, findings) = site.findings(&text(&missing, &missing));
    let keys: Vec<_> = found(&findings, "problems")
        .into_iter()
        .map(|one| one.1)
        .collect();
    assert_eq!(
        (status, keys),
        (1, vec!["tls.certificates".to_owned(), "tls.key".to_owned()])
    );
    // A key that others can read.
    let open = fs::Permissions::from_mode(0o644);
    fs::set_permissions(&files[2].1, open).unwrap();
    let (status, findings) = site.findings(&text(&files[2].0, &files[2].1));
    let warnings = found(&findings, "warnings");
    assert_eq!(status, 0, "{findings}");
    assert!(
        warnings
            .iter()
            .any(|one| one.1 == "tls.key" && one.2.contains("0644")),
        "{warnings:#?}"
    );
}

#[test]
fn the_store_belongs_to_the_keyring() {
    let site = Site::new();
    site.check(GATEWAY, &[]).done();
    let config = site.path("mpass.toml");
    let config = ["--config", config.to_str().unwrap()];
    let create = ["channel", "create", "--name", "shop"];
    run(site.home.path(), &[&create[..], &config].concat()).done();
    site.check(GATEWAY, &[]).done();
    let keyring = site.path("keyring");
    let own = site.path("own");
    fs::rename(&keyring, &own).unwrap();
    let (status, findings) = site.findings(GATEWAY);
    assert_eq!(status, 1, "{findings}");
    assert!(
        findings.to_string().contains("there is no keyring"),
        "{findings}"
    );
    // Another one.
    let other = tempfile::tempdir().unwrap();
    run(other.path(), &create).done();
    fs::copy(other.path().join(".config/mpass/keyring"), &keyring).unwrap();
    let (status, findings) = site.findings(GATEWAY);
    assert_eq!(status, 1, "{findings}");
    assert!(findings.to_string().contains("keyring"), "{findings}");
    fs::rename(&own, &keyring).unwrap();
    let data = site.path("data");
    fs::set_permissions(&data, fs::Permissions::from_mode(0o770)).unwrap();
    let (status, findings) = site.findings(GATEWAY);
    assert_eq!(status, 1, "{findings}");
    assert_eq!(found(&findings, "problems")[0].1, "data_dir");
    fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).unwrap();
    site.check(GATEWAY, &[]).done();
}

/// What the start could not create or write, or should not use.
#[test]
fn directories_that_cannot_be_used() {
    let site = Site::new();
    let file = site.write("file", "");
    let check = |data: &Path, keyring: &Path| {
        let text = format!(
            "\ndata_dir = '{}'\nkeyring.file = '{}'\n{GATEWAY}",
            data.display(),
            keyring.display()
        );
        let config = site.write("other-mpass.toml", &text);
        let arguments = ["check", "--json", "--config", config.to_str().unwrap()];
        let run = run(site.home.path(), &[&["config"], &arguments[..]].concat());
        found(&json(&run.stdout), "problems")
    };
    let (data, keyring) = (site.path("a/data"), site.path("b/keyring"));
    assert_eq!(check(&data, &keyring), []);
    for odd in [file.clone(), file.join("data")] {
        let problems = check(&odd, &keyring);
        assert_eq!(
            (problems[0].0, problems[0].1.as_str()),
            (Some(2), "data_dir"),
            "{problems:#?}"
        );
        assert!(problems[0].2.contains("ot a directory"), "{problems:#?}");
    }
    let problems = check(&data, &file.join("keyring"));
    assert_eq!(
        (problems[0].0, problems[0].1.as_str()),
        (Some(3), "keyring.file"),
        "{problems:#?}"
    );
    // Everybody could replace the directory.
    let above = site.path("above");
    fs::create_dir(&above).unwrap();
    fs::set_permissions(&above, fs::Permissions::from_mode(0o777)).unwrap();
    let problems = check(&above.join("data"), &keyring);
    assert_eq!(problems[0].1, "data_dir", "{problems:#?}");
    assert!(problems[0].2.contains("mode 0777"), "{problems:#?}");
    let config = site.path("other-mpass.toml");
    let serve = ["serve", "--config", config.to_str().unwrap()];
    let refused = run(site.home.path(), &serve).misuse();
    assert!(
        refused.contains("line 2: data_dir: ") && refused.contains("mode 0777"),
        "{refused}"
    );
    assert_eq!(
        fs::read_dir(&above).unwrap().count(),
        0,
        "nothing is created"
    );
    if rustix::process::geteuid().is_root() {
        fs::create_dir(site.path("foreign")).unwrap();
        std::os::unix::fs::chown(site.path("foreign"), Some(65_534), None).unwrap();
        let problems = check(&site.path("foreign"), &keyring);
        assert!(
            problems[0].2.contains("belongs to user 65534"),
            "{problems:#?}"
        );
    } else {
        println!("NOT RUN: only root has directories of other users");
    }
}

#[test]
fn files_that_are_none() {
    let site = Site::new();
    let pipe = site.path("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    for odd in [pipe.as_path(), Path::new("/dev/zero"), site.home.path()] {
        let text = format!("{GATEWAY}secrets.token.file = '{}'", odd.display());
        let (status, findings) = site.findings(&text);
        let problems = found(&findings, "problems");
        assert_eq!(
            (status, problems[0].1.as_str()),
            (1, "gateway.secrets.token"),
            "{findings}"
        );
        assert_eq!(found(&findings, "warnings"), [], "{findings}");
    }
}

/// A password in the configuration itself is as public as the file.
#[test]
fn a_password_in_a_public_configuration() {
    let site = Site::new();
    let check = |password: &str, mode: u32| {
        let text = format!(
            "data_dir = '{}'\nkeyring.file = '{}'\n{GATEWAY}\
             basic_auth = {{ user = 'a', password = '{password}' }}\nsecrets.p.file = '{}'\n",
            site.path("data").display(),
            site.path("keyring").display(),
            site.write("p", "x").display()
        );
        let config = site.write("public-mpass.toml", &text);
        fs::set_permissions(&config, fs::Permissions::from_mode(mode)).unwrap();
        let arguments = ["config", "check", "--json", "--config"];
        let run = run(
            site.home.path(),
            &[&arguments[..], &[config.to_str().unwrap()]].concat(),
        );
        assert_eq!(run.status, 0, "{}", run.stdout);
        found(&json(&run.stdout), "warnings")
    };
    assert_eq!(check("SECRET", 0o600), []);
    assert_eq!(check("{{secret.p}}", 0o644), []);
    let warnings = check("SECRET", 0o644);
    assert_eq!(
        warnings[0].1, "gateway.basic_auth.password",
        "{warnings:#?}"
    );
    assert!(!warnings[0].2.contains("SECRET"), "{warnings:#?}");
}
