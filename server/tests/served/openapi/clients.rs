//! openapi-python-client generates a client of every document, without a
//! warning, and the client talks to the server.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use mpass_tests::peers;
use mpass_tests::served::Inbox;

use super::scene::Scene;

const SCRIPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/served/openapi/round_trip.py"
);
/// The documents that CAMARA publishes, without their prose.
const ORIGINALS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/camara");

/// The directory of the Python's programs before the others: the generator
/// formats its code with one of them.
fn path(python: &Path) -> OsString {
    let directory = python.parent().unwrap().to_path_buf();
    let others = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(
        [directory]
            .into_iter()
            .chain(std::env::split_paths(&others)),
    )
    .unwrap()
}

/// Generates the client of a document; a warning is a failure.
fn generate(python: &Path, document: &Path, client: &Path) {
    let output = Command::new(python)
        .args([
            "-m",
            "openapi_python_client",
            "generate",
            "--fail-on-warning",
        ])
        .args(["--meta", "none", "--path"])
        .arg(document)
        .arg("--output-path")
        .arg(client)
        .env("PATH", path(python))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}:\n{}{}",
        document.display(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Generates the client of a served document in the directory of the scene.
fn generate_served(scene: &Scene, python: &Path, name: &str) -> PathBuf {
    let document = scene.dir().join(format!("{name}.json"));
    let json = scene.get(&format!("/openapi/{name}.json"));
    std::fs::write(&document, json.to_string()).unwrap();
    let client = scene.dir().join(name.replace('-', "_"));
    generate(python, &document, &client);
    client
}

/// Generates the client of a document and makes its calls.
fn round_trip(name: &str) {
    let Some(python) = peers::openapi_python_client() else {
        return;
    };
    let scene = Scene::start();
    generate_served(&scene, &python, name);
    let mut script = Command::new(python)
        .arg(SCRIPT)
        .arg(scene.dir())
        .arg(name)
        .env("NO_PROXY", "127.0.0.1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = script.stdin.take().unwrap();
    writeln!(input, "{}", scene.credentials()).unwrap();
    let mut lines = BufReader::new(script.stdout.take().unwrap()).lines();
    let mut last = String::new();
    for line in lines.by_ref().map(Result::unwrap) {
        if let Some(number) = line.strip_prefix("code ") {
            writeln!(input, "{}", scene.gateway().code(number)).unwrap();
        }
        last = line;
    }
    assert!(script.wait().unwrap().success(), "{name}: {}", scene.log());
    assert_eq!(last, "done", "{name}");
}

/// A test of each document, named after it.
macro_rules! round_trips {
    ($($test:ident: $name:literal,)+) => {
        $(
            #[test]
            fn $test() {
                round_trip($name);
            }
        )+

        #[test]
        fn every_document_has_a_client() {
            let names = [$(concat!($name, ".json")),+];
            assert_eq!(names.as_slice(), super::CHECKED);
        }
    };
}

round_trips! {
    login: "login",
    mpass: "mpass",
    number_verification_v0: "number-verification-v0",
    number_verification_v2: "number-verification-v2",
    otp_validation: "otp-validation-v1",
    server: "server",
    verify_now: "verify-now",
}

/// The names of the files of a client, except the caches of its generation.
fn files(client: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(client).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.starts_with('.') {
            continue;
        }
        match path.is_dir() {
            true => found.extend(
                files(&path)
                    .into_iter()
                    .map(|file| format!("{name}/{file}")),
            ),
            false => found.push(name),
        }
    }
    found
}

/// The attributes and values that a module of a client declares.
fn declared(module: &str) -> impl Iterator<Item = &str> {
    module.lines().filter(|line| {
        let is_member = line.strip_prefix("    ").is_some_and(|member| {
            member.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        });
        // The methods are those of every class.
        let is_method = line.starts_with("    def ");
        is_member && !is_method && (line.contains(": ") || line.contains(" = "))
    })
}

/// Programs that use a client of CAMARA's document can change to one of ours.
#[test]
fn a_client_has_all_that_a_client_of_camaras_document_has() {
    let Some(python) = peers::openapi_python_client() else {
        return;
    };
    let scene = Scene::start();
    for name in [
        "number-verification-v0",
        "number-verification-v2",
        "otp-validation-v1",
    ] {
        let theirs = scene.dir().join(format!("camara-{name}"));
        let original = Path::new(ORIGINALS).join(format!("{name}.json"));
        generate(&python, &original, &theirs);
        let ours = generate_served(&scene, &python, name);
        for file in files(&theirs) {
            let read = |client: &Path| std::fs::read_to_string(client.join(&file));
            let module = read(&ours).unwrap_or_else(|error| panic!("{name}: {file}: {error}"));
            // The modules of operations know further statuses.
            if file.starts_with("models/") {
                for line in declared(&read(&theirs).unwrap()) {
                    // The body of `verify` has no other properties.
                    let is_meant = line.contains("additional_properties");
                    assert!(
                        is_meant || declared(&module).any(|other| other == line),
                        "{name}: {file}: {line}"
                    );
                }
            }
        }
    }
}
