//! What administrators have stopped, in every contract.

use std::sync::Arc;

use base64ct::{Base64, Encoding};
use mpass_core::challenge::Keyring;
use mpass_core::number::PhoneNumber;
use mpass_core::service::settings::Group;
use mpass_core::service::{
    Answer, ChannelSettings, Client, ClientSettings, CustomerSettings, CutOffTarget, CutOffs,
    EngineSettings, Grant, NewCutOff, Reason, Reply, Request, Scope, Step,
};
use mpass_tests::sim::{World, generous_policy};
use serde_json::{Value, json};

const ISSUER: &str = "https://verify.example";
const BACK: &str = "https://app.example/back";
const CUSTOMER: &str = "C-0123456789ABCDE";
const HOUR: u64 = 3_600_000;
const NUMBER: &str = "966500000000";
/// RFC 7636 appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A host with a tenant of each kind.
struct Scene {
    world: World,
    channel: String,
    client: Client,
    secret: String,
    password: String,
}

/// A contract that sends codes.
#[derive(Clone, Copy, Debug)]
enum Sender {
    Mpass,
    VerifyNow,
    OtpValidation,
}

const SENDERS: [Sender; 3] = [Sender::Mpass, Sender::VerifyNow, Sender::OtpValidation];

impl Sender {
    /// Status and body of an answer to what is stopped.
    fn refusal(self) -> (u16, &'static str) {
        match self {
            Self::Mpass => (
                200,
                r#"{"description":"Internal Error Occurred","status":"100"}"#,
            ),
            Self::VerifyNow => (400, r#"{"responseCode":500,"message":"SERVER_ERROR"}"#),
            Self::OtpValidation => (
                503,
                r#"{"status":503,"code":"UNAVAILABLE","message":"Service unavailable"}"#,
            ),
        }
    }

    #[track_caller]
    fn check_refused(self, reply: &Reply, reason: Reason) {
        let body = core::str::from_utf8(&reply.body).unwrap();
        assert_eq!((reply.status, body), self.refusal(), "{self:?}");
        assert_eq!(reply.reason, reason, "{self:?}");
        let wait = reply
            .headers
            .iter()
            .find(|(name, _)| *name == "Retry-After");
        let wait = wait.map(|(_, seconds)| seconds.as_str());
        assert_eq!(wait, (reply.status == 503).then_some("60"), "{self:?}");
    }
}

fn target(text: &str) -> CutOffTarget {
    let tenant = |group, name: &str| CutOffTarget::Tenant {
        group,
        name: name.into(),
    };
    match text {
        "sends" => CutOffTarget::Sends,
        "gateway" => CutOffTarget::Gateway(None),
        "channel" => tenant(Group::Channel, "shop"),
        "customer" => tenant(Group::Customer, CUSTOMER),
        "client" => tenant(Group::Client, "app"),
        prefix => CutOffTarget::Prefix(prefix.parse().unwrap()),
    }
}

impl Scene {
    fn new() -> Self {
        let settings = EngineSettings {
            issuer: Some(ISSUER.into()),
            ..EngineSettings::default()
        };
        let world = World::with_settings(Keyring::generate(&[42; 32]), settings);
        let device = PhoneNumber::parse(&format!("+{NUMBER}"), None).unwrap();
        world.set_resolution([127, 0, 0, 1].into(), Answer::Resolved(Some(device)));
        let channel = world.channel(ChannelSettings {
            policy: generous_policy(),
            ..ChannelSettings::new("shop")
        });
        let (client, secret) = world.client(ClientSettings {
            scopes: Scope::ALL.to_vec(),
            redirect_uris: vec![BACK.into()],
            policy: generous_policy(),
            ..ClientSettings::new("app")
        });
        let password = world.create(&CustomerSettings::new(CUSTOMER));
        Self {
            world,
            channel,
            client,
            secret,
            password,
        }
    }

