//! `mpass … --server URL`.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use mpass_server::administrators::Role;

use crate::scene::{STORES, Scene};

fn file(dir: &Path, name: &str, text: &str, mode: u32) -> PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    path
}

async fn mpass(url: &str, token: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mpass"));
    command
        .args(arguments)
        .args(["--server", url, "--token-file"])
        .arg(token);
    tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_run_by_the_api() {
    for store in STORES {
        let scene = Scene::start(store).await;
        let bearer = scene.bearer("anna", Role::Administrator).await;
        let dir = tempfile::tempdir().unwrap();
        let token = file(dir.path(), "token", &format!("{bearer}\n"), 0o600);
        let url = format!("http://{}", scene.portal);
        for (arguments, expected) in [
            (&["channel", "create", "--name", "shop"][..], "shop"),
            (&["channel", "list", "--json"], "\"name\":\"shop\""),
            (&["channel", "show", "shop"], "shop"),
            (&["channel", "set", "shop", "--digits", "8"], ""),
            (&["channel", "rotate", "shop"], ""),
            (&["client", "list"], ""),
            (&["gateway", "list"], ""),
            (&["admin", "list"], "anna"),
            (&["token", "list"], "anna"),
            (
                &[
                    "token",
                    "create",
                    "second",
                    "--permission",
                    "read",
                    "--life",
                    "1h",
                ],
                "mpat_",
            ),
            (&["audit", "list"], "channel.create"),
            (&["audit", "verify"], ""),
            (&["stop", "sends", "--for", "1h"], ""),
            (&["stop", "list"], "sends"),
            (&["resume", "all"], ""),
            (&["number", "explain", "+966500000001"], "+966500000001"),
            (&["channel", "revoke", "shop"], ""),
        ] {
            let output = mpass(&url, &token, arguments).await;
            let text = String::from_utf8_lossy(&output.stdout);
            let error = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{arguments:?}: {error}");
            assert!(text.contains(expected), "{arguments:?}: {text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_reveal_a_token_is_refused() {
    let scene = Scene::start("memory").await;
    let bearer = scene.bearer("anna", Role::Viewer).await;
    let dir = tempfile::tempdir().unwrap();
    let url = format!("http://{}", scene.portal);
    let own = file(dir.path(), "own", &bearer, 0o600);
    let open = file(dir.path(), "open", &bearer, 0o640);
    for (url, token, reason) in [
        (url.as_str(), &open, "chmod 600"),
        ("http://192.0.2.1:9092", &own, "use https"),
        ("http://localhost.example:9092", &own, "use https"),
        ("https://a:b@localhost", &own, "scheme, host and port"),
        ("https://localhost/x", &own, "scheme, host and port"),
        ("ftp://localhost", &own, "https"),
        ("https://127.0.0.1:1", &own, "cannot reach"),
    ] {
        let output = mpass(url, token, &["status"]).await;
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{url}: {error}");
        assert!(error.contains(reason), "{url}: {error}");
        assert!(!error.contains(&bearer));
    }
    // A viewer's token: the server's answer, with its reason.
    let output = mpass(&url, &own, &["admin", "list"]).await;
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("does not allow it"), "{error}");
}
