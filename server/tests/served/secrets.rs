//! After the whole life of a server, no secret is in any log or store file.

use std::fs;
use std::path::Path;

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
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
const BACK: &str = "http%3A%2F%2F127.0.0.1%2Fback";

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

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

fn keyring_file(dir: &Path) -> String {
    dir.join("keyring").display().to_string()
}

fn mpass_life(dir: &Path, base: &str, gateway: &Gateway) -> Vec<String> {
    let mut secrets: Vec<String> = Vec::new();
    for (name, digits) in [("eight", "8"), ("ten", "10")] {
        let keyring = keyring_file(dir);
        let arguments = ["--name", name, "--digits", digits, "--keyring", &keyring];
        let key = create_channel(dir, &arguments);
        let service = Service::new(base, &key);
        secrets.push(key);
        for round in 0..20 {
            let dest = number(6, round);
            assert!(service.send(&dest, "&app=Shop").is("0"));
            let code = gateway.code(&dest);
            assert!(service.verify(&dest, &wrong(&code), "&app=Shop").is("3"));
            assert!(service.verify(&dest, &code, "&app=Shop").is("0"));
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
        "eight",
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

fn verify_now_life(dir: &Path, base: &str, gateway: &Gateway) -> Vec<String> {
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
    secrets
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
            "response_type=code&client_id=app&scope=openid%20number-verification%3Averify\
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
    let back = "http://127.0.0.1/back";
    let keyring = keyring_file(dir);
    let arguments = ["--name", "app", "--digits", "8", "--redirect-uri", back];
    let made = create(
        dir,
        "client",
        &[&arguments[..], &["--keyring", &keyring]].concat(),
    );
    let secret = text(&made["secret"]);
    let app = App {
        http: Http::new(base),
        basic: Base64::encode_string(format!("app:{secret}").as_bytes()),
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

/// The encodings in which a secret may appear.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    let mut forms = vec![secret.as_bytes().to_vec()];
    if let Ok(value) = secret.parse::<u64>() {
        // As a number, in either byte order.
        forms.push(value.to_be_bytes().to_vec());
        forms.push(value.to_le_bytes().to_vec());
    }
    if secret.len() == 64 && secret.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let raw = (0..32).map(|at| u8::from_str_radix(&secret[2 * at..2 * at + 2], 16));
        forms.push(raw.collect::<Result<_, _>>().unwrap());
    }
    if secret.len() == 43 {
        forms.extend(Base64UrlUnpadded::decode_vec(secret).ok());
    }
    forms
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
    secrets.extend(verify_now_life(dir, &process.base, &gateway));
    secrets.extend(camara_life(dir, &process.base, &gateway));
    assert_eq!(process.terminate(), Some(0));
    secrets.extend(held_keys(dir));
    assert!(secrets.len() > 200, "{}", secrets.len());

    let mut searched = Vec::new();
    files(Path::new(&data_dir(dir)), &mut searched);
    let (stdout, stderr) = printed(dir);
    for path in [
        "/mpass-web/rest/mv/verify",
        "/verification/v3/validateOtp",
        "/oauth2/token",
        "/one-time-password-sms/v1/validate-code",
    ] {
        assert!(stderr.contains(path), "{path} in {stderr}");
    }
    searched.push(("what it printed".to_owned(), stdout.into_bytes()));
    searched.push(("its log".to_owned(), stderr.into_bytes()));
    assert!(searched.iter().any(|(_, bytes)| bytes.len() > 4096));
    for secret in &secrets {
        for form in forms(secret) {
            for (name, bytes) in &searched {
                assert!(
                    !contains(bytes, &form),
                    "{name} contains a secret: {secret}"
                );
            }
        }
    }
}
