//! Callers in parallel, each with numbers of its own, who note what they are told.

use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use core::time::Duration;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use futures_util::future::join_all;

use crate::model::{Challenge, Contract, Guess, Told};
use crate::scene::{Scene, TRIES};

/// What all callers share.
pub(crate) struct Callers {
    pub(crate) scene: Scene,
    pub(crate) challenges: Mutex<Vec<Challenge>>,
    ends: AtomicBool,
    numbers: AtomicU32,
}

/// What is tried on one challenge: how many wrong codes, then how many right ones, and
/// whether all at once.
#[derive(Clone, Copy)]
struct Plan {
    wrong: usize,
    right: usize,
    at_once: bool,
}

const PLANS: [Plan; 5] = [
    // A race of the right code.
    Plan {
        wrong: 0,
        right: 6,
        at_once: true,
    },
    // A race of everything.
    Plan {
        wrong: TRIES + 2,
        right: 3,
        at_once: true,
    },
    // As many as end the challenge, then the right code.
    Plan {
        wrong: TRIES,
        right: 2,
        at_once: false,
    },
    // One before the last, then the right code twice.
    Plan {
        wrong: TRIES - 1,
        right: 2,
        at_once: false,
    },
    // The right code, after the next kill.
    Plan {
        wrong: 0,
        right: 0,
        at_once: false,
    },
];

impl Callers {
    pub(crate) fn new(scene: Scene) -> Arc<Self> {
        Arc::new(Self {
            scene,
            challenges: Mutex::default(),
            ends: AtomicBool::new(false),
            numbers: AtomicU32::new(0),
        })
    }

    pub(crate) fn end(&self) {
        self.ends.store(true, Ordering::SeqCst);
    }

    /// Sends and guesses until the end.
    pub(crate) async fn run(self: Arc<Self>) {
        while !self.ends.load(Ordering::SeqCst) {
            let n = self.numbers.fetch_add(1, Ordering::SeqCst);
            let plan = PLANS[n as usize % PLANS.len()];
            let contract = match n / 5 % 2 {
                0 => Contract::Mpass,
                _ => Contract::VerifyNow,
            };
            let Some(mut challenge) = self.sent(contract, n).await else {
                // The servers are away.
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            };
            self.guess(&mut challenge, plan, n as usize).await;
            let resends = contract == Contract::Mpass && n.is_multiple_of(7);
            if resends
                && self
                    .send(contract, &challenge.number, n as usize)
                    .await
                    .is_some()
            {
                challenge.replaced = Some(Instant::now());
                let begun = self.one(&challenge, true, n as usize).await;
                challenge.guesses.push(begun);
            }
            self.challenges.lock().unwrap().push(challenge);
        }
    }

    /// A challenge at a new number.
    async fn sent(&self, contract: Contract, n: u32) -> Option<Challenge> {
        let number = match contract {
            Contract::Mpass => format!("+9665{n:08}"),
            Contract::VerifyNow => format!("+919{n:09}"),
        };
        let id = self.send(contract, &number, n as usize).await?;
        Some(Challenge {
            code: self
                .scene
                .gateway
                .code(&number)
                .expect("a message before the answer"),
            contract,
            number,
            id,
            replaced: None,
            guesses: Vec::new(),
        })
    }

    /// The contract's id if the send was answered as sent.
    async fn send(&self, contract: Contract, number: &str, n: usize) -> Option<String> {
        let server = n % self.scene.bases.len();
        let (_, body) = match contract {
            Contract::Mpass => {
                let path = format!(
                    "/mpass-web/rest/mv/msg?apikey={}&dest=%2B{}",
                    self.scene.channel,
                    &number[1..]
                );
                self.scene.get(server, &path).await?
            }
            Contract::VerifyNow => {
                let query = format!("countryCode=91&mobileNumber={}&flowType=SMS", &number[3..]);
                let path = format!("/verification/v3/send?{query}");
                self.scene.call(server, true, &path).await?
            }
        };
        match contract {
            Contract::Mpass => (body["status"] == "0").then(String::new),
            Contract::VerifyNow => body["data"]["verificationId"].as_str().map(str::to_owned),
        }
    }

    async fn guess(&self, challenge: &mut Challenge, plan: Plan, n: usize) {
        let Plan {
            wrong,
            right,
            at_once,
        } = plan;
        if at_once {
            let guesses = (0..wrong + right).map(|at| {
                // The right ones among the wrong ones.
                let is_right = wrong == 0 || at % 2 == 1 && at / 2 < right;
                self.one(challenge, is_right, n + at)
            });
            let guesses = join_all(guesses).await;
            challenge.guesses.extend(guesses);
            return;
        }
        for at in 0..wrong + right {
            let guess = self.one(challenge, at >= wrong, n + at).await;
            challenge.guesses.push(guess);
        }
    }

    /// One guess.
    async fn one(&self, challenge: &Challenge, is_right: bool, n: usize) -> Guess {
        let begun = Instant::now();
        let code = match is_right {
            true => challenge.code.clone(),
            false => wrong(&challenge.code, n),
        };
        let told = self
            .told(challenge, &code, n % self.scene.bases.len())
            .await;
        Guess {
            begun,
            ended: Instant::now(),
            is_right,
            told: told.unwrap_or(Told::Lost),
        }
    }

    async fn told(&self, challenge: &Challenge, code: &str, server: usize) -> Option<Told> {
        Some(match challenge.contract {
            Contract::Mpass => {
                let path = format!(
                    "/mpass-web/rest/mv/verify?apikey={}&dest=%2B{}&otp={code}",
                    self.scene.channel,
                    &challenge.number[1..]
                );
                let (_, body) = self.scene.get(server, &path).await?;
                match body["status"].as_str() {
                    Some("0") => Told::Accepted,
                    Some("3") => Told::Wrong,
                    _ => Told::Nothing,
                }
            }
            Contract::VerifyNow => {
                let query = format!("verificationId={}&code={code}", challenge.id);
                let path = format!("/verification/v3/validateOtp?{query}");
                let (_, body) = self.scene.call(server, false, &path).await?;
                match body["responseCode"].as_u64() {
                    Some(200) => Told::Accepted,
                    Some(702) => Told::Wrong,
                    _ => Told::Nothing,
                }
            }
        })
    }

    /// Tries the right code of each recent challenge again, at both servers.
    pub(crate) async fn try_again(&self, since: Instant) {
        let recent: Vec<(usize, Challenge)> = {
            let challenges = self.challenges.lock().unwrap();
            let is_recent = |challenge: &Challenge| {
                challenge
                    .guesses
                    .first()
                    .is_none_or(|guess| guess.begun >= since)
            };
            let recent = challenges
                .iter()
                .enumerate()
                .filter(|(_, it)| is_recent(it));
            recent.map(|(at, it)| (at, it.clone())).collect()
        };
        for slice in recent.chunks(16) {
            let tried = join_all(slice.iter().map(async |(at, challenge)| {
                let wrong = self.one(challenge, false, *at).await;
                (*at, [wrong, self.one(challenge, true, at + 1).await])
            }));
            for (at, guesses) in tried.await {
                self.challenges.lock().unwrap()[at].guesses.extend(guesses);
            }
        }
    }
}

/// Another code of the same length.
fn wrong(code: &str, n: usize) -> String {
    let last = code.as_bytes()[code.len() - 1] - b'0';
    let other = (usize::from(last) + 1 + n % 9) % 10;
    format!("{}{other}", &code[..code.len() - 1])
}
