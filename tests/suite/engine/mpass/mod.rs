//! Every status of the mPass contract with each of its causes.

mod channels;
mod codes;
mod limits;
mod messages;
mod requests;
mod trouble;

use mpass_core::service::{Reason, Reply};
use mpass_tests::sim::World;

const SEND: &str = "/mpass-web/rest/mv/msg";
const VERIFY: &str = "/mpass-web/rest/mv/verify";
const DEST: &str = "%2B966500000000";

const ACCEPT: &str = r#"{"description":"Accept","status":"0"}"#;
const INVALID: &str = r#"{"description":"Invalid Data","status":"1"}"#;
const DENIED: &str = r#"{"description":"Access Denied","status":"2"}"#;
const REJECT: &str = r#"{"description":"Reject","status":"3"}"#;
const EXPIRED: &str = r#"{"description":"Expired","status":"4"}"#;
const INTERNAL: &str = r#"{"description":"Internal Error Occurred","status":"100"}"#;

#[track_caller]
fn expect(reply: &Reply, body: &str, reason: Reason) {
    let seen = String::from_utf8(reply.body.clone()).unwrap();
    assert_eq!((seen.as_str(), reply.reason), (body, reason));
    assert_eq!(reply.status, 200, "{seen}");
    let header = |name| {
        let held = reply.headers.iter().find(|(held, _)| *held == name);
        held.map(|(_, value)| value.as_str())
    };
    assert_eq!(header("Content-Type"), Some("application/json"));
    assert_eq!(header("Cache-Control"), Some("no-store"));
}

fn send(world: &World, key: &str, rest: &str) -> Reply {
    world.get(&format!("{SEND}?apikey={key}&dest={DEST}{rest}"))
}

fn verify(world: &World, key: &str, otp: &str, rest: &str) -> Reply {
    world.get(&format!(
        "{VERIFY}?apikey={key}&dest={DEST}&otp={otp}{rest}"
    ))
}

/// A different code of the same length.
fn wrong(code: &str) -> String {
    let last = if code.ends_with('0') { '1' } else { '0' };
    format!("{}{last}", &code[..code.len() - 1])
}

#[track_caller]
fn expect_throttled(reply: &Reply, reason: Reason, seconds: &str) {
    assert_eq!(reply.status, 429);
    assert_eq!(reply.body, DENIED.as_bytes());
    assert_eq!(reply.reason, reason);
    assert!(
        reply
            .headers
            .contains(&("Retry-After", seconds.to_string())),
        "{:?}",
        reply.headers
    );
}
