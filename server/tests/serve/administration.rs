//! Administrators, tokens, keys and numbers over the socket of a running server, on each
//! kind of store.

use mpass_core::Error;
use mpass_server::admin::{
    AdministratorInfo, AdministratorOperation as A, AuditOperation, AuditQuestion, Client, Failure,
    KeyList, KeyOperation, NewCredentials, Operation, Outcome, TenantKind, TokenOperation,
    TokensOf,
};
use mpass_server::administrators::{Permission, ResetOf, Role};
use mpass_server::{entropy, keyring_file};
use serde_json::Value as Json;

use crate::support::{DEST, Manner, Running, StandIn, data_dir, options, start_with};

struct Scene {
    server: Running,
    gateway: StandIn,
    admin: Client,
}

impl Scene {
    async fn start(store: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let gateway = StandIn::start(Manner::Answer(200, "")).await;
        let options = options(&dir, gateway.addr, &format!("store = \"{store}\""));
        let server = start_with(options, dir).await;
        let admin = Self::connect(&server).await;
        Self {
            server,
            gateway,
            admin,
        }
    }

    async fn connect(server: &Running) -> Client {
        let client = Client::connect(&data_dir(&server.dir)).await.unwrap();
        client.unwrap()
    }

    async fn perform(&mut self, operation: Operation) -> Result<Outcome, Failure> {
        self.admin.perform(operation).await.unwrap()
    }

    async fn create(&mut self, name: &str, role: Role) -> Box<NewCredentials> {
        let name = name.to_owned();
        let create = Operation::Administrator(A::Create { name, role });
        match self.perform(create).await.unwrap() {
            Outcome::Enrolled(new) => new,
            _ => panic!("credentials"),
        }
    }

    async fn read(&mut self, name: &str) -> Result<AdministratorInfo, Failure> {
        let name = name.to_owned();
        match self
            .perform(Operation::Administrator(A::Read { name }))
            .await?
        {
            Outcome::Administrator(info) => Ok(info),
            _ => panic!("an administrator"),
        }
    }

    async fn keys(&mut self, operation: KeyOperation) -> Result<KeyList, Failure> {
        match self.perform(Operation::Key(operation)).await? {
            Outcome::Keys(keys) => Ok(keys),
            _ => panic!("keys"),
        }
    }

    /// The entries of an operation, the oldest first.
    async fn audit(&mut self, what: &str) -> Vec<Json> {
        let question = AuditQuestion {
            after: Some(0),
            limit: Some(500),
            what: Some(what.to_owned()),
            ..AuditQuestion::default()
        };
        let operation = Operation::Audit(AuditOperation::List(question));
        let Ok(Outcome::Audit(page)) = self.perform(operation).await else {
            panic!("a page");
        };
        let lines = page.lines.iter();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

/// The channel of the tests' servers.
const CHANNEL: &str = "test-0";

const STORES: [&str; 2] = ["memory", "embedded"];

#[tokio::test(flavor = "multi_thread")]
async fn administrators_are_administered() {
    for store in STORES {
        let mut scene = Scene::start(store).await;
        let made = scene.create("anna", Role::Administrator).await;
        assert!(made.password.is_some() && made.totp_uri.is_some());
        let read = scene.read("anna").await.unwrap();
        assert_eq!(read.stamp, made.stamp);
        // Two at once, with the stamp that both have read: one changes it.
        let mut other = Scene::connect(&scene.server).await;
        scene.create("bert", Role::Administrator).await;
        let update = |role| {
            Operation::Administrator(A::Update {
                name: "anna".to_owned(),
                role: Some(role),
                disabled: None,
                stamp: Some(made.stamp.clone()),
            })
        };
        let both = tokio::join!(
            scene.admin.perform(update(Role::Viewer)),
            other.perform(update(Role::Operator))
        );
        let failures: Vec<u16> = [both.0.unwrap(), both.1.unwrap()]
            .into_iter()
            .filter_map(|done| done.err().map(|failure| failure.number))
            .collect();
        assert_eq!(failures, [Error::Changed.number()]);
        let last = scene.perform(Operation::Administrator(A::Remove {
            name: "bert".to_owned(),
            stamp: None,
        }));
        assert!(
            last.await
                .err()
                .unwrap()
                .message
                .contains("create one first")
        );
        let reset = scene.perform(Operation::Administrator(A::Reset {
            name: "anna".to_owned(),
            what: ResetOf::SecondFactor,
            stamp: None,
        }));
        let Ok(Outcome::Enrolled(reset)) = reset.await else {
            panic!("credentials");
        };
        assert!(reset.password.is_none() && reset.totp_uri != made.totp_uri);
        let missing = scene.read("carl").await.unwrap_err();
        assert_eq!(missing.message, "administrator not found");
        let entries = scene.audit("administrator.update").await;
        let failed = entries.iter().filter(|entry| entry["step"] == "failed");
        assert_eq!((entries.len(), failed.count()), (4, 1));
        let done = entries
            .iter()
            .find(|entry| entry["step"] == "done")
            .unwrap();
        assert_eq!(done["before"]["role"], "administrator");
        let text = format!("{:?}", scene.audit("administrator.").await);
        assert!(!text.contains("otpauth") && !text.contains(made.password.as_ref().unwrap()));
    }
}

/// A page ends, and the next one begins behind it.
#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_listed_page_by_page() {
    let mut scene = Scene::start("memory").await;
    let names = ["anna", "bert"];
    for name in names {
        scene.create(name, Role::Operator).await;
        for n in 0..75 {
            let create = TokenOperation::Create {
                name: format!("{n}"),
                permissions: vec![Permission::Read],
                life_ms: 3_600_000,
                maker: Some(name.to_owned()),
                made_with: None,
            };
            assert!(scene.perform(Operation::Token(create)).await.is_ok());
        }
    }
    let (mut ids, mut after, mut pages) = (Vec::new(), None, 0);
    loop {
        let of = TokensOf::All;
        let list = Operation::Token(TokenOperation::List { of, after });
        let Ok(Outcome::Tokens(page)) = scene.perform(list).await else {
            panic!("a page");
        };
        ids.extend(page.tokens.into_iter().map(|token| token.id));
        pages += 1;
        // The last one of the page ends before the next page is read.
        let revoke = TokenOperation::Revoke {
            id: ids.last().unwrap().clone(),
            of: TokensOf::All,
        };
        assert!(scene.perform(Operation::Token(revoke)).await.is_ok());
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), pages), (150, 2));
    for after in ["x", "1", ".", "x.y"] {
        let list = Operation::Token(TokenOperation::List {
            of: TokensOf::All,
            after: Some(after.to_owned()),
        });
        assert!(scene.perform(list).await.is_err(), "{after}");
    }
    // An administrator has a bounded number, and those of one who is gone are too.
    let mut made = 0;
    for _ in 0..40 {
        let create = TokenOperation::Create {
            name: "more".to_owned(),
            permissions: vec![Permission::Read],
            life_ms: 3_600_000,
            maker: Some("anna".to_owned()),
            made_with: None,
        };
        made += usize::from(scene.perform(Operation::Token(create)).await.is_ok());
    }
    assert!((25..=27).contains(&made), "{made}");
    let remove = A::Remove {
        name: "anna".to_owned(),
        stamp: None,
    };
    assert!(
        scene
            .perform(Operation::Administrator(remove))
            .await
            .is_ok()
    );
    let of = TokensOf::Administrator("anna".to_owned());
    let list = Operation::Token(TokenOperation::List { of, after: None });
    let Ok(Outcome::Tokens(page)) = scene.perform(list).await else {
        panic!("a page");
    };
    assert_eq!(page.tokens, []);
}

