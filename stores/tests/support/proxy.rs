//! A proxy that cuts, delays and halves what passes through it.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

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

/// Both directions, from when they are set until they have happened once.
#[derive(Clone, Copy, Debug)]
struct Faults {
    to_server: Fault,
    to_client: Fault,
}

pub struct Proxy {
    pub port: u16,
    faults: Arc<Mutex<Faults>>,
}

impl Proxy {
    pub fn start(server: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let none = Faults {
            to_server: Fault::None,
            to_client: Fault::None,
        };
        let faults = Arc::new(Mutex::new(none));
        let shared = Arc::clone(&faults);
        // Ends with the process.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, server)) else {
                    continue;
                };
                for (is_to_server, from, to) in
                    [(true, &client, &server), (false, &server, &client)]
                {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let faults = Arc::clone(&shared);
                    thread::spawn(move || pass(is_to_server, from, to, &faults));
                }
            }
        });
        Self { port, faults }
    }

    pub fn to_server(&self, fault: Fault) {
        self.faults.lock().unwrap().to_server = fault;
    }

    pub fn to_client(&self, fault: Fault) {
        self.faults.lock().unwrap().to_client = fault;
    }
}

fn pass(is_to_server: bool, mut from: TcpStream, mut to: TcpStream, faults: &Mutex<Faults>) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        let fault = {
            let mut faults = faults.lock().unwrap();
            let fault = match is_to_server {
                true => &mut faults.to_server,
                false => &mut faults.to_client,
            };
            core::mem::replace(fault, Fault::None)
        };
        let passed = match fault {
            Fault::None => read,
            Fault::Cut => break,
            Fault::Halve => read / 2,
            Fault::Delay(time) => {
                thread::sleep(time);
                read
            }
            Fault::Stall => {
                // Until the client closes it.
                while let Ok(1..) = from.read(&mut buffer) {}
                break;
            }
        };
        if to.write_all(&buffer[..passed]).is_err() || passed < read {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
