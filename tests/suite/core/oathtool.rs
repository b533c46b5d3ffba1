//! Random cases against oathtool of the OATH Toolkit, an independent
//! implementation.

use std::process::Command;

use mpass_core::oath::{Algorithm, Digits, Hotp, Key, Totp};
use mpass_tests::peers;
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};

/// The number of random cases, each a run of the tool, and the number of codes
/// that each prints: that of the case and the next one.
const CASES: usize = 10_000;
const CODES: u64 = 2;

#[derive(Debug)]
struct Case {
    algorithm: Algorithm,
    secret: Vec<u8>,
    digits: u8,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Hotp { counter: u64 },
    Totp { now: u64, step: u64, t0: u64 },
}

impl Case {
    fn random(rng: &mut TestRng) -> Self {
        let mut secret = vec![0; usize::try_from(1 + rng.next_u64() % 80).unwrap()];
        rng.fill_bytes(&mut secret);
        // oathtool accepts signed counters and times. Every order of magnitude
        // below that is equally likely.
        let mut magnitude = |bits: u64| {
            let shift = 64 - bits + rng.next_u64() % bits;
            rng.next_u64() >> shift
        };
        let (first, t0, step) = (magnitude(62), magnitude(31), 1 + magnitude(12));
        let hotp = rng.next_u64().is_multiple_of(2);
        let kind = match hotp {
            true => Kind::Hotp { counter: first },
            false => Kind::Totp {
                // Times end with the year 9999, below 2^38.
                now: t0 + (first >> 25),
                step,
                t0,
            },
        };
        let algorithms = [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512];
        Self {
            // The tool supports HOTP only with SHA-1.
            algorithm: match hotp {
                true => Algorithm::Sha1,
                false => algorithms[usize::try_from(rng.next_u64() % 3).unwrap()],
            },
            secret,
            digits: u8::try_from(6 + rng.next_u64() % 3).unwrap(),
            kind,
        }
    }

    /// The number of codes compared.
    fn compare(&self) -> usize {
        let (ours, theirs) = (self.ours(), self.theirs());
        assert_eq!(ours, theirs, "{self:?}");
        theirs.len()
    }

    /// The codes that the tool prints.
    fn theirs(&self) -> Vec<String> {
        let mut tool = Command::new("oathtool");
        tool.arg(format!("--digits={}", self.digits));
        tool.arg(format!("--window={}", CODES - 1));
        match self.kind {
            Kind::Hotp { counter } => {
                tool.arg("--hotp").arg(format!("--counter={counter}"));
            }
            Kind::Totp { now, step, t0 } => {
                tool.arg(format!("--totp={}", self.algorithm));
                tool.arg(format!("--now=@{now}"));
                tool.arg(format!("--time-step-size={step}s"));
                tool.arg(format!("--start-time=@{t0}"));
            }
        }
        let key: String = self
            .secret
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let output = tool.arg(key).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "oathtool: {errors}");
        let codes = String::from_utf8(output.stdout).unwrap();
        codes.lines().map(str::to_owned).collect()
    }

    /// The same codes from the engine, each of which is also verified.
    fn ours(&self) -> Vec<String> {
        let key = Key::new_allowing_short(self.algorithm, &self.secret).unwrap();
        let digits = Digits::new(self.digits).unwrap();
        match self.kind {
            Kind::Hotp { counter } => {
                let hotp = Hotp::new(key, digits);
                let codes = (0..CODES).map(|offset| {
                    let code = hotp.generate(counter + offset);
                    let found = hotp.verify(code.as_str(), counter + offset, 3);
                    assert_eq!(found, Some(counter + offset));
                    code.as_str().to_owned()
                });
                codes.collect()
            }
            Kind::Totp { now, step, t0 } => {
                let totp = Totp::new(key, digits).with_step(step).unwrap().with_t0(t0);
                let codes = (0..CODES).map(|offset| {
                    let time = now + offset * step;
                    let code = totp.generate(time).unwrap();
                    let found = totp.verify(code.as_str(), time, 0, 0);
                    assert_eq!(found, totp.time_step(time).map(Some));
                    code.as_str().to_owned()
                });
                codes.collect()
            }
        }
    }
}

#[test]
fn ten_thousand_random_cases_are_those_of_oathtool() {
    if !peers::is_here("oathtool", "oathtool") {
        return;
    }
    let mut rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let cases: Vec<Case> = (0..CASES).map(|_| Case::random(&mut rng)).collect();
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let compared: usize = std::thread::scope(|scope| {
        let shares = cases.chunks(CASES.div_ceil(workers));
        let running: Vec<_> = shares
            .map(|share| scope.spawn(move || share.iter().map(Case::compare).sum::<usize>()))
            .collect();
        running.into_iter().map(|share| share.join().unwrap()).sum()
    });
    assert_eq!(compared, 20_000);
}
