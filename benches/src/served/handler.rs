//! The reference handlers: an axum handler that answers every request with the
//! same body, and one that first calls a gateway over HTTP. The former also
//! serves as the gateway.

use std::process::Command;

use axum::Router;
use reqwest::Client;
use tokio::net::TcpListener;
use tokio::runtime::Builder;

use super::process::Pinned;

/// The arguments that turn a benchmark process into a handler. The second is
/// followed by the address of the gateway.
const CONSTANT: &str = "--constant-handler";
const ASKING: &str = "--asking-handler";
/// As long as a message passed to a gateway.
const MESSAGE: &str = r#"{"to":"+966500000000","text":"123456 is your code. Do not share it."}"#;
/// As long as the response to a verification.
const BODY: &str = r#"{"description":"Reject","status":"3"}"#;

/// The handler that this process should become, if any.
#[must_use]
pub fn meant() -> Option<Router> {
    let mut arguments = std::env::args();
    let argument = arguments.find(|argument| argument == CONSTANT || argument == ASKING)?;
    if argument == CONSTANT {
        return Some(Router::new().fallback(|| async { BODY }));
    }
    let url = format!("http://{}/send", arguments.next()?);
    let client = Client::builder().no_proxy().build().ok()?;
    Some(Router::new().fallback(async move || {
        let request = client.post(&url).header("Content-Type", "application/json");
        let answer = request.body(MESSAGE).send().await;
        let answer = answer.expect("a gateway").bytes().await;
        answer.map(|_| BODY).expect("an answer")
    }))
}

/// Prints its address, then serves until the process is killed. Uses the same
/// runtime as `mpass serve`.
///
/// # Panics
/// If no port is available.
pub fn serve(handler: Router) {
    let runtime = Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let socket = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("{}", socket.local_addr().expect("an address"));
        axum::serve(socket, handler).await.expect("a server");
    });
}

/// A handler in a separate process.
pub struct Handler {
    /// The process.
    pub process: Pinned,
    /// The address of the handler.
    pub address: String,
}

impl Handler {
    /// Starts this program again, as the handler with a constant response.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn constant(core: usize) -> Self {
        Self::start(core, &[CONSTANT])
    }

    /// Starts this program again, as the handler that calls `gateway`, an
    /// address with port, for each request.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn asking(core: usize, gateway: &str) -> Self {
        Self::start(core, &[ASKING, gateway])
    }

    fn start(core: usize, arguments: &[&str]) -> Self {
        let this = std::env::current_exe().expect("a path");
        let mut process = Pinned::start(core, Command::new(this).args(arguments));
        let address = process.first_line();
        Self { process, address }
    }
}
