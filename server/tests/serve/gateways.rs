//! Several gateways, and those that are defined while the server runs.

use core::time::Duration;
use std::collections::BTreeMap;
use std::sync::Arc;

use mpass_core::number::PhoneNumber;
use mpass_core::service::{Alphabet, Answer, Language, Sms};
use mpass_server::admin::{
    Client, Failure, GatewayInfo, GatewayList, GatewayOperation, Operation, Outcome, SecretState,
    StopTarget, operations,
};
use mpass_server::administrators::{Permission, Role};
use mpass_server::audit::AuditLog;
use mpass_server::gateway::{self, BUDGET, Gateway, GatewayConfig, HttpGateway};
use mpass_server::store::documents;
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use zeroize::Zeroizing;

use crate::support::{Manner, Running, StandIn, data_dir, options, start_with, until};

const SECRET: &str = "s3cr3t-of-the-gateway";
const LOOPBACK: &str = "[egress]\nallow = [\"127.0.0.0/8\"]\n";

fn sms() -> Sms {
    Sms {
        to: PhoneNumber::parse("+966500000000", None).unwrap(),
        text: String::from("123456").into(),
        sender: None,
        language: Language::English,
        alphabet: Alphabet::Gsm7,
        segments: 1,
    }
}

fn http(url: &str, more: &str) -> Gateway {
    let text = format!("url = \"{url}/?to={{{{to}}}}&text={{{{text}}}}\"\n{more}");
    let config: GatewayConfig = toml::from_str(&text).unwrap();
    Gateway::Http(Box::new(HttpGateway::new(&config).unwrap()))
}

fn at(stand_in: &StandIn, more: &str) -> Gateway {
    http(&format!("http://{}", stand_in.addr), more)
}

/// An address that nothing listens on.
async fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[tokio::test]
async fn only_what_was_not_sent_goes_to_the_next_gateway() {
    let first = StandIn::start(Manner::Hang).await;
    let second = StandIn::start(Manner::Answer(200, "")).await;
    let timeout = "timeout = \"500ms\"";
    let gateways = [at(&first, timeout), at(&second, timeout)];
    for (manner, answer, next) in [
        (Manner::Answer(200, ""), Answer::Delivered, 0),
        (Manner::Answer(400, ""), Answer::Delivered, 1),
        (Manner::Answer(404, ""), Answer::Delivered, 1),
        (Manner::Answer(302, ""), Answer::Unknown, 0),
        (Manner::Answer(408, ""), Answer::Unknown, 0),
        (Manner::Answer(425, ""), Answer::Unknown, 0),
        (Manner::Answer(429, ""), Answer::Unknown, 0),
        (Manner::Answer(500, ""), Answer::Unknown, 0),
        (Manner::Answer(503, ""), Answer::Unknown, 0),
        (Manner::BreakOff, Answer::Unknown, 0),
        (Manner::Hang, Answer::Unknown, 0),
    ] {
        first.set(manner);
        let before = second.requests().len();
        let mut noted = Vec::new();
        let note = |_: &Gateway, answer: &Answer| noted.push(answer.clone());
        let all = [&gateways[0], &gateways[1]];
        let delivered = gateway::deliver(&all, &sms(), BUDGET, note).await;
        assert_eq!(delivered, answer, "{manner:?}");
        assert_eq!(second.requests().len() - before, next, "{manner:?}");
        assert_eq!(noted.len(), 1 + next, "{manner:?}");
    }
    let gone = http(&closed().await, timeout);
    let all = [&gone, &gateways[1]];
    let delivered = gateway::deliver(&all, &sms(), BUDGET, |_, _| {}).await;
    assert_eq!(delivered, Answer::Delivered);
    let none = gateway::deliver(&[&gone, &gone], &sms(), BUDGET, |_, _| {}).await;
    assert_eq!(none, Answer::Refused);
}

