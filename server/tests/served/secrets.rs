//! After the whole life of a server, no secret is in any log or store file, and no
//! name, number or setting in any store file.

use std::fs;
use std::path::Path;

use base64ct::{Base64, Encoding};
use mpass_tests::search::{Search, encodings};
use mpass_tests::served::{Inbox, Service, number, wrong};
use mpass_tests::verify_now::TOKEN;
use mpass_tests::wire::{Answer, Call, Http, Wire};
use serde_json::{Value, json};

use crate::process::{Gateway, Process, create, create_channel, data_dir, printed, run, text};

/// The number of this machine's address in the network table.
const DEVICE: &str = "+966587654321";
/// A verifier of a login and its challenge (RFC 7636 appendix B).
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const BACK: &str = "http%3A%2F%2F127.0.0.1%2Flapwing-back";
/// Names and settings of tenants; no other text contains them.
const CHANNELS: [(&str, &str); 2] = [("kestrel-channel", "8"), ("osprey-channel", "10")];
const CLIENT: &str = "goshawk-client";
const APP: &str = "Bittern App";
const SETTINGS: [&str; 9] = [
    "harrier-unused",
    "Quail Application",
    "plover.example",
    "Dunlin-Sender",
    "Ptarmigan {{code}} in English",
    "حجل {{code}} بالعربية",
    "203.0.113.77/32",
    "2001:db8:5ec7:e75::77/128",
    "http://127.0.0.1/lapwing-back",
];

/// Every file under a directory with its bytes.
fn files(dir: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            files(&entry.path(), found);
        } else if kind.is_file() {
            let bytes = fs::read(entry.path()).unwrap();
            found.push((entry.path().display().to_string(), bytes));
        }
    }
}

fn keyring_file(dir: &Path) -> String {
    dir.join("keyring").display().to_string()
}

fn mpass_life(dir: &Path, base: &str, gateway: &Gateway) -> Vec<String> {
    let mut secrets: Vec<String> = Vec::new();
    let app = format!("&app={}", APP.replace(' ', "+"));
    for (name, digits) in CHANNELS {
        let keyring = keyring_file(dir);
        let arguments = ["--name", name, "--digits", digits, "--keyring", &keyring];
        let key = create_channel(dir, &arguments);
        let service = Service::new(base, &key);
        secrets.push(key);
        for round in 0..20 {
            let dest = number(6, round);
            assert!(service.send(&dest, &app).is("0"));
            let code = gateway.code(&dest);
            assert!(service.verify(&dest, &wrong(&code), &app).is("3"));
            assert!(service.verify(&dest, &code, &app).is("0"));
            assert!(service.verify(&dest, &code, "").is("3"));
            secrets.push(dest.trim_start_matches('+').to_owned());
            secrets.push(dest.trim_start_matches("+966").to_owned());
            secrets.push(wrong(&code));
            secrets.push(code);
        }
        // Requests that fail in different ways carry secrets, too.
        let dest = number(6, 0);
        assert_eq!(service.send(&dest, "").http, 429);
        assert!(service.send("+9665", "").is("1"));
        gateway.answer(500);
        assert!(service.send(&number(7, 0), "").is("100"));
        gateway.answer(400);
        assert!(service.send(&number(7, 1), "").is("100"));
        gateway.answer(200);
        for round in 0..2 {
            secrets.push(number(7, round).trim_start_matches('+').to_owned());
        }
    }
    let rotated = run(&[
        "channel",
        "rotate",
        CHANNELS[0].0,
        "--json",
        "--data-dir",
        &data_dir(dir),
        "--keyring",
        &keyring_file(dir),
    ]);
    assert!(rotated.status.success(), "{rotated:?}");
    let rotated: Value = serde_json::from_slice(&rotated.stdout).unwrap();
    secrets.push(rotated["key"].as_str().unwrap().to_owned());
    secrets
}

