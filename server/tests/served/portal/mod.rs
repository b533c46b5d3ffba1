//! The pages of a running demo in a browser: the portal, the demo's own and `OpenAPI`.

use std::process::Command;

use mpass_tests::peers;

use crate::process::{Process, printed};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/served/portal/flow.mjs");
const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/served/portal/demo.mjs");
const VIEWER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/served/portal/viewer.mjs"
);
/// Gateways of the script are on this machine.
const CONFIG: &str = "egress.allow = [\"127.0.0.0/8\"]\nportal.listen = \"127.0.0.1:0\"\n";

/// What the banner shows behind a word.
fn shown(words: &str, name: &str) -> String {
    let mut lines = words.lines().map(str::trim_start);
    let line = lines.find_map(|line| line.strip_prefix(name));
    let value = line.and_then(|rest| rest.split_whitespace().next());
    value
        .unwrap_or_else(|| panic!("no {name}: {words}"))
        .to_owned()
}

/// The URL of the portal, without the path.
fn portal_of(words: &str) -> String {
    let url = shown(words, "portal ");
    url.trim_end_matches('/').to_owned()
}

/// Runs a script of pages and returns what it printed.
fn run(node: &mut Command) -> String {
    let output = node.output().unwrap();
    let [said, wrong] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert!(output.status.success(), "{said}{wrong}");
    said
}

/// Every service of the demo's page, in English and in Arabic, at 360 and at 1440 pixels,
/// and what works without JavaScript.
#[test]
fn the_page_of_the_demo_in_a_browser() {
    let Some(packages) = peers::npm_packages() else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let process = Process::demo(dir.path());
    let mut node = Command::new("node");
    let said = run(node.arg(DEMO).arg(packages).arg(&process.base));
    assert!(said.contains("demo: ok"), "{said}");
}

/// Every document is shown, and what is tried is answered: by each contract with the
/// demo's credentials, and by the administration with a token.
#[test]
fn the_page_of_openapi_in_a_browser() {
    let Some(packages) = peers::npm_packages() else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let process = Process::demo_with(dir.path(), CONFIG);
    let (words, _) = printed(dir.path());
    let mut node = Command::new("node");
    node.arg(VIEWER).arg(packages);
    node.args([&portal_of(&words), &process.base]);
    let said = run(node.arg(shown(&words, "api-token ")));
    assert!(said.contains("viewer: ok"), "{said}");
}

/// From the first sign-in to the audit log, in English, in Arabic and without
/// JavaScript; axe-core finds nothing on any screen, light and dark, at 360 and at 1440
/// pixels. With `MPASS_PACED`, only what a newcomer does first, at the pace of a person.
#[test]
fn an_administrator_does_everything_in_a_browser() {
    let Some(packages) = peers::npm_packages() else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let process = Process::demo_with(dir.path(), CONFIG);
    let (words, _) = printed(dir.path());
    let mut node = Command::new("node");
    node.arg(SCRIPT).arg(packages);
    node.args([&portal_of(&words), &process.base]);
    node.args([shown(&words, "sign-in"), shown(&words, "authenticator ")]);
    let said = run(&mut node);
    println!("{said}");
    let last = match std::env::var_os("MPASS_PACED") {
        Some(_) => "a newcomer: ",
        None => "screens: ",
    };
    assert!(said.contains(last), "{said}");
}