/// A gateway that never completes a connection is given up after half of what is left.
#[tokio::test]
async fn the_budget_is_that_of_all_gateways() {
    let mut silent = Vec::new();
    for _ in 0..4 {
        silent.push(StandIn::start(Manner::Hang).await);
    }
    let https = |one: &StandIn| http(&format!("https://{}", one.addr), "timeout = \"7s\"");
    let gateways: Vec<Gateway> = silent.iter().map(https).collect();
    let all: Vec<&Gateway> = gateways.iter().collect();
    let budget = Duration::from_millis(350);
    let answer = gateway::deliver(&all, &sms(), budget, |_, _| {}).await;
    assert_eq!(answer, Answer::Refused);
    // At 0 and at 175 ms. At 262 ms, too little is left.
    let connections: Vec<usize> = silent.iter().map(StandIn::connections).collect();
    assert_eq!(connections, [1, 1, 0, 0]);
    let [mut longest, mut longer] = ["7s", "7001ms"].map(|timeout| {
        let text =
            format!("url = \"https://a.example/{{{{to}}}}{{{{text}}}}\"\ntimeout = \"{timeout}\"");
        toml::from_str::<GatewayConfig>(&text).map(|config| HttpGateway::new(&config))
    });
    assert!(longest.as_mut().unwrap().is_ok() && longer.as_mut().unwrap().is_err());
}

/// A server whose file has a gateway at `stand_in`, and a connection to its socket.
struct Scene {
    server: Running,
    admin: Client,
    file: StandIn,
}

impl Scene {
    async fn start(more: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let file = StandIn::start(Manner::Answer(400, "")).await;
        let options = options(&dir, file.addr, more);
        let server = start_with(options, dir).await;
        let admin = Client::connect(&data_dir(&server.dir))
            .await
            .unwrap()
            .unwrap();
        Self {
            server,
            admin,
            file,
        }
    }

    async fn perform(&mut self, operation: GatewayOperation) -> Result<Outcome, Failure> {
        let operation = Operation::Gateway(operation);
        self.admin.perform(operation).await.unwrap()
    }

    async fn create(&mut self, name: &str, url: &str) -> Result<GatewayInfo, Failure> {
        let created = self.perform(create(name, url)).await?;
        Ok(info(created))
    }

    async fn update(
        &mut self,
        name: &str,
        settings: Json,
        secrets: &[(&str, Option<&str>)],
    ) -> Result<GatewayInfo, Failure> {
        let updated = self.perform(update(name, settings, secrets, None)).await?;
        Ok(info(updated))
    }

    async fn list(&mut self) -> GatewayList {
        match self.perform(GatewayOperation::List).await.unwrap() {
            Outcome::Gateways(list) => list,
            _ => panic!("a list"),
        }
    }

    async fn names(&mut self) -> Vec<String> {
        let list = self.list().await;
        list.gateways.into_iter().map(|one| one.name).collect()
    }

    async fn send(&self) -> String {
        self.server.send(&self.server.key).await.1
    }

    /// What the audit log contains, as text.
    async fn audit(&self) -> String {
        let keyring = self.server.state.engine.load().shared_keyring();
        let log = AuditLog::new(&self.server.state.store, &keyring);
        log.lines_before(u64::MAX, 1000).await.unwrap().concat()
    }
}

fn create(name: &str, url: &str) -> GatewayOperation {
    let body = r#"{"to":"{{to}}","text":"{{text}}"}"#;
    let settings = json!({
        "url": format!("{url}/send"),
        "body": body,
        "headers": { "Authorization": "Bearer {{secret.token}}" },
        "timeout": "2s",
    });
    GatewayOperation::Create {
        name: name.to_owned(),
        settings: settings.as_object().unwrap().clone(),
        secrets: secrets(&[("token", Some(SECRET))]),
    }
}

fn update(
    name: &str,
    settings: Json,
    values: &[(&str, Option<&str>)],
    stamp: Option<String>,
) -> GatewayOperation {
    GatewayOperation::Update {
        name: name.to_owned(),
        settings: settings.as_object().unwrap().clone(),
        secrets: secrets(values),
        stamp,
    }
}