/// A record key of the server's keyring is activated in its file; no key is shown.
#[tokio::test(flavor = "multi_thread")]
async fn a_record_key_is_activated() {
    for store in STORES {
        let mut scene = Scene::start(store).await;
        let keys = scene.keys(KeyOperation::List).await.unwrap();
        assert_eq!((keys.keys.len(), keys.keys[0].is_active), (1, true));
        let missing = scene.keys(KeyOperation::Activate { id: 2 }).await;
        assert!(missing.unwrap_err().message.contains("no record key 2"));
        let file = scene.server.dir.path().join("keyring");
        let add =
            |keyring: &mut mpass_core::challenge::Keyring| Ok(keyring.add(&*entropy::fresh()?)?);
        assert_eq!(keyring_file::change(&file, add).unwrap(), 2);
        let keys = scene.keys(KeyOperation::Activate { id: 2 }).await.unwrap();
        let active: Vec<(u16, bool)> = keys.keys.iter().map(|it| (it.id, it.is_active)).collect();
        assert_eq!(active, [(1, false), (2, true)]);
        assert_eq!(scene.server.state.engine.load().keyring().newest(), 2);
        assert_eq!(keyring_file::load(&file).unwrap().newest(), 2);
        assert_eq!(
            scene.server.send(&scene.server.key).await,
            (200, "0".into())
        );
        let entries = scene.audit("key.activate").await;
        let steps: Vec<&Json> = entries.iter().map(|entry| &entry["step"]).collect();
        assert_eq!(steps, ["intent", "failed", "intent", "done"]);
        assert_eq!(entries[3]["before"]["active"], 1);
        assert_eq!(entries[3]["after"]["active"], 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_erased_and_unlocked() {
    for store in STORES {
        let mut scene = Scene::start(store).await;
        assert_eq!(
            scene.server.send(&scene.server.key).await,
            (200, "0".into())
        );
        let code = scene.gateway.last_code();
        let name = || CHANNEL.to_owned();
        let (kind, number) = (TenantKind::Channel, DEST.replace("%2B", "+"));
        let erase = Operation::EraseNumber {
            kind,
            name: name(),
            number: number.clone(),
        };
        assert!(scene.perform(erase).await.is_ok());
        let key = scene.server.key.clone();
        assert_ne!(scene.server.verify(&key, &code).await, "0");
        for n in 0..4 {
            let unlock = Operation::UnlockNumber {
                kind,
                name: name(),
                number: number.clone(),
            };
            let number = scene.perform(unlock).await.err().map(|it| it.number);
            let expected = (n == 3).then(|| Error::TooManyUnlocks.number());
            assert_eq!(number, expected, "{n}");
        }
        let entries = scene.audit("number.").await;
        assert_eq!(entries.len(), 10);
        let text = format!("{entries:?}");
        assert!(!text.contains(number.trim_start_matches('+')), "{text}");
    }
}

/// The end of the audit log is in the metrics.
#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_the_audit_log_is_reported() {
    let mut scene = Scene::start("memory").await;
    scene.create("anna", Role::Viewer).await;
    let state = std::sync::Arc::clone(&scene.server.state);
    let Ok(Outcome::AuditHead(head)) = scene.perform(Operation::Audit(AuditOperation::Head)).await
    else {
        panic!("a head");
    };
    // It is reported each minute, and when the server ends.
    drop(scene.server.end().await);
    let metrics = state.metrics.encode().unwrap();
    let entries = format!("mpass_audit_entries {}", head.number);
    let mac = u64::from_str_radix(&head.anchor.split_once(':').unwrap().1[..12], 16).unwrap();
    for line in [entries, format!("mpass_audit_mac {mac}")] {
        assert!(
            metrics.lines().any(|found| found == line),
            "{line}: {metrics}"
        );
    }
}
