//! The yardsticks: a handler of axum that answers every request with the same
//! body, and one that first asks a gateway over HTTP. The former stands in for
//! the gateway as well.

use std::process::Command;

use axum::Router;
use reqwest::Client;
use tokio::net::TcpListener;
use tokio::runtime::Builder;

use super::process::Pinned;

/// The arguments under which a benchmark is a handler; the address of the
/// gateway follows the second one.
const CONSTANT: &str = "--constant-handler";
const ASKING: &str = "--asking-handler";
/// As long as a message that is handed over.
const MESSAGE: &str = r#"{"to":"+966500000000","text":"123456 is your code. Do not share it."}"#;
/// As long as the answer to a verification.
const BODY: &str = r#"{"description":"Reject","status":"3"}"#;

/// The handler that this process is to be, if it is to be one.
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

/// Serves until the process is killed; prints its address first. The runtime
/// is that of `mpass serve`.
///
/// # Panics
/// When there is no port to be had.
pub fn serve(handler: Router) {
    let runtime = Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let socket = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("{}", socket.local_addr().expect("an address"));
        axum::serve(socket, handler).await.expect("a server");
    });
}

/// A handler as a process of its own.
pub struct Handler {
    /// The process.
    pub process: Pinned,
    /// Where it listens.
    pub address: String,
}

impl Handler {
    /// Starts this program once more, as the one that answers a constant.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn constant(core: usize) -> Self {
        Self::start(core, &[CONSTANT])
    }

    /// As the one that asks `gateway`, an address with its port, each time.
    ///
    /// # Panics
    /// When it does not start.
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