fn secrets(values: &[(&str, Option<&str>)]) -> BTreeMap<String, Option<Zeroizing<String>>> {
    let value = |value: &str| Zeroizing::new(value.to_owned());
    let values = values.iter();
    values
        .map(|(name, secret)| ((*name).to_owned(), secret.map(value)))
        .collect()
}

#[track_caller]
fn info(outcome: Outcome) -> GatewayInfo {
    match outcome {
        Outcome::Gateway(info) => *info,
        _ => panic!("a gateway"),
    }
}

fn url(stand_in: &StandIn) -> String {
    format!("http://{}", stand_in.addr)
}

#[tokio::test]
async fn a_gateway_is_defined_changed_ordered_and_removed_while_the_server_runs() {
    let mut scene = Scene::start(LOOPBACK).await;
    let [one, other] = [
        StandIn::start(Manner::Answer(200, "")).await,
        StandIn::start(Manner::Answer(200, "")).await,
    ];
    assert_eq!(scene.send().await, "100");
    let created = scene.create("one", &url(&one)).await.unwrap();
    assert_eq!(created.secrets["token"], SecretState::Set);
    assert_eq!(scene.send().await, "0");
    let request = one.requests().pop().unwrap();
    assert!(
        request.contains(&format!("authorization: Bearer {SECRET}")),
        "{request}"
    );
    scene.create("other", &url(&other)).await.unwrap();
    assert_eq!(scene.names().await, ["main", "one", "other"]);
    assert_eq!(scene.send().await, "0");
    assert_eq!((one.requests().len(), other.requests().len()), (2, 0));
    let order = |names: &[&str]| GatewayOperation::Order {
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        stamp: None,
    };
    scene.perform(order(&["other"])).await.unwrap();
    assert_eq!(scene.names().await, ["main", "other", "one"]);
    assert_eq!(scene.send().await, "0");
    assert_eq!((one.requests().len(), other.requests().len()), (2, 1));
    for names in [&["main"][..], &["none"], &["one", "one"]] {
        assert!(scene.perform(order(names)).await.is_err(), "{names:?}");
    }
    for name in ["other", "one"] {
        let (name, stamp) = (name.to_owned(), None);
        let remove = GatewayOperation::Remove { name, stamp };
        scene.perform(remove).await.unwrap();
    }
    assert_eq!(scene.send().await, "100");
    let again = scene.create("one", &url(&one)).await.unwrap();
    assert_ne!(again.stamp, created.stamp);
    assert_eq!(scene.send().await, "0");
    // The file's own is neither changed nor removed.
    for operation in [
        create("main", &url(&one)),
        update("main", json!({ "timeout": "3s" }), &[], None),
        GatewayOperation::Remove {
            name: "main".to_owned(),
            stamp: None,
        },
    ] {
        let failure = scene.perform(operation).await.map(drop).unwrap_err();
        assert!(failure.message.contains("configuration file"), "{failure}");
    }
    assert_eq!(scene.file.requests().len(), 6);
    let metrics = scene.server.state.metrics.encode().unwrap();
    for line in [
        "mpass_gateway_attempts_total{gateway=\"main\",outcome=\"refused\"} 6",
        "mpass_gateway_attempts_total{gateway=\"one\",outcome=\"delivered\"} 3",
        "mpass_gateway_attempts_total{gateway=\"other\",outcome=\"delivered\"} 1",
    ] {
        assert!(metrics.contains(line), "{metrics}");
    }
    scene.server.end().await;
}