    /// For an hour.
    fn stop(&mut self, text: &str) {
        let new = NewCutOff {
            target: target(text),
            life_ms: HOUR,
            by: Some(0),
            by_name: None,
            why: None,
        };
        let (keyring, now_ms) = (self.world.engine.shared_keyring(), self.world.now());
        let environment = (|| now_ms, || Ok([9; 32]));
        let stopping = CutOffs::stopping(&*keyring, new);
        stopping.run(&self.world, &environment).unwrap();
        self.follow();
    }

    fn resume(&mut self) {
        let keyring = self.world.engine.shared_keyring();
        let environment = (|| self.world.now(), || Ok([9; 32]));
        let resuming = CutOffs::resuming(&*keyring, None);
        resuming.run(&self.world, &environment).unwrap();
        self.follow();
    }

    /// What every host does each second.
    fn follow(&mut self) {
        let keyring = self.world.engine.shared_keyring();
        let reading = CutOffs::reading(&*keyring);
        let cut_offs = reading.run(&self.world, &(|| 0, || Ok([0; 32]))).unwrap();
        self.world.engine = self.world.engine.with_cut_offs(Arc::new(cut_offs));
    }

    fn bearer(&self) -> String {
        let grant = Grant {
            scopes: Scope::ALL.to_vec(),
            number: Some(PhoneNumber::parse(&format!("+{NUMBER}"), None).unwrap()),
            is_by_network: true,
            life_s: 60,
        };
        let (keyring, now_ms) = (self.world.engine.keyring(), self.world.now());
        let token = grant.token(keyring, &self.client, now_ms, &self.world.entropy());
        format!("Bearer {}", *token.unwrap())
    }

    fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        self.world.request(&Request {
            method,
            path,
            query,
            headers,
            body: body.as_bytes(),
            peer: [127, 0, 0, 1].into(),
        })
    }

    fn camara(&self, method: &str, path: &str, body: &Value) -> Reply {
        let bearer = self.bearer();
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/json"),
        ];
        let body = match method {
            "GET" => String::new(),
            _ => body.to_string(),
        };
        self.call(method, path, &headers, &body)
    }

    fn auth_token(&self) -> Reply {
        let key = Base64::encode_string(self.password.as_bytes());
        let key = key.replace('=', "%3D");
        let path = format!("/auth/v1/authentication/token?customerId={CUSTOMER}&key={key}");
        self.call("GET", &path, &[], "")
    }

    fn text(reply: &Reply, pointer: &str) -> String {
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        body.pointer(pointer).unwrap().as_str().unwrap().into()
    }

    fn send(&self, by: Sender, number: &str, token: &str) -> Reply {
        match by {
            Sender::Mpass => {
                let key = &self.channel;
                let path = format!("/mpass-web/rest/mv/msg?apikey={key}&dest=%2B{number}");
                self.call("GET", &path, &[], "")
            }
            Sender::VerifyNow => {
                let (country, national) = number.split_at(3);
                let path = format!(
                    "/verification/v3/send?countryCode={country}&mobileNumber={national}&flowType=SMS"
                );
                self.call("POST", &path, &[("authToken", token)], "")
            }
            Sender::OtpValidation => {
                let body = json!({ "phoneNumber": format!("+{number}"), "message": "{{code}} is your code" });
                self.camara("POST", "/one-time-password-sms/v1/send-code", &body)
            }
        }
    }

    /// Verifies the code of the newest message.
    fn verify(&self, by: Sender, sent: &Reply, token: &str) -> Reply {
        let code = self.world.last_code();
        match by {
            Sender::Mpass => {
                let key = &self.channel;
                let path =
                    format!("/mpass-web/rest/mv/verify?apikey={key}&dest=%2B{NUMBER}&otp={code}");
                self.call("GET", &path, &[], "")
            }
            Sender::VerifyNow => {
                let id = Self::text(sent, "/data/verificationId");
                let path = format!("/verification/v3/validateOtp?verificationId={id}&code={code}");
                self.call("GET", &path, &[("authToken", token)], "")
            }
            Sender::OtpValidation => {
                let id = Self::text(sent, "/authenticationId");
                let body = json!({ "authenticationId": id, "code": code });
                self.camara("POST", "/one-time-password-sms/v1/validate-code", &body)
            }
        }
    }

    fn customer_token(&self) -> String {
        Self::text(&self.auth_token(), "/token")
    }
}

