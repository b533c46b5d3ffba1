//! `mpass stop` and `mpass resume` on a running server, in every contract.

use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::path::Path;
use std::process::Output;
use std::thread;

use base64ct::{Base64, Encoding};
use mpass_core::challenge::Keyring;
use mpass_core::number::PhoneNumber;
use mpass_core::service::{
    ChannelSettings, Client, ClientSettings, CustomerSettings, Grant, Scope,
};
use mpass_server::store::EmbeddedStore;
use mpass_server::{entropy, keyring_file};
use mpass_tests::sim::generous_policy;
use mpass_tests::tenants;
use mpass_tests::wire::{Answer, Call, Http, Wire as _};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::clock::{Clock, VARIABLE};
use crate::process::{Gateway, Process, data_dir, mpass, wait_for_log};

const CUSTOMER: &str = "C-0123456789ABCDE";
const NUMBER: &str = "966500000000";
const HOUR_MS: u64 = 3_600_000;

/// A server with a tenant of each kind that was created before the start.
struct Served {
    process: Option<Process>,
    gateway: Gateway,
    clock: Clock,
    keyring: Keyring,
    channel: String,
    client: Client,
    /// The customer's password, in the form of its requests.
    password: String,
    dir: TempDir,
}

impl Served {
    fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (keyring, _) = keyring_file::load_or_create(&dir.path().join("keyring")).unwrap();
        let clock = Clock::new(dir.path());
        let store = EmbeddedStore::open(data_dir(dir.path()).as_ref()).unwrap();
        let now_ms = clock.now_ms();
        let channel = ChannelSettings {
            policy: generous_policy(),
            ..ChannelSettings::new("shop")
        };
        let client = ClientSettings {
            policy: generous_policy(),
            scopes: Scope::ALL.to_vec(),
            ..ClientSettings::new("app")
        };
        let create = |settings: &dyn Fn(&[u8; 32]) -> String| settings(&entropy::fresh().unwrap());
        let channel = create(&|entropy| {
            let created = tenants::create(&store, &keyring, &channel, now_ms, entropy);
            created.credential.to_string()
        });
        create(&|entropy| tenants::create(&store, &keyring, &client, now_ms, entropy).name);
        let password = create(&|entropy| {
            let customer = CustomerSettings::new(CUSTOMER);
            let created = tenants::create(&store, &keyring, &customer, now_ms, entropy);
            Base64::encode_string(created.credential.as_bytes()).replace('=', "%3D")
        });
        let client = tenants::stored(&store, &keyring, "app");
        drop(store);
        let mut served = Self {
            process: None,
            gateway: Gateway::start(),
            clock,
            keyring,
            channel,
            client,
            password,
            dir,
        };
        served.restart();
        served
    }

    fn restart(&mut self) {
        if let Some(process) = self.process.take() {
            assert_eq!(process.terminate(), Some(0));
        }
        let config = self.gateway.config(self.dir.path());
        let process = Process::configured_at(&self.clock, self.dir.path(), &config);
        self.process = Some(process);
    }

    fn run(&self, arguments: &[&str]) -> Output {
        run(self.dir.path(), &self.clock, arguments)
    }

    #[track_caller]
    fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn http(&self) -> Http {
        Http::new(&self.process.as_ref().unwrap().base)
    }

    fn call(&self, method: &'static str, path: &str, headers: &[(&'static str, String)]) -> Answer {
        self.http().send(&Call {
            method,
            path: path.to_owned(),
            headers: headers.to_vec(),
            body: Vec::new(),
        })
    }

    fn camara(&self, path: &str, body: &Value) -> Answer {
        let grant = Grant {
            scopes: Scope::ALL.to_vec(),
            number: Some(PhoneNumber::parse(&format!("+{NUMBER}"), None).unwrap()),
            is_by_network: true,
            life_s: 60,
        };
        let (now_ms, entropy) = (self.clock.now_ms(), entropy::fresh().unwrap());
        let token = grant.token(&self.keyring, &self.client, now_ms, &entropy);
        self.http().send(&Call {
            method: "POST",
            path: path.to_owned(),
            headers: vec![
                ("Authorization", format!("Bearer {}", *token.unwrap())),
                ("Content-Type", "application/json".to_owned()),
            ],
            body: body.to_string().into_bytes(),
        })
    }

    fn auth_token(&self) -> Answer {
        let key = &self.password;
        let path = format!("/auth/v1/authentication/token?customerId={CUSTOMER}&key={key}");
        self.call("GET", &path, &[])
    }

    /// The answers of every contract to a number, with the reasons in the log.
    fn answers(&self, number: &str, customer: &str) -> [Answer; 4] {
        let (country, national) = number.split_at(3);
        let key = &self.channel;
        let mpass = format!("/mpass-web/rest/mv/msg?apikey={key}&dest=%2B{number}");
        let verify_now = format!(
            "/verification/v3/send?countryCode={country}&mobileNumber={national}&flowType=SMS"
        );
        let code =
            json!({ "phoneNumber": format!("+{number}"), "message": "{{code}} is your code" });
        let number = json!({ "phoneNumber": format!("+{number}") });
        [
            self.call("GET", &mpass, &[]),
            self.call("POST", &verify_now, &[("authToken", customer.to_owned())]),
            self.camara("/one-time-password-sms/v1/send-code", &code),
            self.camara("/number-verification/v2/verify", &number),
        ]
    }

    /// Which contracts answered that they are unavailable, and to whom the gateway
    /// sent.
    #[track_caller]
    fn check(&self, number: &str, customer: &str, stopped: [bool; 4]) {
        let sent = self.gateway.bodies().len();
        let answers = self.answers(number, customer);
        let unavailable = [
            r#"{"description":"Internal Error Occurred","status":"100"}"#,
            r#"{"responseCode":500,"message":"SERVER_ERROR"}"#,
            r#"{"status":503,"code":"UNAVAILABLE","message":"Service unavailable"}"#,
            r#"{"status":503,"code":"UNAVAILABLE","message":"Service Unavailable."}"#,
        ];
        for ((answer, body), is_stopped) in answers.iter().zip(unavailable).zip(stopped) {
            let found = String::from_utf8_lossy(&answer.body);
            assert_eq!(found == body, is_stopped, "{} {found}", answer.status);
            let wait = answer.header("retry-after");
            let is_told = is_stopped && answer.status == 503;
            assert_eq!(wait, is_told.then_some("60"), "{found}");
        }
        // Number Verification sends nothing.
        let expected = stopped[..3]
            .iter()
            .filter(|is_stopped| !**is_stopped)
            .count();
        assert_eq!(self.gateway.bodies().len() - sent, expected);
    }

    fn customer_token(&self) -> String {
        let answer = self.auth_token();
        answer.json()["token"].as_str().unwrap().to_owned()
    }

    fn metric(&self, line: &str) -> bool {
        let metrics = self.call("GET", "/metrics", &[]);
        let text = String::from_utf8(metrics.body).unwrap();
        text.lines().any(|found| found.starts_with(line))
    }
}