/// Another machine writes the store only.
#[tokio::test]
async fn a_change_of_another_machine_is_followed_without_dropping_a_message() {
    let mut scene = Scene::start(LOOPBACK).await;
    let [old, new] = [
        StandIn::start(Manner::Held).await,
        StandIn::start(Manner::Answer(200, "")).await,
    ];
    scene.create("one", &url(&old)).await.unwrap();
    let state = Arc::clone(&scene.server.state);
    let change = async {
        old.has_received(1).await;
        let keyring = state.engine.load().shared_keyring();
        let egress = toml::from_str("allow = [\"127.0.0.0/8\"]").unwrap();
        let definitions = gateway::Definitions::new(&state.store, &keyring, &egress);
        let settings = json!({ "url": format!("{}/send", url(&new)) });
        let values = secrets(&[("token", Some("another"))]);
        let settings = settings.as_object().unwrap();
        definitions
            .update("one", settings, &values, None)
            .await
            .unwrap();
        let route = url(&new);
        until("the new gateway", || {
            let defined = state.defined.load();
            defined.gateways().any(|one| one.route() == route)
        })
        .await;
        old.release(1);
    };
    let (sent, ()) = futures_util::future::join(scene.send(), change).await;
    assert_eq!(sent, "0", "the message in flight");
    assert_eq!(scene.send().await, "0");
    assert_eq!((old.requests().len(), new.requests().len()), (1, 1));
    scene.server.end().await;
}

/// Rule by rule: who changes where a secret goes, or in which place, does not have it.
#[tokio::test]
async fn a_change_of_the_target_clears_the_secrets() {
    let mut scene = Scene::start(LOOPBACK).await;
    let stand_in = StandIn::start(Manner::Answer(200, "")).await;
    let base = url(&stand_in);
    let template = r#"{"to":"{{to}}","text":"{{text}}","x":"{{secret.token}}"}"#;
    let pem = rcgen::generate_simple_self_signed(vec!["a.example".to_owned()]).unwrap();
    for (settings, clears) in [
        (json!({ "timeout": "3s" }), false),
        (json!({ "sender": "Shop" }), false),
        (json!({ "method": "PUT" }), false),
        (
            json!({ "success": [{ "status": [200, "202-204"] }] }),
            false,
        ),
        (json!({ "url": format!("{base}/send") }), false),
        (json!({ "url": "https://other.example/send" }), true),
        (json!({ "url": "http://127.0.0.1:9/send" }), true),
        (json!({ "url": format!("{base}/other") }), true),
        (
            json!({ "url": format!("https://{}/send", stand_in.addr) }),
            true,
        ),
        (json!({ "body": template }), true),
        (json!({ "body_format": "text" }), true),
        (
            json!({ "headers": { "X-Api-Key": "{{secret.token}}" } }),
            true,
        ),
        (json!({ "headers": null }), true),
        (
            json!({ "basic_auth": { "user": "u", "password": "{{secret.token}}" } }),
            true,
        ),
        (json!({ "allow_plain_http": true }), true),
        (json!({ "ca_certificates": pem.cert.pem() }), true),
    ] {
        scene.create("one", &base).await.unwrap();
        let changed = scene.update("one", settings.clone(), &[]).await.unwrap();
        let expected: &[&str] = if clears { &["token"] } else { &[] };
        assert_eq!(changed.cleared, expected, "{settings}");
        let is_set = changed.secrets.get("token") == Some(&SecretState::Set);
        assert_eq!(is_set, !clears, "{settings}");
        let remove = GatewayOperation::Remove {
            name: "one".to_owned(),
            stamp: changed.stamp,
        };
        scene.perform(remove).await.unwrap();
    }
    // Without its secret it is not used; with it, it is again.
    scene.create("one", &base).await.unwrap();
    let changed = scene
        .update("one", json!({ "body": template }), &[])
        .await
        .unwrap();
    assert_eq!(changed.secrets["token"], SecretState::NotSet);
    assert_eq!(scene.send().await, "100");
    let failing = scene.server.state.defined.load_full();
    let reasons: Vec<_> = failing.unusable().collect();
    assert_eq!(reasons, [("one", "gateway.secrets.token is not set")]);
    let values = [("token", Some("another-secret"))];
    scene.update("one", json!({}), &values).await.unwrap();
    assert_eq!(scene.send().await, "0");
    let request = stand_in.requests().pop().unwrap();
    assert!(
        request.contains("another-secret") && !request.contains(SECRET),
        "{request}"
    );
    let removed = scene
        .update("one", json!({}), &[("token", None)])
        .await
        .unwrap();
    assert_eq!(removed.secrets["token"], SecretState::NotSet);
    scene.server.end().await;
}

