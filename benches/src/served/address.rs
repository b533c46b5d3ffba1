//! Addresses on loopback.

/// An address with a free port.
pub(super) fn free_address() -> String {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    socket.local_addr().expect("an address").to_string()
}

/// Waits until a server listens at the address.
pub(super) fn wait_for(address: &str) {
    let begun = std::time::Instant::now();
    while std::net::TcpStream::connect(address).is_err() {
        assert!(begun.elapsed().as_secs() < 60, "no server came");
        std::thread::sleep(core::time::Duration::from_millis(20));
    }
}
