//! Servers in processes of their own, with a channel and a customer.

use core::time::Duration;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Instant;

use base64ct::{Base64, Encoding as _};
use serde_json::Value;
use tempfile::TempDir;

use crate::gateway::Gateway;
use crate::stores::{PATIENCE, Process, free_port};

/// Wrong codes that end a challenge.
pub(crate) const TRIES: usize = 3;
/// Sends to one number.
pub(crate) const SENDS: usize = 2;
/// The credits at the start.
pub(crate) const CREDITS: usize = 1_000_000;
const CUSTOMER: &str = "C-0000000000000A1";

/// The programs and what they need.
pub(crate) struct Scene {
    pub(crate) gateway: Gateway,
    /// The address of each server, which stays.
    pub(crate) bases: Vec<String>,
    /// The key of the channel.
    pub(crate) channel: String,
    /// The parameter `key` of the customer.
    customer: String,
    /// The customer's token.
    pub(crate) token: Mutex<String>,
    pub(crate) client: reqwest::Client,
    home: TempDir,
    servers: Mutex<Vec<Option<Process>>>,
}

impl Scene {
    /// Initializes the store, creates the tenants and starts the servers. `store` is the
    /// setting of the store.
    pub(crate) async fn start(store: &str, servers: usize) -> Self {
        let gateway = Gateway::start().await;
        let home = tempfile::tempdir().unwrap();
        let ports: Vec<u16> = (0..servers).map(|_| free_port()).collect();
        let mut scene = Self {
            bases: ports
                .iter()
                .map(|port| format!("http://127.0.0.1:{port}"))
                .collect(),
            channel: String::new(),
            customer: String::new(),
            token: Mutex::default(),
            client: reqwest::Client::builder()
                .timeout(Duration::from_secs(5))
                .no_proxy()
                .build()
                .unwrap(),
            servers: Mutex::new(ports.iter().map(|_| None).collect()),
            gateway,
            home,
        };
        for (n, port) in ports.iter().enumerate() {
            fs::write(scene.file(n), scene.config(store, *port)).unwrap();
        }
        if store.contains("kind") {
            scene.mpass(0, &["store", "init"]);
        }
        let rules = [
            "--tries",
            "3",
            "--resend-interval",
            "0s",
            "--sends",
            "2/1d/2",
        ];
        let rules = [
            &rules[..],
            &["--guesses", "100/1d/100", "--digits", "8", "--json"],
        ]
        .concat();
        let channel = [&["channel", "create", "--name", "kills"][..], &rules].concat();
        scene.channel = text(&scene.mpass(0, &channel), "key");
        let credits = CREDITS.to_string();
        let customer = ["customer", "create", "--name", CUSTOMER, "--lifetime", "2m"];
        let customer = [&customer[..], &["--credits", &credits], &rules].concat();
        let password = text(&scene.mpass(0, &customer), "password");
        scene.customer = Base64::encode_string(password.as_bytes());
        for n in 0..servers {
            scene.serve(n);
        }
        scene.wait(0..servers).await;
        scene
    }

    fn file(&self, server: usize) -> PathBuf {
        self.home.path().join(format!("{server}.toml"))
    }

    fn data(&self, server: usize) -> PathBuf {
        self.home.path().join(format!("data-{server}"))
    }

    fn config(&self, store: &str, port: u16) -> String {
        let store = match store.contains("kind") {
            true => format!("[store]\n{store}timeout = \"1s\"\n"),
            false => String::new(),
        };
        format!(
            "listen = \"127.0.0.1:{port}\"\nkeyring.file = '{}'\n{store}[gateway]\n\
             url = \"http://{}/send\"\n\
             body = '{{\"to\":\"{{{{to}}}}\",\"text\":\"{{{{text}}}}\"}}'\ntimeout = \"1s\"\n",
            self.home.path().join("keyring").display(),
            self.gateway.addr,
        )
    }