#[tokio::test]
async fn secrets_do_not_come_back_out() {
    let mut scene = Scene::start(LOOPBACK).await;
    let stand_in = StandIn::start(Manner::Answer(402, SECRET)).await;
    let hides = |what: &str, text: &str| assert!(!text.contains(SECRET), "{what}: {text}");
    let created = scene.create("one", &url(&stand_in)).await.unwrap();
    hides("create", &serde_json::to_string(&created).unwrap());
    let changed = scene
        .update("one", json!({ "timeout": "3s" }), &[])
        .await
        .unwrap();
    hides("update", &serde_json::to_string(&changed).unwrap());
    hides("list", &serde_json::to_string(&scene.list().await).unwrap());
    assert_eq!(scene.send().await, "100");
    let status = scene
        .admin
        .perform(Operation::Status)
        .await
        .unwrap()
        .unwrap();
    let Outcome::Status(status) = status else {
        panic!()
    };
    hides("status", &serde_json::to_string(&status).unwrap());
    assert!(
        status
            .gateways
            .iter()
            .any(|one| one.name == "one" && one.is_stored)
    );
    hides("metrics", &scene.server.state.metrics.encode().unwrap());
    let audit = scene.audit().await;
    hides("audit", &audit);
    assert!(
        audit.contains("gateway.create") && audit.contains(r#""token":"set""#),
        "{audit}"
    );
    let state = &scene.server.state;
    hides("debug", &format!("{:?}", state.defined.load()));
    // Where a literal would be shown, a secret is demanded, and not repeated.
    for settings in [
        json!({ "headers": { "Authorization": SECRET } }),
        json!({ "headers": { "X-Api-Key": SECRET } }),
        json!({ "basic_auth": { "user": "u", "password": SECRET } }),
        json!({ "url": format!("https://a.example/?token={SECRET}") }),
        json!({ "timeout": SECRET }),
        json!({ "headers": SECRET }),
        json!({ "success": [{ "status": [SECRET] }] }),
        json!({ "ca_certificates": SECRET }),
        json!({ SECRET: "x" }),
        json!({ "secrets": { "token": { "env": "PATH" } } }),
        json!({ "name": "other" }),
    ] {
        let failure = scene
            .update("one", settings.clone(), &[])
            .await
            .unwrap_err();
        hides("failure", &failure.message);
    }
    let failure = scene
        .update("one", json!({}), &[(SECRET, Some(""))])
        .await
        .unwrap_err();
    hides("failure", &failure.message);
    hides("audit", &scene.audit().await);
    scene.server.end().await;
}

/// All bytes of the files below a directory.
fn dump(dir: &TempDir) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directories = vec![data_dir(dir)];
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => directories.push(path),
                false => bytes.extend(std::fs::read(path).unwrap_or_default()),
            }
        }
    }
    bytes
}

#[tokio::test]
async fn the_store_contains_nothing_readable_of_a_gateway() {
    let mut scene = Scene::start("").await;
    let route = "https://sms-of-the-operator.example";
    scene.create("name-of-the-gateway", route).await.unwrap();
    let settings = json!({ "sender": "SenderOfTheGateway" });
    scene
        .update("name-of-the-gateway", settings, &[])
        .await
        .unwrap();
    let count = documents(&scene.server.state.store).unwrap().len();
    assert!(count > 2, "{count}");
    let dir = scene.server.end().await;
    let bytes = dump(&dir);
    assert!(bytes.len() > 10_000);
    for text in [
        SECRET,
        "sms-of-the-operator",
        "name-of-the-gateway",
        "SenderOfTheGateway",
        "Bearer",
    ] {
        let is_there = bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes());
        assert!(!is_there, "{text}");
    }
}

