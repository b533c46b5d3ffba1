use std::path::Path;
use std::sync::Arc;

use base64ct::{Base64, Encoding};
use mpass_core::challenge::{Keyring, Limit, Policy, PolicySettings};
use mpass_core::number::PhoneNumber;
use mpass_core::service::{
    Channel, ChannelSettings, Client, ClientSettings, Customer, CustomerSettings, Grant, Scope,
    Tenant, TenantAdmin, TenantSettings,
};
use mpass_server::store::EmbeddedStore;
use mpass_server::{clock, entropy, keyring_file};
use mpass_tests::served::Inbox;
use mpass_tests::tenants;
use mpass_tests::wire::{Answer, Call, Http, Wire};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::{Gateway, Process, data_dir, printed};

/// The names in the documents' examples.
pub(super) const CLIENT: &str = "app";
pub(super) const CUSTOMER: &str = "C-0123456789ABCDE";
const BACK: &str = "https://app.example/back";
/// The number of this machine in the network table.
const NUMBER: &str = "+966500000000";
const SMS_SCOPE: &str = "one-time-password-sms:send-validate";
/// SHA-256 of [`NUMBER`], from `tests/vectors/number-hash.json`.
const NUMBER_HASH: &str = "220572970df36306b5e1e5321e2a3e8e533f99c9b3e7cfaca7bf9c33c3ae6e98";
/// RFC 7636 appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const DAY_MS: u64 = 24 * 3_600_000;

/// A server with a caller of each contract, without practical limits on sends.
pub(super) struct Scene {
    pub(super) channel_key: String,
    /// The customer's password in base64.
    pub(super) password: String,
    /// The client's secret.
    pub(super) secret: String,
    http: Http,
    gateway: Gateway,
    keyring: Keyring,
    client: Client,
    process: Process,
    dir: TempDir,
}

/// Creates a tenant; returns its credential by `key`, and the tenant in the
/// store.
fn create<S: TenantSettings>(
    store: &EmbeddedStore,
    keyring: &Keyring,
    name: &str,
    settings: &S,
) -> Tenant<S> {
    let (now_ms, entropy) = (clock::now_ms(), entropy::fresh().unwrap());
    let key = Tenant::<S>::derive_key(keyring, name, "tests");
    let admin = TenantAdmin::new(Arc::new(keyring.clone()));
    let provision = admin.provision(&settings.to_values(), key, &entropy);
    tenants::administer(store, now_ms, provision).unwrap();
    tenants::stored(store, keyring, name)
}

/// A policy for many sends in a row, and codes with a long lifetime.
fn wide(policy: &PolicySettings) -> Policy {
    Policy::new(PolicySettings {
        // The longest that VerifyNow allows, because schemathesis is slow.
        lifetime_ms: 300_000,
        resend_interval_ms: 0,
        sends: Limit::new(100_000, DAY_MS, 100_000).unwrap(),
        ..policy.clone()
    })
    .unwrap()
}

