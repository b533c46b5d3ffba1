//! Administration of tenants on a store: its operations, and a model check of
//! their interleavings with each other and with calls.

mod credits;
mod model;
mod operations;
mod records;
mod rotation;
mod scene;

use base64ct::{Base64, Encoding};
use mpass_core::service::{Engine, Exchange, Request};
use mpass_tests::sim::NOON;

const ID: &str = "C-0123456789ABCDE";

/// A request of the customer for a token, with a credential.
fn ask_token(engine: &Engine, secret: &str) -> Exchange {
    let key = Base64::encode_string(secret.as_bytes());
    let query = format!("customerId={ID}&key={key}&scope=NEW");
    let request = Request {
        method: "GET",
        path: "/auth/v1/authentication/token",
        query: &query,
        headers: &[],
        body: &[],
        peer: [127, 0, 0, 1].into(),
    };
    engine.begin(&request, NOON, &[9; 32])
}
