use core::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::document::Document;
use super::scene::Scene;

/// The seed, for reproducible runs.
const SEED: &str = "20260101";
/// The number of random requests per operation and phase.
const EXAMPLES: &str = "25";

/// The options of a schemathesis run.
pub(super) struct Run {
    name: String,
    config: String,
    without: Vec<&'static str>,
}

/// A request and its response.
pub(super) struct Answered {
    pub(super) method: String,
    pub(super) path: String,
    status: u64,
    body: String,
    /// The redirect; empty if there is none.
    location: String,
}

impl Answered {
    /// Whether the service performed the request; some report that only in the
    /// body.
    pub(super) fn is_success(&self) -> bool {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        let has_failed = match self.path.split('/').nth(1) {
            Some("mpass-web") => body["status"] != "0",
            Some("verification") => body["responseCode"] != 200,
            Some("auth") => body["status"] != 200,
            Some("oauth2") if self.status == 302 => !self.location.contains("?code="),
            _ => false,
        };
        (200..400).contains(&self.status) && !has_failed
    }
}

impl Run {
    pub(super) fn new(document: &str) -> Self {
        Self {
            name: document.trim_end_matches(".json").into(),
            config: String::new(),
            without: Vec::new(),
        }
    }

    fn auth(mut self, scheme: &str, fields: &[(&str, &str)]) -> Self {
        writeln!(self.config, "[auth.openapi.{scheme}]").unwrap();
        for (name, value) in fields {
            writeln!(self.config, "{name} = {}", json!(value)).unwrap();
        }
        self
    }

    pub(super) fn key(self, scheme: &str, key: &str) -> Self {
        self.auth(scheme, &[("api_key", key)])
    }

    /// A token for documents whose scheme is `openIdConnect`, which schemathesis
    /// has no credentials for.
    pub(super) fn header(mut self, token: &str) -> Self {
        let value = json!(format!("Bearer {token}"));
        writeln!(self.config, "[headers]\nAuthorization = {value}").unwrap();
        self
    }

    pub(super) fn basic(self, scheme: &str, user: &str, password: &str) -> Self {
        self.auth(scheme, &[("username", user), ("password", password)])
    }

    /// Malformed requests may also be refused with this status.
    pub(super) fn refusing_with(mut self, status: u16) -> Self {
        let statuses = format!("['4xx', {status}]");
        writeln!(
            self.config,
            "[checks.negative_data_rejection]\nexpected-statuses = {statuses}"
        )
        .unwrap();
        self
    }

    /// Disables a check; the caller explains why.
    pub(super) fn without(mut self, check: &'static str) -> Self {
        self.without.push(check);
        self
    }

    /// Runs it, requires success and prints its closing line. Returns every
    /// request with its response.
    pub(super) fn perform(
        &self,
        program: &Path,
        scene: &Scene,
        document: &Document,
    ) -> Vec<Answered> {
        let file = |kind: &str| scene.dir().join(format!("{}.{kind}", self.name));
        std::fs::write(file("json"), document.json.to_string()).unwrap();
        // `[cache]`: no state of an earlier run is used.
        let config = format!("[cache]\nenabled = false\n{}", self.config);
        std::fs::write(file("toml"), config).unwrap();
        let mut command = Command::new(program);
        command
            .current_dir(scene.dir())
            .stdin(Stdio::null())
            .env("NO_PROXY", "127.0.0.1")
            .arg("--config-file")
            .arg(file("toml"))
            .arg("run")
            .arg(file("json"))
            .args(["--url", scene.base(), "--seed", SEED, "-n", EXAMPLES])
            .args(["--checks", "all", "--no-color", "--continue-on-failure"])
            .args(["--generation-database", "none", "--warnings", "off"])
            .args(["--report", "har", "--report-har-path"])
            .arg(file("har"));
        for check in &self.without {
            command.args(["--exclude-checks", check]);
        }
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let wrong = String::from_utf8_lossy(&output.stderr);
        let is_good = output.status.success();
        assert!(is_good, "{}:\n{said}{wrong}{}", self.name, scene.log());
        let mut lines = said.lines().rev();
        let closing = lines.find(|line| line.starts_with("=")).unwrap();
        // Not `println!`, which is shown for failing tests only.
        let closing = closing.trim_matches(['=', ' ']);
        let line = format!("\nschemathesis: {}: {closing}\n", self.name);
        std::io::stdout().write_all(line.as_bytes()).unwrap();
        answered(&std::fs::read(file("har")).unwrap())
    }
}

/// The header `Location` of an answer.
fn location(entry: &Value) -> Value {
    let headers = entry["response"]["headers"].as_array().unwrap();
    let is_location = |header: &&Value| {
        let name = header["name"].as_str().unwrap_or_default();
        name.eq_ignore_ascii_case("location")
    };
    let found = headers.iter().find(is_location);
    found
        .map(|header| header["value"].clone())
        .unwrap_or_default()
}

fn answered(har: &[u8]) -> Vec<Answered> {
    let har: Value = serde_json::from_slice(har).unwrap();
    let entries = har["log"]["entries"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let answered = |entry: &Value| {
        let url = text(&entry["request"]["url"]);
        let path = url.splitn(4, '/').nth(3).unwrap_or_default();
        Answered {
            method: text(&entry["request"]["method"]),
            path: format!("/{}", path.split('?').next().unwrap_or_default()),
            status: entry["response"]["status"].as_u64().unwrap_or_default(),
            body: text(&entry["response"]["content"]["text"]),
            location: text(&location(entry)),
        }
    };
    entries.iter().map(answered).collect()
}