impl Scene {
    pub(super) fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (keyring, _) = keyring_file::load_or_create(&dir.path().join("keyring")).unwrap();
        let store = EmbeddedStore::open(data_dir(dir.path()).as_ref()).unwrap();
        let channel = ChannelSettings {
            policy: wide(&PolicySettings::default()),
            ..ChannelSettings::new("channel")
        };
        create(&store, &keyring, "channel", &channel);
        let customer = CustomerSettings {
            policy: wide(CustomerSettings::default_policy().settings()),
            test_credits: 100_000,
            ..CustomerSettings::new(CUSTOMER)
        };
        create(&store, &keyring, CUSTOMER, &customer);
        let client = ClientSettings {
            policy: wide(&PolicySettings::default()),
            scopes: Scope::ALL.to_vec(),
            redirect_uris: vec![BACK.into()],
            ..ClientSettings::new(CLIENT)
        };
        let client = create(&store, &keyring, CLIENT, &client);
        drop(store);
        let gateway = Gateway::start();
        let process = Process::configured(dir.path(), &config(dir.path(), &gateway));
        let password = Customer::derive_key(&keyring, CUSTOMER, "tests").expose_secret();
        Self {
            channel_key: Channel::derive_key(&keyring, "channel", "tests")
                .expose()
                .to_string(),
            password: Base64::encode_string(password.as_bytes()),
            secret: Client::derive_key(&keyring, CLIENT, "tests")
                .expose_secret()
                .to_string(),
            http: Http::new(&process.base),
            gateway,
            keyring,
            client,
            process,
            dir,
        }
    }

    pub(super) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The end of the server's log.
    pub(super) fn log(&self) -> String {
        let (_, log) = printed(self.dir());
        let lines: Vec<_> = log.lines().rev().take(10).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    pub(super) fn base(&self) -> &str {
        &self.process.base
    }

    /// GETs JSON from a path, with status 200.
    pub(super) fn get(&self, path: &str) -> Value {
        self.call("GET", path.into(), &[], "").json()
    }

    /// A successful call.
    fn call(
        &self,
        method: &'static str,
        path: String,
        headers: &[(&'static str, &str)],
        body: &str,
    ) -> Answer {
        let headers = headers.iter();
        let answer = self.http.send(&Call {
            method,
            path,
            headers: headers
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect(),
            body: body.into(),
        });
        assert_eq!(answer.status, 200, "{answer:?}");
        answer
    }

    /// A live code of mPass, for the application of the documents' examples.
    pub(super) fn mpass_code(&self, number: &str) -> String {
        let (key, dest) = (&self.channel_key, number.replace('+', "%2B"));
        let query = format!("apikey={key}&dest={dest}&app=Shop");
        self.get(&format!("/mpass-web/rest/mv/msg?{query}"));
        self.gateway.code(number)
    }

    pub(super) fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    /// The address and all credentials, for programs.
    pub(super) fn credentials(&self) -> Value {
        json!({
            "base": self.base(),
            "channel_key": self.channel_key,
            "client": CLIENT,
            "secret": self.secret,
            "redirect_uri": BACK,
            "challenge": CHALLENGE,
            "verifier": VERIFIER,
            "client_token": self.client_token(),
            "number": NUMBER,
            "number_hash": NUMBER_HASH,
            "network_token": self.network_token(),
            "other_token": self.token(false),
            "customer": CUSTOMER,
            "password": self.password,
        })
    }

    /// A token for this machine's number, from the login.
    pub(super) fn network_token(&self) -> String {
        self.token(true)
    }

    fn token(&self, is_by_network: bool) -> String {
        let grant = Grant {
            scopes: vec![Scope::Verify, Scope::ReadNumber],
            number: Some(PhoneNumber::parse(NUMBER, None).unwrap()),
            is_by_network,
            life_s: 300,
        };
        let (now_ms, entropy) = (clock::now_ms(), entropy::fresh().unwrap());
        let token = grant.token(&self.keyring, &self.client, now_ms, &entropy);
        token.unwrap().to_string()
    }

    pub(super) fn customer_token(&self) -> String {
        let key = self.password.replace('=', "%3D");
        let path = format!("/auth/v1/authentication/token?customerId={CUSTOMER}&key={key}");
        self.get(&path)["token"].as_str().unwrap().to_owned()
    }

    /// The id of a live verification of `VerifyNow`, and its code.
    pub(super) fn verify_now_code(&self, token: &str, national: &str) -> (String, String) {
        let path =
            format!("/verification/v3/send?countryCode=966&mobileNumber={national}&flowType=SMS");
        let sent = self.call("POST", path, &[("authToken", token)], "").json();
        let id = sent["data"]["verificationId"].as_str().unwrap().to_owned();
        (id, self.gateway.code(&format!("+966{national}")))
    }

    fn basic(&self) -> String {
        let pair = format!("{CLIENT}:{}", self.secret);
        format!("Basic {}", Base64::encode_string(pair.as_bytes()))
    }

    /// A token for the client's own credentials.
    pub(super) fn client_token(&self) -> String {
        let headers = [
            ("Authorization", &*self.basic()),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ];
        let body = format!("grant_type=client_credentials&scope={SMS_SCOPE}");
        let given = self.call("POST", "/oauth2/token".into(), &headers, &body);
        given.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// The id of a live code of OTP Validation, and the code.
    pub(super) fn otp(&self, token: &str, number: &str) -> (String, String) {
        let headers = [
            ("Authorization", &*format!("Bearer {token}")),
            ("Content-Type", "application/json"),
        ];
        let body = format!(r#"{{"phoneNumber":"{number}","message":"{{{{code}}}}"}}"#);
        let path = "/one-time-password-sms/v1/send-code".into();
        let sent = self.call("POST", path, &headers, &body).json();
        let id = sent["authenticationId"].as_str().unwrap().to_owned();
        (id, self.gateway.code(number))
    }

    /// An authorization code for this machine.
    pub(super) fn login_code(&self) -> String {
        let path = format!(
            "/oauth2/authorize?client_id={CLIENT}&redirect_uri={BACK}&response_type=code\
             &scope=openid+number-verification:verify&code_challenge={CHALLENGE}\
             &code_challenge_method=S256"
        );
        let back = self.http.send(&Call {
            method: "GET",
            path,
            headers: Vec::new(),
            body: Vec::new(),
        });
        let location = back.header("location").unwrap();
        let (_, rest) = location.split_once("code=").unwrap();
        rest.split('&').next().unwrap().to_owned()
    }
}

/// A server with a login, whose network table has this machine. Its tokens can
/// be reused within their lifetime: with single use, all calls but one would be
/// answered with 401.
fn config(dir: &Path, gateway: &Gateway) -> String {
    let table = dir.join("table");
    std::fs::write(&table, format!("127.0.0.1,{NUMBER}\n")).unwrap();
    format!(
        "login.issuer = 'https://verify.example'\nlogin.tokens = 'within-life'\n\
         network.table = '{}'\n{}",
        table.display(),
        gateway.config(dir)
    )
}
