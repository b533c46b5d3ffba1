//! Gateways while the server runs.

use std::sync::Arc;

use mpass_server::admin::{
    Client, GatewayOperation, Operation, OrderedBy, Outcome, SecretState, StopTarget, operations,
};
use mpass_server::administrators::{Permission, Role};
use mpass_server::gateway;
use serde_json::json;

use super::{LOOPBACK, SECRET, Scene, create, secrets, update, url};
use crate::support::{Manner, StandIn, options, start_again, start_with, until};

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
        audit.contains("gateway.test") && audit.contains("one +9665*****00"),
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
        by: OrderedBy::default(),
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
        by: OrderedBy::default(),
    };
    scene.admin.perform(stop("main")).await.unwrap().unwrap();
    assert_eq!(scene.send().await, "0");
    assert_eq!(
        (scene.file.requests().len(), stand_in.requests().len()),
        (0, 1)
    );
    scene.admin.perform(stop("one")).await.unwrap().unwrap();
    assert_eq!(scene.send().await, "100", "both are stopped");
    let requests = (scene.file.requests().len(), stand_in.requests().len());
    assert_eq!(requests, (0, 1));
    assert!(scene.admin.perform(stop("none")).await.unwrap().is_err());
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
    let key = scene.server.key.clone();
    let dir = scene.server.end().await;
    let mut alone = options;
    alone.config.gateways.clear();
    let server = start_again(alone.clone(), dir, key).await;
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
