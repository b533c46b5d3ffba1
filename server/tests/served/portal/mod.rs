//! The portal of a running demo in a browser.

use std::process::Command;

use mpass_tests::peers;

use crate::process::{Process, printed};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/served/portal/flow.mjs");
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

/// From the first sign-in to the audit log, in English, in Arabic and without
/// JavaScript; axe-core finds nothing on any screen, light and dark, at 360 and at 1440
/// pixels.
#[test]
fn an_administrator_does_everything_in_a_browser() {
    let Some(packages) = peers::npm_packages() else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let process = Process::demo_with(dir.path(), CONFIG);
    let (words, log) = printed(dir.path());
    let listening = log.split("listening on ").skip(1);
    let mut urls = listening.filter_map(|rest| rest.split_whitespace().next());
    let portal = urls.find(|url| *url != process.base).unwrap();
    let mut node = Command::new("node");
    node.arg(SCRIPT).arg(packages);
    node.args([portal, &process.base]);
    node.args([shown(&words, "sign-in"), shown(&words, "authenticator ")]);
    let output = node.output().unwrap();
    let [said, wrong] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert!(output.status.success(), "{said}{wrong}");
    assert!(said.contains("screens: "), "{said}");
}
