//! The document of the API: schemathesis tests the server against it, and a generated
//! client talks to it.

use std::path::Path;
use std::process::Command;

use mpass_server::administrators::Role;
use mpass_tests::peers;
use serde_json::json;

use crate::scene::Scene;

const ROUND_TRIP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/portal/round_trip.py");

async fn run(mut command: Command) -> String {
    let output = tokio::task::spawn_blocking(move || command.env("NO_PROXY", "127.0.0.1").output());
    let output = output.await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{wrong}");
    said
}

async fn document(scene: &Scene, dir: &Path) {
    let document = scene.get("", "/openapi.json").await.text;
    std::fs::write(dir.join("administration.json"), document).unwrap();
}

/// Every check. What the schemas allow and a rule refuses (422), what does not exist
/// (404) and what conflicts (409) is no malformed request. Values of responses are not
/// used again: the run would end its own token.
#[tokio::test(flavor = "multi_thread")]
async fn schemathesis() {
    let Some(program) = peers::schemathesis() else {
        return;
    };
    let scene = Scene::start("memory").await;
    let bearer = scene.bearer("anna", Role::Administrator).await;
    let dir = tempfile::tempdir().unwrap();
    document(&scene, dir.path()).await;
    let value = json!(format!("Bearer {bearer}"));
    let config = format!(
        "[cache]\nenabled = false\n\
         [phases.stateful]\nenabled = false\n\
         [phases.fuzzing.extra-data-sources]\nresponses = false\n[headers]\nAuthorization = {value}\n\
         [checks.negative_data_rejection]\nexpected-statuses = ['4xx']\n\
         [checks.positive_data_acceptance]\n\
         expected-statuses = ['2xx', '403', '404', '409', '412', '422', '429', '503']\n"
    );
    std::fs::write(dir.path().join("schemathesis.toml"), config).unwrap();
    let mut command = Command::new(program);
    command
        .current_dir(dir.path())
        .args([
            "--config-file",
            "schemathesis.toml",
            "run",
            "administration.json",
        ])
        .args(["--url", &scene.url(""), "--seed", "20260101", "-n", "15"])
        .args(["--checks", "all", "--no-color", "--continue-on-failure"])
        .args(["--generation-database", "none", "--warnings", "off"]);
    run(command).await;
}

/// The client is generated without a warning and used without a patch.
#[tokio::test(flavor = "multi_thread")]
async fn a_generated_client() {
    let Some(python) = peers::openapi_python_client() else {
        return;
    };
    let scene = Scene::start("memory").await;
    let bearer = scene.bearer("anna", Role::Administrator).await;
    let dir = tempfile::tempdir().unwrap();
    document(&scene, dir.path()).await;
    let mut path = python.parent().unwrap().as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut generate = Command::new(&python);
    generate
        .current_dir(dir.path())
        .env("PATH", path)
        .args([
            "-m",
            "openapi_python_client",
            "generate",
            "--fail-on-warning",
        ])
        .args(["--meta", "none", "--path", "administration.json"])
        .args(["--output-path", "administration"]);
    run(generate).await;
    let mut script = Command::new(&python);
    script
        .current_dir(dir.path())
        .arg(ROUND_TRIP)
        .arg(dir.path())
        .args([&scene.url(""), &bearer]);
    assert_eq!(run(script).await.trim(), "done");
}