/// `mpass` by the server's clock.
fn run(dir: &Path, clock: &Clock, arguments: &[&str]) -> Output {
    let (data, keyring) = (data_dir(dir), dir.join("keyring"));
    mpass(arguments)
        .args(["--data-dir", &data, "--keyring", keyring.to_str().unwrap()])
        .env(VARIABLE, clock.file())
        .output()
        .unwrap()
}

const NOTHING: [bool; 4] = [false; 4];
const SENDS: [bool; 4] = [true, true, true, false];

/// Each kind in each contract: it holds at once, ends by itself, and is ended by an
/// administrator.
#[test]
fn each_kind_holds_until_it_ends() {
    let served = Served::start();
    for (round, (target, stopped)) in [
        (&["sends"][..], SENDS),
        (&["gateway"][..], SENDS),
        (&["gateway", "main"][..], SENDS),
        (&["prefix", "+966"][..], SENDS),
        (&["prefix", "+96650"][..], SENDS),
        (&["prefix", "+971"][..], NOTHING),
        (
            &["tenant", "channel", "shop"][..],
            [true, false, false, false],
        ),
        (
            &["tenant", "customer", CUSTOMER][..],
            [false, true, false, false],
        ),
        (&["tenant", "client", "app"][..], [false, false, true, true]),
    ]
    .into_iter()
    .enumerate()
    {
        // A live code of VerifyNow is not replaced, so that each round has numbers
        // of its own.
        let [first, second, third] = [1, 2, 3].map(|half| format!("9665000{round:03}{half:02}"));
        let customer = served.customer_token();
        let stop = [&["stop"], target, &["--for", "1h", "--why", "test"]].concat();
        let told = served.done(&stop);
        assert!(told.contains(&target.join(" ")), "{told}");
        served.check(&first, &customer, stopped);
        served.clock.pass(HOUR_MS - 1);
        let is_stopped = served.done(&["stop", "list"]).contains(&target.join(" "));
        assert!(is_stopped, "{target:?}");
        served.clock.pass(1);
        let customer = served.customer_token();
        served.check(&first, &customer, NOTHING);

        served.done(&stop);
        served.check(&second, &customer, stopped);
        let resumed = served.done(&[&["resume"], target].concat());
        assert_eq!(resumed, format!("resumed {}\n", target.join(" ")));
        served.check(&third, &customer, NOTHING);
        assert_eq!(served.done(&["stop", "list"]), "");
    }
    for line in [
        "mpass_requests_total{contract=\"mpass\",reason=\"sends_stopped\"} 2",
        "mpass_requests_total{contract=\"mpass\",reason=\"gateway_stopped\"} 4",
        "mpass_requests_total{contract=\"mpass\",reason=\"prefix_stopped\"} 4",
        "mpass_requests_total{contract=\"mpass\",reason=\"tenant_stopped\"} 2",
        "mpass_cut_offs 0",
    ] {
        assert!(served.metric(line), "{line}");
    }
    let dir = served.dir.path();
    wait_for_log(dir, "reason=\"prefix_stopped\"", 12);
    wait_for_log(dir, "stopped target=tenant channel shop until=", 2);
    wait_for_log(dir, " why=\"test\"", 18);
    wait_for_log(dir, "resumed target=sends", 1);
    wait_for_log(dir, "a cut-off has ended target=sends", 1);
    wait_for_log(dir, "operation=\"resume tenant\"", 3);
}

