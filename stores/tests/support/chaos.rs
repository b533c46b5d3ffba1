//! A network that delays, halves and cuts in both directions, at random.

use core::net::Ipv4Addr;
use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use core::time::Duration;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

pub struct Chaos {
    pub port: u16,
    state: Arc<State>,
}

struct State {
    is_on: AtomicBool,
    faults: AtomicU32,
    random: AtomicU32,
    timeout: Duration,
}

impl Chaos {
    /// In front of a server whose clients wait this long.
    pub fn start(server: u16, timeout: Duration) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State {
            is_on: AtomicBool::new(false),
            faults: AtomicU32::new(0),
            random: AtomicU32::new(0x9e37_79b9),
            timeout,
        });
        let shared = Arc::clone(&state);
        // Ends with the process.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, server)) else {
                    continue;
                };
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let _ = from.set_nodelay(true);
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let state = Arc::clone(&shared);
                    thread::spawn(move || state.pass(from, to));
                }
            }
        });
        Self { port, state }
    }

    pub fn disturb(&self, is_on: bool) {
        self.state.is_on.store(is_on, Ordering::SeqCst);
    }

    /// How many faults there were.
    pub fn faults(&self) -> u32 {
        self.state.faults.load(Ordering::SeqCst)
    }
}

impl State {
    /// The fault of the next bytes, if it is their turn.
    fn fault(&self) -> Option<u32> {
        let step = |random: u32| {
            let random = random ^ random << 13;
            let random = random ^ random >> 17;
            Some(random ^ random << 5)
        };
        let relaxed = Ordering::Relaxed;
        let random = self.random.fetch_update(relaxed, relaxed, step).unwrap();
        let is_now = self.is_on.load(Ordering::SeqCst) && random % 100 < 2;
        is_now.then(|| self.faults.fetch_add(1, Ordering::SeqCst))
    }

    /// Passes bytes on; `false` to end the connection.
    fn forward(&self, bytes: &[u8], to: &mut TcpStream) -> bool {
        let (half, rest) = bytes.split_at(bytes.len() / 2);
        match self.fault().map(|count| count % 5) {
            None => return to.write_all(bytes).is_ok(),
            Some(0) => thread::sleep(self.timeout / 4),
            // Nobody waits for it any more.
            Some(1) => thread::sleep(self.timeout * 3 / 2),
            Some(2) => {
                let _ = to.write_all(half);
                return false;
            }
            Some(3) => return false,
            // Halves that come one after the other.
            Some(_) => {
                let is_passed = to.write_all(half).is_ok();
                thread::sleep(Duration::from_millis(5));
                return is_passed && to.write_all(rest).is_ok();
            }
        }
        to.write_all(bytes).is_ok()
    }

    fn pass(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut buffer = [0; 16 * 1024];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            if !self.forward(&buffer[..read], &mut to) {
                break;
            }
        }
        for stream in [&from, &to] {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}