    fn command(&self, server: usize, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mpass"));
        command
            .env_clear()
            .env("HOME", self.home.path())
            .args(arguments);
        command.arg("--config").arg(self.file(server));
        command
            .arg("--data-dir")
            .arg(self.data(server))
            .stdin(Stdio::null());
        command
    }

    /// What a command prints.
    pub(crate) fn mpass(&self, server: usize, arguments: &[&str]) -> String {
        let output = self.command(server, arguments).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {error}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The credits that are left.
    pub(crate) fn credits(&self) -> usize {
        let printed = self.mpass(0, &["customer", "credits", CUSTOMER]);
        printed.trim().parse().unwrap()
    }

    /// kill -9.
    pub(crate) fn kill(&self, server: usize) {
        if let Some(mut process) = self.servers.lock().unwrap()[server].take() {
            process.kill();
        }
    }

    /// Starts a server that does not run.
    pub(crate) fn serve(&self, server: usize) {
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.home.path().join(format!("log-{server}")))
            .unwrap();
        let mut command = self.command(server, &["serve"]);
        command.stdout(Stdio::null()).stderr(log);
        let process = Process(command.spawn().unwrap());
        self.servers.lock().unwrap()[server] = Some(process);
    }

    /// What a server has logged.
    pub(crate) fn log(&self, server: usize) -> String {
        let file = self.home.path().join(format!("log-{server}"));
        fs::read_to_string(file).unwrap_or_default()
    }

    /// Lets a server forget the node of its store.
    pub(crate) fn forget_node(&self, server: usize) {
        // Absent if it has not compared one.
        let _ = fs::remove_file(self.data(server).join("store-node"));
    }

    /// Waits until servers are ready; a server that has ended is started again.
    pub(crate) async fn wait(&self, servers: impl IntoIterator<Item = usize>) -> Duration {
        let begun = Instant::now();
        for server in servers {
            while !self.is_ready(server).await {
                assert!(
                    begun.elapsed() < PATIENCE,
                    "not ready: {}",
                    self.log(server)
                );
                let has_ended = match &mut self.servers.lock().unwrap()[server] {
                    Some(process) => process.0.try_wait().unwrap().is_some(),
                    None => false,
                };
                if has_ended {
                    self.serve(server);
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        begun.elapsed()
    }

    pub(crate) async fn is_ready(&self, server: usize) -> bool {
        let (status, _) = self.get(server, "/readyz").await.unwrap_or_default();
        status == 200
    }

    /// A request; `None` if the answer is lost.
    pub(crate) async fn get(&self, server: usize, path: &str) -> Option<(u16, Value)> {
        let request = self.client.get(format!("{}{path}", self.bases[server]));
        answer(request).await
    }

    /// A request of the customer, once more with a fresh token.
    pub(crate) async fn call(&self, server: usize, post: bool, path: &str) -> Option<(u16, Value)> {
        let url = format!("{}{path}", self.bases[server]);
        let request = || {
            let token = self.token.lock().unwrap().clone();
            let request = match post {
                true => self.client.post(&url),
                false => self.client.get(&url),
            };
            request.header("authToken", token)
        };
        let first = answer(request()).await;
        if first.as_ref().is_none_or(|(status, _)| *status != 401) {
            return first;
        }
        let query = format!(
            "customerId={CUSTOMER}&key={}&scope=NEW&country=IN",
            self.customer
        );
        let path = format!("/auth/v1/authentication/token?{query}");
        let (_, body) = self.get(server, &path).await?;
        let token = body["token"].as_str()?.to_owned();
        *self.token.lock().unwrap() = token;
        answer(request()).await
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Option<(u16, Value)> {
    let response = request.send().await.ok()?;
    let status = response.status().as_u16();
    let body = response.bytes().await.ok()?;
    Some((status, serde_json::from_slice(&body).unwrap_or_default()))
}

/// A field of a printed object.
fn text(printed: &str, field: &str) -> String {
    let json: Value = serde_json::from_str(printed).unwrap();
    json[field].as_str().unwrap().to_owned()
}
