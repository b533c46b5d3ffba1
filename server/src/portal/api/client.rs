//! The client of the API: operations as requests, by the same table.

use core::net::IpAddr;
use core::time::Duration;
use std::path::Path;

use anyhow::{Context, anyhow, bail, ensure};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use serde::Deserialize;
use serde_json::Value as Json;
use tokio::time::timeout;
use tower::ServiceExt;
use zeroize::Zeroizing;

use super::answer::encoded;
use super::bearer::CODE;
use super::route::{Parts, Route};
use super::table::{PREFIX, ROUTES};
use crate::admin::{Cause, Failure, Operation, Outcome};
use crate::outgoing;

/// The time for a request and its response.
const DEADLINE: Duration = Duration::from_secs(30);
/// The longest response, in bytes.
const LONGEST: usize = 16 * 1024 * 1024;

/// A server's API.
pub(crate) struct Client {
    base: Uri,
    /// `Bearer`, and the secret of a token.
    authorization: HeaderValue,
    /// A code of the authenticator.
    code: Option<HeaderValue>,
    connector: HttpsConnector<HttpConnector>,
}

/// What is of use of problem details.
#[derive(Deserialize)]
struct Details {
    r#type: String,
    title: String,
    #[serde(default)]
    detail: Option<String>,
    #[serde(default)]
    number: u16,
}

impl Client {
    /// A client of the server at a URL, by the secret of an API token. It trusts the
    /// authorities of a file, or those of the system.
    ///
    /// # Errors
    /// When the URL is not `https`, or `http` of this machine, or has more than an
    /// authority; when a file cannot be read.
    pub(crate) fn new(
        url: &str,
        secret: &str,
        code: Option<&str>,
        authorities: Option<&Path>,
    ) -> anyhow::Result<Self> {
        let base: Uri = url.parse().map_err(|_| anyhow!("--server: not a URL"))?;
        let authority = base.authority().context("--server: not a URL")?;
        let is_base = matches!(base.path(), "" | "/") && base.query().is_none();
        ensure!(
            is_base && !authority.as_str().contains('@'),
            "--server: a URL with scheme, host and port only"
        );
        match base.scheme_str() {
            Some("https") => {}
            Some("http") if is_this_machine(authority.host()) => {}
            Some("http") => bail!("--server: http only to this machine: use https"),
            _ => bail!("--server: the scheme is https"),
        }
        let authorities = outgoing::authorities(authorities, "--ca")?;
        let tls = outgoing::client(authorities.as_ref(), "--ca")?;
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        let bearer = Zeroizing::new(format!("Bearer {secret}"));
        Ok(Self {
            base,
            authorization: sensitive(&bearer).context("--token-file: not an API token")?,
            code: code
                .map(|code| sensitive(code).context("--totp-file: not a code"))
                .transpose()?,
            connector: HttpsConnector::from((http, tls)),
        })
    }

    /// Has the server perform an operation.
    ///
    /// # Errors
    /// When the API does not have it, or the server does not respond as described. What
    /// it refuses is the inner result.
    pub(crate) async fn perform(
        &self,
        operation: &Operation,
    ) -> anyhow::Result<Result<Outcome, Failure>> {
        let json = serde_json::to_value(operation)?;
        let found = ROUTES
            .iter()
            .find_map(|route| Some((route, route.request(&json)?)));
        let (route, parts) = found
            .context("the server does this only for its own machine: run the command there")?;
        let request = self.request(route, parts)?;
        let exchange = timeout(DEADLINE, self.exchange(request)).await;
        let response = exchange.context("the server did not respond in time")??;
        let (head, body) = response.into_parts();
        let body = Zeroizing::new(Vec::from(body));
        if head.status == route.answer.status() {
            let json = match body.is_empty() {
                true => None,
                false => Some(serde_json::from_slice::<Json>(&body)?),
            };
            let outcome = route.answer.outcome(json);
            return Ok(Ok(
                outcome.context("the server's response does not match the request")?
            ));
        }
        let details = serde_json::from_slice::<Details>(&body);
        let details = details.map_err(|_| anyhow!("the server responds with {}", head.status))?;
        let message = match details.r#type.rsplit(':').next() {
            Some("fresh-totp-required") => format!("{}: set --totp-file", details.title),
            _ => details.detail.unwrap_or(details.title),
        };
        Ok(Err(Failure {
            number: details.number,
            message,
            cause: Cause::default(),
        }))
    }

    fn request(&self, route: &Route, parts: Parts) -> anyhow::Result<Request<Full<Bytes>>> {
        let mut path = format!("{PREFIX}{}", route.path);
        for (name, value) in &parts.path {
            path = path.replace(&format!("{{{name}}}"), &encoded(value));
        }
        if !parts.query.is_empty() {
            let mut query = form_urlencoded::Serializer::new(String::new());
            path = format!("{path}?{}", query.extend_pairs(&parts.query).finish());
        }
        let authority = self.base.authority().context("--server: not a URL")?;
        let mut request = Request::builder()
            .method(&route.method)
            .uri(path)
            .header(header::HOST, authority.as_str())
            .header(header::AUTHORIZATION, &self.authorization);
        if let Some(code) = self.code.as_ref().filter(|_| route.may_need_code) {
            request = request.header(CODE, code);
        }
        if let Some(stamp) = parts.if_match {
            request = request.header(header::IF_MATCH, format!("\"{stamp}\""));
        }
        let body = match parts.body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                serde_json::to_vec(&body)?
            }
            None => {
                if route.method != Method::GET {
                    request = request.header(header::CONTENT_LENGTH, 0);
                }
                Vec::new()
            }
        };
        Ok(request.body(Full::new(body.into()))?)
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> anyhow::Result<Response<Bytes>> {
        let connected = self.connector.clone().oneshot(self.base.clone()).await;
        let stream = connected
            .map_err(|error| anyhow!(error))
            .context("cannot reach the server")?;
        let (mut requests, connection) = http1::handshake(stream).await?;
        tokio::spawn(connection);
        let response = requests.send_request(request).await;
        let (head, body) = response
            .context("the server closed the connection")?
            .into_parts();
        let body = Limited::new(body, LONGEST).collect().await;
        let body = body.map_err(|error| anyhow!(error))?.to_bytes();
        Ok(Response::from_parts(head, body))
    }
}

/// Whether a host is this machine, whose traffic nobody else reads.
fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let address = address.parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|it| it.is_loopback())
}

fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}
