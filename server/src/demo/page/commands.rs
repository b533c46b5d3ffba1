//! Requests of every contract with curl, for one shell, with the answers that the demo
//! gives.

use super::super::names::{BACK, NUMBER};
use super::values::Values;

/// A command and its answer.
pub(super) struct Command {
    /// The name of its title's text.
    pub(super) title: &'static str,
    pub(super) text: String,
    /// `…` stands for what differs every time.
    pub(super) answer: &'static str,
}

/// A contract with its commands, which one shell runs in this order.
pub(super) struct Contract {
    /// Its own name, the same in every language.
    pub(super) name: &'static str,
    pub(super) commands: Vec<Command>,
}

/// A verifier of RFC 7636 and its challenge: those of appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const VERIFY: &str = "number-verification:verify";
const READ: &str = "number-verification:device-phone-number:read";

/// The mPass contract.
pub(super) fn mpass(values: &Values<'_>) -> Vec<Contract> {
    const ACCEPTED: &str = r#"{"description":"Accept","status":"0"}"#;
    let Values { base, key, .. } = values;
    let dest = NUMBER.replace('+', "%2B");
    let at = format!("{base}/mpass-web/rest/mv");
    let send = format!("curl -s '{at}/msg?apikey={key}&dest={dest}&lang=en_US'");
    let verify = format!(
        "{}\ncurl -s \"{at}/verify?apikey={key}&dest={dest}&otp=$CODE\"",
        newest_code(base)
    );
    vec![Contract {
        name: "mPass Mobile Number Verification",
        commands: vec![
            command("demo.send", send, ACCEPTED),
            command("demo.verify", verify, ACCEPTED),
        ],
    }]
}

/// The two versions of `VerifyNow`.
pub(super) fn verify_now(values: &Values<'_>) -> Vec<Contract> {
    let customer = values.customer;
    let v3 = Paths {
        at: "verification/v3",
        number: "500000001",
        more: String::new(),
        sent: r#"{"responseCode":200,"message":"SUCCESS","data":{"verificationId":"…","mobileNumber":"500000001",…}}"#,
        validated: r#"{"responseCode":200,"message":"SUCCESS","data":{…"verificationStatus":"VERIFICATION_COMPLETED",…}}"#,
    };
    let v2 = Paths {
        at: "verification/v2/verification",
        number: "500000003",
        more: format!("&customerId={customer}"),
        sent: r#"{"responseCode":200,"message":"SUCCESS","data":{"verificationId":"…","mobileNumber":"500000003",…}}"#,
        validated: v3.validated,
    };
    vec![
        Contract {
            name: "VerifyNow v3",
            commands: v3.commands(values),
        },
        Contract {
            name: "VerifyNow v2",
            commands: v2.commands(values),
        },
    ]
}

/// What differs between the versions of `VerifyNow`.
struct Paths {
    at: &'static str,
    number: &'static str,
    /// More parameters of every request.
    more: String,
    sent: &'static str,
    validated: &'static str,
}

impl Paths {
    fn commands(&self, values: &Values<'_>) -> Vec<Command> {
        let Values {
            base,
            customer,
            password,
            ..
        } = values;
        let Self {
            at, number, more, ..
        } = self;
        let token = format!(
            "TOKEN=$(curl -s -G '{base}/auth/v1/authentication/token' \\\n  \
             -d customerId={customer} --data-urlencode 'key={password}' -d scope=NEW |\n  \
             {})\necho \"$TOKEN\"",
            value_of("token")
        );
        let send = format!(
            "SENT=$(curl -s -X POST -H \"authToken: $TOKEN\" \\\n  \
             '{base}/{at}/send?countryCode=966&mobileNumber={number}&flowType=SMS&otpLength=6{more}')\n\
             echo \"$SENT\""
        );
        let validate = format!(
            "{}\n{}\ncurl -s -H \"authToken: $TOKEN\" \\\n  \
             \"{base}/{at}/validateOtp?verificationId=$ID&code=$CODE{more}\"",
            id_of("verificationId"),
            newest_code(base)
        );
        vec![
            command("demo.curl.token", token, "…"),
            command("demo.send", send, self.sent),
            command("demo.verify", validate, self.validated),
        ]
    }
}