#[test]
fn a_stopped_send_writes_and_costs_nothing_until_it_ends() {
    for by in SENDERS {
        for (stopped, reason) in [
            ("sends", Reason::SendsStopped),
            ("gateway", Reason::GatewayStopped),
            ("+966", Reason::PrefixStopped),
            ("+966500000000", Reason::PrefixStopped),
        ] {
            let mut scene = Scene::new();
            let token = scene.customer_token();
            scene.stop(stopped);
            let mut before = scene.world.stored();
            by.check_refused(&scene.send(by, NUMBER, &token), reason);
            let mut after = scene.world.stored();
            before.sort();
            after.sort();
            assert!(before == after, "{by:?} {stopped}");
            assert_eq!(scene.world.outbox().len(), 0);

            let other = scene.send(by, "971500000000", &token);
            let is_prefix = stopped.starts_with('+');
            assert_eq!(other.reason == Reason::Sent, is_prefix, "{by:?} {stopped}");

            scene.world.pass(HOUR - 1);
            assert_eq!(scene.send(by, NUMBER, &token).reason, reason);
            scene.world.pass(1);
            assert_eq!(scene.send(by, NUMBER, &token).reason, Reason::Sent);
        }
    }
}

#[test]
fn codes_that_were_sent_are_verified_and_sends_resume() {
    for by in SENDERS {
        for stopped in ["sends", "gateway", "+966"] {
            let mut scene = Scene::new();
            let token = scene.customer_token();
            let sent = scene.send(by, NUMBER, &token);
            assert_eq!(sent.reason, Reason::Sent);
            scene.stop(stopped);
            let verified = scene.verify(by, &sent, &token);
            assert_eq!(verified.reason, Reason::Accepted, "{by:?} {stopped}");
            scene.resume();
            assert_eq!(scene.send(by, NUMBER, &token).reason, Reason::Sent);
        }
    }
}

/// A reply to a stopped send does not tell whether the number has a live code, is
/// locked, or is unknown; nor which of the cut-offs it was.
#[test]
fn the_reply_does_not_depend_on_the_number() {
    for by in SENDERS {
        let mut scene = Scene::new();
        let token = scene.customer_token();
        let live = scene.send(by, NUMBER, &token);
        assert_eq!(live.reason, Reason::Sent);
        let mut replies = Vec::new();
        for stopped in ["sends", "gateway", "+966"] {
            scene.stop(stopped);
            for number in [NUMBER, "966500000001"] {
                let reply = scene.send(by, number, &token);
                replies.push((reply.status, reply.body, reply.headers));
            }
            scene.resume();
        }
        replies.dedup();
        assert_eq!(replies.len(), 1, "{by:?}");
    }
}

/// The number's record is loaded before the refusal, as for every send.
#[test]
fn it_is_decided_after_the_loads_of_every_send() {
    let mut scene = Scene::new();
    scene.stop("sends");
    let query = format!("apikey={}&dest=%2B{NUMBER}", scene.channel);
    let mut exchange = scene.world.begin(&Request {
        method: "GET",
        path: "/mpass-web/rest/mv/msg",
        query: &query,
        headers: &[],
        body: &[],
        peer: [127, 0, 0, 1].into(),
    });
    let (mut answer, mut loads) = (Answer::Begin, 0);
    let reply = loop {
        answer = match exchange.next(answer, scene.world.now()) {
            Step::Load { kind, key } => {
                loads += 1;
                Answer::Loaded(mpass_core::store::Store::load(&scene.world, kind, &key).unwrap())
            }
            Step::Assess(_) => Answer::Unsupported,
            Step::Reply(reply) => break reply,
            step => panic!("{step:?}"),
        };
    };
    assert_eq!((reply.reason, loads), (Reason::SendsStopped, 2));
}

