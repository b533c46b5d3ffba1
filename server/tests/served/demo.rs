//! The first steps of a newcomer: start, send, read the message, verify.

use std::collections::BTreeSet;
use std::process::Command;

use mpass_tests::peers;
use mpass_tests::served::Inbox;
use regex::Regex;

use crate::process::{Process, create_channel, printed};
use crate::transcripts::is_shown;

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

/// A text of the page without its escapes.
fn unescaped(text: &str) -> String {
    let plain = text.replace("&lt;", "<").replace("&gt;", ">");
    plain.replace("&quot;", "\"").replace("&amp;", "&")
}

/// The contracts of the page: their names, and their commands with the answers shown.
fn contracts(page: &str) -> Vec<(String, Vec<(String, String)>)> {
    let contract = Regex::new(r#"(?s)data-contract="([^"]+)"(.*?)</section>"#).unwrap();
    let command = Regex::new(r#"(?s)<code id="[^"]+" dir="ltr">(.*?)</code>"#).unwrap();
    let answer = Regex::new(r#"(?s)<code class="answer" dir="ltr">(.*?)</code>"#).unwrap();
    let first = |regex: &Regex, text: &str| {
        let found = regex.captures(text);
        found.map(|found| unescaped(&found[1]))
    };
    let all = contract.captures_iter(page).map(|found| {
        let commands = found[2].split("<li>").skip(1).map(|item| {
            let shown = first(&answer, item).unwrap_or_else(|| "…".to_owned());
            (first(&command, item).unwrap(), shown)
        });
        (found[1].to_owned(), commands.collect())
    });
    all.collect()
}

/// Pastes the commands of every contract into a shell, and compares the answers.
#[test]
fn the_commands_of_the_page_are_answered_as_shown() {
    if !peers::is_here("curl", "curl") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let process = Process::demo(dir.path());
    let (service, _) = process.demo_service(dir.path());
    let contracts = contracts(&service.get("/").body);
    let names: BTreeSet<&str> = contracts.iter().map(|(name, _)| name.as_str()).collect();
    for name in [
        "mPass Mobile Number Verification",
        "VerifyNow v3",
        "VerifyNow v2",
        "CAMARA OTP Validation v1",
        "CAMARA Number Verification v2",
        "CAMARA Number Verification v0",
        "OpenID Connect",
    ] {
        assert!(names.contains(name), "{name} is not on the page: {names:?}");
    }
    for (name, commands) in contracts {
        let mut script = String::from("set -u\n");
        for (command, _) in &commands {
            assert!(command.contains("curl"), "{command}");
            script += &format!("{command}\nprintf '\\0'\n");
        }
        let output = Command::new("bash").args(["-c", &script]).output().unwrap();
        let answers = String::from_utf8(output.stdout.clone()).unwrap();
        let answers: Vec<&str> = answers.split_terminator('\0').map(str::trim).collect();
        assert_eq!(answers.len(), commands.len(), "{name}: {output:?}");
        for ((command, shown), answer) in commands.iter().zip(answers) {
            assert!(
                is_shown(answer, shown) && !answer.is_empty(),
                "{name}: {command}\nanswered {answer}\nand not  {shown}"
            );
        }
    }
}
