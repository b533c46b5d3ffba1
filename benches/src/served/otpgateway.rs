//! knadh/otpgateway, an OTP server in Go, on a Redis that writes nothing to its disk.

use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use super::address::{free_address, wait_for};
use super::cores::SERVER_CORE;
use super::process::Pinned;
use super::races::{RACES, ask, together};
use super::store::Forgetful;
use super::wrk::{self, Load, Loaded};

/// `bench:bench` as its API demands it.
const AUTHORIZATION: &str = "Authorization: Basic YmVuY2g6YmVuY2g=\r\n";
/// Codes that are set before they are checked.
const CODES: u64 = 1 << 14;

/// A running server.
pub struct OtpGateway {
    process: Pinned,
    address: String,
    _redis: Forgetful,
}

impl OtpGateway {
    /// Starts the program, in the directory of its sources, whose files it reads.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn start(binary: &Path, dir: &Path) -> Self {
        let redis = Forgetful::start();
        let address = free_address();
        let config = dir.join("config.toml");
        let text = format!(
            "[app]\naddress = '{address}'\nserver_timeout = '5s'\nenable_debug_logs = false\n\
             otp_ttl = 300\notp_max_attempts = 1000000\notp_max_resends = 3\n\
             otp_max_generate = 3\nroot_url = 'http://{address}'\n\
             [store.redis]\nhost = '127.0.0.1'\nport = '{}'\n\
             [auth.bench]\nnamespace = 'bench'\nsecret = 'bench'\n\
             [webhooks.bench]\nenabled = true\nurl = 'http://{address}/'\nmax_conns = 1\n\
             timeout = '1s'\nsubject = 'a code'\nchannel_name = 'SMS'\n\
             address_name = 'number'\nmax_address_len = 15\nmax_otp_len = 6\n",
            redis.port()
        );
        fs::write(&config, text).expect("a directory to write to");
        let sources = binary.parent().expect("a directory");
        let mut serve = Command::new("env");
        serve
            .arg("-C")
            .arg(sources)
            .arg(binary)
            .arg("--config")
            .arg(&config);
        let process = Pinned::start(SERVER_CORE, &serve);
        wait_for(&address);
        Self {
            process,
            address,
            _redis: redis,
        }
    }

    /// Sets codes, and checks wrong ones.
    ///
    /// # Panics
    /// If no code is set.
    #[must_use]
    pub fn load(&self) -> Loaded {
        let load = |kind| {
            let load = Load {
                address: &self.address,
                kind,
                key: "",
                first: 500_000_000,
                count: CODES,
                clients: 64,
            };
            wrk::load(&self.process, &load)
        };
        let set = load("otpgateway-set");
        assert!(set.requests >= CODES, "not every code was set");
        load("otpgateway-check")
    }

    /// The right codes that it accepts in all races.
    ///
    /// # Panics
    /// If a code is not set.
    #[must_use]
    pub fn races(&self) -> u64 {
        let mut accepted = 0;
        for race in 0..RACES {
            let id = format!("race{race:09}");
            let mut stream = TcpStream::connect(&self.address).expect("a server");
            let set = format!("PUT /api/otp/{id}?provider=bench&otp=123456 HTTP/1.1\r\n");
            let answer = ask(&mut stream, &format!("{set}{AUTHORIZATION}"));
            assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
            let check = format!("POST /api/otp/{id}?otp=123456 HTTP/1.1\r\n{AUTHORIZATION}");
            let answers = together(&self.address, &format!("{check}Content-Length: 0\r\n"));
            let is_accept = |answer: &&String| answer.starts_with("HTTP/1.1 200 ");
            accepted += answers.iter().filter(is_accept).count() as u64;
        }
        accepted
    }
}
