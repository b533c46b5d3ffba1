//! Requests to the identity provider: to addresses that the guard admits, without
//! redirects, within a time and a length.

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Body as _;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::time::timeout;
use tokio_rustls::rustls::ClientConfig;
use url::Url;
use zeroize::Zeroizing;

use crate::egress::EgressConfig;
use crate::outgoing::Resolver;

/// The longest answer, in bytes.
const LONGEST: usize = 256 * 1024;
/// How long a request may take, from the resolution of the name to the end of the
/// answer.
pub(super) const DEADLINE: Duration = Duration::from_secs(5);

/// Why there is no answer. It contains nothing that the provider sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FetchError {
    /// The URL is none that may be fetched.
    Refused,
    /// There was no connection, or it broke.
    Unreachable,
    /// The time was over.
    Late,
    /// The answer has another status.
    Status(StatusCode),
    /// The answer is too long.
    TooLong,
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused => f.write_str(crate::egress::REFUSED),
            Self::Unreachable => f.write_str("no connection, or it broke"),
            Self::Late => f.write_str("no answer in time"),
            Self::Status(status) => write!(f, "status {}", status.as_u16()),
            Self::TooLong => f.write_str("the answer is too long"),
        }
    }
}

/// Fetches from the identity provider.
#[derive(Clone)]
pub(super) struct Fetcher {
    pub(super) egress: Arc<EgressConfig>,
    pub(super) tls: ClientConfig,
    pub(super) deadline: Duration,
}

/// A form to send, and the credential of the client.
pub(super) struct Post {
    pub(super) form: Zeroizing<String>,
    pub(super) authorization: Option<Zeroizing<String>>,
}

impl Fetcher {
    /// The body of the answer with status 200: of a GET, or of a POST.
    ///
    /// # Errors
    /// [`FetchError`].
    pub(super) async fn fetch(
        &self,
        url: &Url,
        post: Option<Post>,
    ) -> Result<Zeroizing<Vec<u8>>, FetchError> {
        // The guard refuses an address that is not allowed, and a name is refused by
        // the resolver, which connects to what it has checked.
        let guard = self.egress.guard(url).map_err(|_| FetchError::Refused)?;
        let mut http = HttpConnector::new_with_resolver(Resolver::new(Some(guard.into())));
        http.enforce_http(false);
        let connector = HttpsConnector::from((http, self.tls.clone()));
        let client = Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .build(connector);
        let request = request(url, post).ok_or(FetchError::Refused)?;
        let answering = async {
            let sent = client.request(request).await;
            let response = sent.map_err(|_| FetchError::Unreachable)?;
            if response.status() != StatusCode::OK {
                return Err(FetchError::Status(response.status()));
            }
            if response.body().size_hint().lower() > LONGEST as u64 {
                return Err(FetchError::TooLong);
            }
            let body = Limited::new(response.into_body(), LONGEST).collect().await;
            let body =
                body.map_err(
                    |error| match error.is::<http_body_util::LengthLimitError>() {
                        true => FetchError::TooLong,
                        false => FetchError::Unreachable,
                    },
                )?;
            Ok(Zeroizing::new(body.to_bytes().to_vec()))
        };
        timeout(self.deadline, answering)
            .await
            .map_err(|_| FetchError::Late)?
    }
}

fn request(url: &Url, post: Option<Post>) -> Option<Request<Full<Bytes>>> {
    let uri: Uri = url.as_str().parse().ok()?;
    let mut request = Request::builder()
        .uri(uri)
        .header(header::ACCEPT, "application/json");
    let Some(post) = post else {
        return request.body(Full::default()).ok();
    };
    request = request
        .method(Method::POST)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(authorization) = &post.authorization {
        let mut value = http::HeaderValue::try_from(authorization.as_str()).ok()?;
        value.set_sensitive(true);
        request = request.header(header::AUTHORIZATION, value);
    }
    request.body(Full::from(post.form.as_bytes().to_vec())).ok()
}
