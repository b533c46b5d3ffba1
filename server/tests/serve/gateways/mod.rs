//! Several gateways, and those that are defined while the server runs.

mod egress;
mod life;
mod races;
mod routes;
mod secrets;

use std::collections::BTreeMap;

use mpass_server::admin::{
    Client, Failure, GatewayInfo, GatewayList, GatewayOperation, Operation, Outcome,
};
use mpass_server::audit::AuditLog;
use serde_json::{Value as Json, json};
use zeroize::Zeroizing;

use crate::support::{Manner, Running, StandIn, data_dir, options, start_with};

const SECRET: &str = "s3cr3t-of-the-gateway";
const LOOPBACK: &str = "[egress]\nallow = [\"127.0.0.0/8\"]\n";

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
