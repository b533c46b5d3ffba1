//! The portal in Chromium, and with an identity provider from npm.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use mpass_tests::peers;

use super::{PASSWORD, administrator, bind, code, free};
use crate::support::{Manner, StandIn, start};

fn script(name: &str) -> String {
    format!("{}/tests/serve/portal/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sign_in_in_chromium() {
    let Some(packages) = peers::npm_packages() else {
        return;
    };
    if !peers::is_here("chromium", "chromium") {
        return;
    }
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let server = start(&gateway, "portal.listen = '127.0.0.1:0'").await;
    let enrolment = administrator(&server.state, "anna").await;
    let base = format!("http://{}", server.addrs[1]);
    let mut node = Command::new("node");
    node.arg(script("browser.mjs")).arg(packages);
    node.args([&base, "anna", PASSWORD]);
    node.args(enrolment.recovery_codes.iter().map(|code| code.as_str()));
    let run = tokio::task::spawn_blocking(move || node.output().unwrap());
    let output = run.await.unwrap();
    let [said, wrong] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert!(output.status.success(), "{said}{wrong}");
    assert_eq!(said.lines().count(), 2, "{said}");
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_oidc_provider_from_npm() {
    let Some(packages) = peers::npm_packages() else {
        return;
    };
    if !peers::is_here("chromium", "chromium") {
        return;
    }
    for algorithm in ["RS256", "ES256", "EdDSA"] {
        with_provider(&packages, algorithm).await;
    }
}

async fn with_provider(packages: &std::path::Path, algorithm: &str) {
    // Both sides must know the address of the other one before they begin.
    let portal = free();
    let mut node = Command::new("node")
        .arg(script("provider.mjs"))
        .arg(packages)
        .args([
            &format!("http://{portal}"),
            algorithm,
            "a secret/of the+test",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(node.stdout.take().unwrap());
    let mut issuer = String::new();
    said.read_line(&mut issuer).unwrap();
    let issuer = issuer.trim();
    let secret = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(secret.path(), "a secret/of the+test\n").unwrap();
    let more = format!(
        "egress.allow = ['localhost']\n[portal]\nlisten = '{portal}'\n[portal.oidc]\n\
         issuer = '{issuer}'\nclient_id = 'portal'\nclient_secret = {{ file = '{}' }}\n\
         redirect_uri = 'http://{portal}/signin/provider/return'\n",
        secret.path().display()
    );
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let server = start(&gateway, &more).await;
    let enrolment = administrator(&server.state, "anna").await;
    bind(&server.state, "anna", issuer, "anna-there").await;
    let mut input = node.stdin.take().unwrap();
    let code = code(&enrolment);
    let run = tokio::task::spawn_blocking(move || {
        writeln!(input, "{code}").unwrap();
        let (mut rest, mut wrong) = (String::new(), String::new());
        said.read_to_string(&mut rest).unwrap();
        let mut errors = node.stderr.take().unwrap();
        errors.read_to_string(&mut wrong).unwrap();
        (node.wait().unwrap(), rest, wrong)
    });
    let (status, rest, wrong) = run.await.unwrap();
    assert!(status.success(), "{algorithm}: {rest}{wrong}");
    assert!(rest.ends_with("ok\n"), "{algorithm}: {rest}{wrong}");
    server.end().await;
}
