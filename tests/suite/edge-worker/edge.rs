//! The worker under test. It serves any number of worlds, each with a store, a clock
//! and an inbox of its own, which a header names.

use core::sync::atomic::{AtomicU64, Ordering};
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;

use mpass_core::challenge::Keyring;
use mpass_core::service::{Client, ClientSettings};
use mpass_tests::otp_validation::{BLOCKED, FOREIGN, LAND_LINE, Operator};
use mpass_tests::served::Inbox;
use mpass_tests::tenants;
use mpass_tests::verify_now::Desk;
use mpass_tests::wire::{Answer, Call, Http, Wire};
use serde::Deserialize;
use serde_json::json;

/// The directory of the installed package and its tests.
const DIRECTORY: &str = "MPASS_EDGE_WORKER";

/// What the program prints.
#[derive(Deserialize)]
struct Where {
    worker: String,
    operator: String,
    keyring: String,
    admin_token: String,
}

/// The program that runs workerd and the stand-in for the operator.
struct Edge {
    base: String,
    worker: Http,
    operator: Http,
    keyring: Keyring,
    admin_token: String,
    worlds: AtomicU64,
    // It ends with its standard input, at the latest when these tests end.
    _program: Child,
    _stdin: ChildStdin,
}

impl Edge {
    /// The only one, started by the first test.
    fn get() -> &'static Self {
        static EDGE: OnceLock<Edge> = OnceLock::new();
        EDGE.get_or_init(Self::start)
    }

    fn start() -> Self {
        let directory = std::env::var_os(DIRECTORY).expect("the directory of the package");
        let mut program = Command::new("node")
            .arg("edge/serve.js")
            .current_dir(directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts");
        let stdin = program.stdin.take().unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(program.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let found: Where = serde_json::from_str(&line).expect("where it serves");
        let operator = Http::new(&found.operator);
        for (number, facts) in [
            (BLOCKED, json!("blocked")),
            (FOREIGN, json!("foreign")),
            (LAND_LINE, json!({ "mobile": false })),
        ] {
            let path = format!("/numbers/{number}");
            let answer = operator.send(&post(path, facts.to_string()));
            assert_eq!(answer.status, 200);
        }
        Self {
            base: found.worker.clone(),
            worker: Http::new(&found.worker),
            operator,
            keyring: found.keyring.parse().unwrap(),
            admin_token: found.admin_token,
            worlds: AtomicU64::new(0),
            _program: program,
            _stdin: stdin,
        }
    }
}

fn post(path: String, body: String) -> Call {
    Call {
        method: "POST",
        path,
        headers: Vec::new(),
        body: body.into_bytes(),
    }
}

/// A world.
pub(crate) struct World {
    edge: &'static Edge,
    name: String,
    ahead_ms: AtomicU64,
}

impl World {
    /// A fresh one.
    pub(crate) fn new() -> Self {
        let edge = Edge::get();
        let number = edge.worlds.fetch_add(1, Ordering::Relaxed);
        Self::named(format!("world-{number}"))
    }

    /// That of requests that name none.
    pub(crate) fn main() -> Self {
        Self::named("main".into())
    }

    fn named(name: String) -> Self {
        let world = Self {
            edge: Edge::get(),
            name,
            ahead_ms: AtomicU64::new(0),
        };
        let mut call = post("/admin/store/initialize".into(), String::new());
        let token = format!("Bearer {}", world.edge.admin_token);
        call.headers.push(("Authorization", token));
        assert_eq!(world.send(&call).status, 200);
        world
    }

    pub(crate) fn base(&self) -> &str {
        &self.edge.base
    }

    pub(crate) fn keys(&self) -> &Keyring {
        &self.edge.keyring
    }

    pub(crate) fn entropy(&self) -> [u8; 32] {
        let mut entropy = [0; 32];
        getrandom::fill(&mut entropy).unwrap();
        entropy
    }

    /// How many states its store has stored.
    pub(crate) fn stored(&self) -> u64 {
        let answer = self.send(&Call {
            method: "GET",
            path: "/.test/watched".into(),
            headers: Vec::new(),
            body: Vec::new(),
        });
        answer.json()["stored"].as_u64().unwrap()
    }

    /// A call that is for the test.
    pub(crate) fn test(&self, what: &str, body: &serde_json::Value) -> Answer {
        let answer = self.send(&post(format!("/.test/{what}"), body.to_string()));
        assert_eq!(answer.status, 200, "{what}");
        answer
    }

    fn advance(&self, ms: u64) {
        self.test("clock", &json!(ms));
        self.ahead_ms.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Wire for World {
    fn send(&self, call: &Call) -> Answer {
        let mut call = call.clone();
        call.headers.push(("x-test-world", self.name.clone()));
        self.edge.worker.send(&call)
    }

    fn now_ms(&self) -> u64 {
        self.edge.worker.now_ms() + self.ahead_ms.load(Ordering::SeqCst)
    }
}

impl Inbox for World {
    fn newest(&self, dest: &str) -> Option<String> {
        let answer = self.edge.operator.send(&Call {
            method: "GET",
            path: format!("/inbox/{}/{dest}", self.name),
            headers: Vec::new(),
            body: Vec::new(),
        });
        answer.json().as_str().map(str::to_owned)
    }
}

impl Operator for World {
    fn client(&self, settings: ClientSettings) -> Client {
        let (now_ms, entropy) = (self.now_ms(), self.entropy());
        tenants::create(self, self.keys(), &settings, now_ms, &entropy);
        tenants::stored(self, self.keys(), &settings.name)
    }

    fn keyring(&self) -> &Keyring {
        self.keys()
    }

    fn pass(&self, ms: u64) {
        self.advance(ms);
    }
}

impl Desk for World {
    fn keyring(&self) -> &Keyring {
        self.keys()
    }

    fn code(&self, number: &str) -> String {
        Inbox::code(self, number)
    }

    fn pass(&self, ms: u64) {
        self.advance(ms);
    }
}