/// The customer's id, and its secrets.
fn verify_now_life(dir: &Path, base: &str, gateway: &Gateway) -> (String, Vec<String>) {
    let made = create(
        dir,
        "customer",
        &["--digits", "8", "--keyring", &keyring_file(dir)],
    );
    let (id, password) = (text(&made["name"]), text(&made["password"]));
    let key = Base64::encode_string(password.as_bytes());
    let http = Http::new(base);
    let call = |method, path: &str, headers| {
        let (path, body) = (path.to_owned(), Vec::new());
        http.send(&Call {
            method,
            path,
            headers,
            body,
        })
        .json()
    };
    let path = format!("{TOKEN}?customerId={id}&key={key}&scope=NEW&country=IN");
    let token = text(&call("GET", &path, Vec::new())["token"]);
    let mut secrets = vec![password, key, token.clone()];
    for (digit, version) in [(2, "v2/verification"), (3, "v3")] {
        for round in 0..5 {
            let dest = format!("98765{digit}4{round:03}");
            let headers = || vec![("authToken", token.clone())];
            let query = format!("customerId={id}&countryCode=91&mobileNumber={dest}&flowType=SMS");
            let sent = call(
                "POST",
                &format!("/verification/{version}/send?{query}"),
                headers(),
            );
            assert_eq!(sent["responseCode"], 200, "{sent}");
            let id_of = text(&sent["data"]["verificationId"]);
            let code = gateway.code(&format!("+91{dest}"));
            for (typed, expected) in [(wrong(&code), 702), (code, 200)] {
                let query = format!("customerId={id}&verificationId={id_of}&code={typed}");
                let path = format!("/verification/{version}/validateOtp?{query}");
                assert_eq!(call("GET", &path, headers())["responseCode"], expected);
                secrets.push(typed);
            }
            secrets.push(dest);
        }
    }
    (id, secrets)
}

/// A client of the CAMARA contracts.
struct App {
    http: Http,
    basic: String,
}

impl App {
    fn post(&self, path: &str, kind: &str, authorization: &str, body: &str) -> Answer {
        self.http.send(&Call {
            method: "POST",
            path: path.to_owned(),
            headers: vec![
                ("Content-Type", kind.to_owned()),
                ("Authorization", authorization.to_owned()),
            ],
            body: body.as_bytes().to_vec(),
        })
    }

    /// The response of the token endpoint to a form.
    fn tokens(&self, form: &str) -> Value {
        let kind = "application/x-www-form-urlencoded";
        let basic = format!("Basic {}", self.basic);
        self.post("/oauth2/token", kind, &basic, form).json()
    }

    fn call(&self, path: &str, token: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {token}");
        self.post(path, "application/json", &bearer, &body.to_string())
    }

    /// The authorization code that a device of the network receives.
    fn login(&self) -> String {
        let query = format!(
            "response_type=code&client_id={CLIENT}&scope=openid%20number-verification%3Averify\
             &code_challenge={CHALLENGE}&code_challenge_method=S256&redirect_uri={BACK}"
        );
        let answer = self.http.send(&Call {
            method: "GET",
            path: format!("/oauth2/authorize?{query}"),
            headers: Vec::new(),
            body: Vec::new(),
        });
        let location = answer.header("Location").expect("a redirection");
        let rest = location.split("code=").nth(1).expect("a code");
        rest.split('&').next().unwrap().to_owned()
    }
}

fn camara_life(dir: &Path, base: &str, gateway: &Gateway) -> Vec<String> {
    let keyring = keyring_file(dir);
    let back = SETTINGS[8];
    let arguments = ["--name", CLIENT, "--digits", "8", "--redirect-uri", back];
    let made = create(
        dir,
        "client",
        &[&arguments[..], &["--keyring", &keyring]].concat(),
    );
    let secret = text(&made["secret"]);
    let app = App {
        http: Http::new(base),
        basic: Base64::encode_string(format!("{CLIENT}:{secret}").as_bytes()),
    };
    let code = app.login();
    let form = format!(
        "grant_type=authorization_code&code={code}&code_verifier={VERIFIER}&redirect_uri={BACK}"
    );
    let given = app.tokens(&form);
    let (access, id) = (text(&given["access_token"]), text(&given["id_token"]));
    assert_eq!(app.tokens(&form)["error"], "invalid_grant");
    let device = json!({ "phoneNumber": DEVICE });
    for status in [200, 401] {
        let answer = app.call("/number-verification/v2/verify", &access, &device);
        assert_eq!(answer.status, status);
    }
    let own = text(&app.tokens("grant_type=client_credentials")["access_token"]);
    let mut secrets = vec![secret, app.basic.clone(), code, access, id, own.clone()];
    secrets.extend([
        VERIFIER.to_owned(),
        DEVICE.trim_start_matches('+').to_owned(),
    ]);
    for round in 0..5 {
        let dest = number(8, round);
        let ask = json!({ "phoneNumber": dest, "message": "{{code}} it is" });
        let sent = app.call("/one-time-password-sms/v1/send-code", &own, &ask);
        let id = text(&sent.json()["authenticationId"]);
        let code = gateway.code(&dest);
        for (typed, status) in [(wrong(&code), 400), (code, 204)] {
            let tried = json!({ "authenticationId": id, "code": typed });
            let answer = app.call("/one-time-password-sms/v1/validate-code", &own, &tried);
            assert_eq!(answer.status, status);
            secrets.push(typed);
        }
        secrets.push(dest.trim_start_matches('+').to_owned());
    }
    secrets
}