#[test]
fn a_stopped_tenant_is_refused_everything_and_nobody_else_is() {
    let verify = "/number-verification/v2/verify";
    let validate = "/one-time-password-sms/v1/validate-code";
    let share = "/number-verification/v0/device-phone-number";
    let authorize = format!(
        "/oauth2/authorize?response_type=code&client_id=app&redirect_uri=https%3A%2F%2Fapp.example%2Fback\
         &scope=openid%20number-verification%3Averify&state=xyz&code_challenge={CHALLENGE}\
         &code_challenge_method=S256"
    );
    let number = json!({ "phoneNumber": format!("+{NUMBER}") });
    let attempt =
        json!({ "authenticationId": "ea0840f3-3663-4149-bd10-c7c6b8912105", "code": "123456" });
    let calls = |scene: &Scene, token: &str| {
        let key = &scene.channel;
        let basic = format!(
            "Basic {}",
            Base64::encode_string(format!("app:{}", scene.secret).as_bytes())
        );
        let form = [
            ("Authorization", basic.as_str()),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ];
        [
            ("channel", scene.send(Sender::Mpass, NUMBER, token)),
            (
                "channel",
                scene.call(
                    "GET",
                    &format!("/mpass-web/rest/mv/verify?apikey={key}&dest=%2B{NUMBER}&otp=123456"),
                    &[],
                    "",
                ),
            ),
            ("customer", scene.auth_token()),
            ("customer", scene.send(Sender::VerifyNow, NUMBER, token)),
            (
                "customer",
                scene.call(
                    "GET",
                    "/verification/v2/verification/validateOtp?verificationId=1&code=1234&customerId=C-0123456789ABCDE",
                    &[("authToken", token)],
                    "",
                ),
            ),
            ("client", scene.send(Sender::OtpValidation, NUMBER, token)),
            ("client", scene.camara("POST", validate, &attempt)),
            ("client", scene.camara("POST", verify, &number)),
            ("client", scene.camara("GET", share, &number)),
            ("client", scene.call("GET", &authorize, &[], "")),
            (
                "client",
                scene.call("POST", "/oauth2/token", &form, "grant_type=client_credentials"),
            ),
        ]
    };
    for stopped in ["channel", "customer", "client"] {
        let mut scene = Scene::new();
        let token = scene.customer_token();
        scene.stop(stopped);
        for (of, reply) in calls(&scene, &token) {
            let is_stopped = reply.reason == Reason::TenantStopped;
            assert_eq!(is_stopped, of == stopped, "{of} {:?}", reply.reason);
        }
        scene.resume();
        for (of, reply) in calls(&scene, &token) {
            assert!(reply.reason != Reason::TenantStopped, "{of}");
        }
    }
}

#[test]
fn the_replies_to_a_stopped_client_are_those_of_an_unavailable_service() {
    let mut scene = Scene::new();
    scene.stop("client");
    let number = json!({ "phoneNumber": format!("+{NUMBER}") });
    for version in ["v0", "v2"] {
        let path = format!("/number-verification/{version}/verify");
        let reply = scene.camara("POST", &path, &number);
        assert_eq!(reply.status, 503);
        assert_eq!(Scene::text(&reply, "/code"), "UNAVAILABLE");
        assert!(reply.headers.contains(&("Retry-After", "60".into())));
    }
    let token = scene.customer_token();
    let reply = scene.send(Sender::OtpValidation, NUMBER, &token);
    Sender::OtpValidation.check_refused(&reply, Reason::TenantStopped);
    // The token of Number Verification was not used.
    scene.resume();
    let bearer = scene.bearer();
    let verify = || {
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/json"),
        ];
        let body = number.to_string();
        scene.call("POST", "/number-verification/v2/verify", &headers, &body)
    };
    assert_eq!(verify().reason, Reason::NumberVerified);
}

/// Whoever lacks the credential does not learn that the tenant is stopped.
#[test]
fn a_wrong_credential_comes_first() {
    let mut scene = Scene::new();
    scene.stop("channel");
    let mut key = scene.channel.clone();
    let last = if key.ends_with('A') { 'E' } else { 'A' };
    key.pop();
    key.push(last);
    let path = format!("/mpass-web/rest/mv/msg?apikey={key}&dest=%2B{NUMBER}");
    let reply = scene.call("GET", &path, &[], "");
    assert_eq!(reply.reason, Reason::UnknownCredential);
}
