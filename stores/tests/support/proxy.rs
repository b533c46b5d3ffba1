//! A proxy that cuts, delays and halves what passes through it.

use core::net::Ipv4Addr;
use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What happens to the next bytes in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// The connection ends before they are passed on.
    Cut,
    /// The connection ends after half of them.
    Halve,
    /// They are passed on late.
    Delay(Duration),
    /// They are kept, and everything after them.
    Stall,
}

/// The fault of requests that contain some bytes, or of the answers to them.
#[derive(Clone, Debug)]
struct Faults {
    marker: Vec<u8>,
    to_server: Fault,
    to_client: Fault,
}

pub struct Proxy {
    pub port: u16,
    faults: Arc<Mutex<Faults>>,
}

/// One direction of a connection.
struct Pass {
    is_to_server: bool,
    from: TcpStream,
    to: TcpStream,
    /// Whether the request was seen on this connection.
    seen: Arc<AtomicBool>,
}

impl Proxy {
    pub fn start(server: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let faults = Arc::new(Mutex::new(Faults {
            marker: Vec::new(),
            to_server: Fault::None,
            to_client: Fault::None,
        }));
        let shared = Arc::clone(&faults);
        // Ends with the process.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, server)) else {
                    continue;
                };
                let seen = Arc::<AtomicBool>::default();
                for is_to_server in [true, false] {
                    let (from, to) = match is_to_server {
                        true => (&client, &server),
                        false => (&server, &client),
                    };
                    let pass = Pass {
                        is_to_server,
                        from: from.try_clone().unwrap(),
                        to: to.try_clone().unwrap(),
                        seen: Arc::clone(&seen),
                    };
                    let faults = Arc::clone(&shared);
                    thread::spawn(move || pass.run(&faults));
                }
            }
        });
        Self { port, faults }
    }

    /// What happens once to a request with the marker, and to its answer.
    pub fn set(&self, marker: &[u8], to_server: Fault, to_client: Fault) {
        *self.faults.lock().unwrap() = Faults {
            marker: marker.to_vec(),
            to_server,
            to_client,
        };
    }
}

impl Pass {
    /// The fault of these bytes, which happens once.
    fn fault(&self, bytes: &[u8], faults: &Mutex<Faults>) -> Fault {
        let mut faults = faults.lock().unwrap();
        if self.is_to_server {
            let marker = &faults.marker;
            let is_it =
                !marker.is_empty() && bytes.windows(marker.len()).any(|part| part == marker);
            self.seen.fetch_or(is_it, Ordering::SeqCst);
            return match is_it {
                true => core::mem::replace(&mut faults.to_server, Fault::None),
                false => Fault::None,
            };
        }
        match self.seen.load(Ordering::SeqCst) {
            true => core::mem::replace(&mut faults.to_client, Fault::None),
            false => Fault::None,
        }
    }

    fn run(mut self, faults: &Mutex<Faults>) {
        let mut buffer = [0; 16 * 1024];
        while let Ok(read @ 1..) = self.from.read(&mut buffer) {
            let passed = match self.fault(&buffer[..read], faults) {
                Fault::None => read,
                Fault::Cut => break,
                Fault::Halve => read / 2,
                Fault::Delay(time) => {
                    thread::sleep(time);
                    read
                }
                Fault::Stall => {
                    // Until the client closes it.
                    while let Ok(1..) = self.from.read(&mut buffer) {}
                    break;
                }
            };
            if self.to.write_all(&buffer[..passed]).is_err() || passed < read {
                break;
            }
        }
        for stream in [&self.from, &self.to] {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}