/// The keys in a keyring file.
fn held_keys(dir: &Path) -> Vec<String> {
    let keyring = fs::read_to_string(dir.join("keyring")).unwrap();
    let words = keyring.split_whitespace().filter(|word| word.len() == 64);
    words.map(str::to_owned).collect()
}

/// A channel with every setting that is a text.
fn create_unused(dir: &Path) -> String {
    let [name, app, host, sender, english, arabic, v4, v6, _] = SETTINGS;
    let (english, arabic) = (format!("en={english}"), format!("ar={arabic}"));
    let keyring = keyring_file(dir);
    let arguments = [
        "--name",
        name,
        "--app",
        app,
        "--host",
        host,
        "--sender",
        sender,
        "--text",
        &english,
        "--text",
        &arabic,
        "--address",
        v4,
        "--address",
        v6,
        "--keyring",
        &keyring,
    ];
    create_channel(dir, &arguments)
}

/// Names and settings of all tenants.
fn settings() -> Vec<String> {
    let channels = CHANNELS.iter().map(|(name, _)| *name);
    let texts = channels.chain(SETTINGS).chain([CLIENT, APP]);
    // Addresses are found without the length of the prefix, too.
    let parts = texts.flat_map(|text| [Some(text), text.split_once('/').map(|(head, _)| head)]);
    let parts = parts.flatten().filter(|part| part.len() >= 6);
    let without_placeholder = |text: &str| text.replace(" {{code}} ", "");
    parts
        .flat_map(|text| [text.to_owned(), without_placeholder(text)])
        .filter(|text| !text.ends_with(':'))
        .collect()
}

/// Panics if one of the texts is in a file.
fn assert_absent(texts: &[String], files: &[(String, Vec<u8>)]) {
    let search = Search::new(texts);
    for (name, bytes) in files {
        if let Some((text, encoding)) = search.find(bytes) {
            panic!("{name} contains {text:?} as {encoding:02x?}");
        }
    }
}

/// Plants every encoding of a text in the largest file: each is found.
fn assert_found(texts: &[String], files: &[(String, Vec<u8>)]) {
    let largest = files.iter().max_by_key(|(_, bytes)| bytes.len());
    let mut bytes = largest.expect("a file").1.clone();
    let at = bytes.len() / 2;
    for text in texts {
        let search = Search::new(core::slice::from_ref(text));
        for encoding in encodings(text) {
            if encoding.len() < 6 {
                continue;
            }
            let end = at + encoding.len();
            let before = bytes[at..end].to_vec();
            bytes[at..end].copy_from_slice(&encoding);
            assert!(search.find(&bytes[at - 64..end + 64]).is_some(), "{text}");
            bytes[at..end].copy_from_slice(&before);
        }
    }
}

#[test]
fn no_number_code_key_token_or_secret_in_any_log_or_store_file() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let gateway = Gateway::start();
    let table = dir.join("table");
    fs::write(&table, format!("127.0.0.1,{DEVICE}\n")).unwrap();
    let config = format!(
        "{}[login]\nissuer = 'http://127.0.0.1:9091'\n[network]\ntable = '{}'\n",
        gateway.config(dir),
        table.display()
    );
    let process = Process::configured(dir, &config);
    // Codes long enough not to appear by chance.
    let mut secrets = mpass_life(dir, &process.base, &gateway);
    let (customer, more) = verify_now_life(dir, &process.base, &gateway);
    secrets.extend(more);
    secrets.extend(camara_life(dir, &process.base, &gateway));
    secrets.push(create_unused(dir));
    // A copy of the store as it is while the server runs, with the write-ahead log.
    let mut stored = Vec::new();
    files(Path::new(&data_dir(dir)), &mut stored);
    assert!(
        stored
            .iter()
            .any(|(name, bytes)| name.ends_with("-wal") && bytes.len() > 4096)
    );
    assert_eq!(process.terminate(), Some(0));
    files(Path::new(&data_dir(dir)), &mut stored);
    secrets.extend(held_keys(dir));
    assert!(secrets.len() > 200, "{}", secrets.len());

    let (stdout, stderr) = printed(dir);
    for path in [
        "/mpass-web/rest/mv/verify",
        "/verification/v3/validateOtp",
        "/oauth2/token",
        "/one-time-password-sms/v1/validate-code",
    ] {
        assert!(stderr.contains(path), "{path} in {stderr}");
    }
    let settings = [settings(), vec![customer]].concat();
    assert_absent(&settings, &stored);
    assert_absent(&secrets, &stored);
    let logs = [("what it printed", stdout), ("its log", stderr)];
    let logs = logs.map(|(name, text)| (name.to_owned(), text.into_bytes()));
    assert_absent(&secrets, &logs);
    assert_found(&settings, &stored);
    assert_found(&secrets, &stored);
}
