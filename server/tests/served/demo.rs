//! The first steps of a newcomer: start, send, read the message, verify.

use mpass_tests::served::Inbox;

use crate::process::{Process, create_channel, printed};

#[test]
fn the_walk_through_of_the_readme() {
    let dir = tempfile::tempdir().unwrap();
    let process = Process::demo(dir.path());
    let (service, outbox) = process.demo_service(dir.path());
    let sent = service.send("+966500000000", "&lang=en_US");
    assert_eq!(sent.body, r#"{"description":"Accept","status":"0"}"#);
    let messages = outbox.messages();
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0]["to"], "+966500000000");
    assert!(!messages[0]["at"].is_null());
    let code = outbox.code("+966500000000");
    let verified = service.verify("+966500000000", &code, "");
    assert_eq!(verified.body, r#"{"description":"Accept","status":"0"}"#);
    let again = service.verify("+966500000000", &code, "");
    assert_eq!(again.body, r#"{"description":"Reject","status":"3"}"#);
    assert!(service.get("/").body.contains("<html"));
}

#[test]
fn the_printed_commands_are_complete_and_stay_valid() {
    let dir = tempfile::tempdir().unwrap();
    let process = Process::demo(dir.path());
    let (before, _) = printed(dir.path());
    for path in [
        "/mpass-web/rest/mv/msg?apikey=",
        "/mpass-web/rest/mv/verify?apikey=",
    ] {
        assert!(
            before.contains(&format!("curl '{}{path}", process.base)),
            "{before}"
        );
    }
    assert!(before.contains("&otp=CODE'"));
    let (service, _) = process.demo_service(dir.path());
    process.kill();
    let process = Process::demo(dir.path());
    let (again, outbox) = process.demo_service(dir.path());
    drop(service);
    assert!(again.send("+966500000000", "").is("0"));
    assert_eq!(outbox.messages().len(), 1);
    // The key is derived from the keyring: the same at every start.
    let keys = |text: &str| -> Vec<String> {
        let after = text.split("apikey=").skip(1);
        after.map(|rest| rest[..64].to_owned()).collect()
    };
    let (all, _) = printed(dir.path());
    let keys = keys(&all);
    assert!(
        keys.len() >= 4 && keys.iter().all(|key| *key == keys[0]),
        "{keys:?}"
    );
}

#[test]
fn channels_are_created_with_and_without_a_running_server() {
    let dir = tempfile::tempdir().unwrap();
    let process = Process::demo(dir.path());
    let running = create_channel(dir.path(), &["--name", "running"]);
    let service = mpass_tests::served::Service::new(&process.base, &running);
    assert!(service.send("+966500000001", "").is("0"));
    assert_eq!(process.terminate(), Some(0));
    let stopped = create_channel(dir.path(), &["--name", "stopped"]);
    let process = Process::demo(dir.path());
    for (key, dest) in [(running, "+966500000002"), (stopped, "+966500000003")] {
        let service = mpass_tests::served::Service::new(&process.base, &key);
        assert!(service.send(dest, "").is("0"));
    }
}
