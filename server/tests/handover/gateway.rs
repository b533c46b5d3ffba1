//! A gateway on loopback that keeps the code of each number.

use core::convert::Infallible;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use http::{Request, Response};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// The newest message to each number.
#[derive(Clone, Default)]
pub(crate) struct Gateway {
    texts: Arc<Mutex<HashMap<String, String>>>,
}

impl Gateway {
    /// Starts it; the second is its part of the configuration.
    pub(crate) async fn start() -> (Self, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/send", listener.local_addr().unwrap());
        let gateway = Self::default();
        let shared = gateway.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = shared.clone();
                let service = service_fn(move |request| shared.clone().keep(request));
                let connection =
                    http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                tokio::spawn(connection);
            }
        });
        let config = format!(
            "[gateway]\nurl = \"{url}\"\nbody = '{{\"to\":\"{{{{to}}}}\",\"text\":\"{{{{text}}}}\"}}'\n"
        );
        (gateway, config)
    }

    async fn keep(
        self,
        request: Request<Incoming>,
    ) -> Result<Response<Empty<&'static [u8]>>, Infallible> {
        let body = request.into_body().collect().await.unwrap().to_bytes();
        let message: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let [to, text] = ["to", "text"].map(|name| message[name].as_str().unwrap().to_owned());
        self.texts.lock().unwrap().insert(to, text);
        Ok(Response::new(Empty::new()))
    }

    /// Takes the code that was sent to a number.
    pub(crate) fn take_code(&self, number: &str) -> Option<String> {
        let text = self.texts.lock().unwrap().remove(number)?;
        let from_code = text.trim_start_matches(|c: char| !c.is_ascii_digit());
        Some(from_code.chars().take_while(char::is_ascii_digit).collect())
    }
}
