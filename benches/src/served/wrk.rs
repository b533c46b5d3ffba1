//! Load by `wrk` on keep-alive connections.

use core::time::Duration;
use std::process::Command;

use super::cores::CLIENT_CORE;
use super::process::{CpuTime, Pinned};

/// How long each load lasts.
pub(super) const SECONDS: u32 = 5;

/// The requests and the number of clients.
pub struct Load<'a> {
    /// The address and port of the server.
    pub address: &'a str,
    /// `send`, `verify`, `privacyidea`, `otpgateway-set` or `otpgateway-check`.
    pub kind: &'a str,
    /// The key of the channel, or the serial number of the token.
    pub key: &'a str,
    /// The first national number.
    pub first: u64,
    /// The number of numbers before the first one repeats.
    pub count: u64,
    /// Connections, each with one request at a time.
    pub clients: u32,
}

/// The results of a load.
#[derive(Clone, Copy, Debug)]
pub struct Loaded {
    /// The number of answered requests.
    pub requests: u64,
    /// The duration.
    pub elapsed: Duration,
    /// The processor time of the server.
    pub cpu: CpuTime,
    /// The 99th percentile of the latency.
    pub p99: Duration,
}

impl Loaded {
    /// Requests per second.
    #[must_use]
    pub fn per_second(&self) -> f64 {
        f64::from(u32::try_from(self.requests).unwrap_or(u32::MAX)) / self.elapsed.as_secs_f64()
    }

    /// Processor time of the server per request, in microseconds.
    #[must_use]
    pub fn cpu_us(&self) -> f64 {
        let (user, system) = self.cpu_us_split();
        user + system
    }

    /// The user and kernel parts of that.
    #[must_use]
    pub fn cpu_us_split(&self) -> (f64, f64) {
        let requests = f64::from(u32::try_from(self.requests).unwrap_or(u32::MAX));
        let each = |time: Duration| 1e6 * time.as_secs_f64() / requests;
        (each(self.cpu.user), each(self.cpu.system))
    }
}

/// Puts a load on a server.
///
/// # Panics
/// If `wrk` is not installed, or a response was not 200; otpgateway answers a wrong code
/// with 400.
#[must_use]
pub fn load(server: &Pinned, load: &Load<'_>) -> Loaded {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/served/requests.lua");
    let mut command = Command::new("taskset");
    command.args(["-c", &CLIENT_CORE.to_string(), "wrk", "--latency", "-t1"]);
    command.arg(format!("-c{}", load.clients));
    command.arg(format!("-d{}s", SECONDS));
    command.args(["-s", script]);
    command.arg(format!("http://{}", load.address));
    command.args(["--", load.kind, load.key]);
    command.args([load.first.to_string(), load.count.to_string()]);
    let before = server.cpu();
    let output = command.output().expect("taskset and wrk");
    let cpu = server.cpu().since(before);
    let text = String::from_utf8_lossy(&output.stdout);
    let is_refused = load.kind != "otpgateway-check" && text.contains("Non-2xx");
    assert!(
        output.status.success() && !is_refused,
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let totals = line_with(&text, " requests in ");
    let mut totals = totals.split([' ', ',']).filter(|word| !word.is_empty());
    let requests = totals.next().and_then(|word| word.parse().ok());
    let elapsed = totals.nth(2).and_then(duration);
    let p99 = line_with(&text, "99%").split_whitespace().nth(1);
    Loaded {
        requests: requests.expect("a number of requests"),
        elapsed: elapsed.expect("a time"),
        cpu,
        p99: p99.and_then(duration).expect("a latency"),
    }
}

fn line_with<'a>(text: &'a str, mark: &str) -> &'a str {
    let line = text.lines().find(|line| line.contains(mark));
    line.unwrap_or_else(|| panic!("no line with {mark}:\n{text}"))
        .trim()
}

/// Parses a time in `wrk`'s format: `12.50us`, `1.02ms`, `5.01s`, `1.00m`.
fn duration(text: &str) -> Option<Duration> {
    let number = text.trim_end_matches(char::is_alphabetic);
    let unit = match &text[number.len()..] {
        "us" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        "m" => 60.0,
        _ => return None,
    };
    Duration::try_from_secs_f64(number.parse::<f64>().ok()? * unit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_wrk_writes_them() {
        assert_eq!(duration("12.50us"), Some(Duration::from_nanos(12_500)));
        assert_eq!(duration("1.02ms"), Some(Duration::from_micros(1020)));
        assert_eq!(duration("5.01s"), Some(Duration::from_millis(5010)));
        assert_eq!(duration("1.00m"), Some(Duration::from_secs(60)));
        assert_eq!(duration("1.00"), None);
        assert_eq!(duration("us"), None);
    }
}