/// A code that was sent before is verified, and a cut-off holds from the first
/// request after a restart.
#[test]
fn it_survives_a_restart_and_codes_are_verified() {
    let mut served = Served::start();
    let customer = served.customer_token();
    served.check(NUMBER, &customer, NOTHING);
    served.done(&[
        "stop",
        "sends",
        "--for",
        "1h",
        "--why",
        "call +966512345678",
    ]);
    served.restart();
    served.check("966500000001", &customer, SENDS);
    let code = mpass_tests::served::Inbox::code(&served.gateway, &format!("+{NUMBER}"));
    let key = &served.channel;
    let path = format!("/mpass-web/rest/mv/verify?apikey={key}&dest=%2B{NUMBER}&otp={code}");
    // The newest message is that of OTP Validation, so that this is another code.
    let answer = served.call("GET", &path, &[]);
    assert_eq!(answer.json()["status"], "3");
    let listed: Value = serde_json::from_str(&served.done(&["stop", "list", "--json"])).unwrap();
    let one = &listed[0];
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(one["target"], "sends");
    assert_eq!(one["why"], "call +966512345678");
    assert_eq!(one["since_ms"], served.clock.now_ms());
    assert_eq!(one["until_ms"], served.clock.now_ms() + HOUR_MS);
    assert!(one["by"].is_u64(), "{one}");
    // The log has no digits of the reason.
    wait_for_log(served.dir.path(), "why=\"call +############\"", 2);
    assert_eq!(served.done(&["resume", "all"]), "resumed sends\n");
    assert_eq!(served.done(&["resume", "all"]), "nothing was stopped\n");
    served.check("966500000002", &customer, NOTHING);
}

/// What was ordered while no server ran holds from its first request on, and ends
/// without a restart.
#[test]
fn it_is_ordered_and_ended_without_a_server() {
    let mut served = Served::start();
    assert_eq!(served.process.take().unwrap().terminate(), Some(0));
    let output = served.run(&["stop", "tenant", "client", "app", "--for", "2h"]);
    assert!(output.status.success(), "{output:?}");
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("no server is running"), "{words}");
    served.done(&["stop", "sends", "--for", "1h"]);
    assert_eq!(served.done(&["stop", "list"]).lines().count(), 2);
    served.restart();
    let customer = served.customer_token();
    served.check(NUMBER, &customer, [true; 4]);
    served.clock.pass(HOUR_MS);
    let customer = served.customer_token();
    served.check(NUMBER, &customer, [false, false, true, true]);
    assert_eq!(served.process.take().unwrap().terminate(), Some(0));
    let resumed = served.done(&["resume", "tenant", "client", "app"]);
    assert_eq!(resumed, "resumed tenant client app\n");
    served.restart();
    served.check("966500000001", &customer, NOTHING);
}

