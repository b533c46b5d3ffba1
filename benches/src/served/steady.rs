//! Load at a constant rate, in a process of its own: each request has its time, and
//! its latency is counted from then, also when it could not begin.

use core::time::Duration;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::thread;
use std::time::Instant;

use super::cores::CLIENT_CORE;
use super::process::Pinned;

/// The argument that turns a benchmark process into this load. Followed by the address,
/// the key, the first number, how many there are and the rate.
const STEADY: &str = "--steady-load";
/// Connections, each with one request at a time.
const CONNECTIONS: u32 = 64;
/// How long it lasts.
const SECONDS: u32 = 5;

/// The latencies of the requests.
#[derive(Clone, Copy, Debug)]
pub struct Latency {
    /// The median.
    pub p50: Duration,
    /// The 99th percentile.
    pub p99: Duration,
}

/// What a load is made of.
#[derive(Clone, Debug)]
pub struct Steady {
    /// The address and port of the server.
    pub address: String,
    /// The key of the channel.
    pub key: String,
    /// The first national number that a code was sent to.
    pub first: u64,
    /// How many there are.
    pub count: u64,
    /// Requests in a second.
    pub rate: u32,
}

/// The load that this process should become, if any.
#[must_use]
pub fn meant() -> Option<Steady> {
    let mut arguments = std::env::args().skip_while(|argument| argument != STEADY);
    arguments.next()?;
    Some(Steady {
        address: arguments.next()?,
        key: arguments.next()?,
        first: arguments.next()?.parse().ok()?,
        count: arguments.next()?.parse().ok()?,
        rate: arguments.next()?.parse().ok()?,
    })
}

impl Steady {
    /// Runs the load in a process on the core of the load.
    ///
    /// # Panics
    /// If it does not run.
    #[must_use]
    pub fn run(&self) -> Latency {
        let this = std::env::current_exe().expect("a path");
        let mut command = Command::new(this);
        command.args([STEADY, &self.address, &self.key]);
        command.args([self.first.to_string(), self.count.to_string()]);
        command.arg(self.rate.to_string());
        let line = Pinned::start(CLIENT_CORE, &command).first_line();
        let mut words = line.split(' ').filter_map(|word| word.parse().ok());
        let mut next = || words.next().map(Duration::from_nanos);
        Latency {
            p50: next().expect("a median"),
            p99: next().expect("a percentile"),
        }
    }

    /// Verifies wrong codes, then prints the percentiles in nanoseconds.
    ///
    /// # Panics
    /// If a request fails.
    pub fn perform(&self) {
        let begun = Instant::now() + Duration::from_millis(100);
        let mut latencies: Vec<u64> = thread::scope(|scope| {
            let connections = 0..CONNECTIONS;
            let spawn = |number| scope.spawn(move || self.connection(number, begun));
            let threads: Vec<_> = connections.map(spawn).collect();
            let joined = threads.into_iter().map(|thread| thread.join());
            joined.flat_map(|each| each.expect("latencies")).collect()
        });
        latencies.sort_unstable();
        let at = |hundredths: usize| latencies[(latencies.len() - 1) * hundredths / 100];
        println!("{} {}", at(50), at(99));
    }

    /// The latencies of every 64th request.
    fn connection(&self, number: u32, begun: Instant) -> Vec<u64> {
        let mut stream = TcpStream::connect(&self.address).expect("a server");
        stream.set_nodelay(true).expect("a connection");
        let interval = Duration::from_secs(1) / self.rate;
        let mut latencies = Vec::new();
        let mut buffer = [0; 4096];
        for turn in (number..self.rate * SECONDS).step_by(CONNECTIONS as usize) {
            let at = begun + interval * turn;
            thread::sleep(at.saturating_duration_since(Instant::now()));
            let dest = self.first + u64::from(turn) % self.count;
            let request = format!(
                "GET /mpass-web/rest/mv/verify?apikey={}&dest=%2B966{dest:09}&otp=000000 \
                 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                self.key
            );
            stream.write_all(request.as_bytes()).expect("a connection");
            // Answers are shorter than a segment.
            let read = stream.read(&mut buffer).expect("an answer");
            assert!(buffer[..read].starts_with(b"HTTP/1.1 200 "), "an answer");
            let latency = at.elapsed().as_nanos();
            latencies.push(u64::try_from(latency).unwrap_or(u64::MAX));
        }
        latencies
    }
}
