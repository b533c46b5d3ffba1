//! The yardstick: a handler of axum that answers every request with the same
//! body, and does nothing else. It stands in for the gateway as well.

use axum::Router;
use tokio::net::TcpListener;
use tokio::runtime::Builder;

/// As long as the answer to a verification.
const BODY: &str = r#"{"status":"6","description":"Invalid OTP","remaining":4}"#;

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
