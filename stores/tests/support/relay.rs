//! A relay in front of a server: it can be led to another one, and lose what is on its
//! way.

use core::net::Ipv4Addr;
use core::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

pub struct Relay {
    pub port: u16,
    state: Arc<State>,
}

struct State {
    target: AtomicU16,
    is_losing: AtomicBool,
    open: Mutex<Vec<TcpStream>>,
}

impl Relay {
    pub fn start(target: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State {
            target: AtomicU16::new(target),
            is_losing: AtomicBool::new(false),
            open: Mutex::default(),
        });
        let shared = Arc::clone(&state);
        // Ends with the process.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                shared.connect(&client);
            }
        });
        Self { port, state }
    }

    /// What comes from now on is lost; the connections stay open.
    pub fn lose(&self) {
        self.state.is_losing.store(true, Ordering::SeqCst);
    }

    /// Ends all connections; later ones are passed on to this port.
    pub fn lead(&self, target: u16) {
        self.state.target.store(target, Ordering::SeqCst);
        for stream in self.state.open.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
        self.state.is_losing.store(false, Ordering::SeqCst);
    }
}

impl State {
    fn connect(self: &Arc<Self>, client: &TcpStream) {
        let target = self.target.load(Ordering::SeqCst);
        // The client sees a connection that ends.
        let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, target)) else {
            let _ = client.shutdown(Shutdown::Both);
            return;
        };
        for (from, to) in [(client, &server), (&server, client)] {
            let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
            let _ = from.set_nodelay(true);
            self.open.lock().unwrap().push(from.try_clone().unwrap());
            let state = Arc::clone(self);
            thread::spawn(move || state.pass(from, to));
        }
    }

    fn pass(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut buffer = [0; 64 * 1024];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            if self.is_losing.load(Ordering::SeqCst) {
                continue;
            }
            if to.write_all(&buffer[..read]).is_err() {
                break;
            }
        }
        for stream in [&from, &to] {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}
