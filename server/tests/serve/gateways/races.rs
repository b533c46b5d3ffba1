//! Several administrators at once.

use mpass_server::admin::{Client, GatewayOperation, Operation};
use mpass_server::gateway;
use serde_json::json;

use super::{Scene, create, update};
use crate::support::data_dir;

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