#[tokio::test]
async fn what_only_the_server_reaches_is_not_connected_to() {
    let mut scene = Scene::start("").await;
    let inside = StandIn::start(Manner::Answer(200, "")).await;
    let port = inside.addr.port();
    let own = scene.server.addr.port();
    for host in [
        format!("http://127.0.0.1:{port}"),
        format!("https://127.0.0.1:{port}"),
        format!("https://2130706433:{port}"),
        format!("https://0x7f000001:{port}"),
        format!("https://0177.1:{port}"),
        format!("https://[::ffff:127.0.0.1]:{port}"),
        format!("https://[::1]:{port}"),
        format!("https://0.0.0.0:{port}"),
        format!("https://127.0.0.1:{own}"),
        "https://169.254.169.254".to_owned(),
        "http://1.1.1.1".to_owned(),
    ] {
        let failure = scene.create("one", &host).await.unwrap_err();
        let is_refused = ["not allowed", "allow_plain_http"];
        assert!(
            is_refused.iter().any(|word| failure.message.contains(word)),
            "{host}: {failure}"
        );
    }
    assert_eq!(scene.names().await, ["main"]);
    // A name is judged when it is resolved.
    for scheme in ["http", "https"] {
        let host = format!("{scheme}://localhost:{port}");
        scene.create("one", &host).await.unwrap();
        assert_eq!(scene.send().await, "100", "{host}");
        let (name, to) = ("one".to_owned(), "+966500000000".to_owned());
        let test = scene.perform(GatewayOperation::Test { name, to }).await;
        let Ok(Outcome::Tested(test)) = test else {
            panic!()
        };
        assert_eq!(
            (test.outcome.as_str(), test.status_class),
            ("refused", None)
        );
        let (name, stamp) = ("one".to_owned(), None);
        scene
            .perform(GatewayOperation::Remove { name, stamp })
            .await
            .unwrap();
    }
    assert_eq!(inside.connections(), 0);
    scene.server.end().await;

    let mut scene = Scene::start("[egress]\nallow = [\"localhost\"]\n").await;
    scene
        .create("one", &format!("http://localhost:{port}"))
        .await
        .unwrap();
    assert_eq!(scene.send().await, "0");
    assert!(scene.create("other", &url(&inside)).await.is_err());
    scene.server.end().await;
}

/// The first gateway answers with a redirect to a service that only the server reaches.
#[tokio::test]
async fn a_redirect_is_not_followed() {
    let inside = StandIn::start(Manner::Answer(200, "")).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gateway = format!("http://{}", listener.local_addr().unwrap());
    let location = url(&inside);
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let answer = format!(
                "HTTP/1.1 307 X\r\nLocation: {location}/\r\nContent-Length: 0\r\n\
                 Connection: close\r\n\r\n"
            );
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    let mut scene = Scene::start(LOOPBACK).await;
    scene.create("one", &gateway).await.unwrap();
    let (name, to) = ("one".to_owned(), "+966500000000".to_owned());
    let test = scene.perform(GatewayOperation::Test { name, to }).await;
    let Ok(Outcome::Tested(test)) = test else {
        panic!()
    };
    assert_eq!(test.outcome, "unknown");
    assert_eq!(test.status_class.as_deref(), Some("3xx"));
    assert_eq!(inside.connections(), 0);
    scene.server.end().await;
}

