//! A new credential of a tenant: shown once, with requests that use it.

use base64ct::{Base64, Encoding};
use maud::html;
use zeroize::Zeroizing;

use crate::admin::{NewKey, TenantKind};
use crate::portal::pages::kinds::section;
use crate::portal::pages::parts;
use crate::portal::pages::visit::Visit;

/// A number that is assigned to nobody.
const SOMEBODY: &str = "+966500000000";

/// The page.
pub(super) fn page(visit: &Visit, kind: TenantKind, new: &NewKey) -> axum::response::Response {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let path = super::common::path_of(kind, &new.name);
    let base = base(visit);
    let body = html! {
        p.notice.good role="status" { (t("key.once")) }
        section.panel aria-labelledby="key-title" {
            h2 id="key-title" { (t(credential(kind))) }
            p.dim { (parts::name(&new.name)) }
            (parts::copied(reader, "key", &new.key))
            @if let Some(until_ms) = new.predecessor_until_ms {
                p { (reader.fill("key.overlap", &[("time", &reader.time(until_ms))])) }
            }
        }
        section.panel {
            h2 { (t("key.requests")) }
            p.dim { (t("key.requests.what")) }
            @for (at, (title, request)) in requests(kind, new, &base).iter().enumerate() {
                h3 { (t(title)) }
                (parts::copied(reader, &format!("request-{at}"), request))
            }
        }
        p.actions { a.button.main href=(path) { (t("key.kept")) } }
    };
    let section = section(kind);
    visit.page(section, t("key.title"), &body)
}

/// The URL of the contracts, as callers reach them.
fn base(visit: &Visit) -> String {
    let state = &visit.portal.state;
    let issuer = state.engine.load().settings().issuer.clone();
    let listener = || {
        let about = state.about.get()?;
        about.listeners.first().map(|(url, _)| url.clone())
    };
    let base = issuer.or_else(listener);
    base.unwrap_or_else(|| "https://mpass.example".to_owned())
}

const fn credential(kind: TenantKind) -> &'static str {
    match kind {
        TenantKind::Channel => "key.channel",
        TenantKind::Customer => "key.customer",
        TenantKind::Client => "key.client",
    }
}

/// Requests of the contract of a kind for a shell, each with its title.
type Requests = Vec<(&'static str, Zeroizing<String>)>;

fn requests(kind: TenantKind, new: &NewKey, base: &str) -> Requests {
    match kind {
        TenantKind::Channel => of_channel(&new.key, base),
        TenantKind::Customer => of_customer(&new.name, &new.key, base),
        TenantKind::Client => of_client(&new.name, &new.key, base),
    }
}

fn of_channel(key: &str, base: &str) -> Requests {
    let dest = SOMEBODY.replace('+', "%2B");
    let of = |action: &str, more: &str| {
        let path = format!("/mpass-web/rest/mv/{action}?apikey={key}&dest={dest}{more}");
        Zeroizing::new(format!("curl '{base}{path}'"))
    };
    vec![
        ("key.request.send", of("msg", "")),
        ("key.request.verify", of("verify", "&otp=CODE")),
    ]
}

fn of_customer(name: &str, key: &str, base: &str) -> Requests {
    let password = Zeroizing::new(Base64::encode_string(key.as_bytes()));
    let password: String = form_urlencoded::byte_serialize(password.as_bytes()).collect();
    let token = format!(
        "curl '{base}/auth/v1/authentication/token?customerId={name}&key={password}&scope=NEW'"
    );
    let send = format!(
        "curl -X POST -H 'authToken: TOKEN' \\\n  '{base}/verification/v3/send?countryCode=966&mobileNumber=500000000&flowType=SMS'"
    );
    let verify = format!(
        "curl -H 'authToken: TOKEN' \\\n  '{base}/verification/v3/validateOtp?verificationId=ID&code=CODE'"
    );
    vec![
        ("key.request.token", Zeroizing::new(token)),
        ("key.request.send", Zeroizing::new(send)),
        ("key.request.verify", Zeroizing::new(verify)),
    ]
}

fn of_client(name: &str, key: &str, base: &str) -> Requests {
    let token = format!(
        "curl -u '{name}:{key}' '{base}/oauth2/token' \\\n  -d grant_type=client_credentials -d scope=one-time-password-sms:send-validate"
    );
    let with_token = |action: &str, body: &str| {
        let url = format!("{base}/one-time-password-sms/v1/{action}-code");
        let headers = "-H 'Authorization: Bearer TOKEN' -H 'Content-Type: application/json'";
        Zeroizing::new(format!("curl '{url}' \\\n  {headers} \\\n  -d '{body}'"))
    };
    let send =
        format!("{{\"phoneNumber\":\"{SOMEBODY}\",\"message\":\"{{{{code}}}} is your code\"}}");
    let verify = "{\"authenticationId\":\"ID\",\"code\":\"CODE\"}";
    vec![
        ("key.request.token", Zeroizing::new(token)),
        ("key.request.send", with_token("send", &send)),
        ("key.request.verify", with_token("validate", verify)),
    ]
}
