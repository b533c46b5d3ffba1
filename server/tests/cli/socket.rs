//! The admin socket.

use std::fs::Permissions;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;

use crate::support::{Demo, json, run};

#[test]
fn the_socket_of_a_killed_server_is_replaced() {
    let home = tempfile::tempdir().unwrap();
    Demo::start(home.path()).kill();
    let socket = home.path().join(".local/share/mpass/demo/admin.sock");
    assert!(socket.exists());
    run(
        home.path(),
        &["channel", "create", "--demo", "--name", "between"],
    )
    .done();
    let demo = Demo::start(home.path());
    let create = ["channel", "create", "--demo", "--name", "after"];
    run(home.path(), &create).done();
    drop(demo);
    let listed = run(home.path(), &["channel", "list", "--demo"]).done();
    assert!(
        listed.contains("between") && listed.contains("after"),
        "{listed}"
    );
}

#[test]
fn only_its_owner_can_open_the_socket() {
    let home = tempfile::tempdir().unwrap();
    let _demo = Demo::start(home.path());
    let data = home.path().join(".local/share/mpass/demo");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    assert_eq!(mode(&data.join("admin.sock")), 0o600);
}

/// The kernel reports the caller: even if anyone can open the socket, only its
/// owner is served.
#[test]
fn the_socket_refuses_other_users() {
    if !rustix::process::geteuid().is_root() {
        println!("NOT RUN: only root can call as another user");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let _demo = Demo::start(home.path());
    let data = home.path().join(".local/share/mpass/demo");
    let socket = data.join("admin.sock");
    let anybody = Permissions::from_mode(0o777);
    std::fs::set_permissions(&socket, anybody.clone()).unwrap();
    for dir in data
        .ancestors()
        .take_while(|dir| dir.starts_with(home.path()))
    {
        std::fs::set_permissions(dir, anybody.clone()).unwrap();
    }
    let ask = |socket: &Path| {
        let mut stream = UnixStream::connect(socket).unwrap();
        let request = r#"{"version":9,"operation":{"name":"list","with":{"kind":"channel"}}}"#;
        // The server may close the connection before it has read the request.
        let _ = writeln!(stream, "{request}");
        let mut answer = String::new();
        let _ = BufReader::new(stream).read_line(&mut answer);
        answer
    };
    let asked = ask(&socket);
    let refused = std::thread::scope(|scope| {
        let as_nobody = scope.spawn(|| {
            // Changes the user of this thread only.
            rustix::thread::set_thread_uid(rustix::process::Uid::from_raw(65_534)).unwrap();
            ask(&socket)
        });
        as_nobody.join().unwrap()
    });
    assert_eq!(refused, "");
    // A command says why.
    let refused = std::thread::scope(|scope| {
        let as_nobody = scope.spawn(|| {
            rustix::thread::set_thread_uid(rustix::process::Uid::from_raw(65_534)).unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            let connected = runtime.block_on(mpass_server::admin::Client::connect(&data));
            connected.err().unwrap().to_string()
        });
        as_nobody.join().unwrap()
    });
    assert!(
        refused.contains("runs as user 0: run the command as that user"),
        "{refused}"
    );
    assert!(asked.contains("\"demo\""), "{asked}");
}

#[test]
fn malformed_requests_are_answered_with_a_failure() {
    let home = tempfile::tempdir().unwrap();
    let _demo = Demo::start(home.path());
    let socket = home.path().join(".local/share/mpass/demo/admin.sock");
    let mut stream = UnixStream::connect(socket).unwrap();
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    for request in [
        "hello",
        "{}",
        r#"{"version":9,"operation":{"name":"drop_everything"}}"#,
        r#"{"version":1,"operation":{"name":"reload_keyring"}}"#,
    ] {
        writeln!(stream, "{request}").unwrap();
        let answer = json(&lines.next().unwrap().unwrap());
        assert!(
            answer["failure"]["message"].is_string(),
            "{request}: {answer}"
        );
    }
    for request in [
        r#"{"version":9,"version":9,"operation":{"name":"check_store"}}"#,
        r#"{"version":9,"operation":{"name":"create","with":["channel",{"name":"twice","tries":3,"tries":5}]}}"#,
        r#"{"version":9,"operation":{"name":"create","with":["channel",{"name":"twice",
            "texts":{"en":"1 {{code}}","en":"2 {{code}}"}}]}}"#,
        r#"{"version":9,"operation":{"name":"create","with":["channel",{"name":"twice",
            "sends":{"events":4,"window_ms":60000,"burst":2,"burst":4}}]}}"#,
    ] {
        writeln!(stream, "{}", request.replace('\n', " ")).unwrap();
        let answer = json(&lines.next().unwrap().unwrap());
        let expected = "a JSON object of the request repeats a key";
        assert_eq!(answer["failure"]["message"], expected, "{request}");
    }
    // Longer than any request, and still answered.
    writeln!(stream, "{}", "x".repeat(1_000_000)).unwrap();
    let answer = json(&lines.next().unwrap().unwrap());
    let message = answer["failure"]["message"].as_str().unwrap();
    assert!(message.contains("longer than 262144 bytes"), "{message}");
    writeln!(
        stream,
        r#"{{"version":9,"operation":{{"name":"list","with":{{"kind":"channel"}}}}}}"#
    )
    .unwrap();
    let answer = json(&lines.next().unwrap().unwrap());
    assert_eq!(answer["outcome"]["with"]["tenants"][0]["name"], "demo");
}
