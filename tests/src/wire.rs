//! The interface of a host to its callers, simulated or over HTTP, so that the
//! same scenarios run on every host.

// A host that cannot be reached is a failed test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use core::time::Duration;
use std::time::SystemTime;

use mpass_core::service::Request;
use serde_json::Value;

use crate::sim::World;

/// Requests at the same time in the scenarios that race.
pub const PARALLEL: usize = 64;

/// A request.
#[derive(Clone, Debug)]
pub struct Call {
    /// The HTTP method.
    pub method: &'static str,
    /// The path, with the query if there is one.
    pub path: String,
    /// Header names and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// A response.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Header names and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(held, _)| held.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }
}

/// A host that answers requests.
pub trait Wire: Sync {
    /// Sends a request and waits for its answer.
    fn send(&self, call: &Call) -> Answer;

    /// The host's time, in milliseconds of Unix time.
    fn now_ms(&self) -> u64;
}

impl Wire for World {
    fn send(&self, call: &Call) -> Answer {
        let headers: Vec<(&str, &str)> = call
            .headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let (path, query) = call.path.split_once('?').unwrap_or((&call.path, ""));
        let reply = self.request(&Request {
            method: call.method,
            path,
            query,
            headers: &headers,
            body: &call.body,
            peer: [127, 0, 0, 1].into(),
        });
        let headers = reply.headers.into_iter();
        Answer {
            status: reply.status,
            headers: headers
                .map(|(name, value)| (name.to_string(), value))
                .collect(),
            body: reply.body,
        }
    }

    fn now_ms(&self) -> u64 {
        self.now()
    }
}

/// A host over HTTP, at a base address such as `http://127.0.0.1:9091`.
pub struct Http {
    agent: ureq::Agent,
    base: String,
}

impl Http {
    /// The host at an address.
    #[must_use]
    pub fn new(base: &str) -> Self {
        Self {
            agent: agent(),
            base: base.to_string(),
        }
    }
}

/// A client that returns every HTTP status as a response.
pub(crate) fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        // Redirects point to other machines.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .max_idle_connections_per_host(PARALLEL)
        .max_idle_connections(PARALLEL)
        .timeout_global(Some(Duration::from_secs(60)))
        .build()
        .into()
}

impl Wire for Http {
    fn send(&self, call: &Call) -> Answer {
        let mut request = ureq::http::Request::builder()
            .method(call.method)
            .uri(format!("{}{}", self.base, call.path));
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        let sent = if call.method == "POST" {
            self.agent.run(request.body(call.body.clone()).unwrap())
        } else {
            self.agent.run(request.body(()).unwrap())
        };
        let mut response = sent.expect("an answer");
        let headers = response.headers().iter();
        Answer {
            status: response.status().as_u16(),
            headers: headers
                .map(|(name, value)| {
                    let value = String::from_utf8_lossy(value.as_bytes());
                    (name.to_string(), value.into_owned())
                })
                .collect(),
            body: response.body_mut().read_to_vec().expect("a body"),
        }
    }

    fn now_ms(&self) -> u64 {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        u64::try_from(since.unwrap().as_millis()).unwrap()
    }
}
