//! A server with its portal, administrators and tokens.

use core::net::SocketAddr;

use mpass_core::oath::uri::KeyUri;
use mpass_core::oath::{Algorithm, Digits, Key, Totp};
use mpass_server::administrators::{
    Account, Administrators, ApiTokens, Enrolment, NewAdministrator, NewApiToken, Permission, Role,
};
use mpass_server::clock;
use reqwest::{Method, StatusCode};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{self, Manner, Running, StandIn};

pub(crate) const STORES: [&str; 2] = ["memory", "embedded"];
const DAY_MS: u64 = 24 * 3_600_000;

pub(crate) struct Scene {
    pub(crate) running: Running,
    pub(crate) portal: SocketAddr,
    client: reqwest::Client,
}

pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Answered {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{}", self.text))
    }

    /// The name of the problem; empty if there is none.
    pub(crate) fn problem(&self) -> String {
        let json: Value = serde_json::from_str(&self.text).unwrap_or_default();
        let kind = json["type"].as_str().unwrap_or_default();
        kind.trim_start_matches("urn:mpass:problem:").to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |it| it.to_str().unwrap())
    }
}

impl Scene {
    pub(crate) async fn start(store: &str) -> Self {
        Self::start_with(store, tempfile::tempdir().unwrap(), "").await
    }

    /// With more in the configuration.
    pub(crate) async fn start_with(store: &str, dir: TempDir, more: &str) -> Self {
        let gateway = StandIn::start(Manner::Answer(200, "")).await;
        let more = format!(
            "store = \"{store}\"\nportal.listen = \"127.0.0.1:0\"\nportal.hosts = [\"ops.example\"]\n{more}"
        );
        let options = support::options(&dir, gateway.addr, &more);
        let running = support::start_with(options, dir).await;
        let portal = *running.addrs.last().unwrap();
        assert_ne!(portal, running.addr);
        Self {
            running,
            portal,
            client: support::client(),
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}/admin/v1{path}", self.portal)
    }

    pub(crate) async fn administrator(&self, name: &str, role: Role) -> Enrolment {
        let state = &self.running.state;
        let keyring = state.engine.load().shared_keyring();
        let administrators = Administrators::new(&state.store, &keyring, &state.hasher);
        let new = NewAdministrator {
            name: name.to_owned(),
            role,
            password: None,
        };
        administrators.create(new).await.unwrap()
    }

    pub(crate) async fn token(&self, maker: &Account, permissions: &[Permission]) -> String {
        let state = &self.running.state;
        let keyring = state.engine.load().shared_keyring();
        let administrators = Administrators::new(&state.store, &keyring, &state.hasher);
        let tokens = ApiTokens::new(administrators, None);
        let mut permissions = permissions.to_vec();
        permissions.retain(|it| maker.role.may(*it));
        let new = NewApiToken {
            name: "test".to_owned(),
            permissions,
            life_ms: DAY_MS,
        };
        let (secret, _) = tokens.make(maker, new).await.unwrap();
        String::clone(&secret)
    }

    /// Changes an administrator, as another one does.
    pub(crate) async fn change(&self, name: &str, role: Option<Role>, disabled: Option<bool>) {
        let state = &self.running.state;
        let keyring = state.engine.load().shared_keyring();
        let administrators = Administrators::new(&state.store, &keyring, &state.hasher);
        let changed = administrators.update(name, role, disabled, None).await;
        changed.unwrap();
    }

    /// An administrator with a role, and a token that may do everything which that may.
    pub(crate) async fn bearer(&self, name: &str, role: Role) -> String {
        let enrolment = self.administrator(name, role).await;
        self.token(&enrolment.account, Permission::ALL).await
    }

    pub(crate) async fn call(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Answered {
        let method: Method = method.parse().unwrap();
        let mut request = self
            .client
            .request(method, self.url(path))
            .bearer_auth(token);
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answered(request).await
    }

    pub(crate) async fn get(&self, token: &str, path: &str) -> Answered {
        self.call(token, "GET", path, None, &[]).await
    }

    pub(crate) fn client(&self) -> &reqwest::Client {
        &self.client
    }
}

pub(crate) async fn answered(request: reqwest::RequestBuilder) -> Answered {
    let response = request.send().await.unwrap();
    Answered {
        status: response.status(),
        headers: response.headers().clone(),
        text: response.text().await.unwrap(),
    }
}

/// The present code of an authenticator.
pub(crate) fn code(enrolment: &Enrolment) -> String {
    code_of(enrolment.uri.as_ref().unwrap())
}

/// The present code of an authenticator that was given this key URI.
pub(crate) fn code_of(uri: &str) -> String {
    let uri = KeyUri::parse(uri).unwrap();
    let key = Key::new(Algorithm::Sha1, uri.secret().expose()).unwrap();
    let totp = Totp::new(key, Digits::SIX);
    totp.generate(clock::now_ms() / 1000)
        .unwrap()
        .as_str()
        .to_owned()
}
