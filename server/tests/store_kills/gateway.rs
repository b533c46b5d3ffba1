//! The gateway that the servers deliver to, which keeps the codes by number.

use core::net::SocketAddr;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone)]
pub(crate) struct Gateway {
    pub(crate) addr: SocketAddr,
    codes: Arc<Mutex<HashMap<String, Vec<String>>>>,
}

impl Gateway {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let gateway = Self {
            addr: listener.local_addr().unwrap(),
            codes: Arc::default(),
        };
        let shared = gateway.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let gateway = shared.clone();
                tokio::spawn(async move { gateway.serve(stream).await });
            }
        });
        gateway
    }

    /// The newest code to a number.
    pub(crate) fn code(&self, number: &str) -> Option<String> {
        self.codes.lock().unwrap().get(number)?.last().cloned()
    }

    /// How many messages each number got.
    pub(crate) fn messages(&self) -> HashMap<String, usize> {
        let codes = self.codes.lock().unwrap();
        codes
            .iter()
            .map(|(number, codes)| (number.clone(), codes.len()))
            .collect()
    }

    async fn serve(self, mut stream: TcpStream) {
        let mut bytes = Vec::new();
        loop {
            let mut chunk = [0; 4096];
            match stream.read(&mut chunk).await {
                Ok(read @ 1..) => bytes.extend_from_slice(&chunk[..read]),
                _ => return,
            }
            let Some(body) = body(&bytes) else {
                continue;
            };
            let json: serde_json::Value = serde_json::from_str(&body).unwrap();
            let text = json["text"].as_str().unwrap();
            let runs = text.split(|letter: char| !letter.is_ascii_digit());
            let code = runs.max_by_key(|run| run.len()).unwrap().to_owned();
            let number = json["to"].as_str().unwrap().to_owned();
            self.codes
                .lock()
                .unwrap()
                .entry(number)
                .or_default()
                .push(code);
            bytes.clear();
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
            if stream.write_all(answer).await.is_err() {
                return;
            }
        }
    }
}

/// The body of a request, once it is whole.
fn body(bytes: &[u8]) -> Option<String> {
    let text = core::str::from_utf8(bytes).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, value)| value.trim().parse().unwrap());
    (body.len() >= length).then(|| body.to_owned())
}
