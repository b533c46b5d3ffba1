//! A request to a route: what it asks for, and its performance.

use core::fmt;
use core::net::IpAddr;
use std::sync::Arc;

use axum::RequestExt;
use axum::body::{Body, to_bytes};
use axum::extract::RawPathParams;
use http::{HeaderMap, Request, header};
use serde_json::{Map, Value as Json};

use super::bearer;
use super::problem::Problem;
use super::route::{self, Parts, Route};
use crate::admin::repeated::has_repeated_key;
use crate::admin::{Operation, Outcome, running};
use crate::administrators::Granted;
use crate::portal::shared::Portal;
use crate::request_id::RequestId;

/// The longest body, in bytes.
const LONGEST: usize = 256 * 1024;

/// A request to a route.
#[derive(Clone)]
pub(super) struct Exchange {
    pub(super) portal: Portal,
    pub(super) route: &'static Route,
    pub(super) from: IpAddr,
}

impl Exchange {
    /// Performs an operation to its end, also if the caller goes away meanwhile.
    pub(super) async fn perform(
        &self,
        granted: Arc<Granted>,
        operation: Operation,
    ) -> Result<Outcome, Problem> {
        let (portal, from) = (self.portal.clone(), self.from);
        let work = async move {
            let actor = bearer::actor(&granted, from);
            let by = By { granted, from };
            let Portal { state, reloader } = &portal;
            running::perform(state, reloader, &actor, &by, operation).await
        };
        let work = match RequestId::current() {
            Some(id) => tokio::spawn(id.scope(work)),
            None => tokio::spawn(work),
        };
        let performed = work.await.map_err(|_| Problem::INTERNAL)?;
        performed.map_err(Problem::from)
    }

    pub(super) async fn read(&self, mut request: Request<Body>) -> Result<Operation, Problem> {
        let path = request.extract_parts::<RawPathParams>().await;
        let path = path.map_err(|_| Problem::NOT_FOUND)?;
        let pairs = path
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let path: Vec<(String, String)> = pairs.collect();
        let query = request.uri().query().unwrap_or_default();
        let query = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let if_match = if_match(request.headers());
        let has_stamp = if_match
            .as_ref()
            .is_none_or(|stamp| stamp.parse::<mpass_core::store::Stamp>().is_ok());
        if if_match.is_some() && !self.route.compares() {
            return Err(Problem::IF_MATCH);
        }
        let parts = Parts {
            path,
            query,
            if_match,
            body: self.body(request).await?,
        };
        let json = self.route.operation(parts)?;
        let operation: Operation =
            serde_json::from_value(json.clone()).map_err(|_| Problem::VALUE)?;
        let understood = serde_json::to_value(&operation).map_err(|_| Problem::INTERNAL)?;
        if !route::is_kept(&json, &understood) {
            return Err(Problem::UNKNOWN_MEMBER);
        }
        // What is no stamp is not the present one.
        match has_stamp {
            true => Ok(operation),
            false => Err(Problem::STAMP),
        }
    }

    async fn body(&self, request: Request<Body>) -> Result<Option<Map<String, Json>>, Problem> {
        let is_json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(is_json);
        let bytes = to_bytes(request.into_body(), LONGEST).await;
        let bytes = bytes.map_err(|_| Problem::TOO_LARGE)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        if !self.route.has_body() {
            return Err(Problem::BODY);
        }
        if !is_json {
            return Err(Problem::MEDIA_TYPE);
        }
        if has_repeated_key(&bytes) {
            return Err(Problem::REPEATED);
        }
        let body = serde_json::from_slice::<Map<String, Json>>(&bytes);
        let mut body = body.map_err(|_| Problem::BODY)?;
        match body.values_mut().all(route::make_exact) {
            true => Ok(Some(body)),
            false => Err(Problem::VALUE),
        }
    }
}

/// Whether a media type is `application/json`, in UTF-8 if it has a parameter.
fn is_json(value: &http::HeaderValue) -> bool {
    let text = value.to_str().unwrap_or_default();
    let mut parts = text.split(';').map(str::trim);
    let is_json = parts
        .next()
        .is_some_and(|it| it.eq_ignore_ascii_case("application/json"));
    is_json && parts.all(|it| it.eq_ignore_ascii_case("charset=utf-8"))
}

/// The stamp of `If-Match`; `Some("")` for a header that is not one strong tag, which no
/// value has. `*` asks only that the value exists, which every operation does by itself.
fn if_match(headers: &HeaderMap) -> Option<String> {
    let mut values = headers.get_all(header::IF_MATCH).iter();
    let (value, more) = (values.next()?, values.next());
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" && more.is_none() {
        return None;
    }
    let tag = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    let stamp = tag.filter(|_| more.is_none()).unwrap_or_default();
    Some(stamp.to_owned())
}

/// Who it is in the log.
struct By {
    granted: Arc<Granted>,
    from: IpAddr,
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { granted, from } = self;
        let token = &granted.token;
        write!(
            f,
            "administrator {}, API token {}, {from}",
            token.maker, token.id
        )
    }
}
