//! The yardstick: a handler of axum that answers every request with the same
//! body, and does nothing else. It stands in for the gateway as well.

use std::process::Command;

use axum::Router;
use tokio::net::TcpListener;
use tokio::runtime::Builder;

use super::process::Pinned;

/// The argument under which a benchmark is the handler.
const ARGUMENT: &str = "--constant-handler";
/// As long as the answer to a verification.
const BODY: &str = r#"{"description":"Reject","status":"3"}"#;

/// Whether this process is to be the handler.
#[must_use]
pub fn is_meant() -> bool {
    std::env::args().any(|argument| argument == ARGUMENT)
}

/// Serves until the process is killed; prints its address first. The runtime
/// is that of `mpass serve`.
///
/// # Panics
/// When there is no port to be had.
pub fn serve() {
    let runtime = Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let socket = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("{}", socket.local_addr().expect("an address"));
        let router = Router::new().fallback(|| async { BODY });
        axum::serve(socket, router).await.expect("a server");
    });
}

/// The handler as a process of its own.
pub struct Constant {
    /// The process.
    pub process: Pinned,
    /// Where it listens.
    pub address: String,
}

impl Constant {
    /// Starts this program once more, as the handler.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start(core: usize) -> Self {
        let this = std::env::current_exe().expect("a path");
        let mut process = Pinned::start(core, Command::new(this).arg(ARGUMENT));
        let address = process.first_line();
        Self { process, address }
    }
}
