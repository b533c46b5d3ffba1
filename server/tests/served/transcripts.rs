//! Runs the transcripts of docs/TRANSCRIPTS.md.

use std::fs;
use std::path::Path;
use std::process::Command;

use mpass_tests::peers;

use crate::process::{Process, printed};

const PAGE: &str = include_str!("../../../docs/TRANSCRIPTS.md");
/// The placeholder of the page for varying text.
const ANYTHING: char = '…';

/// A block of commands and the answer below it, if there is one.
struct Shown<'a> {
    commands: &'a str,
    answer: Option<&'a str>,
}

/// The blocks of the page in order.
fn blocks() -> Vec<Shown<'static>> {
    let mut shown: Vec<Shown<'_>> = Vec::new();
    for block in PAGE.split("\n```").collect::<Vec<_>>().chunks(2) {
        let [_, fenced] = block else { continue };
        let (language, text) = fenced.split_once('\n').unwrap();
        match language {
            "sh" => shown.push(Shown {
                commands: text,
                answer: None,
            }),
            "json" => shown.last_mut().unwrap().answer = Some(text),
            other => panic!("a block of {other}"),
        }
    }
    shown
}

/// Whether an answer matches the one shown.
pub(crate) fn is_shown(answer: &str, shown: &str) -> bool {
    let mut rest = answer;
    for (index, part) in shown.split(ANYTHING).enumerate() {
        match rest.find(part) {
            Some(at) if index > 0 || at == 0 => rest = &rest[at + part.len()..],
            _ => return false,
        }
    }
    rest.is_empty() || shown.ends_with(ANYTHING)
}

/// The word after a name in the demo's banner.
fn said(words: &str, name: &str) -> String {
    let mut lines = words.lines().map(str::split_whitespace);
    let mut line = lines
        .find(|line| line.clone().next() == Some(name))
        .unwrap();
    line.nth(1).unwrap().to_owned()
}

#[test]
fn every_answer_matches_the_one_shown() {
    if !peers::is_here("curl", "curl") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let demo = Process::demo(dir.path());
    let (words, _) = printed(dir.path());
    // The first block is for people: its variables are set in the environment
    // here.
    let blocks = &blocks()[1..];
    let mut script = String::from("set -euo pipefail\n");
    for (index, block) in blocks.iter().enumerate() {
        script += &format!("{{\n{}\n}} > {index}.out\n", block.commands);
    }
    let work = dir.path().join("work");
    fs::create_dir(&work).unwrap();
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(&work)
        .env("BASE", &demo.base)
        .env("KEY", said(&words, "key"))
        .env("CUSTOMER", said(&words, "customer"))
        .env("PASSWORD", said(&words, "password"))
        .env("CLIENT", said(&words, "client"))
        .env("SECRET", said(&words, "secret"))
        .output()
        .unwrap();
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
    let mut compared = 0;
    for (index, block) in blocks.iter().enumerate() {
        let answer = read(&work.join(format!("{index}.out")));
        let Some(shown) = block.answer else { continue };
        assert!(
            is_shown(answer.trim(), shown.trim()),
            "{}\nanswered {answer}\nand not  {shown}\n{output:?}",
            block.commands
        );
        compared += 1;
    }
    assert!(output.status.success() && compared >= 12, "{output:?}");
}

#[test]
fn other_answers_do_not_match_the_one_shown() {
    assert!(is_shown(r#"{"a":"1","b":2}"#, r#"{"a":"…","b":2}"#));
    assert!(is_shown("204", "204"));
    for (answer, shown) in [
        (r#"{"a":"1","b":3}"#, r#"{"a":"…","b":2}"#),
        ("2041", "204"),
        ("1204", "204"),
        ("", "204"),
    ] {
        assert!(!is_shown(answer, shown), "{answer} {shown}");
    }
}
