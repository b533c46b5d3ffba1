//! Races of many right codes for one challenge, of which one may be accepted.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Barrier, Mutex, PoisonError};
use std::thread;

use axum::Router;
use tokio::net::TcpListener;
use tokio::runtime::Builder;

use super::server::MpassServer;

/// The number of races.
pub const RACES: u32 = 30;
/// The right codes in a race, which are sent together.
pub const RACERS: usize = 32;

type Messages = Arc<Mutex<HashMap<String, String>>>;

/// A gateway in this process that keeps its last message for each number.
pub struct Outbox {
    /// Where it listens.
    pub address: String,
    messages: Messages,
}

impl Outbox {
    /// Starts it on a thread of its own, which ends with the process.
    ///
    /// # Panics
    /// If no port is available.
    #[must_use]
    pub fn start() -> Self {
        let messages = Messages::default();
        let kept = Arc::clone(&messages);
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                let socket = TcpListener::bind("127.0.0.1:0").await.expect("a port");
                sender
                    .send(socket.local_addr().expect("an address"))
                    .expect("a receiver");
                let handler = Router::new().fallback(async move |body: String| keep(&kept, &body));
                axum::serve(socket, handler).await.expect("a server");
            });
        });
        let address = receiver.recv().expect("an address").to_string();
        Self { address, messages }
    }

    /// The code in the last message to a number, such as `+966500000000`.
    ///
    /// # Panics
    /// If there was no message.
    #[must_use]
    pub fn code(&self, number: &str) -> String {
        let messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        let text = messages.get(number).expect("a message");
        text.chars().take_while(char::is_ascii_digit).collect()
    }
}

/// Keeps a message, `{"to":"…","text":"…"}`.
fn keep(messages: &Messages, body: &str) {
    let message: serde_json::Value = serde_json::from_str(body).expect("a message");
    let of = |name: &str| message[name].as_str().unwrap_or_default().to_owned();
    let mut messages = messages.lock().unwrap_or_else(PoisonError::into_inner);
    messages.insert(of("to"), of("text"));
}

/// Sends codes and has each verified [`RACERS`] times at once; returns how many were
/// accepted in all.
///
/// # Panics
/// If no code is sent or no code is accepted.
#[must_use]
pub fn races(server: &MpassServer, outbox: &Outbox) -> u64 {
    let mut accepted = 0;
    for race in 0..RACES {
        let number = format!("966{:09}", 400_000_000 + race);
        let path = |operation: &str| {
            let key = &server.key;
            format!("/mpass-web/rest/mv/{operation}?apikey={key}&dest=%2B{number}")
        };
        let sent = get(&server.address, &path("msg"));
        assert!(sent.ends_with("\"status\":\"0\"}"), "{sent}");
        let code = outbox.code(&format!("+{number}"));
        let request = format!("GET {}&otp={code} HTTP/1.1\r\n", path("verify"));
        let answers = together(&server.address, &request);
        let is_accept = |answer: &&String| answer.ends_with("\"status\":\"0\"}");
        accepted += answers.iter().filter(is_accept).count() as u64;
    }
    accepted
}

/// Sends the same request, without its headers, over connections that were all open
/// before; returns the answers.
pub(super) fn together(address: &str, request: &str) -> Vec<String> {
    let start = Barrier::new(RACERS);
    let racer = || {
        let mut stream = TcpStream::connect(address).expect("a server");
        start.wait();
        ask(&mut stream, request)
    };
    thread::scope(|scope| {
        let racers: Vec<_> = (0..RACERS).map(|_| scope.spawn(racer)).collect();
        let answers = racers.into_iter().map(|racer| racer.join());
        answers.map(|answer| answer.expect("an answer")).collect()
    })
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("a server");
    ask(&mut stream, &format!("GET {path} HTTP/1.1\r\n"))
}

/// Sends a request on a connection that ends with it.
pub(super) fn ask(stream: &mut TcpStream, request: &str) -> String {
    let request = format!("{request}Host: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("a connection");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}