#[tokio::test]
async fn test_messages_have_a_fixed_text_limits_and_an_entry_in_the_audit_log() {
    let mut scene = Scene::start(&format!("numbers.barred = [\"+96651\"]\n{LOOPBACK}")).await;
    let stand_in = StandIn::start(Manner::Answer(201, "an answer")).await;
    scene.create("one", &url(&stand_in)).await.unwrap();
    let test = |name: &str, to: &str| GatewayOperation::Test {
        name: name.to_owned(),
        to: to.to_owned(),
    };
    let done = scene.perform(test("one", "+966500000000")).await;
    let Ok(Outcome::Tested(tested)) = done else {
        panic!()
    };
    assert_eq!(tested.outcome, "delivered");
    assert_eq!(tested.status_class.as_deref(), Some("2xx"));
    assert!(!serde_json::to_string(&tested).unwrap().contains("answer"));
    let request = stand_in.requests().pop().unwrap();
    assert!(
        request.contains("This is a test message of mPass."),
        "{request}"
    );
    let audit = scene.audit().await;
    assert!(
        audit.contains("gateway.test") && audit.contains("one +96650"),
        "{audit}"
    );
    assert!(!audit.contains("966500000000"), "{audit}");
    let done = scene.perform(test("main", "+966500000000")).await;
    let Ok(Outcome::Tested(tested)) = done else {
        panic!()
    };
    assert_eq!(tested.status_class.as_deref(), Some("4xx"));
    for to in ["+966510000000", "+966800000000", "123", ""] {
        let failure = scene.perform(test("one", to)).await.map(drop).unwrap_err();
        assert!(to.is_empty() || !failure.message.contains(to), "{failure}");
    }
    assert!(scene.perform(test("none", "+966500000000")).await.is_err());
    let stop = Operation::Stop {
        target: StopTarget::Gateway {
            name: Some("one".to_owned()),
        },
        life_ms: 60_000,
        why: None,
        by: None,
    };
    scene.admin.perform(stop).await.unwrap().unwrap();
    let failure = scene
        .perform(test("one", "+966500000000"))
        .await
        .map(drop)
        .unwrap_err();
    assert!(failure.message.contains("stopped"), "{failure}");
    assert_eq!(stand_in.requests().len(), 1);
    scene
        .admin
        .perform(Operation::Resume { target: None })
        .await
        .unwrap()
        .unwrap();
    for _ in 2..10 {
        scene.perform(test("one", "+966500000000")).await.unwrap();
    }
    let failure = scene
        .perform(test("one", "+966500000000"))
        .await
        .map(drop)
        .unwrap_err();
    assert!(failure.message.contains("within an hour"), "{failure}");
    assert_eq!(stand_in.requests().len(), 9);
    scene.server.end().await;
}

#[tokio::test]
async fn each_gateway_is_stopped_by_its_name() {
    let mut scene = Scene::start(LOOPBACK).await;
    let stand_in = StandIn::start(Manner::Answer(200, "")).await;
    scene.create("one", &url(&stand_in)).await.unwrap();
    let stop = |name: &str| Operation::Stop {
        target: StopTarget::Gateway {
            name: Some(name.to_owned()),
        },
        life_ms: 60_000,
        why: None,
        by: None,
    };
    scene.admin.perform(stop("main")).await.unwrap().unwrap();
    assert_eq!(scene.send().await, "0");
    assert_eq!(
        (scene.file.requests().len(), stand_in.requests().len()),
        (0, 1)
    );
    scene.admin.perform(stop("one")).await.unwrap().unwrap();
    let (status, _) = scene.server.send(&scene.server.key).await;
    assert_eq!(status, 503, "both are stopped");
    assert!(scene.admin.perform(stop("none")).await.unwrap().is_err());
    scene.server.end().await;
}