/// CAMARA OTP Validation.
pub(super) fn otp_validation(values: &Values<'_>) -> Vec<Contract> {
    let base = values.base;
    let token = format!(
        "TOKEN=$(curl -s -u '{}' '{base}/oauth2/token' \\\n  \
         -d grant_type=client_credentials -d scope=one-time-password-sms:send-validate |\n  \
         {})\necho \"$TOKEN\"",
        credentials(values),
        value_of("access_token")
    );
    let at = format!("{base}/one-time-password-sms/v1");
    let send = format!(
        "SENT=$(curl -s '{at}/send-code' \\\n  {BEARER} \\\n  \
         -d '{{\"phoneNumber\":\"+966500000002\",\"message\":\"{{{{code}}}} is your code\"}}')\n\
         echo \"$SENT\""
    );
    let validate = format!(
        "{}\n{}\ncurl -s -w '%{{http_code}}\\n' '{at}/validate-code' \\\n  {BEARER} \\\n  \
         -d \"{{\\\"authenticationId\\\":\\\"$ID\\\",\\\"code\\\":\\\"$CODE\\\"}}\"",
        id_of("authenticationId"),
        newest_code(base)
    );
    vec![Contract {
        name: "CAMARA OTP Validation v1",
        commands: vec![
            command("demo.curl.token", token, "…"),
            command("demo.send", send, r#"{"authenticationId":"…"}"#),
            command("demo.verify", validate, "204"),
        ],
    }]
}

/// The two versions of CAMARA Number Verification, and the login that they need.
pub(super) fn number_verification(values: &Values<'_>) -> Vec<Contract> {
    let base = values.base;
    let mut contracts: Vec<_> = [
        ("CAMARA Number Verification v2", "v2"),
        ("CAMARA Number Verification v0", "v0"),
    ]
    .into_iter()
    .map(|(name, version)| {
        let at = format!("{base}/number-verification/{version}");
        let verify = format!(
            "curl -s '{at}/verify' \\\n  {BEARER} \\\n  -d '{{\"phoneNumber\":\"{NUMBER}\"}}'"
        );
        let read =
            format!("curl -s '{at}/device-phone-number' -H \"Authorization: Bearer $TOKEN\"");
        Contract {
            name,
            commands: vec![
                command("demo.login", login(values, VERIFY), "…"),
                command(
                    "demo.verify",
                    verify,
                    r#"{"devicePhoneNumberVerified":true}"#,
                ),
                command("demo.login", login(values, READ), "…"),
                command(
                    "demo.curl.number",
                    read,
                    r#"{"devicePhoneNumber":"+966500000000"}"#,
                ),
            ],
        }
    })
    .collect();
    contracts.push(Contract {
        name: "OpenID Connect",
        commands: vec![
            command(
                "demo.curl.discovery",
                format!("curl -s '{base}/.well-known/openid-configuration'"),
                r#"{"issuer":"…","authorization_endpoint":"…",…}"#,
            ),
            command(
                "demo.curl.keys",
                format!("curl -s '{base}/oauth2/jwks'"),
                r#"{"keys":[…]}"#,
            ),
        ],
    });
    contracts
}

/// The headers of a request with a token and JSON.
const BEARER: &str = r#"-H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json'"#;

const fn command(title: &'static str, text: String, answer: &'static str) -> Command {
    Command {
        title,
        text,
        answer,
    }
}

/// A token for one call of Number Verification, from the login of this machine.
fn login(values: &Values<'_>, scope: &str) -> String {
    let (base, client) = (values.base, values.client);
    format!(
        "GRANT=$(curl -s -o /dev/null -w '%{{redirect_url}}' -G '{base}/oauth2/authorize' \\\n  \
         -d response_type=code -d client_id={client} \\\n  \
         --data-urlencode 'redirect_uri={base}{BACK}' \\\n  \
         --data-urlencode 'scope=openid {scope}' \\\n  \
         -d state=demo -d code_challenge={CHALLENGE} -d code_challenge_method=S256 |\n  \
         sed -E 's/.*[?&]code=([^&]+).*/\\1/')\n\
         TOKEN=$(curl -s -u '{}' '{base}/oauth2/token' \\\n  \
         -d grant_type=authorization_code -d code=\"$GRANT\" \\\n  \
         --data-urlencode 'redirect_uri={base}{BACK}' -d code_verifier={VERIFIER} |\n  \
         {})\necho \"$TOKEN\"",
        credentials(values),
        value_of("access_token")
    )
}

/// Id and secret of the client, both of characters that need no encoding.
fn credentials(values: &Values<'_>) -> String {
    format!("{}:{}", values.client, values.secret)
}

/// A filter that takes a value out of an answer.
fn value_of(name: &str) -> String {
    format!("sed -E 's/.*\"{name}\":\"([^\"]+)\".*/\\1/'")
}

/// Takes the id out of what a request to send was answered.
fn id_of(name: &str) -> String {
    format!("ID=$(echo \"$SENT\" | {})", value_of(name))
}

/// Reads the newest code from the outbox.
fn newest_code(base: &str) -> String {
    format!(
        "CODE=$(curl -s '{base}/outbox.json' | grep -oE '\"text\":\"[0-9]+' |\n  \
         tail -n 1 | grep -oE '[0-9]+')"
    )
}