/// While sends are running: each is either sent or refused, and every one that
/// begins after the command has ended is refused.
#[test]
fn no_send_begins_after_the_command() {
    let served = Served::start();
    for round in 0..3 {
        let (is_stopped, sent) = (AtomicBool::new(false), served.gateway.bodies().len());
        let key = &served.channel;
        let accepted: usize = thread::scope(|scope| {
            let senders: Vec<_> = (0..8)
                .map(|sender| {
                    let (served, is_stopped) = (&served, &is_stopped);
                    scope.spawn(move || {
                        let mut accepted = 0;
                        for n in 0.. {
                            let begun_after = is_stopped.load(Ordering::SeqCst);
                            let number = format!("96650{round}{sender}{:05}", n % 100_000);
                            let path =
                                format!("/mpass-web/rest/mv/msg?apikey={key}&dest=%2B{number}");
                            let status = served.call("GET", &path, &[]).json()["status"].clone();
                            if status == "0" {
                                assert!(!begun_after, "a send after the command");
                                accepted += 1;
                                continue;
                            }
                            assert_eq!(status, "100");
                            if begun_after {
                                break;
                            }
                        }
                        accepted
                    })
                })
                .collect();
            while served.gateway.bodies().len() < sent + 50 {
                assert!(!senders.iter().any(thread::ScopedJoinHandle::is_finished));
                thread::sleep(Duration::from_millis(5));
            }
            served.done(&["stop", "sends", "--for", "1h"]);
            is_stopped.store(true, Ordering::SeqCst);
            senders
                .into_iter()
                .map(|sender| sender.join().unwrap())
                .sum()
        });
        assert_eq!(served.gateway.bodies().len() - sent, accepted);
        served.done(&["resume", "sends"]);
    }
}

/// What is refused says why, in one line, and changes nothing.
#[test]
fn wrong_input_is_refused() {
    let served = Served::start();
    for (arguments, words) in [
        (&["stop", "sends"][..], "missing --for <TIME>"),
        (
            &["stop", "sends", "--for", "x"][..],
            "--for <TIME>: the time is not a duration",
        ),
        (&["stop", "sends", "--for", "0s"][..], "1 second to 30 days"),
        (
            &["stop", "sends", "--for", "31d"][..],
            "1 second to 30 days",
        ),
        (
            &["stop", "sends", "--for", "1h", "--why", ""][..],
            "1 to 120 bytes",
        ),
        (
            &["stop", "sends", "--for", "1h", "--why", "a\nb"][..],
            "1 to 120 bytes",
        ),
        (
            &["stop", "prefix", "882", "--for", "1h"][..],
            "an assigned country code",
        ),
        (
            &["stop", "prefix", "+8", "--for", "1h"][..],
            "an assigned country code",
        ),
        (
            &["stop", "prefix", "+4407", "--for", "1h"][..],
            "trunk prefix",
        ),
        (&["stop", "prefix", "--for", "1h"][..], "missing <PREFIX>"),
        (
            &["stop", "tenant", "shop", "x", "--for", "1h"][..],
            "channel, client or customer",
        ),
        (
            &["stop", "tenant", "channel", "shp", "--for", "1h"][..],
            "channel not found",
        ),
        (
            &["stop", "tenant", "client", "shop", "--for", "1h"][..],
            "client not found",
        ),
        (
            &["stop", "gateway", "other", "--for", "1h"][..],
            "its gateway is main",
        ),
        (&["stop", "gatway", "--for", "1h"][..], "unknown command"),
        (
            &["resume", "sends"][..],
            "no such cut-off is in effect: see mpass stop list",
        ),
        (
            &["resume", "prefix", "+882"][..],
            "no such cut-off is in effect",
        ),
        (&["resume", "x"][..], "unknown command"),
        (&["stop"][..], "sends, gateway, tenant, prefix, list"),
    ] {
        let output = match arguments {
            ["stop"] => mpass(arguments).output().unwrap(),
            _ => served.run(arguments),
        };
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?} {error}");
        assert_eq!(error.lines().count(), 1, "{arguments:?} {error}");
        assert!(error.contains(words), "{arguments:?} {error}");
        assert_eq!(output.stdout, b"", "{arguments:?}");
    }
    let customer = served.customer_token();
    served.check(NUMBER, &customer, NOTHING);
}