/// Ten administrators at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn raced_changes_leave_one_winner_and_a_consistent_list() {
    let mut scene = Scene::start("").await;
    let route = "https://a.example";
    let dir = data_dir(&scene.server.dir);
    let race = async |operation: &(dyn Fn(usize) -> GatewayOperation + Sync)| {
        let one = async |index| {
            let mut admin = Client::connect(&dir).await.unwrap().unwrap();
            let operation = Operation::Gateway(operation(index));
            admin.perform(operation).await.unwrap().map(drop)
        };
        let done = futures_util::future::join_all((0..10).map(one)).await;
        done.into_iter().filter(Result::is_ok).count()
    };
    assert_eq!(race(&|_| create("one", route)).await, 1);
    let stamp = scene.list().await.gateways[1].stamp.clone();
    let change = |index: usize| {
        let settings = json!({ "sender": format!("s{index}") });
        update("one", settings, &[], stamp.clone())
    };
    assert_eq!(race(&change).await, 1, "with the stamp");
    let change = |index: usize| match index % 2 {
        0 => update("one", json!({ "sender": "both" }), &[], None),
        _ => update("one", json!({ "timeout": "1s" }), &[], None),
    };
    assert_eq!(race(&change).await, 10, "each is applied to what won");
    let both = &scene.list().await.gateways[1].settings;
    assert_eq!(
        (&both["sender"], &both["timeout"]),
        (&json!("both"), &json!("1s"))
    );
    for _ in 0..5 {
        let change = |index: usize| match index % 2 {
            0 => create("two", route),
            _ => GatewayOperation::Remove {
                name: "two".to_owned(),
                stamp: None,
            },
        };
        race(&change).await;
        let name = "two".to_owned();
        let is_there = scene.perform(GatewayOperation::Read { name }).await.is_ok();
        let is_listed = scene.names().await.contains(&"two".to_owned());
        assert_eq!(is_there, is_listed);
    }
    // As many as there can be.
    race(&|index| create(&format!("a{index}"), route)).await;
    race(&|index| create(&format!("b{index}"), route)).await;
    let stored = scene.names().await.len() - 1;
    assert!((15..=gateway::MOST).contains(&stored), "{stored}");
    scene.server.end().await;
}

#[tokio::test]
async fn a_server_without_a_gateway_in_its_file() {
    let dir = tempfile::tempdir().unwrap();
    let stand_in = StandIn::start(Manner::Answer(200, "")).await;
    let options = options(&dir, stand_in.addr, LOOPBACK);
    let mut scene = Scene {
        server: start_with(options.clone(), dir).await,
        admin: Client::connect(&options.data_dir).await.unwrap().unwrap(),
        file: stand_in.clone(),
    };
    scene.create("one", &url(&stand_in)).await.unwrap();
    let dir = scene.server.end().await;
    let mut alone = options;
    alone.config.gateways.clear();
    let server = start_with(alone.clone(), dir).await;
    let sends = server.send(&server.key).await;
    assert_eq!(sends, (200, "0".into()));
    let keyring = server.state.engine.load().shared_keyring();
    let remove = GatewayOperation::Remove {
        name: "one".to_owned(),
        stamp: None,
    };
    operations::perform(&server.state.store, &keyring, Operation::Gateway(remove))
        .await
        .unwrap();
    let _dir = server.end().await;
    let error = mpass_server::serve::Server::bind(alone)
        .await
        .map(drop)
        .unwrap_err();
    assert!(
        error.to_string().contains("no gateway is configured"),
        "{error:#}"
    );
}

#[test]
fn each_operation_has_its_permission() {
    let name = || "one".to_owned();
    for (operation, permission, lowest) in [
        (create("one", ""), Permission::Gateways, Role::Administrator),
        (
            update("one", json!({}), &[], None),
            Permission::Gateways,
            Role::Administrator,
        ),
        (
            GatewayOperation::Remove {
                name: name(),
                stamp: None,
            },
            Permission::Gateways,
            Role::Administrator,
        ),
        (
            GatewayOperation::Order {
                names: Vec::new(),
                stamp: None,
            },
            Permission::Gateways,
            Role::Administrator,
        ),
        (
            GatewayOperation::Test {
                name: name(),
                to: String::new(),
            },
            Permission::TestGateway,
            Role::Operator,
        ),
        (GatewayOperation::List, Permission::Read, Role::Viewer),
        (
            GatewayOperation::Read { name: name() },
            Permission::Read,
            Role::Viewer,
        ),
    ] {
        let operation = Operation::Gateway(operation);
        assert_eq!(operation.permission(), permission, "{}", operation.name());
        for role in Role::ALL {
            assert_eq!(
                role.may(permission),
                *role >= lowest,
                "{}",
                operation.name()
            );
        }
    }
}
