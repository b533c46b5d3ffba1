//! Requests that deliver messages. What is common to all of them is built once.

use anyhow::{Context, anyhow};
use base64ct::{Base64, Encoding};
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderValue, USER_AGENT};
use http::uri::PathAndQuery;
use http::{HeaderName, Request, Uri};
use http_body_util::Full;
use mpass_core::service::Sms;
use zeroize::Zeroizing;

use super::config::{GatewayConfig, Templates, sample};
use super::format::{BodyFormat, Method};
use super::template::{Escape, Secrets, Template, Values};

/// Builds the requests of a gateway.
pub(super) struct Requests {
    method: http::Method,
    path: Template,
    /// Headers that are the same for every message.
    fixed: HeaderMap,
    varying: Vec<(HeaderName, Header)>,
    body: Option<Template>,
    body_format: BodyFormat,
    sender: String,
    secrets: Secrets,
}

/// The template of a header's value.
enum Header {
    Value(Template),
    /// The user and password of HTTP basic authentication (RFC 7617).
    Basic(Template, Template),
}

impl Requests {
    /// Also renders the templates for a sample message, so that a mistake such
    /// as a line feed in a secret is found now and not with the first message.
    pub(super) fn new(
        config: &GatewayConfig,
        templates: Templates,
        secrets: Secrets,
    ) -> anyhow::Result<Self> {
        let Templates {
            host,
            path,
            headers,
            body,
            basic_auth,
        } = templates;
        let mut requests = Self {
            method: match config.method {
                Method::Get => http::Method::GET,
                Method::Post => http::Method::POST,
                Method::Put => http::Method::PUT,
            },
            path,
            fixed: constant(&host, config)?,
            varying: Vec::new(),
            body,
            body_format: config.body_format,
            sender: config.sender.clone().unwrap_or_default(),
            secrets,
        };
        let mut values = HeaderMap::with_capacity(headers.len() + 1);
        if let Some((user, password)) = basic_auth {
            values.insert(AUTHORIZATION, Header::Basic(user, password));
        }
        for (name, value) in headers {
            values.insert(name, Header::Value(value));
        }
        let sms = sample()?;
        for (name, header) in values.drain() {
            // Each name occurs once.
            let Some(name) = name else { continue };
            if header.is_constant() {
                let value = header.render(&name, &requests.values(&sms))?;
                requests.fixed.insert(name, value);
            } else {
                requests.varying.push((name, header));
            }
        }
        requests.write(&sms)?;
        Ok(requests)
    }

    /// Builds the request for a message. Errors do not contain the message.
    pub(super) fn write(&self, sms: &Sms) -> anyhow::Result<Request<Full<Bytes>>> {
        let values = self.values(sms);
        let path = Bytes::from_owner(self.path.render(&values, Escape::Url));
        let path = PathAndQuery::from_maybe_shared(path);
        let path = path.map_err(|_| anyhow!("gateway.url is malformed"))?;
        let body = self.body.as_ref().map_or_else(Bytes::new, |body| {
            Bytes::from_owner(body.render(&values, self.body_format.escape()))
        });
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = Uri::from(path);
        let headers = request.headers_mut();
        headers.clone_from(&self.fixed);
        for (name, header) in &self.varying {
            headers.insert(name, header.render(name, &values)?);
        }
        Ok(request)
    }

    /// The secrets that requests may contain.
    pub(super) const fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    fn values<'a>(&'a self, sms: &'a Sms) -> Values<'a> {
        Values {
            sms,
            sender: sms.sender.as_ref().unwrap_or(&self.sender),
            secrets: &self.secrets,
        }
    }
}

/// The headers without a template.
fn constant(host: &Uri, config: &GatewayConfig) -> anyhow::Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    let agent = concat!("mpass/", env!("CARGO_PKG_VERSION"));
    headers.insert(USER_AGENT, HeaderValue::from_static(agent));
    headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    let host = host.authority().map_or("", |authority| authority.as_str());
    let host = HeaderValue::from_str(host).context("gateway.url has no host")?;
    headers.insert(HOST, host);
    if config.body.is_some() {
        let content_type = config.body_format.content_type();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    Ok(headers)
}

impl Header {
    fn is_constant(&self) -> bool {
        match self {
            Self::Value(value) => value.is_constant(),
            Self::Basic(user, password) => user.is_constant() && password.is_constant(),
        }
    }

    fn render(&self, name: &HeaderName, values: &Values<'_>) -> anyhow::Result<HeaderValue> {
        let text = match self {
            Self::Value(value) => value.render(values, Escape::Plain),
            Self::Basic(user, password) => {
                let mut credentials = user.render(values, Escape::Plain);
                credentials.push(':');
                credentials.push_str(&password.render(values, Escape::Plain));
                let encoded = Zeroizing::new(Base64::encode_string(credentials.as_bytes()));
                Zeroizing::new(["Basic ", encoded.as_str()].concat())
            }
        };
        let mut value = HeaderValue::from_str(&text)
            .or_else(|_| HeaderValue::from_bytes(text.as_bytes()))
            .map_err(|_| anyhow!("gateway.headers.{name} is not a valid header value"))?;
        value.set_sensitive(true);
        Ok(value)
    }
}
